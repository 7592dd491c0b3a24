"""How figures look: the paper theme's colours and type, rules thin, no boxes."""

from __future__ import annotations

from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
# readers and centres in order: colour and marker together, never colour alone
PALETTE = ["#0F6482", "#C68206", "#532801", "#588CFF", "#7B50C9", "#7B5600", "#2D138D", "#997BAD"]
MARKS = ["circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "triangle-right", "triangle-left"]
_INK, _INK2, _HAIRLINE = "#1D1B18", "#55514A", "#E0DCD3"
CONFIG: dict[str, Any] = {
    "background": None,
    "font": "Inter, system-ui, sans-serif",
    "view": {"stroke": _HAIRLINE},
    "axis": {
        "gridColor": _HAIRLINE, "domainColor": _INK2, "tickColor": _INK2, "labelColor": _INK2, "titleColor": _INK2,
        "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 220,
    },
    "header": {"labelColor": _INK, "labelFontSize": 12},
    "legend": {"labelColor": _INK2, "titleColor": _INK2, "labelFontSize": 11, "orient": "bottom"},
    "point": {"color": PALETTE[0]},
    "rule": {"color": PALETTE[0]},
    "line": {"color": PALETTE[0]},
}  # fmt: skip


def figure(name: str, title: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A figure as it is stored; {} where there is nothing to show."""
    return {"name": name, "title": title, "spec": {"$schema": SCHEMA, "config": CONFIG, **spec}} if spec else {}


def series(field: str, names: list[str]) -> dict[str, dict[str, Any]]:
    """Colour and shape of a series, in one key of both: colour never stands alone. Beyond eight, they begin anew."""
    channel = {"field": field, "type": "nominal", "title": None}
    places = range(len(names))
    colours, marks = ([kind[i % len(kind)] for i in places] for kind in (PALETTE, MARKS))
    return {
        "color": channel | {"scale": {"domain": names, "range": colours}},
        "shape": channel | {"scale": {"domain": names, "range": marks}},
    }
