"""Two readers compared: whose kappa with the reference is larger, feature by feature, with Holm's correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotations.features import FormSchema
from annotations.results.cells import FigureCell, figure_cell
from annotations.results.numbers import p_value

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    label: str
    cell: FigureCell
    p: str
    p_holm: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    one: int
    two: int
    exploratory: bool
    rows: tuple[DifferenceRow, ...]


def comparisons(document: Json, form: FormSchema) -> list[Comparison]:
    """One table a comparison that the spec asked for."""
    found = []
    for place, asked in enumerate(document["comparisons"]):
        one, two = asked["readers"]
        rows = tuple(_row(place, row, str(form.feature(row["feature"]).label)) for row in asked["features"])
        found.append(Comparison(one, two, asked["exploratory"], rows))
    return found


def _row(place: int, row: Json, label: str) -> DifferenceRow:
    estimate = row["difference"]
    id = f"c-{place}-{row['feature']}"
    cell = figure_cell(id, estimate, label)
    return DifferenceRow(label, cell, p_value(estimate["p"]), p_value(row["p_holm"]), row["role"] == "primary")
