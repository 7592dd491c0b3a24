"""What is measured on one mask: area, centroid, box, parts, diameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from annotations.agreement.hulls import Axes
from annotations.agreement.outlines import Outline

_EIGHT = np.ones((3, 3), np.bool_)


@dataclass(frozen=True, slots=True)
class MaskGeometry:
    """One mask, in the unit of the spacing (area in its square).

    centroid      row, column of the mean pixel centre; the first pixel's centre is (0, 0)
    box           first row, row behind the last, first column, column behind the last, in px
    parts_4, _8   connected parts, over edges and over edges and corners
    corner        diameters of the mask as squares (`pixel_corner`): from pixel corner to pixel corner
    centre        diameters between pixel centres (`pixel_centre`): a single pixel has 0
    """

    area_px: int
    area: float
    centroid: tuple[float, float]
    box: tuple[int, int, int, int]
    height: float
    width: float
    parts_4: int
    parts_8: int
    corner: Axes
    centre: Axes


def mask_geometry(mask: Outline, spacing: tuple[float, float] = (1.0, 1.0)) -> MaskGeometry | None:
    """Geometry of one mask; None for an empty one, which has none. Spacing: row, column."""
    if mask.empty:
        return None
    height, width = mask.crop.shape
    row, column = mask.centroid
    return MaskGeometry(
        area_px=mask.area_px,
        area=mask.area_px * spacing[0] * spacing[1],
        centroid=(row * spacing[0], column * spacing[1]),
        box=(mask.top, mask.top + height, mask.left, mask.left + width),
        height=height * spacing[0],
        width=width * spacing[1],
        parts_4=int(ndimage.label(mask.crop)[1]),
        parts_8=int(ndimage.label(mask.crop, structure=_EIGHT)[1]),
        corner=mask.corner_hull.axes(spacing),
        centre=mask.centre_hull.axes(spacing),
    )


def centroid_distance(first: Outline, second: Outline, spacing: tuple[float, float] = (1.0, 1.0)) -> float | None:
    """Distance of the two centroids in the unit of the spacing (row, column); None where a mask is empty."""
    if first.empty or second.empty:
        return None
    rows = (first.centroid[0] - second.centroid[0]) * spacing[0]
    columns = (first.centroid[1] - second.centroid[1]) * spacing[1]
    return float(np.hypot(rows, columns))
