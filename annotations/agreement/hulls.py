"""Convex hulls of masks in whole numbers, and the widths that are measured on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_TIE = 1e-9  # two axes are equally long when they differ by less than this part of their length


@dataclass(frozen=True, slots=True)
class Axes:
    """The longest axes of a hull and what is measured beside them, in the unit of the spacing.

    longest            the greatest distance of two points (maximum Feret diameter)
    perpendicular      the distinct widths between two parallels to a longest axis, ascending, one or more
    pairs              how many pairs of points are that far apart
    least              the least distance of two parallels that touch the hull (minimum Feret diameter)
    """

    longest: float
    perpendicular: tuple[float, ...]
    pairs: int
    least: float


@dataclass(frozen=True, slots=True)
class Hull:
    """Vertices of a convex hull in order, [n, 2] row and column in px, within the mask's box."""

    vertices: Ints

    def longest(self, spacing: tuple[float, float]) -> float:
        """Greatest distance of two points of the hull; `spacing` is row, column."""
        squares = _squares(self.vertices * np.asarray(spacing))
        return float(np.sqrt(squares.max()))

    def axes(self, spacing: tuple[float, float]) -> Axes:
        """Every axis that is longest, and the widths across it; `spacing` is row, column."""
        points = self.vertices * np.asarray(spacing)
        squares = _squares(points)
        longest = float(np.sqrt(squares.max()))
        if longest == 0.0:
            return Axes(0.0, (0.0,), 1, 0.0)
        first, second = np.nonzero(np.triu(np.sqrt(squares) >= longest * (1 - _TIE), 1))
        across = _widths(points, points[second] - points[first])
        sides = np.roll(points, -1, axis=0) - points
        return Axes(longest, _distinct(across, longest), int(first.size), float(_widths(points, sides).min()))


def hull_of_corners(crop: NDArray[np.bool_]) -> Hull:
    """Hull of the pixels as squares: pixel (r, c) is r to r + 1, c to c + 1. Not of an empty mask."""
    rows, left, right = _extremes(crop)
    lattice = np.arange(crop.shape[0] + 1)
    low = np.full(lattice.size, crop.shape[1])
    high = np.full(lattice.size, -1)
    for shift in (0, 1):
        low[rows + shift] = np.minimum(low[rows + shift], left)
        high[rows + shift] = np.maximum(high[rows + shift], right + 1)
    there = high >= 0
    return _hull(lattice[there], low[there], high[there])


def hull_of_centres(crop: NDArray[np.bool_]) -> Hull:
    """Hull of the pixel centres. Not of an empty mask."""
    return _hull(*_extremes(crop))


def _extremes(crop: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Each row that has pixels, with its first and its last column."""
    rows = np.flatnonzero(crop.any(axis=1))
    left = crop.argmax(axis=1)[rows]
    right = crop.shape[1] - 1 - crop[:, ::-1].argmax(axis=1)[rows]
    return rows, left, right


def _hull(rows: Ints, left: Ints, right: Ints) -> Hull:
    outer = _chain(rows, right)
    back = _chain(rows, -left)
    back[:, 1] *= -1
    ring = np.concatenate([outer, back[::-1]])
    fresh = (ring != np.roll(ring, 1, axis=0)).any(axis=1)
    return Hull(ring[fresh] if fresh.any() else ring[:1])


def _chain(rows: Ints, columns: Ints) -> Ints:
    """The vertices at which the chain bulges towards higher columns.

    A point on or behind the line between its neighbours is no vertex of the hull, and no vertex is ever
    behind one: all such points go at once, until none is left. In whole numbers, therefore exact.
    """
    points = np.column_stack((rows, columns))
    while len(points) > 2:
        before, after = points[1:-1] - points[:-2], points[2:] - points[1:-1]
        bulges = before[:, 1] * after[:, 0] > after[:, 1] * before[:, 0]
        if bulges.all():
            break
        points = points[np.concatenate([[True], bulges, [True]])]
    return points


def _squares(points: NDArray[np.float64]) -> NDArray[np.float64]:
    rows, columns = points[:, 0], points[:, 1]
    return np.subtract.outer(rows, rows) ** 2 + np.subtract.outer(columns, columns) ** 2


def _widths(points: NDArray[np.float64], along: NDArray[np.float64]) -> NDArray[np.float64]:
    """Extent of the points across each direction [n, 2]."""
    normals = along[:, ::-1] * np.array([-1.0, 1.0]) / np.hypot(along[:, :1], along[:, 1:])
    return np.ptp(normals @ points.T, axis=1)


def _distinct(widths: NDArray[np.float64], longest: float) -> tuple[float, ...]:
    ordered = np.sort(widths)
    new = np.concatenate([[True], np.diff(ordered) > longest * _TIE])
    return tuple(ordered[new].tolist())
