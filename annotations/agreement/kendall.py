"""Kendall's coefficient of concordance."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from annotations.agreement.limits import chi2_p
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, undefined


@statistic(
    "Kendall W",
    suits=("ordinal", "score"),
    assumes="the same readers throughout; complete cases; chi-square approximation of the test",
    undefined_when="every reader ties every case; fewer than two complete cases",
    reference="Kendall & Babington Smith 1939; ties: Siegel & Castellan 1988",
    doi="10.1214/aoms/1177732186",
)
def kendall_w(ratings: Ratings) -> Estimate:
    """W of readers who rank the cases, corrected for ties; the test is chi-square m(n-1)W on n-1."""
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
    return Estimate(
        name,
        estimator,
        value,
        n=counts,
        statistic=chi2,
        df=n - 1,
        p=chi2_p(chi2, n - 1),
        extra={"chi2": chi2},
        no_interval="no analytic interval is in use for W",
    )
