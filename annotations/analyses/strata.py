"""Figures by centre, and one over the centres."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from annotations.agreement.result import Estimate
from annotations.agreement.stratified import stratified

Figures = dict[str, Estimate]
Json = dict[str, Any]


def by_centre(
    columns_of: Mapping[str, Sequence[int]],
    figures: Callable[[list[int]], Figures],
    *,
    pooled: bool,
    level: float,
    over: Callable[[Mapping[str, Figures], float], Figures] | None = None,
) -> Json:
    """The figures of each centre's columns, and one over them: stratified (by `over`), or pooled where that is asked for."""
    each = {centre: figures(list(columns)) for centre, columns in columns_of.items()}
    found = {centre: as_json(own) for centre, own in each.items()}
    if len(each) == 1:
        return {"overall": next(iter(found.values())), "overall_is": "one centre", "by_centre": found}
    if pooled:
        every = sorted(column for columns in columns_of.values() for column in columns)
        return {"overall": as_json(figures(every)), "overall_is": "pooled", "by_centre": found}
    return {"overall": as_json((over or over_centres)(each, level)), "overall_is": "stratified", "by_centre": found}


def over_centres(each: Mapping[str, Figures], level: float) -> Figures:
    """Stratified. A figure that one centre has no use for ("cannot assess" was never said there) is left out."""
    shared = [key for key in next(iter(each.values())) if all(key in own for own in each.values())]
    return {key: stratified({f"centre {c}": own[key] for c, own in each.items()}, level) for key in shared}


def as_json(figures: Figures) -> Json:
    """Each estimate as plain JSON."""
    return {key: estimate.as_json() for key, estimate in figures.items()}
