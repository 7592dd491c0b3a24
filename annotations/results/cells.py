"""One figure of a table of results: its words, and what its popover says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotations.results.explained import Explanation, explain
from annotations.results.numbers import with_interval
from annotations.results.reasons import in_words


@dataclass(frozen=True, slots=True)
class FigureCell:
    """What templates/analyses/value.html asks of a cell; `undefined` is the reason, "" where there is a value."""

    id: str
    text: str
    undefined: str
    explanation: Explanation


def figure_cell(
    id: str, estimate: Mapping[str, Any], title: str, *, digits: int = 2, most: float = float("inf")
) -> FigureCell:
    """The estimate with its interval; `digits` and `most` as in `with_interval`."""
    text = with_interval(estimate, digits, most=most)
    return FigureCell(id, text, in_words(estimate["undefined"] or ""), explain(estimate, title))
