"""How far two masks cover each other, by counts of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotations.agreement.outlines import Outline
from annotations.agreement.result import WrongCall


@dataclass(frozen=True, slots=True)
class Overlap:
    """Pixels in both (tp), in the other only (fp), the reference only (fn), in neither (tn); None is 0/0."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def dice(self) -> float | None:
        """2 |A and B| / (|A| + |B|). Dice, Ecology 26:297 (1945), doi:10.2307/1932409."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def iou(self) -> float | None:
        """|A and B| / |A or B|. Jaccard, New Phytol 11:37 (1912), doi:10.1111/j.1469-8137.1912.tb05611.x."""
        return _ratio(self.tp, self.tp + self.fp + self.fn)

    @property
    def precision(self) -> float | None:
        """Share of the other mask that lies in the reference."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Share of the reference that the other mask covers (sensitivity by pixels)."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def specificity(self) -> float | None:
        """Share of the background left free; depends on how much background the image shows."""
        return _ratio(self.tn, self.tn + self.fp)

    @property
    def relative_area_difference(self) -> float | None:
        """(other - reference) / reference; positive where the other mask is larger."""
        return _ratio(self.fp - self.fn, self.tp + self.fn)

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa of the pixels; depends on how much background the image shows."""
        chance = (self.tp + self.fp) * (self.fp + self.tn) + (self.tp + self.fn) * (self.fn + self.tn)
        return _ratio(2 * (self.tp * self.tn - self.fp * self.fn), chance)


def overlap(reference: Outline, other: Outline) -> Overlap:
    """Counts of two masks of one image. Raises WrongCall where their sizes differ."""
    if reference.shape != other.shape:
        raise WrongCall("other", f"a mask of {reference.shape} pixels, as the reference", other.shape)
    both = _in_both(reference, other)
    only_other, only_reference = other.area_px - both, reference.area_px - both
    outside = reference.shape[0] * reference.shape[1] - both - only_other - only_reference
    return Overlap(both, only_other, only_reference, outside)


def _in_both(one: Outline, other: Outline) -> int:
    top, left = max(one.top, other.top), max(one.left, other.left)
    bottom = min(one.top + one.crop.shape[0], other.top + other.crop.shape[0])
    right = min(one.left + one.crop.shape[1], other.left + other.crop.shape[1])
    if bottom <= top or right <= left:
        return 0
    here, there = (
        mask.crop[top - mask.top : bottom - mask.top, left - mask.left : right - mask.left] for mask in (one, other)
    )
    return int(np.count_nonzero(here & there))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
