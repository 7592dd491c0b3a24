"""The tables of a result as CSV: one figure a row, every column that stands behind it. Numbers as stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from annotations.features import FormSchema

Json = Mapping[str, Any]
Rows = Iterator[list[Any]]
_ESTIMATE = [
    "statistic", "value", "low", "high", "level", "interval_method", "se", "cases", "readers", "ratings", "missing",
    "undefined", "no_interval", "estimator", "warnings",
]  # fmt: skip


def csv_text(name: str, document: Json, form: FormSchema) -> str:
    """The table of that name (a key of TABLES) with its heading row; lines end in CR LF."""
    heads, rows = TABLES[name]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows(rows(document, form))
    return out.getvalue()


def _cells(estimate: Json) -> list[Any]:
    interval, n = estimate["interval"] or {}, estimate["n"]
    return [
        estimate["name"], estimate["value"], interval.get("low"), interval.get("high"), interval.get("level"),
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
        for over, figures in _places(part["among_readers"]):
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
                yield [reader["reader"], over, name, *_cells(figures[name])]
    for name in names if document["averages"] else ():
        found = document["averages"][name]
        for over, estimate in [("stratified", found["stratified"]), *found["by_centre"].items()]:
            if estimate:
                yield ["average", over if over == "stratified" else f"centre {over}", name, *_cells(estimate)]


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
        for centre, found in part["by_centre"].items():
            for key, figures in found.items():
                for name, estimate in figures.items() if key in ("mm", "px") else [(key, figures)]:
                    extra = estimate["extra"]
                    described = [extra.get(k) for k in ("median", "lower_quartile", "upper_quartile")]
                    yield [part["reader"], "reference", centre, name, key if key in ("mm", "px") else "", *described,
                           *_cells(estimate)]  # fmt: skip
    for pair in document["mask_pairs"] or []:
        one, two = pair["readers"]
        for centre, found in pair["by_centre"].items():
            for name, estimate in found.items():
                extra = estimate["extra"]
                described = [extra.get(k) for k in ("median", "lower_quartile", "upper_quartile")]
                yield [one, two, centre, name, "", *described, *_cells(estimate)]


def _mask_cases(document: Json, form: FormSchema) -> Rows:
    for part in document["masks"] or []:
        for case in part["cases"]:
            figures = [case[name] for name in _MASK_FIGURES]
            why = " | ".join(sorted(set(case["undefined"].values())))
            yield [case["case"], case["centre"], part["reader"], case["unit"], *figures, case["not_drawn"], why]


def _missing(document: Json, form: FormSchema) -> Rows:
    for part in document["features"]:
        for side in part["answered"]:
            counts = [side[k] for k in ("readings", "value", "cannot_assess", "not_applicable", "open")]
            yield [part["code"], side["side"], *counts]


_MASK_FIGURES = ("dice", "iou", "hd95", "assd", "nsd", "hd95_percent", "assd_percent", "relative_area_difference")
TABLES: dict[str, tuple[list[str], Callable[[Json, FormSchema], Rows]]] = {
    "agreement": (["feature", "unit", "sides", "over", "figure", *_ESTIMATE], _agreement),
    "reference": (["feature", "unit", "reader", "over", "figure", *_ESTIMATE], _reference),
    "pairs": (["feature", "one", "two", "cases_apart", *_ESTIMATE], _pairs),
    "accuracy": (["reader", "over", "figure", *_ESTIMATE], _accuracy),
    "signs": (["feature", "levels", "side", "centre", "figure", "tp", "fp", "fn", "tn", *_ESTIMATE], _signs),
    "masks": (
        ["one", "two", "centre", "figure", "unit", "median", "lower_quartile", "upper_quartile", *_ESTIMATE],
        _masks,
    ),
    "mask_cases": (["case", "centre", "reader", "unit", *_MASK_FIGURES, "not_drawn", "undefined"], _mask_cases),
    "missing": (["feature", "side", "readings", "value", "cannot_assess", "not_applicable", "open"], _missing),
}
