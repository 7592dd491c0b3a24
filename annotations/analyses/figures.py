"""The figures of a result as Vega-Lite specifications, stored with it: the page and the server draw the same ones.

Words are English here, whoever asks: the result's bytes may not depend on a person's language.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import override

from annotations.analyses.figure_style import CONFIG, MARKS, PALETTE, SCHEMA, reader_encoding
from annotations.features import FormSchema

Json = dict[str, Any]


def figures_of(document: Json, form: FormSchema) -> list[Json]:
    """[{"name", "title", "spec"}] of what the document holds, in the order of the page."""
    with override("en"):
        labels = {feature.code: str(feature.label) for feature in form.features}
        units = {part["code"]: part["unit"] for part in document["features"]}
    found = [_forest(document, labels)]
    if document["pathology"]:
        found.append(_roc(document))
    for part in document["features"]:
        if part["kind"] == "continuous":
            found.append(_bland_altman(part, labels[part["code"]], units[part["code"]]))
    if document["masks"]:
        found.append(_masks(document))
    return [figure for figure in found if figure["spec"]]


def headline(part: Json) -> tuple[str, Json]:
    """Which figure among the readers stands for a feature: ICC(2,1), or Fleiss' kappa; and it, over the centres."""
    name = "icc" if part["kind"] == "continuous" else "fleiss"
    return name, part["among_readers"]["overall"][name]


def _forest(document: Json, labels: dict[str, str]) -> Json:
    rows = []
    for part in document["features"]:
        name, estimate = headline(part)
        interval = estimate["interval"] or {"low": None, "high": None}
        statistic = "ICC(2,1)" if name == "icc" else "Fleiss kappa"
        rows.append(
            {"feature": labels[part["code"]], "statistic": statistic, "value": estimate["value"],
             "low": interval["low"], "high": interval["high"], "undefined": estimate["undefined"]}
        )  # fmt: skip
    y = {"field": "feature", "type": "nominal", "sort": None, "title": None}
    scale = {"domain": [min(0.0, *(r["low"] for r in rows if r["low"] is not None), 0.0), 1], "nice": False}
    x = {"field": "value", "type": "quantitative", "title": "agreement among readers", "scale": scale}
    tooltip = [{"field": f} for f in ("feature", "statistic", "value", "low", "high", "undefined")]
    shape = {"field": "statistic", "type": "nominal", "title": None,
             "scale": {"domain": ["Fleiss kappa", "ICC(2,1)"], "range": ["square", "diamond"]}}  # fmt: skip
    spec = {
        "data": {"values": rows}, "width": 420, "height": {"step": 18}, "encoding": {"y": y},
        "layer": [
            {"mark": {"type": "rule", "clip": True}, "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 60}, "encoding": {"x": x, "shape": shape, "tooltip": tooltip}},
        ],
    }  # fmt: skip
    return _figure("agreement", "Agreement among readers, feature by feature", spec)


def _roc(document: Json) -> Json:
    curves, points = [], []
    for reader in document["pathology"]["readers"]:
        for centre, found in reader["by_centre"].items():
            place = {"reader": f"Reader {reader['reader']}", "centre": f"Centre {centre}"}
            for order, at in enumerate(found["roc"] or []):
                curves.append(
                    place | {"order": order, "fpf": 1 - at["specificity"], "tpf": at["sensitivity"],
                             "threshold": at["threshold"]}
                )  # fmt: skip
            if found["operating_point"]:
                at = found["operating_point"]
                points.append(place | {"fpf": 1 - at["specificity"], "tpf": at["sensitivity"]})
    axis = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    x, y = axis | {"field": "fpf", "title": "1 − specificity"}, axis | {"field": "tpf", "title": "sensitivity"}
    dash = {"field": "centre", "type": "nominal", "title": None}
    colour = dash | {"scale": {"range": PALETTE[:2]}}
    inner = {
        "width": 150, "height": 150, "encoding": {"x": x, "y": y, "color": colour},
        "layer": [
            {"mark": {"type": "line", "interpolate": "linear", "strokeWidth": 1.5},
             "encoding": {"order": {"field": "order"}, "strokeDash": dash}, "transform": [{"filter": "isValid(datum.order)"}]},
            {"mark": {"type": "point", "opacity": 0, "size": 80},
             "encoding": {"tooltip": [{"field": f} for f in ("reader", "centre", "threshold", "tpf", "fpf")]},
             "transform": [{"filter": "isValid(datum.order)"}]},
            {"mark": {"type": "point", "filled": True, "size": 50, "shape": "circle"},
             "encoding": {"tooltip": [{"field": f} for f in ("reader", "centre", "tpf", "fpf")]},
             "transform": [{"filter": "!isValid(datum.order)"}]},
        ],
    }  # fmt: skip
    spec = {
        "data": {"values": curves + points},
        "facet": {"field": "reader", "type": "nominal", "title": None, "sort": None},
        "columns": 5,
        "spec": inner,
    }
    return _figure("roc", "ROC of the malignancy score by reader and centre; dots: the call", spec if curves else {})


def _bland_altman(part: Json, label: str, unit: str) -> Json:
    rows = []
    for side in part["against_reference"]:
        for at in side["points"]:
            mean, gap = (at["reader"] + at["reference"]) / 2, at["reader"] - at["reference"]
            rows.append(
                {"reader": f"Reader {side['reader']}", "case": at["case"], "centre": f"Centre {at['centre']}",
                 "mean": float(f"{mean:.5g}"), "difference": float(f"{gap:.5g}")}
            )  # fmt: skip
    lines = [
        {"reader": f"Reader {side['reader']}", "centre": f"Centre {centre}", "at": value, "line": line}
        for side in part["against_reference"]
        for centre, figures in side["by_centre"].items()
        for line, value in _lines(figures["bland_altman"])
    ]
    words = f", {unit}" if unit else ""
    centre = {"field": "centre", "type": "nominal", "title": None}
    colour = centre | {"scale": {"range": PALETTE[:2]}}
    inner = {
        "width": 200, "height": 160,
        "layer": [
            {"mark": {"type": "point", "size": 14, "strokeWidth": 1, "opacity": 0.75},
             "transform": [{"filter": "isValid(datum.difference)"}],
             "encoding": {
                 "x": {"field": "mean", "type": "quantitative", "title": f"mean{words}", "scale": {"zero": False}},
                 "y": {"field": "difference", "type": "quantitative", "title": f"reader − reference{words}"},
                 "color": colour, "shape": centre | {"scale": {"range": MARKS[:2]}, "legend": None},
                 "tooltip": [{"field": f} for f in ("case", "reader", "centre", "mean", "difference")]}},
            {"mark": {"type": "rule", "strokeWidth": 1}, "transform": [{"filter": "isValid(datum.at)"}],
             "encoding": {"y": {"field": "at", "type": "quantitative"}, "color": colour,
                          "strokeDash": {"field": "line", "type": "nominal", "title": None,
                                         "scale": {"domain": ["bias", "limits"], "range": [[1, 0], [4, 3]]}},
                          "tooltip": [{"field": f} for f in ("reader", "centre", "line", "at")]}},
        ],
    }  # fmt: skip
    spec = {
        "data": {"values": rows + lines},
        "facet": {"field": "reader", "type": "nominal", "title": None, "sort": None},
        "columns": 5,
        "spec": inner,
    }
    title = f"Bland–Altman of each reader with the reference, by centre: {label}"
    return _figure(f"bland-altman-{part['code']}", title, spec if rows else {})


def _lines(estimate: Json) -> list[tuple[str, float]]:
    extra = estimate["extra"]
    found = [("bias", estimate["value"]), ("limits", extra.get("loa_low")), ("limits", extra.get("loa_high"))]
    return [(line, value) for line, value in found if value is not None]


def _masks(document: Json) -> Json:
    rows = [
        {
            "reader": f"Reader {part['reader']}",
            "centre": f"Centre {case['centre']}",
            "case": case["case"],
            "dice": case["dice"],
        }
        for part in document["masks"]
        for case in part["cases"]
        if case["dice"] is not None
    ]
    x = {"field": "dice", "type": "quantitative", "title": "Dice with the reference", "scale": {"zero": False}}
    spec = {
        "data": {"values": rows}, "width": 420, "height": {"step": 34},
        "encoding": {"x": x, "y": reader_encoding(), "yOffset": {"field": "centre"}},
        "layer": [
            {"mark": {"type": "tick", "thickness": 1, "opacity": 0.35},
             "encoding": {"color": {"field": "centre", "title": None, "scale": {"range": PALETTE[:2]}},
                          "tooltip": [{"field": f} for f in ("reader", "centre", "case", "dice")]}},
            {"mark": {"type": "point", "shape": "diamond", "filled": True, "size": 55},
             "encoding": {"x": x | {"aggregate": "median"},
                          "color": {"field": "centre", "title": None, "scale": {"range": PALETTE[:2]}}}},
        ],
    }  # fmt: skip
    return _figure("masks", "Dice of every mask with the reference; diamonds: medians", spec if rows else {})


def _figure(name: str, title: str, spec: Json) -> Json:
    return {"name": name, "title": title, "spec": spec and {"$schema": SCHEMA, "config": CONFIG, **spec}}
