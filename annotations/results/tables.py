"""The tables of a result to take away: one figure a row, every column that stands behind it. Numbers as stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from annotations.analyses.arm_views import arm_comparisons, arm_labels, arm_views
from annotations.features import FormSchema

Json = Mapping[str, Any]
Rows = Iterator[list[Any]]
_ESTIMATE = [
    "statistic", "value", "low", "high", "level", "interval_method", "se", "cases", "readers", "ratings", "missing",
    "undefined", "no_interval", "estimator", "warnings",
]  # fmt: skip


class Undefined(str):
    """Why there is no number where one would stand."""

    __slots__ = ()


def table_rows(name: str, document: Json, form: FormSchema) -> Iterator[list[Any]]:
    """Headings, then the rows of the table of that name (a key of TABLES), every arm's in turn.

    Cells are numbers, texts, None, or `Undefined` where a number would stand.
    """
    table = TABLES[name]
    yield ["arm", *table.heads]
    if table.of_arms:
        yield from table.rows(document, form)
        return
    for view in arm_views(document):
        for row in table.rows(view, form):
            yield [view["arm"]["label"], *row]


def _cells(estimate: Json) -> list[Any]:
    interval, n = estimate["interval"] or {}, estimate["n"]
    value = Undefined(estimate["undefined"]) if estimate["value"] is None else estimate["value"]
    return [
        estimate["name"], value, interval.get("low"), interval.get("high"), interval.get("level"),
        interval.get("method"), estimate["se"], n["cases"], n["readers"], n["ratings"], n["missing"],
        estimate["undefined"], estimate["no_interval"], estimate["estimator"], " | ".join(estimate["warnings"]),
    ]  # fmt: skip


def _places(found: Json) -> Iterator[tuple[str, Json]]:
    yield found["overall_is"], found["overall"]
    if found["overall_is"] != "one centre":
        for centre, figures in found["by_centre"].items():
            yield f"centre {centre}", figures


def _agreement(document: Json, form: FormSchema) -> Rows:
    for part in document["features"]:
        for over, figures in _places(part["among_readers"]) if part["among_readers"] else ():
            for key, estimate in figures.items():
                yield [part["code"], part["unit"], "among readers", over, key, *_cells(estimate)]


def _reference(document: Json, form: FormSchema) -> Rows:
    for part in document["features"]:
        for side in part["against_reference"]:
            for over, figures in _places(side):
                for key, estimate in figures.items():
                    yield [part["code"], part["unit"], side["reader"], over, key, *_cells(estimate)]


def _pairs(document: Json, form: FormSchema) -> Rows:
    for part in document["features"]:
        for cell in (part["pairs"] or {"cells": []})["cells"]:
            yield [part["code"], *cell["readers"], len(cell["apart"]), *_cells(cell["kappa"])]


def _accuracy(document: Json, form: FormSchema) -> Rows:
    names = ("auc", "sensitivity", "specificity")
    for reader in (document["pathology"] or {"readers": []})["readers"]:
        places = [("stratified", reader["stratified"])]
        places += [(f"centre {centre}", figures) for centre, figures in reader["by_centre"].items()]
        for over, figures in places:
            for name in names:
                yield ["", reader["reader"], over, name, *_cells(figures[name])]
    for name in names if document["averages"] else ():
        found = document["averages"][name]
        for over, estimate in [("stratified", found["stratified"]), *found["by_centre"].items()]:
            if estimate:
                yield ["", "average", over if over == "stratified" else f"centre {over}", name, *_cells(estimate)]
    for entry in document.get("accuracy") or []:
        yield from _accuracy_of_feature(entry)


def _accuracy_of_feature(entry: Json) -> Rows:
    for reader in entry["readers"]:
        for over, figures in _places(reader):
            for name, estimate in figures.items():
                yield [entry["code"], reader["reader"], over, name, *_cells(estimate)]
    for name, estimate in entry["average"].items():
        if name != "model" and estimate:
            yield [entry["code"], "average", "all", name, *_cells(estimate)]


def _arms(document: Json, form: FormSchema) -> Rows:
    labels = arm_labels(document)
    for entry in arm_comparisons(document):
        later, earlier = (labels[arm] for arm in entry["arms"])
        for row in entry["features"]:
            what = [row["feature"], row["endpoint"], row["model"]]
            for arm, estimate in zip((later, earlier), row["arms"], strict=False):
                yield [arm, *what, "average over readers", None, None, None, *_cells(estimate)]
            tested = [row["difference"]["p"], row["p_holm"], row["role"]]
            yield [f"{later} less {earlier}", *what, "difference", *tested, *_cells(row["difference"])]


def _comparisons(document: Json, form: FormSchema) -> Rows:
    for entry in document["comparisons"]:
        one, two = entry["readers"]
        planned = "exploratory" if entry["exploratory"] else "planned"
        for row in entry["features"]:
            tested = [row["difference"]["p"], row["p_holm"], row["role"], planned]
            yield [one, two, row["feature"], *tested, *_cells(row["difference"])]


def _intra(document: Json, form: FormSchema) -> Rows:
    for entry in document.get("intra") or []:
        for part in entry["features"]:
            sides = [("mean", part), *((reader["reader"], reader) for reader in part["readers"])]
            for reader, found in sides:
                for over, figures in _places(found):
                    yield [entry["kind"], part["code"], reader, over, *_cells(figures["intra"])]


def _signs(document: Json, form: FormSchema) -> Rows:
    for feature in document["signs"] or []:
        for side in feature["sides"]:
            for sign in side["signs"]:
                for centre, figures in sign["by_centre"].items():
                    counts = sign["counts"].get(centre, {})
                    cells = [counts.get(k) for k in ("tp", "fp", "fn", "tn")]
                    for name, estimate in figures.items():
                        levels = "+".join(sign["levels"])
                        yield [feature["code"], levels, side["side"], centre, name, *cells, *_cells(estimate)]


def _masks(document: Json, form: FormSchema) -> Rows:
    for part in document["masks"] or []:
        yield from _mask_figures(part["reader"], "reference", part["by_centre"])
    for part in (document["mask_consensus"] or {"readers": []})["readers"]:
        for kind in ("majority", "staple"):
            yield from _mask_figures(part["reader"], kind, part[kind]["by_centre"])
    for pair in document["mask_pairs"] or []:
        one, two = pair["readers"]
        yield from _mask_figures(one, two, pair["by_centre"])


def _mask_figures(one: Any, two: Any, by_centre: Json) -> Rows:
    for centre, found in by_centre.items():
        for key, figures in found.items():
            unit = key if key in ("mm", "px") else ""
            for name, estimate in figures.items() if unit else [(key, figures)]:
                described = [estimate["extra"].get(k) for k in ("median", "lower_quartile", "upper_quartile")]
                yield [one, two, centre, name, unit, *described, *_cells(estimate)]


def _mask_cases(document: Json, form: FormSchema) -> Rows:
    for part in document["masks"] or []:
        for case in part["cases"]:
            figures = [_mask_figure(case, name) for name in _MASK_FIGURES]
            why = " | ".join(sorted(set(case["undefined"].values())))
            yield [case["case"], case["centre"], part["reader"], case["unit"], *figures, case["not_drawn"], why]


def _mask_figure(case: Json, name: str) -> Any:
    reason = case["undefined"].get(name)
    return Undefined(reason) if case[name] is None and reason else case[name]


def _missing(document: Json, form: FormSchema) -> Rows:
    for part in document["features"]:
        for side in part["answered"]:
            counts = [side[k] for k in ("readings", "value", "cannot_assess", "not_applicable", "open")]
            yield [part["code"], side["side"], *counts]


_MASK_FIGURES = ("dice", "iou", "hd95", "assd", "nsd", "hd95_percent", "assd_percent", "relative_area_difference")


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` of one arm's view, or (`of_arms`) of the whole document, each beginning with its arm."""

    heads: list[str]
    rows: Callable[[Json, FormSchema], Rows]
    of_arms: bool = False


TABLES: dict[str, Table] = {
    "agreement": Table(["feature", "unit", "sides", "over", "figure", *_ESTIMATE], _agreement),
    "reference": Table(["feature", "unit", "reader", "over", "figure", *_ESTIMATE], _reference),
    "pairs": Table(["feature", "one", "two", "cases_apart", *_ESTIMATE], _pairs),
    "repeated": Table(["repetition", "feature", "reader", "over", *_ESTIMATE], _intra),
    "comparisons": Table(
        ["reader", "less_reader", "feature", "p", "p_holm", "role", "planned", *_ESTIMATE], _comparisons
    ),
    "arms": Table(["feature", "endpoint", "model", "figure", "p", "p_holm", "role", *_ESTIMATE], _arms, of_arms=True),
    "accuracy": Table(["feature", "reader", "over", "figure", *_ESTIMATE], _accuracy),
    "signs": Table(["feature", "levels", "side", "centre", "figure", "tp", "fp", "fn", "tn", *_ESTIMATE], _signs),
    "masks": Table(
        ["one", "two", "centre", "figure", "unit", "median", "lower_quartile", "upper_quartile", *_ESTIMATE], _masks
    ),
    "mask_cases": Table(["case", "centre", "reader", "unit", *_MASK_FIGURES, "not_drawn", "undefined"], _mask_cases),
    "missing": Table(["feature", "side", "readings", "value", "cannot_assess", "not_applicable", "open"], _missing),
}


def tables_with_rows(document: Json, form: FormSchema) -> list[str]:
    """The names of the tables that this result has anything to say in."""
    return [name for name in TABLES if _has_rows(name, document, form)]


def _has_rows(name: str, document: Json, form: FormSchema) -> bool:
    rows = table_rows(name, document, form)
    next(rows)
    return next(rows, None) is not None
