"""ROC curves, a panel a reader: a study's malignancy score, or each feature of a table that has a truth."""

from __future__ import annotations

from typing import Any

from annotations.analyses.figure_style import figure, series
from annotations.analyses.roc_lines import RocLine, roc_lines

Json = dict[str, Any]
DASHES = [[1, 0], [4, 3], [1, 2], [6, 2, 1, 2]]


def roc_figures(document: Json, labels: dict[str, str]) -> list[Json]:
    """One figure a feature that has curves."""
    lines = roc_lines(document)
    found = []
    for code in dict.fromkeys(line.feature for line in lines):
        own = [line for line in lines if line.feature == code]
        what = labels[code] if code else "the malignancy score"
        name = f"roc-{code}" if code else "roc"
        found.append({**figure(name, f"ROC of {what} by reader{_by(own)}", _spec(own)), "arm": None})
    return found


def series_of(line: RocLine) -> str:
    """What a curve is called beside the others of its reader."""
    centre = f"Centre {line.centre}" if line.centre else ""
    return ", ".join(part for part in (line.arm, centre) if part)


def _by(lines: list[RocLine]) -> str:
    arms, centres = (
        {part for part in parts if part} for parts in zip(*((n.arm, n.centre) for n in lines), strict=True)
    )
    by = (" and arm" if arms else "") + (" and centre" if centres else "")
    return by + ("; marks: the call" if any(line.call for line in lines) else "")


def _spec(lines: list[RocLine]) -> Json:
    curves, points = [], []
    for line in lines:
        place = {"reader": f"Reader {line.reader}", "series": series_of(line)}
        for order, at in enumerate(line.points):
            curves.append(
                place | {"order": order, "fpf": 1 - at["specificity"], "tpf": at["sensitivity"], "threshold": at["threshold"]}
            )  # fmt: skip
        if line.call:
            points.append(place | {"fpf": 1 - line.call["specificity"], "tpf": line.call["sensitivity"]})
    return {
        "data": {"values": curves + points},
        "facet": {"field": "reader", "type": "nominal", "title": None, "sort": None},
        "columns": 5,
        "spec": _one_reader(list(dict.fromkeys(series_of(line) for line in lines)), with_calls=bool(points)),
    }


def _one_reader(names: list[str], *, with_calls: bool) -> Json:
    axis = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    x, y = axis | {"field": "fpf", "title": "1 − specificity"}, axis | {"field": "tpf", "title": "sensitivity"}
    look = series("series", names)
    dash: Json = {"field": "series", "type": "nominal", "title": None,
                  "scale": {"domain": names, "range": [DASHES[i % len(DASHES)] for i in range(len(names))]}}  # fmt: skip
    if names == [""]:  # one curve a panel needs no key
        dash["legend"] = look["color"]["legend"] = look["shape"]["legend"] = None
    curve, call = [{"filter": "isValid(datum.order)"}], [{"filter": "!isValid(datum.order)"}]
    layers: list[Json] = [
        {"mark": {"type": "line", "interpolate": "linear", "strokeWidth": 1.5}, "transform": curve,
         "encoding": {"order": {"field": "order"}, "strokeDash": dash, "color": look["color"]}},
        {"mark": {"type": "point", "opacity": 0, "size": 80}, "transform": curve,
         "encoding": {"tooltip": [{"field": f} for f in ("reader", "series", "threshold", "tpf", "fpf")]}},
    ]  # fmt: skip
    if with_calls:
        tooltip = [{"field": f} for f in ("reader", "series", "tpf", "fpf")]
        mark = {"type": "point", "filled": True, "size": 50}
        layers.append({"mark": mark, "transform": call, "encoding": {**look, "tooltip": tooltip}})
    return {"width": 150, "height": 150, "encoding": {"x": x, "y": y}, "layer": layers}
