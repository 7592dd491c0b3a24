"""The forest of agreement among readers, feature by feature."""

from __future__ import annotations

from typing import Any

from annotations.analyses.figure_style import figure
from annotations.analyses.headline import among

Json = dict[str, Any]
NAMES = {"fleiss": "Fleiss kappa", "weighted_fleiss": "weighted Fleiss kappa"}
MARKS = {
    "ICC(2,1)": "diamond", "ICC(1,1)": "triangle-down", "Fleiss kappa": "square", "weighted Fleiss kappa": "triangle-up"
}  # fmt: skip


def forest_figure(view: Json, labels: dict[str, str]) -> Json:
    """Squares are kappas, diamonds ICCs; bars are the intervals."""
    rows = [_row(part, labels[part["code"]]) for part in view["features"] if part["among_readers"]]
    y = {"field": "feature", "type": "nominal", "sort": None, "title": None}
    lows = [row["low"] if row["low"] is not None else row["value"] for row in rows]
    scale = {"domain": [min(0.0, *(low for low in lows if low is not None), 0.0), 1], "nice": False}
    x = {"field": "value", "type": "quantitative", "title": "agreement among readers", "scale": scale}
    tooltip = [{"field": f} for f in ("feature", "statistic", "value", "low", "high", "undefined")]
    used = [name for name in MARKS if any(row["statistic"] == name for row in rows)]
    marks = {"domain": used, "range": [MARKS[name] for name in used]}
    shape = {"field": "statistic", "type": "nominal", "title": None, "scale": marks}
    spec = {
        "data": {"values": rows}, "width": 420, "height": {"step": 18}, "encoding": {"y": y},
        "layer": [
            {"mark": {"type": "rule", "clip": True}, "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 60},
             "encoding": {"x": x, "shape": shape, "tooltip": tooltip}},
        ],
    }  # fmt: skip
    return figure("agreement", "Agreement among readers, feature by feature", spec if rows else {})


def _row(part: Json, label: str) -> Json:
    name = among(part, part["among_readers"]["overall"])
    estimate = part["among_readers"]["overall"][name]
    interval = estimate["interval"] or {"low": None, "high": None}
    statistic = NAMES[name] if name != "icc" else _icc(estimate)
    return {
        "feature": label, "statistic": statistic, "value": estimate["value"], "low": interval["low"],
        "high": interval["high"], "undefined": estimate["undefined"],
    }  # fmt: skip


def _icc(estimate: Json) -> str:
    """Interchangeable readers have the one-way form."""
    return "ICC(1,1)" if estimate["estimator"].startswith("ICC(1)") else "ICC(2,1)"
