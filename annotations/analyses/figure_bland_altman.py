"""Bland-Altman of each reader with the reference, one figure a continuous feature."""

from __future__ import annotations

from typing import Any

from annotations.analyses.figure_style import figure, series
from annotations.analyses.headline import NUMERIC

Json = dict[str, Any]


def bland_altman_figures(view: Json, labels: dict[str, str]) -> list[Json]:
    """Points have their centre's colour and shape; lines its colour, and a dash for the limits."""
    several = len(view["went_in"]["by_centre"]) > 1
    return [_figure(part, labels[part["code"]], several) for part in view["features"] if part["kind"] in NUMERIC]


def _figure(part: Json, label: str, several: bool) -> Json:
    rows = [row for side in part["against_reference"] for row in _points(side)]
    lines = [line for side in part["against_reference"] for line in _lines(side)]
    centres = list(dict.fromkeys(row["centre"] for row in sorted(rows, key=lambda r: str(r["centre"]))))
    spec = {
        "data": {"values": rows + lines},
        "facet": {"field": "reader", "type": "nominal", "title": None, "sort": None},
        "columns": 5,
        "spec": _one_reader(f", {part['unit']}" if part["unit"] else "", centres),
    }
    title = "Bland–Altman of each reader with the reference" + (", by centre" if several else "")
    return figure(f"bland-altman-{part['code']}", f"{title}: {label}", spec if rows else {})


def _one_reader(unit: str, centres: list[str]) -> Json:
    look = series("centre", centres)
    line_look: Json = {"field": "line", "type": "nominal", "title": None,
                       "scale": {"domain": ["bias", "limits"], "range": [[1, 0], [4, 3]]}}  # fmt: skip
    return {  # points lie over the lines: one that lies on a limit answers to the pointer too
        "width": 200, "height": 160,
        "layer": [
            {"mark": {"type": "rule", "strokeWidth": 1}, "transform": [{"filter": "isValid(datum.at)"}],
             "encoding": {"y": {"field": "at", "type": "quantitative"}, "color": look["color"], "strokeDash": line_look,
                          "tooltip": [{"field": f} for f in ("reader", "centre", "line", "at")]}},
            {"mark": {"type": "point", "size": 20, "strokeWidth": 1.1, "opacity": 0.85},
             "transform": [{"filter": "isValid(datum.difference)"}],
             "encoding": {
                 "x": {"field": "mean", "type": "quantitative", "title": f"mean{unit}", "scale": {"zero": False}},
                 "y": {"field": "difference", "type": "quantitative", "title": f"reader − reference{unit}"},
                 **look,
                 "tooltip": [{"field": f} for f in ("case", "reader", "centre", "mean", "difference")]}},
        ],
    }  # fmt: skip


def _points(side: Json) -> list[Json]:
    found = []
    for at in side["points"] or []:
        mean, gap = (at["reader"] + at["reference"]) / 2, at["reader"] - at["reference"]
        found.append(
            {"reader": _reader(side), "case": at["case"], "centre": f"Centre {at['centre']}",
             "mean": float(f"{mean:.5g}"), "difference": float(f"{gap:.5g}")}
        )  # fmt: skip
    return found


def _lines(side: Json) -> list[Json]:
    return [
        {"reader": _reader(side), "centre": f"Centre {centre}", "at": value, "line": line}
        for centre, figures in side["by_centre"].items()
        for line, value in _levels(figures.get("bland_altman"))
    ]


def _levels(estimate: Json | None) -> list[tuple[str, float]]:
    if estimate is None:  # the spec chose other statistics
        return []
    extra = estimate["extra"]
    found = [("bias", estimate["value"]), ("limits", extra.get("loa_low")), ("limits", extra.get("loa_high"))]
    return [(line, value) for line, value in found if value is not None]


def _reader(side: Json) -> str:
    return f"Reader {side['reader']}"
