"""Distances between the boundaries of two masks.

Two definitions. `surface_pixel`, the default: boundary pixels, distances of centres, as Metrics Reloaded
(Maier-Hein, Reinke et al., Nat Methods 21:195, 2024, doi:10.1038/s41592-023-02151-z) and MONAI.
`surface_edge_elements`: corners on the boundary, weighted by the length of boundary there, as Nikolov et al.
(J Med Internet Res 23:e26151, 2021, doi:10.2196/26151).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from annotations.agreement.outlines import Outline

Floats = NDArray[np.float64]
Points = NDArray[np.int64]
Spacing = tuple[float, float]

PERCENTILE = 0.95
_FEW = 4_000_000  # up to so many pairs of points the products are faster than the tree
_BLOCK = 65_536  # products of a block: it stays in the cache, and BLAS keeps to one thread (waiting costs more)
_EXACT = 1 << 22  # squares of whole numbers and their sums up to here are exact in single precision
_ROUNDING = 1 + 1e-12  # a distance that equals the tolerance counts, however its last bit was rounded


@dataclass(frozen=True, slots=True)
class SurfaceFigures:
    """Distances between two boundaries, in the unit of the spacing.

    hausdorff               the larger of the two directed maxima
    hd95                    the larger of the two directed 95th percentiles
    hd95_pooled             95th percentile of both directions together; absent for edge elements
    assd                    mean over all boundary points of both masks together
    masd                    mean of the two directed means
    directed_*              maximum of the distances from each boundary point of the one to the other
    mean_*                  mean of these
    nsd                     normalised surface distance by tolerance: the share of boundary within it
    """

    hausdorff: float
    hd95: float
    hd95_pooled: float | None
    assd: float
    masd: float
    directed_from_reference: float
    directed_from_other: float
    mean_from_reference: float
    mean_from_other: float
    nsd: Mapping[float, float]
    boundary_of_reference: int
    boundary_of_other: int


def surface_pixel(
    reference: Outline, other: Outline, spacing: Spacing = (1.0, 1.0), tolerances: Sequence[float] = ()
) -> SurfaceFigures:
    """Figures by boundary pixels; neither mask may be empty. Spacing: row, column; tolerances in its unit."""
    there, back = nearest(reference.boundary, other.boundary, spacing)
    there.sort()
    back.sort()
    mean_there, mean_back = _mean(there), _mean(back)
    points = there.size + back.size
    return SurfaceFigures(
        hausdorff=max(float(there[-1]), float(back[-1])),
        hd95=max(_percentile(there), _percentile(back)),
        hd95_pooled=_percentile(np.sort(np.concatenate((there, back)))),
        assd=(mean_there * there.size + mean_back * back.size) / points,
        masd=(mean_there + mean_back) / 2,
        directed_from_reference=float(there[-1]),
        directed_from_other=float(back[-1]),
        mean_from_reference=mean_there,
        mean_from_other=mean_back,
        nsd={limit: (_within(there, limit) + _within(back, limit)) / points for limit in tolerances},
        boundary_of_reference=there.size,
        boundary_of_other=back.size,
    )


def surface_edge_elements(
    reference: Outline, other: Outline, spacing: Spacing = (1.0, 1.0), tolerances: Sequence[float] = ()
) -> SurfaceFigures:
    """Figures by length of boundary; no mask may be empty. Spacing: row, column; tolerances in its unit."""
    distances = nearest(reference.edge_corners, other.edge_corners, spacing)
    lengths = _lengths(reference, spacing), _lengths(other, spacing)
    there, back = (_Weighted.by_distance(*pair) for pair in zip(distances, lengths))
    whole = there.total + back.total
    return SurfaceFigures(
        hausdorff=max(float(there.distances[-1]), float(back.distances[-1])),
        hd95=max(there.percentile(), back.percentile()),
        hd95_pooled=None,
        assd=(there.mean * there.total + back.mean * back.total) / whole,
        masd=(there.mean + back.mean) / 2,
        directed_from_reference=float(there.distances[-1]),
        directed_from_other=float(back.distances[-1]),
        mean_from_reference=there.mean,
        mean_from_other=back.mean,
        nsd={limit: (there.within(limit) + back.within(limit)) / whole for limit in tolerances},
        boundary_of_reference=there.distances.size,
        boundary_of_other=back.distances.size,
    )


def nearest(first: Points, second: Points, spacing: Spacing) -> tuple[Floats, Floats]:
    """From each point of one set [2, n] the distance to the nearest of the other, in both directions. Exact.

    Equal spacing: all squared distances in whole numbers, by products. Else, or for many points, a tree.
    """
    low = np.minimum(first.min(axis=1), second.min(axis=1))
    span = np.maximum(first.max(axis=1), second.max(axis=1)) - low
    few = first.shape[1] * second.shape[1] <= _FEW
    if few and spacing[0] == spacing[1] and int(span @ span) < _EXACT:
        middle = (low + span // 2)[:, None]
        there, back = _least_squares(first - middle, second - middle)
        return np.sqrt(there, dtype=np.float64) * spacing[0], np.sqrt(back, dtype=np.float64) * spacing[0]
    scale = np.asarray(spacing)
    here, yonder = first.T * scale, second.T * scale
    return KDTree(yonder).query(here)[0], KDTree(here).query(yonder)[0]


def _least_squares(first: Points, second: Points) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Least |a|^2 + |b|^2 - 2ab along both sides, a block of rows at a time; whole numbers throughout."""
    left = np.ones((4, first.shape[1]), np.float32)
    right = np.ones((4, second.shape[1]), np.float32)
    left[:2], left[2] = first, first[0] ** 2 + first[1] ** 2
    right[:2], right[3] = -2 * second, second[0] ** 2 + second[1] ** 2
    there = np.empty(first.shape[1], np.float32)
    back = np.full(second.shape[1], np.inf, np.float32)
    rows = max(8, _BLOCK // back.size)
    for start in range(0, there.size, rows):
        squares = left[:, start : start + rows].T @ right
        np.minimum.reduce(squares, axis=1, out=there[start : start + rows])
        np.minimum(back, np.minimum.reduce(squares, axis=0), out=back)
    return there, back


def _percentile(ordered: Floats) -> float:
    """95th percentile of sorted distances, between two of them linear (Hyndman and Fan's definition 7)."""
    place = PERCENTILE * (ordered.size - 1)
    below = int(place)
    above = min(below + 1, ordered.size - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def _mean(distances: Floats) -> float:
    return float(distances.sum()) / distances.size


def _within(ordered: Floats, limit: float) -> int:
    return int(ordered.searchsorted(limit * _ROUNDING, side="right"))


@dataclass(frozen=True, slots=True)
class _Weighted:
    """Distances in order, each with the length of boundary that is so far away."""

    distances: Floats
    lengths: Floats
    total: float

    @classmethod
    def by_distance(cls, distances: Floats, lengths: Floats) -> _Weighted:
        order = np.argsort(distances, kind="stable")
        return cls(distances[order], lengths[order], float(lengths.sum()))

    @property
    def mean(self) -> float:
        return float((self.distances * self.lengths).sum()) / self.total

    def percentile(self) -> float:
        """The distance at which 95 % of the length is reached."""
        share = np.cumsum(self.lengths) / self.total
        # a share that is 0.95 but for the rounding of its sum has reached it, whatever unit the lengths are in
        reached = int(share.searchsorted(PERCENTILE / _ROUNDING))
        return float(self.distances[min(reached, share.size - 1)])

    def within(self, limit: float) -> float:
        return float(self.lengths[: _within(self.distances, limit)].sum())


def _lengths(mask: Outline, spacing: Spacing) -> Floats:
    """Length of boundary at each edge corner: it joins the middles of the pixel edges that meet there."""
    row, column = spacing
    slant = float(np.hypot(row, column)) / 2
    by_code = np.full(16, slant)
    by_code[[6, 9]] = 2 * slant  # two pixels across the corner: two pieces
    by_code[[3, 12]] = column
    by_code[[5, 10]] = row
    codes = mask.corner_codes
    return by_code[codes[(codes > 0) & (codes < 15)]]
