"""Several readers' masks of one image as the few distinct patterns of votes that its pixels show.

What is computed on patterns (majority, STAPLE, overlap of all pairs) costs nothing per pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.outlines import Outline, as_mask
from annotations.agreement.registry import statistic
from annotations.agreement.result import WrongCall

Bools = NDArray[np.bool_]
MOST_READERS = 64
_TABLE_READERS = 16  # up to so many readers, a table over all patterns is smaller than the image


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """The votes on one image.

    patterns   bool [patterns, readers]: who marked the pixel; the first is nobody's (also with no pixel)
    pixels     int64 [patterns]: how many pixels of the whole image show it
    shape      (height, width) of the image
    top, left  where the box that holds all masks begins
    codes      unsigned [box height, box width]: the pattern as a number, reader i in bit i
    known      unsigned [patterns]: the numbers of the patterns
    """

    patterns: Bools
    pixels: NDArray[np.int64]
    shape: tuple[int, int]
    top: int
    left: int
    codes: NDArray[np.unsignedinteger]
    known: NDArray[np.unsignedinteger]

    @property
    def readers(self) -> int:
        return int(self.patterns.shape[1])

    def paint(self, values: NDArray) -> NDArray:
        """Image [height, width] in which each pixel has the value of its pattern, `values` [patterns]."""
        image = np.full(self.shape, values[0], values.dtype)
        height, width = self.codes.shape
        if self.readers <= _TABLE_READERS:
            table = np.empty(1 << self.readers, values.dtype)
            table[self.known] = values
            painted = table[self.codes]
        else:
            painted = values[np.searchsorted(self.known, self.codes)]
        image[self.top : self.top + height, self.left : self.left + width] = painted
        return image


def votes(masks: Sequence[Outline] | NDArray) -> Votes:
    """Votes of the readers' masks of one image: outlines, or an array [readers, height, width] of 0 and 1.

    Raises WrongCall for no mask, more than 64, and masks of different sizes.
    """
    if len(masks) == 0 or len(masks) > MOST_READERS:
        raise WrongCall("masks", f"1 to {MOST_READERS} masks of one image", len(masks))
    if isinstance(masks, np.ndarray):
        return _of_stack(masks)
    shapes = {mask.shape for mask in masks}
    if len(shapes) > 1:
        raise WrongCall("masks", "masks of one size", sorted(shapes))
    marked = [mask for mask in masks if not mask.empty]
    top = min((mask.top for mask in marked), default=0)
    left = min((mask.left for mask in marked), default=0)
    bottom = max((mask.top + mask.crop.shape[0] for mask in marked), default=0)
    right = max((mask.left + mask.crop.shape[1] for mask in marked), default=0)
    codes = np.zeros((bottom - top, right - left), _kind(len(masks)))
    for mask in reversed(masks):  # reader i ends in bit i
        codes += codes
        if not mask.empty:
            row, column = mask.top - top, mask.left - left
            part = codes[row : row + mask.crop.shape[0], column : column + mask.crop.shape[1]]
            part |= mask.crop.view(np.uint8)
    return _of_codes(codes, len(masks), shapes.pop(), top, left)


def _of_stack(masks: NDArray) -> Votes:
    if masks.ndim != 3 or masks[0].size == 0:
        raise WrongCall("masks", "an array of readers, rows and columns", masks.shape)
    stack = [as_mask(mask).view(np.uint8) for mask in masks] if masks.dtype != np.uint8 else list(masks)
    anybody = stack[0].copy()
    for mask in stack[1:]:
        anybody |= mask
    marked = as_mask(anybody)  # of bytes, all are 0 or 1 exactly if this is: one look instead of one a reader
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    box = (slice(0, 0), slice(0, 0))
    if rows.size:
        box = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
    codes = np.zeros(marked[box].shape, _kind(len(stack)))
    for mask in reversed(stack):  # reader i ends in bit i
        codes += codes
        codes |= mask[box]
    return _of_codes(codes, len(stack), (masks.shape[1], masks.shape[2]), box[0].start, box[1].start)


def _of_codes(codes: NDArray[np.unsignedinteger], readers: int, shape: tuple[int, int], top: int, left: int) -> Votes:
    everybody = codes.dtype.type((1 << readers) - 1)
    flat = codes.ravel()
    disputed = flat[(flat != 0) & (flat != everybody)]
    agreed = int(np.count_nonzero(flat == everybody))
    if readers <= _TABLE_READERS:
        table = np.bincount(disputed, minlength=1 << readers)
        known = np.flatnonzero(table).astype(codes.dtype)
        counts = table[known]
    else:
        known, counts = np.unique(disputed, return_counts=True)
    nobody = shape[0] * shape[1] - disputed.size - agreed
    known = np.concatenate((np.zeros(1, codes.dtype), known, np.full(int(agreed > 0), everybody)))
    pixels = np.concatenate(([nobody], counts, np.full(int(agreed > 0), agreed)))
    bits = np.arange(readers, dtype=codes.dtype)
    patterns = (known[:, None] >> bits & codes.dtype.type(1)).astype(np.bool_)
    return Votes(patterns, pixels, shape, top, left, codes, known)


def _kind(readers: int) -> np.dtype[np.unsignedinteger]:
    return next(np.dtype(f"u{octets}") for octets in (1, 2, 4, 8) if readers <= 8 * octets)


@dataclass(frozen=True, slots=True, eq=False)
class Majority:
    """Majority of the readers: `strict` more than half, `ties_in` half or more; they differ in `tied_px`."""

    strict: Bools
    ties_in: Bools
    tied_px: int


@statistic(
    "majority consensus",
    suits=("mask",),
    assumes="readers count alike",
    undefined_when="never; with an even number of readers pixels can tie, which is reported",
    reference="majority vote of the readers on each pixel: Kittler et al., IEEE Trans Pattern Anal Mach Intell 20:226 (1998)",
    doi="10.1109/34.667881",
)
def majority(cast: Votes) -> Majority:
    """The majority's mask [height, width], with ties as background and as foreground."""
    inside = cast.patterns.sum(axis=1)
    tied = 2 * inside == cast.readers
    strict = 2 * inside > cast.readers
    return Majority(cast.paint(strict), cast.paint(strict | tied), int(cast.pixels[tied].sum()))


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseOverlap:
    """Dice and IoU of all pairs, [readers, readers]; 0 with `defined` False where both masks are empty."""

    dice: NDArray[np.float64]
    iou: NDArray[np.float64]
    defined: Bools


def pairwise_overlap(cast: Votes) -> PairwiseOverlap:
    """Overlap of each reader with each other, from the patterns alone."""
    marked = cast.patterns.astype(np.int64)
    both = (marked * cast.pixels[:, None]).T @ marked
    areas = both.diagonal()
    together = areas[:, None] + areas
    defined = together > 0
    dice = np.divide(2.0 * both, together, out=np.zeros(both.shape), where=defined)
    iou = np.divide(both, together - both, out=np.zeros(both.shape), where=defined)
    return PairwiseOverlap(dice, iou, defined)
