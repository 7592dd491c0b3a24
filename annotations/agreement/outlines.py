"""A mask's geometry, found once and used by every figure: its box, its boundary, its hull."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.agreement.hulls import Hull, hull_of_centres, hull_of_corners
from annotations.agreement.result import WrongCall

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Outline:
    """One mask. Rows and columns are those of the image, counted from 0.

    shape      (height, width) of the image
    top, left  the first row and column of the mask's bounding box (0, 0 for an empty mask)
    crop       the mask within its bounding box
    area_px    pixels of the mask
    """

    shape: tuple[int, int]
    top: int
    left: int
    crop: Bools
    area_px: int

    @cached_property
    def boundary(self) -> Ints:
        """[2, n] rows and columns of the pixels with a 4-neighbour outside; beyond the image is outside."""
        around = np.zeros((self.crop.shape[0] + 2, self.crop.shape[1] + 2), np.bool_)
        around[1:-1, 1:-1] = self.crop
        inner = around[:-2, 1:-1] & around[2:, 1:-1]
        inner &= around[1:-1, :-2]
        inner &= around[1:-1, 2:]
        return self._points(self.crop > inner)

    @cached_property
    def corner_codes(self) -> NDArray[np.uint8]:
        """[height + 1, width + 1] of the box: which of the four pixels around a corner are in (8 4 / 2 1)."""
        around = np.zeros((self.crop.shape[0] + 2, self.crop.shape[1] + 2), np.uint8)
        around[1:-1, 1:-1] = self.crop
        codes: NDArray[np.uint8] = 8 * around[:-1, :-1] + 4 * around[:-1, 1:] + 2 * around[1:, :-1] + around[1:, 1:]
        return codes

    @cached_property
    def edge_corners(self) -> Ints:
        """[2, n] rows and columns of the pixel corners on the boundary; (0, 0) is the image's own."""
        return self._points((self.corner_codes > 0) & (self.corner_codes < 15))

    @cached_property
    def centroid(self) -> tuple[float, float]:
        """Mean row and column of the pixel centres, in px. The mask must not be empty."""
        height, width = self.crop.shape
        ones = self.crop.astype(np.float32)  # sums of a row or a column are exact
        # sums of noughts and ones are never invalid, but BLAS now and then leaves the processor's flag that says so
        with np.errstate(invalid="ignore"):
            rows = (ones @ np.ones(width, np.float32)).astype(np.float64)
            columns = (np.ones(height, np.float32) @ ones).astype(np.float64)
        row = float(rows @ np.arange(height)) / self.area_px
        column = float(columns @ np.arange(width)) / self.area_px
        return self.top + row, self.left + column

    @cached_property
    def corner_hull(self) -> Hull:
        """Convex hull of the mask as a set of squares."""
        return hull_of_corners(self.crop)

    @cached_property
    def centre_hull(self) -> Hull:
        """Convex hull of the pixel centres."""
        return hull_of_centres(self.crop)

    @property
    def empty(self) -> bool:
        return self.area_px == 0

    def _points(self, marked: Bools) -> Ints:
        rows, columns = np.divmod(np.flatnonzero(marked), marked.shape[1])
        return np.stack((rows + self.top, columns + self.left))


def outline(mask: ArrayLike) -> Outline:
    """Geometry of a mask, [height, width] of 0 and 1 or bool. Raises WrongCall for anything else."""
    array = as_mask(mask)
    rows = np.flatnonzero(array.any(axis=1))
    if rows.size == 0:
        return Outline(_shape(array), 0, 0, np.zeros((0, 0), np.bool_), 0)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(array[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    crop = array[top:bottom, left:right].copy()  # a copy, so that the whole image can be forgotten
    return Outline(_shape(array), top, left, crop, int(np.count_nonzero(crop)))


def as_mask(mask: ArrayLike) -> Bools:
    """The mask as bool [height, width]. Raises WrongCall for another shape or other values than 0 and 1."""
    array = np.asarray(mask)
    if array.ndim != 2 or array.size == 0:
        raise WrongCall("mask", "an array of rows and columns", array.shape)
    if array.dtype == np.bool_:
        return array
    if array.dtype == np.uint8:
        if array.max() > 1:
            raise WrongCall("mask", "0 and 1", int(array.max()))
        return array.view(np.bool_)
    if not ((array == 0) | (array == 1)).all():
        raise WrongCall("mask", "0 and 1", f"{array.dtype} with other values")
    return array.astype(np.bool_)


def _shape(array: Bools) -> tuple[int, int]:
    return int(array.shape[0]), int(array.shape[1])
