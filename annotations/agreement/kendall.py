"""Kendall's coefficient of concordance, with an interval by bootstrap of the cases: none is known by formula."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from annotations.agreement.draws import stream, unit_weights, units_of
from annotations.agreement.limits import chi2_p
from annotations.agreement.moments import ratio
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.resampling import Plan, with_resamples
from annotations.agreement.result import Estimate, undefined


@statistic(
    "Kendall W",
    suits=("ordinal", "score"),
    assumes="the same readers throughout; complete cases; chi-square approximation of the test",
    undefined_when="every reader ties every case; fewer than two complete cases",
    reference="Kendall & Babington Smith 1939; ties: Siegel & Castellan 1988",
    doi="10.1214/aoms/1177732186",
)
def kendall_w(ratings: Ratings, level: float = 0.95, *, seed: int | None = None, resamples: int = 2000) -> Estimate:
    """W of readers who rank the cases, corrected for ties; the test is chi-square m(n-1)W on n-1.

    With a `seed` the interval is the percentile bootstrap of the cases, ranked anew in each resample.
    """
    name, estimator = "Kendall W", "corrected for ties; chi-square m(n-1)W"
    complete = (ratings.codes >= 0).all(axis=0)
    codes = ratings.codes[:, complete]
    readers, n = codes.shape
    counts = ratings.counts(n)
    if readers < 2 or n < 2:
        reason = "only one reader" if readers < 2 else "fewer than two cases were rated by every reader"
        return undefined(name, estimator, reason, counts)
    ranks = rankdata(codes, axis=1)
    spread = float(np.square(ranks.sum(axis=0) - readers * (n + 1) / 2).sum())
    uses = [np.unique(row, return_counts=True)[1].astype(float) for row in codes]
    ties = sum(float((use**3 - use).sum()) for use in uses)
    largest = readers**2 * (n**3 - n) - readers * ties
    if largest <= 0:
        return undefined(name, estimator, "every reader ties every case (0/0)", counts)
    value = 12 * spread / largest
    chi2 = readers * (n - 1) * value
    found = Estimate(
        name,
        estimator,
        value,
        n=counts,
        statistic=chi2,
        df=n - 1,
        p=chi2_p(chi2, n - 1),
        extra={"chi2": chi2},
        no_interval="W has no interval by formula: give a seed for one by bootstrap of the cases",
    )
    if seed is None:
        return found
    plan = Plan(seed, resamples)
    return with_resamples(found, _resampled(codes, len(ratings.categories), plan), None, plan, level)


def _resampled(codes: NDArray[np.integer[Any]], categories: int, plan: Plan) -> NDArray[np.float64]:
    """W of each resample of the cases, NaN where every reader ties every case."""
    readers, n = codes.shape
    hot = [np.stack([row == code for code in range(categories)], axis=1).astype(np.float64) for row in codes]
    found = []
    for drawn in unit_weights(units_of(n, None, None), plan.resamples, stream(plan.seed, "Kendall W")):
        totals, ties = np.zeros(drawn.shape), np.zeros(len(drawn))
        for row, used in zip(codes, hot, strict=True):
            uses = drawn @ used
            mid_ranks = uses.cumsum(axis=1) - (uses - 1) / 2
            totals += mid_ranks[:, row]
            ties += (uses**3 - uses).sum(axis=1)
        spread = np.einsum("bi,bi->b", drawn, np.square(totals - readers * (n + 1) / 2))
        found.append(ratio(12 * spread, readers**2 * (n**3 - n) - readers * ties))
    return np.concatenate(found)
