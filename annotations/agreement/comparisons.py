"""Two masks of one image, compared once: every figure from one geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from numpy.typing import ArrayLike

from annotations.agreement.geometry import centroid_distance
from annotations.agreement.outlines import Outline, outline
from annotations.agreement.overlap import Overlap, overlap
from annotations.agreement.result import WrongCall
from annotations.agreement.surfaces import SurfaceFigures, surface_edge_elements, surface_pixel

TOLERANCE_MM = 1.0
TOLERANCE_UNSCALED = 0.02  # of the reference's longest axis
DEFINITIONS = {"surface_pixel": surface_pixel, "surface_edge_elements": surface_edge_elements}

BOTH_EMPTY = "both masks are empty"
REFERENCE_EMPTY = "the reference's mask is empty"
OTHER_EMPTY = "the other mask is empty"


@dataclass(frozen=True, slots=True)
class MaskComparison:
    """A mask against a reference. A figure is None exactly when `undefined` has the reason under its name.

    unit                mm where the spacing is known, else px; areas in its square
    definition          of the boundary: surface_pixel or surface_edge_elements
    relative_area_difference   (other - reference) / reference
    hd95                larger of the two directed 95th percentiles
    nsd                 share of both boundaries within `nsd_tolerance` (in the unit) of the other
    longest_axis        of the reference, between pixel corners; found only where the spacing is unknown
    *_percent           a distance as % of that axis; None, without a reason, where the spacing is known
    """

    unit: str
    definition: str
    counts: Overlap
    dice: float | None
    iou: float | None
    precision: float | None
    recall: float | None
    relative_area_difference: float | None
    area_of_reference: float
    area_of_other: float
    hausdorff: float | None = None
    hd95: float | None = None
    assd: float | None = None
    masd: float | None = None
    nsd: float | None = None
    nsd_tolerance: float | None = None
    centroid_distance: float | None = None
    longest_axis: float | None = None
    hausdorff_percent: float | None = None
    hd95_percent: float | None = None
    assd_percent: float | None = None
    masd_percent: float | None = None
    centroid_distance_percent: float | None = None
    undefined: Mapping[str, str] = field(default_factory=dict)


DISTANCES = ("hausdorff", "hd95", "assd", "masd", "centroid_distance")


def compare_masks(
    reference: ArrayLike | Outline,
    other: ArrayLike | Outline,
    spacing: tuple[float, float] | None = None,
    nsd_tolerance: float | None = None,
    *,
    definition: str = "surface_pixel",
) -> MaskComparison:
    """All figures of a mask against the reference; masks [height, width] of 0 and 1, or their outlines.

    spacing         (row, column) in mm, or None where unknown: distances are then in px, and in % of the
                    reference's longest axis
    nsd_tolerance   in mm, or in px where the spacing is unknown; by default 1 mm or 2 % of that axis

    Raises WrongCall for masks of different sizes, a spacing or tolerance that is not positive, an unknown
    definition.
    """
    _check(spacing, nsd_tolerance, definition)
    one = reference if isinstance(reference, Outline) else outline(reference)
    two = other if isinstance(other, Outline) else outline(other)
    counts = overlap(one, two)
    scale = spacing or (1.0, 1.0)
    figures: dict[str, float | None] = {
        "dice": counts.dice,
        "iou": counts.iou,
        "precision": counts.precision,
        "recall": counts.recall,
        "relative_area_difference": counts.relative_area_difference,
    }
    longest = None if spacing or one.empty else one.corner_hull.longest(scale)
    if not (one.empty or two.empty):
        tolerance = nsd_tolerance or (TOLERANCE_MM if longest is None else TOLERANCE_UNSCALED * longest)
        surface = DEFINITIONS[definition](one, two, scale, (tolerance,))
        figures |= _distances(surface, tolerance, centroid_distance(one, two, scale), longest)
    return MaskComparison(
        unit="mm" if spacing else "px",
        definition=definition,
        counts=counts,
        area_of_reference=one.area_px * scale[0] * scale[1],
        area_of_other=two.area_px * scale[0] * scale[1],
        longest_axis=longest,
        undefined=_reasons(one, two, figures, unscaled=spacing is None),
        **figures,
    )


def _distances(
    surface: SurfaceFigures, tolerance: float, centroids: float | None, longest: float | None
) -> dict[str, float | None]:
    figures: dict[str, float | None] = {
        "hausdorff": surface.hausdorff,
        "hd95": surface.hd95,
        "assd": surface.assd,
        "masd": surface.masd,
        "centroid_distance": centroids,
    }
    if longest is not None:
        figures |= {f"{name}_percent": 100 * (figures[name] or 0.0) / longest for name in DISTANCES}
    return figures | {"nsd": surface.nsd[tolerance], "nsd_tolerance": tolerance}


def _reasons(
    reference: Outline, other: Outline, figures: Mapping[str, float | None], *, unscaled: bool
) -> dict[str, str]:
    if not (reference.empty or other.empty):
        return {}
    why = BOTH_EMPTY if reference.empty and other.empty else REFERENCE_EMPTY if reference.empty else OTHER_EMPTY
    surface = [*DISTANCES, "nsd", "nsd_tolerance"]
    percent = [f"{name}_percent" for name in DISTANCES] if unscaled else []
    axis = ["longest_axis"] if unscaled and reference.empty else []
    absent = [name for name, value in figures.items() if value is None]
    return dict.fromkeys([*absent, *surface, *percent, *axis], why)


def _check(spacing: tuple[float, float] | None, nsd_tolerance: float | None, definition: str) -> None:
    if definition not in DEFINITIONS:
        raise WrongCall("definition", " or ".join(DEFINITIONS), definition)
    if spacing is not None and not (len(spacing) == 2 and all(0 < step < float("inf") for step in spacing)):
        raise WrongCall("spacing", "two positive numbers (row, column) or None", spacing)
    if nsd_tolerance is not None and not 0 < nsd_tolerance < float("inf"):
        raise WrongCall("nsd_tolerance", "a positive number or None", nsd_tolerance)
