"""Sizes of the masks of a study: longest axis, extent across it, area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from annotations.agreement.geometry import MaskGeometry, mask_geometry
from annotations.agreement.mask_summaries import range_of, summarise
from annotations.agreement.outlines import Outline
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, WrongCall

Spacing = tuple[float, float]
_POINTS = {"pixel_corner": "pixels as squares", "pixel_centre": "pixel centres"}
_ASSUMES = "one mask a case; all spacings are known, or none is"
_EMPTY = "in a case: the mask is empty (counted, not in the mean); over cases: no case has a value"


@statistic(
    "maximum diameter",
    suits=("mask",),
    assumes=_ASSUMES,
    undefined_when=_EMPTY,
    reference="the greatest of Feret's diameters: Walton, Nature 162:329 (1948)",
    doi="10.1038/162329b0",
)
def maximum_diameter(
    masks: Sequence[Outline],
    spacings: Sequence[Spacing] | None = None,
    *,
    points: str = "pixel_corner",
    **rest: Any,
) -> Estimate:
    """Greatest distance of two points of a mask, in mm where spacings (row, column) are given, else px.

    `rest` goes to `mask_summaries.summarise`.
    """
    _check(points)
    name, estimator = "maximum diameter", f"greatest distance of two points of the mask ({_POINTS[points]})"
    corner = points == "pixel_corner"
    return _sizes(name, estimator, masks, spacings, lambda g: (g.corner if corner else g.centre).longest, rest)


@statistic(
    "perpendicular extent",
    suits=("mask",),
    assumes=_ASSUMES,
    undefined_when=_EMPTY,
    reference="the greatest diameter perpendicular to the longest, as caliper width, the largest over equal axes: Miller"
    " et al., Reporting results of cancer treatment, Cancer 47:207 (1981)",
    doi="10.1002/1097-0142(19810101)47:1<207::AID-CNCR2820470134>3.0.CO;2-6",
)
def perpendicular_extent(
    masks: Sequence[Outline],
    spacings: Sequence[Spacing] | None = None,
    *,
    points: str = "pixel_corner",
    **rest: Any,
) -> Estimate:
    """Width across the longest axis, in mm where spacings are given, else px.

    `rest` goes to `mask_summaries.summarise`.
    """
    _check(points)
    name, estimator = "perpendicular extent", f"caliper width normal to the longest axis ({_POINTS[points]})"
    corner = points == "pixel_corner"
    return _sizes(
        name, estimator, masks, spacings, lambda g: (g.corner if corner else g.centre).perpendicular[-1], rest
    )


@statistic(
    "mask area",
    suits=("mask",),
    assumes=_ASSUMES,
    undefined_when=_EMPTY,
    reference="number of pixels times the area of one, as the voxel count of Zwanenburg et al., Radiology 295:328 (2020)",
    doi="10.1148/radiol.2020191145",
)
def mask_area(masks: Sequence[Outline], spacings: Sequence[Spacing] | None = None, **rest: Any) -> Estimate:
    """Area, in mm2 where spacings are given, else px2. `rest` goes to `mask_summaries.summarise`."""
    return _sizes("mask area", "pixels times the area of one", masks, spacings, lambda g: g.area, rest)


def _sizes(
    name: str,
    estimator: str,
    masks: Sequence[Outline],
    spacings: Sequence[Spacing] | None,
    size: Callable[[MaskGeometry], float],
    rest: dict[str, Any],
) -> Estimate:
    if spacings is not None and len(spacings) != len(masks):
        raise WrongCall("spacings", f"one a mask, {len(masks)}", len(spacings))
    scales = [(1.0, 1.0)] * len(masks) if spacings is None else spacings
    measured = [mask_geometry(mask, scale) for mask, scale in zip(masks, scales)]
    values = [None if geometry is None else size(geometry) for geometry in measured]
    unit = "px" if spacings is None else "mm"
    return summarise(name, values, estimator=f"{estimator}, by {unit}", within=range_of("size"), **rest)


def _check(points: str) -> None:
    if points not in _POINTS:
        raise WrongCall("points", " or ".join(_POINTS), points)
