"""A scale from two clicks on the ruler burned into an image: `{"points": [x1, y1, x2, y2], "mm": distance}`; a reader's own
has `"at"` too, the server's time of it (who it was says the reading it stays in)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from annotations.answers import Spacing
from annotations.problems import InvalidAnswer

BY_READER = gettext_noop("calibrated by the reader")  # frozen into analyses: the same bytes in every language


def validate_calibration(value: Any, *, size: tuple[int, int]) -> dict[str, Any] | None:
    """The calibration without its time, None for none. `size` is (width, height) in px. Raises InvalidAnswer."""
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) - {"at"} != {"points", "mm"}:
        raise _wrong(_("it has two points and their distance in mm."), value)
    points, mm = value["points"], value["mm"]
    if not isinstance(points, list) or len(points) != 4 or not all(map(_is_number, [*points, mm])):
        raise _wrong(_("it has two points and their distance in mm."), value)
    x1, y1, x2, y2 = points
    if not (min(x1, x2) >= 0 and max(x1, x2) <= size[0] and min(y1, y2) >= 0 and max(y1, y2) <= size[1]):
        raise _wrong(_("a point lies outside the image."), value)
    if math.hypot(x2 - x1, y2 - y1) < 1 or not 0 < mm <= 1000:
        raise _wrong(_("the points must be at least 1 px apart, the distance between 0 and 1000 mm."), value)
    return {"points": [float(p) for p in points], "mm": float(mm)}


def timed(calibration: dict[str, Any] | None, before: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A reader's calibration with when it was made: now, or as it was `before` if it is that one still."""
    if calibration is None:
        return None
    if before and all(before.get(name) == value for name, value in calibration.items()):
        return dict(before)
    return {**calibration, "at": timezone.now().isoformat()}


def spacing_of_calibration(calibration: Mapping[str, Any], source: str) -> Spacing:
    """The size of one (square) pixel that follows from a validated calibration."""
    x1, y1, x2, y2 = calibration["points"]
    mm_per_px = calibration["mm"] / math.hypot(x2 - x1, y2 - y1)
    return Spacing(mm_per_px, mm_per_px, source)


def own_spacing(content: Mapping[str, Any]) -> Spacing | None:
    """The scale that a reader's own calibration gives, from what a revision says; it holds for that reading alone."""
    calibration = content.get("calibration")
    return spacing_of_calibration(calibration, BY_READER) if calibration else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e12 < value < 1e12


def _wrong(why: str, value: Any) -> InvalidAnswer:
    return InvalidAnswer(_("Calibration: %s") % why, feature="calibration", value=value)
