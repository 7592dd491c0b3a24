"""Accuracy, which is said of the pathology (or a table's truth) alone: ROC panels, and a row a reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.figure_roc import series_of
from annotations.analyses.roc_lines import RocLine, roc_lines
from annotations.features import FormSchema
from annotations.results.cells import FigureCell, figure_cell
from annotations.results.figure_explained import figure_computed
from annotations.results.numbers import number
from annotations.results.sides import capital

Json = Mapping[str, Any]
NAMES = ("auc", "sensitivity", "specificity")
SIDE_PX = 84.0
OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Curve:
    """`number` picks colour and dash of its series, from 1."""

    number: int
    path: str
    dot: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Panel:
    """One reader's curves and the areas below them in words."""

    reader: str
    curves: tuple[Curve, ...]
    areas: str


@dataclass(frozen=True, slots=True)
class Panels:
    """Small multiples of one score. `series` are what the curves are called, in the order of their numbers; `computed` is
    what the button below them opens."""

    label: str
    series: tuple[str, ...]
    panels: tuple[Panel, ...]
    calls: bool
    computed: FigureCell | None


def roc_panels(document: Json, form: FormSchema) -> list[Panels]:
    """One set a score; empty where there is no truth to be right about."""
    found, lines = [], roc_lines(document)
    for code in dict.fromkeys(line.feature for line in lines):
        own = [line for line in lines if line.feature == code]
        names = list(dict.fromkeys(series_of(line) for line in own))
        panels = []
        for reader in dict.fromkeys(line.reader for line in own):
            mine = [line for line in own if line.reader == reader]
            curves = [Curve(names.index(series_of(n)) + 1, _path(n.points), _dot(n.call)) for n in mine]
            areas = "  ".join(number(n.area, 3) or "—" for n in mine)
            panels.append(Panel(capital(reader), tuple(curves), areas))
        label = str(form.feature(code).label) if code else _("malignancy score")
        computed = figure_computed(document, f"roc-{code}" if code else "roc", _("AUC: %(score)s") % {"score": label})
        shown = {series_of(n): _shown(n) for n in own}
        series, calls = tuple(shown[name] for name in names if name), any(line.call for line in own)
        found.append(Panels(label, series, tuple(panels), calls, computed))
    return found


def _shown(line: RocLine) -> str:
    """What `series_of` says, in the language of the page."""
    centre = _("Centre %(centre)s") % {"centre": line.centre} if line.centre else ""
    return ", ".join(part for part in (line.arm, centre) if part)


def _path(points: list[Json]) -> str:
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in (_dot(point) or (0, 0) for point in points))


def _dot(point: Json | None) -> tuple[float, float] | None:
    if point is None:
        return None
    return round((1 - point["specificity"]) * SIDE_PX, 1), round((1 - point["sensitivity"]) * SIDE_PX, 1)


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    label: str
    cells: tuple[FigureCell, ...]
    is_average: bool = False


@dataclass(frozen=True, slots=True)
class AccuracyTable:
    """`feature` is "" for a study's score and call."""

    feature: str
    heads: tuple[str, ...]
    rows: tuple[AccuracyRow, ...]
    model: str


def words_of_endpoints() -> dict[str, str]:
    return {"auc": _("AUC"), "sensitivity": _("Sensitivity"), "specificity": _("Specificity")}


def accuracy_tables(view: Json, form: FormSchema, of: str) -> list[AccuracyTable]:
    """A row a reader and the average over them, of one centre or over all."""
    if view["pathology"]:
        return [_of_study(view, of)]
    return [_of_feature(entry, str(form.feature(entry["code"]).label), of) for entry in view.get("accuracy") or []]


def _of_study(view: Json, of: str) -> AccuracyTable:
    rows = [
        _row(
            f"y-{r['reader']}",
            r["stratified"] if of == OVERALL else r["by_centre"][of],
            NAMES,
            capital(str(r["reader"])),
        )
        for r in view["pathology"]["readers"]
    ]
    averages = view["averages"]
    means = {name: averages[name]["stratified"] if of == OVERALL else averages[name]["by_centre"][of] for name in NAMES}
    return _table("", NAMES, rows, "y-mean", means, averages["model"])


def _of_feature(entry: Json, label: str, of: str) -> AccuracyTable:
    names = tuple(name for name in NAMES if name in entry["average"])
    id = f"y-{entry['code']}"
    rows = [
        _row(
            f"{id}-{i}",
            r["overall"] if of == OVERALL else r["by_centre"].get(of, r["overall"]),
            names,
            capital(r["reader"]),
        )
        for i, r in enumerate(entry["readers"])
    ]
    means = {name: entry["average"][name] for name in names} if of == OVERALL else {}
    return _table(label, names, rows, f"{id}-mean", means, entry["average"]["model"])


def _row(id: str, figures: Json, names: tuple[str, ...], label: str) -> AccuracyRow:
    return AccuracyRow(label, tuple(_cell(f"{id}-{name}", name, figures[name], label) for name in names))


def _table(
    feature: str, names: tuple[str, ...], rows: list[AccuracyRow], id: str, means: Json, model: str
) -> AccuracyTable:
    cells = list(_mean_cells(id, means, names))
    if cells and len(cells) == len(names):
        rows = [*rows, AccuracyRow(_("Average over readers"), tuple(cells), is_average=True)]
    words = words_of_endpoints()
    return AccuracyTable(feature, tuple(words[name] for name in names), tuple(rows), model)


def _mean_cells(id: str, means: Json, names: tuple[str, ...]) -> Iterator[FigureCell]:
    for name in names:
        if means.get(name) is not None:
            yield _cell(f"{id}-{name}", name, means[name], _("average over readers"))


def _cell(id: str, name: str, estimate: Json, who: str) -> FigureCell:
    title = f"{words_of_endpoints()[name]}, {who}"
    return figure_cell(id, estimate, title, most=1.0)
