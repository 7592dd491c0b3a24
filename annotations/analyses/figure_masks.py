"""The distribution of Dice with the reference, reader by reader and centre by centre."""

from __future__ import annotations

from typing import Any

from annotations.analyses.figure_style import figure, series

Json = dict[str, Any]


def masks_figure(view: Json) -> Json:
    """A tick a mask; a centre's medians have its colour and shape."""
    rows = [
        {"reader": f"Reader {part['reader']}", "centre": f"Centre {case['centre']}", "case": case["case"],
         "dice": case["dice"]}
        for part in view["masks"] or []
        for case in part["cases"]
        if case["dice"] is not None
    ]  # fmt: skip
    look = series("centre", sorted({row["centre"] for row in rows}))
    x: Json = {
        "field": "dice",
        "type": "quantitative",
        "title": "Dice with the reference",
        "scale": {"zero": False},
        "axis": {"tickCount": 6},
    }
    y = {"field": "reader", "type": "nominal", "sort": None, "title": None}
    spec = {
        "data": {"values": rows}, "width": 420, "height": {"step": 34},
        "encoding": {"x": x, "y": y, "yOffset": {"field": "centre"}},
        "layer": [
            {"mark": {"type": "tick", "thickness": 1, "opacity": 0.35},
             "encoding": {"color": look["color"],
                          "tooltip": [{"field": f} for f in ("reader", "centre", "case", "dice")]}},
            {"mark": {"type": "point", "filled": True, "size": 55, "stroke": "#FFFFFF", "strokeWidth": 0.7},
             "encoding": {"x": x | {"aggregate": "median"}, **look}},
        ],
    }  # fmt: skip
    return figure("masks", "Dice of every mask with the reference; large marks: medians", spec if rows else {})
