"""Accuracy, which is said of the pathology alone: ROC panels and a row a reader, by centre and stratified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.results.explained import Explanation, explain
from annotations.results.numbers import number, with_interval

Json = Mapping[str, Any]
NAMES = ("auc", "sensitivity", "specificity")
SIDE_PX = 84.0


@dataclass(frozen=True, slots=True)
class Curve:
    centre: str
    number: int
    path: str
    dot: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Panel:
    """One reader's curves, one a centre, and the areas below them in words."""

    reader: str
    curves: tuple[Curve, ...]
    areas: str


@dataclass(frozen=True, slots=True)
class AccuracyCell:
    id: str
    text: str
    undefined: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    label: str
    cells: tuple[AccuracyCell, ...]
    is_average: bool = False


def panels(document: Json) -> list[Panel]:
    """Small multiples; empty where the pathology was not asked for."""
    found = []
    for reader in (document["pathology"] or {"readers": []})["readers"]:
        curves = [
            Curve(centre, at + 1, _path(figures["roc"]), _dot(figures["operating_point"]))
            for at, (centre, figures) in enumerate(reader["by_centre"].items())
            if figures["roc"]
        ]
        areas = "  ".join(number(f["auc"]["value"], 3) or "—" for f in reader["by_centre"].values())
        found.append(Panel(str(reader["reader"]), tuple(curves), areas))
    return found


def _path(points: list[Json]) -> str:
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in (_dot(point) or (0, 0) for point in points))


def _dot(point: Json | None) -> tuple[float, float] | None:
    if point is None:
        return None
    return round((1 - point["specificity"]) * SIDE_PX, 1), round((1 - point["sensitivity"]) * SIDE_PX, 1)


def accuracy_rows(document: Json, of: str) -> list[AccuracyRow]:
    """A row a reader and the average over them, of one centre or stratified over both."""
    if not document["pathology"]:
        return []
    rows = []
    for reader in document["pathology"]["readers"]:
        figures = reader["stratified"] if of == "overall" else reader["by_centre"][of]
        label = _("Reader %(n)s") % {"n": reader["reader"]}
        rows.append(
            AccuracyRow(label, tuple(_cell(f"y-{reader['reader']}", name, figures[name], label) for name in NAMES))
        )
    averages = document["averages"]
    cells = []
    for name in NAMES:
        estimate = averages[name]["stratified"] if of == "overall" else averages[name]["by_centre"][of]
        if estimate is not None:
            cells.append(_cell("y-mean", name, estimate, _("average over readers")))
    if len(cells) == len(NAMES):
        rows.append(AccuracyRow(_("Average over readers"), tuple(cells), is_average=True))
    return rows


def _cell(id: str, name: str, estimate: Json, who: str) -> AccuracyCell:
    words = {"auc": _("AUC"), "sensitivity": _("Sensitivity"), "specificity": _("Specificity")}
    title = f"{words[name]}, {who}"
    return AccuracyCell(
        f"{id}-{name}", with_interval(estimate, most=1.0), estimate["undefined"] or "", explain(estimate, title)
    )
