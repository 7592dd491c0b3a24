"""Placement values: for each case, the share of the other class that it is ranked rightly against. Ties count
1/2.

Everything empirical about an AUC (value, DeLong, jackknife and unbiased covariances) is a mean or a product
of these. DeLong ER, DeLong DM, Clarke-Pearson DL. Biometrics 1988;44:837-845, doi:10.2307/2531595.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]
Counts = np.ndarray[Any, np.dtype[np.int64]]
_WORTH_COUNTING = 1000  # scores, fewer are sorted as fast
_GRID = 10_000  # steps


def shares_below(values: Array, sorted_others: Array) -> Array:
    """For each value the share of `sorted_others` below it, ties counting 1/2. Neither may be empty."""
    below = sorted_others.searchsorted(values, "left")
    below += sorted_others.searchsorted(values, "right")
    return below / (2.0 * len(sorted_others))


@dataclass(frozen=True, slots=True)
class Placements:
    """One score against pathology: each case's own share of right pairs, (m,) and (n,)."""

    diseased: Array
    healthy: Array

    @property
    def auc(self) -> float:
        return float(self.diseased.mean())


def placements(diseased: Array, healthy: Array) -> Placements:
    """Placement values in the order of the cases. Scores (m,) and (n,), higher = more diseased; m, n >= 1."""
    return Placements(
        shares_below(diseased, np.sort(healthy)),
        1.0 - shares_below(healthy, np.sort(diseased)),
    )


def sorted_placements(diseased: Array, healthy: Array) -> Placements:
    """The same values in the order of the scores: faster, and enough where only their spread is wanted.

    Many scores on a grid of whole numbers (0 to 100) are counted, in time linear in their number; others are sorted.
    """
    grid = _on_grid(diseased, healthy)
    if grid is not None:
        return _counted(*grid)
    x, y = np.sort(diseased), np.sort(healthy)
    first, last = y.searchsorted(x, "left"), y.searchsorted(x, "right")
    # healthy case j is above x exactly from j >= last on, and at least x from j >= first on
    above = np.bincount(last, minlength=len(y) + 1).cumsum()[:-1]
    at_least = np.bincount(first, minlength=len(y) + 1).cumsum()[:-1]
    return Placements((first + last) / (2.0 * len(y)), 1.0 - (above + at_least) / (2.0 * len(x)))


def _on_grid(diseased: Array, healthy: Array) -> tuple[Counts, Counts] | None:
    """How often each whole number from the least to the greatest comes up, if that is worth while."""
    if len(diseased) + len(healthy) < _WORTH_COUNTING:
        return None
    least, most = min(diseased.min(), healthy.min()), max(diseased.max(), healthy.max())
    if most - least > _GRID or any((side != np.floor(side)).any() for side in (diseased, healthy)):
        return None
    steps = int(most - least) + 1
    x, y = (np.bincount((side - least).astype(np.int64), minlength=steps) for side in (diseased, healthy))
    return x, y


def _counted(x: Counts, y: Counts) -> Placements:
    up_to_x, up_to_y = x.cumsum(), y.cumsum()
    of_diseased = (2 * up_to_y - y) / (2.0 * up_to_y[-1])
    of_healthy = 1.0 - (2 * up_to_x - x) / (2.0 * up_to_x[-1])
    return Placements(np.repeat(of_diseased, x), np.repeat(of_healthy, y))


def sample_variance(values: Array) -> float | None:
    """Divisor n - 1; None where there is one value."""
    if len(values) < 2:
        return None
    centred = values - values.mean()
    return float(np.square(centred).sum()) / (len(values) - 1)  # not a BLAS product: its threads cost more
