"""The statistics of masks under their standard names, each over the cases of a study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotations.agreement.comparisons import MaskComparison
from annotations.agreement.mask_summaries import range_of, summarise
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, WrongCall

_SAME_IMAGE = "both masks are of the same image; cases (or patients) are independent"
_ONE_EMPTY = "in a case: a mask is empty (counted, not in the mean); over cases: no case has a value"
_REINKE = "Maier-Hein, Reinke et al., Metrics reloaded, Nat Methods 21:195 (2024)"
_REINKE_DOI = "10.1038/s41592-023-02151-z"
_PIXEL = {
    "surface_pixel": "boundary pixels (4-neighbour outside), distances of centres",
    "surface_edge_elements": "boundary weighted by its length",
}


def _over_cases(
    name: str, figure: str, estimator: str, comparisons: Sequence[MaskComparison], rest: dict[str, Any]
) -> Estimate:
    """Summary of one figure; `percent`: an unscaled distance in % of the reference's longest axis."""
    percent = rest.pop("percent", False)
    units = {comparison.unit for comparison in comparisons}
    definitions = {comparison.definition for comparison in comparisons}
    if len(units) > 1 or len(definitions) > 1:
        raise WrongCall("comparisons", "one unit and one definition", sorted(units | definitions))
    if percent and units == {"mm"}:
        raise WrongCall("percent", "comparisons without spacing", "mm")
    field = f"{figure}_percent" if percent else figure
    boundary = "".join(f"; {_PIXEL[definition]}" for definition in definitions) if "{boundary}" in estimator else ""
    unit = "%" if percent else units.pop() if units else ""
    return summarise(
        name,
        [getattr(comparison, field) for comparison in comparisons],
        estimator=estimator.format(boundary=boundary, unit=unit),
        within=range_of(figure),
        **rest,
    )


@statistic(
    "Dice coefficient",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when="in a case: both masks are empty (if one is: 0); over cases: no case has a value",
    reference="Dice, Ecology 26:297 (1945)",
    doi="10.2307/1932409",
)
def dice(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """2 |A and B| / (|A| + |B|) over cases. `rest` goes to `mask_summaries.summarise`."""
    return _over_cases("Dice coefficient", "dice", "2 |A and B| / (|A| + |B|), by pixels", comparisons, rest)


@statistic(
    "intersection over union",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when="in a case: both masks are empty (if one is: 0); over cases: no case has a value",
    reference="Jaccard, New Phytologist 11:37 (1912)",
    doi="10.1111/j.1469-8137.1912.tb05611.x",
)
def iou(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """|A and B| / |A or B| over cases. `rest` goes to `mask_summaries.summarise`."""
    return _over_cases("intersection over union", "iou", "|A and B| / |A or B|, by pixels", comparisons, rest)


@statistic(
    "mask precision",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when="in a case: the other mask is empty; over cases: no case has a value",
    reference=_REINKE,
    doi=_REINKE_DOI,
)
def precision(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Share of the mask that lies in the reference, over cases. `rest` goes to `mask_summaries.summarise`."""
    return _over_cases("mask precision", "precision", "|A and B| / |B|, B the other mask", comparisons, rest)


@statistic(
    "mask recall",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when="in a case: the reference's mask is empty; over cases: no case has a value",
    reference=_REINKE,
    doi=_REINKE_DOI,
)
def recall(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Share of the reference that the mask covers, over cases. `rest` goes to `mask_summaries.summarise`."""
    return _over_cases("mask recall", "recall", "|A and B| / |A|, A the reference", comparisons, rest)


@statistic(
    "relative area difference",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when="in a case: the reference's mask is empty; over cases: no case has a value",
    reference=_REINKE,
    doi=_REINKE_DOI,
)
def relative_area_difference(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """(|B| - |A|) / |A| over cases, A the reference. `rest` goes to `mask_summaries.summarise`."""
    estimator = "(|B| - |A|) / |A|, A the reference"
    return _over_cases("relative area difference", "relative_area_difference", estimator, comparisons, rest)


@statistic(
    "Hausdorff distance",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when=_ONE_EMPTY,
    reference="Huttenlocher, Klanderman, Rucklidge, IEEE Trans Pattern Anal Mach Intell 15:850 (1993)",
    doi="10.1109/34.232073",
)
def hausdorff(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Larger of the two directed maxima, over cases. `rest`: percent, and `mask_summaries.summarise`'s."""
    estimator = "larger of the two directed maxima, in {unit}{boundary}"
    return _over_cases("Hausdorff distance", "hausdorff", estimator, comparisons, rest)


@statistic(
    "95th percentile Hausdorff distance",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when=_ONE_EMPTY,
    reference=_REINKE,
    doi=_REINKE_DOI,
)
def hd95(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Larger directed 95th percentile, over cases. `rest`: percent, and `mask_summaries.summarise`'s."""
    estimator = "larger of the two directed 95th percentiles, in {unit}{boundary}"
    return _over_cases("95th percentile Hausdorff distance", "hd95", estimator, comparisons, rest)


@statistic(
    "average symmetric surface distance",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when=_ONE_EMPTY,
    reference=_REINKE,
    doi=_REINKE_DOI,
)
def assd(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Mean over all boundary points, over cases. `rest`: percent, and `mask_summaries.summarise`'s."""
    estimator = "mean distance over all boundary points of both masks, in {unit}{boundary}"
    return _over_cases("average symmetric surface distance", "assd", estimator, comparisons, rest)


@statistic(
    "mean average surface distance",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when=_ONE_EMPTY,
    reference=_REINKE,
    doi=_REINKE_DOI,
)
def masd(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Mean of the two directed means, over cases. `rest`: percent, and `mask_summaries.summarise`'s."""
    estimator = "mean of the two directed mean distances, in {unit}{boundary}"
    return _over_cases("mean average surface distance", "masd", estimator, comparisons, rest)


@statistic(
    "normalised surface distance",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when=_ONE_EMPTY,
    reference="Nikolov et al., J Med Internet Res 23:e26151 (2021)",
    doi="10.2196/26151",
)
def nsd(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Share of boundary within the tolerance, over cases. `rest` goes to `mask_summaries.summarise`."""
    estimator = "share of both boundaries within the tolerance of the other{boundary}"
    return _over_cases("normalised surface distance", "nsd", estimator, comparisons, rest)


@statistic(
    "centroid distance",
    suits=("mask",),
    assumes=_SAME_IMAGE,
    undefined_when=_ONE_EMPTY,
    reference=_REINKE,
    doi=_REINKE_DOI,
)
def centroid(comparisons: Sequence[MaskComparison], **rest: Any) -> Estimate:
    """Distance of the mean pixel centres, over cases. `rest`: percent, and `mask_summaries.summarise`'s."""
    estimator = "distance of the mean pixel centres, in {unit}"
    return _over_cases("centroid distance", "centroid_distance", estimator, comparisons, rest)
