"""Do two (or more) readers use the categories alike? McNemar, Bowker, Stuart-Maxwell, Bhapkar, Cochran's Q.

These are tests: `value` is the test statistic, or for an exact McNemar test the share of the first off-diagonal cell.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from scipy import special

from annotations.agreement.limits import chi2_p
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Counts, Estimate, WrongCall, undefined
from annotations.agreement.tables import pair_table

_NO_INTERVAL = "a test statistic"
METHODS = ("exact", "mid_p", "asymptotic", "continuity_corrected")


def _test(name: str, estimator: str, statistic: float, df: float, n: Counts, **extra: float) -> Estimate:
    return Estimate(
        name,
        estimator,
        statistic,
        n=n,
        statistic=statistic,
        df=df,
        p=chi2_p(statistic, df),
        extra=extra,
        no_interval=_NO_INTERVAL,
    )


@statistic(
    "McNemar test",
    suits=("binary",),
    assumes="two readers, two categories, cases independent",
    undefined_when="asymptotic forms: no discordant case",
    reference="McNemar 1947; mid-p: Fagerland, Lydersen & Laake 2013, doi:10.1186/1471-2288-13-91",
    doi="10.1007/BF02295996",
)
def mcnemar(ratings: Ratings, *, method: str = "mid_p") -> Estimate:
    """Do two readers say the first category equally often? `method`: see METHODS; mid-p by default.

    The value is the chi-square statistic, or (exact, mid-p) the share b / (b + c) of the discordant cases.
    """
    if method not in METHODS:
        raise WrongCall("method", f"one of {METHODS}", method)
    if len(ratings.categories) != 2:
        raise WrongCall("categories", "two; for more use Bowker or Stuart-Maxwell", ratings.categories)
    name, estimator = "McNemar test", method
    pair = pair_table(ratings)
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    b, c = float(pair.table[0, 1]), float(pair.table[1, 0])
    extra = {"n_discordant": b + c, "b": b, "c": c}
    if method in ("asymptotic", "continuity_corrected"):
        if b + c == 0:
            return undefined(name, estimator, "no discordant case (0/0)", pair.counts, extra=extra)
        gap = abs(b - c) if method == "asymptotic" else max(abs(b - c) - 1, 0.0)
        return _test(name, estimator, gap**2 / (b + c), 1, pair.counts, **extra)
    p = _binomial_p(b, c, mid=method == "mid_p")
    if b + c == 0:
        reason = "no discordant case: the share has no value, the test says p = 1"
        return undefined(name, estimator, reason, pair.counts, p=p, extra=extra)
    return Estimate(
        name, estimator, b / (b + c), n=pair.counts, p=p, extra=extra, no_interval="see the paired difference"
    )


def _binomial_p(b: float, c: float, *, mid: bool) -> float:
    """Two-sided p of b against c at one half; mid-p takes the point probability once, not twice."""
    n, low = b + c, min(b, c)
    point = float(np.exp(special.gammaln(n + 1) - special.gammaln(b + 1) - special.gammaln(c + 1) - n * np.log(2)))
    if b == c:
        return 1 - point / 2 if mid else 1.0
    tail = 2 * float(special.bdtr(low, int(n), 0.5))
    return tail - point if mid else min(tail, 1.0)


@statistic(
    "Bowker symmetry test",
    suits=("nominal", "ordinal"),
    assumes="two readers, cases independent",
    undefined_when="no case off the diagonal",
    reference="Bowker 1948; empty mirror pairs are skipped and df counts the others",
    doi="10.1080/01621459.1948.10483284",
)
def bowker(ratings: Ratings) -> Estimate:
    """Is the table symmetric?"""
    name, estimator = "Bowker symmetry test", "chi-square over the mirror pairs that are not empty"
    pair = pair_table(ratings)
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    above = np.triu_indices(len(pair.table), 1)
    upper, lower = pair.table[above], pair.table.T[above]
    used = upper + lower > 0
    if not used.any():
        return undefined(name, estimator, "no case off the diagonal: nothing to compare (df 0)", pair.counts)
    chi2 = float(((upper - lower)[used] ** 2 / (upper + lower)[used]).sum())
    return _test(name, estimator, chi2, int(used.sum()), pair.counts)


def _marginal(ratings: Ratings, name: str, estimator: str) -> tuple[float, int, Counts] | Estimate:
    """Stuart's chi-square and its df, by the generalised inverse: unlinked categories take their own df away."""
    pair = pair_table(ratings)
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    table = pair.table
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    covariance = np.diag(rows + columns) - table - table.T
    df = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if df == 0:
        reason = "no case off the diagonal: the margins have no variance"
        return undefined(name, estimator, reason, pair.counts)
    gaps = rows - columns
    chi2 = float(gaps @ np.linalg.pinv(covariance, hermitian=True) @ gaps)
    return chi2, df, pair.counts


@statistic(
    "Stuart-Maxwell marginal homogeneity test",
    suits=("nominal", "ordinal"),
    assumes="two readers, cases independent",
    undefined_when="no case off the diagonal",
    reference="Stuart 1955; Maxwell 1970; unused categories drop out",
    doi="10.1093/biomet/42.3-4.412",
)
def stuart_maxwell(ratings: Ratings) -> Estimate:
    """Do two readers use each category equally often?"""
    name, estimator = (
        "Stuart-Maxwell marginal homogeneity test",
        "null covariance of the marginal differences",
    )
    found = _marginal(ratings, name, estimator)
    return found if isinstance(found, Estimate) else _test(name, estimator, *found)


@statistic(
    "Bhapkar marginal homogeneity test",
    suits=("nominal", "ordinal"),
    assumes="two readers, cases independent",
    undefined_when="no case off the diagonal; the readers never agree on any margin (infinite statistic)",
    reference="Bhapkar 1966",
    doi="10.1080/01621459.1966.10502021",
)
def bhapkar(ratings: Ratings) -> Estimate:
    """Stuart-Maxwell with the unrestricted covariance: Q / (1 - Q/n)."""
    name, estimator = (
        "Bhapkar marginal homogeneity test",
        "unrestricted covariance of the marginal differences",
    )
    found = _marginal(ratings, name, estimator)
    if isinstance(found, Estimate):
        return found
    chi2, df, counts = found
    left = 1 - chi2 / counts.cases
    if left <= 1e-12:
        reason = "every case moves the margins the same way: the covariance is singular"
        return undefined(name, estimator, reason, counts)
    return _test(name, estimator, chi2 / left, df, counts)


@statistic(
    "Cochran Q",
    suits=("binary",),
    assumes="the same readers throughout; complete cases; many informative cases",
    undefined_when="every case is unanimous",
    reference="Cochran 1950",
    doi="10.1093/biomet/37.3-4.256",
)
def cochran_q(ratings: Ratings, positive: Hashable | None = None) -> Estimate:
    """Do the readers say `positive` (by default the second category) equally often? Complete cases."""
    if len(ratings.categories) != 2:
        raise WrongCall("categories", "two", ratings.categories)
    name, estimator = "Cochran Q", "chi-square, df readers - 1"
    code = 1 if positive is None else ratings.code_of(positive)
    complete = ratings.codes[:, (ratings.codes >= 0).all(axis=0)]
    counts = ratings.counts(complete.shape[1])
    if ratings.n_readers < 2 or not complete.shape[1]:
        reason = "only one reader" if ratings.n_readers < 2 else "no case was rated by every reader"
        return undefined(name, estimator, reason, counts)
    said = complete == code
    k = said.shape[0]
    by_reader, by_case = said.sum(axis=1).astype(float), said.sum(axis=0).astype(float)
    bottom = float((by_case * (k - by_case)).sum())
    if not bottom:
        return undefined(name, estimator, "every case is unanimous (0/0)", counts)
    top = k * (k - 1) * float(np.square(by_reader - by_reader.mean()).sum())
    return _test(name, estimator, top / bottom, k - 1, counts)
