"""How much room a stored figure needs, reckoned from its specification without drawing it.

The page keeps that room before the picture is there, so that nothing moves while somebody reads. Axes, keys and the words
between panels are reckoned as they came out of Vega-Lite 6 (px); a picture that is a little larger or smaller is fitted in.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

Json = Mapping[str, Any]
BESIDE_PANEL, LEFT_OF_PANELS, BELOW_PANEL, ABOUT_PANELS = 28, 28, 50, 55
RIGHT_AND_LEFT, KEY_AND_AXIS, AXIS_WITHOUT_KEY = 66, 86, 74
PADDED_BAND = 0.8  # the part of a band that its offsets share


def figure_size(spec: Json) -> tuple[int, int]:
    """Width and height in px of the figure as it is drawn at its own size."""
    return _panels(spec) if "facet" in spec else _bands(spec)


def _distinct(spec: Json, field: str) -> int:
    """What has no value is not drawn."""
    return len({row[field] for row in spec["data"]["values"] if field in row and row.get("value", 0) is not None})


def _panels(spec: Json) -> tuple[int, int]:
    panels, one = _distinct(spec, spec["facet"]["field"]), spec["spec"]
    across = min(panels, spec["columns"])
    width = across * (one["width"] + BESIDE_PANEL) + LEFT_OF_PANELS
    return width, ceil(panels / spec["columns"]) * (one["height"] + BELOW_PANEL) + ABOUT_PANELS


def _bands(spec: Json) -> tuple[int, int]:
    encoding, step = spec["encoding"], spec["height"]["step"]
    bands = _distinct(spec, encoding["y"]["field"])
    if "yOffset" not in encoding:
        # the names of features are longer than those of readers
        return spec["width"] + 2 * RIGHT_AND_LEFT, bands * step + AXIS_WITHOUT_KEY
    step = step * _distinct(spec, encoding["yOffset"]["field"]) / PADDED_BAND
    return spec["width"] + RIGHT_AND_LEFT, round(bands * step) + KEY_AND_AXIS
