"""The one computation behind Fleiss, Conger, AC1/AC2, Brennan-Prediger, alpha and percent agreement of any readers.

Every coefficient is (pa - pe) / (1 - pe). Each case has an influence on pa and on pe; the variance is that of the
influences (Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., ISBN 978-0970806284; Gwet 2008,
doi:10.1348/000711006X126600), divisor n(n-1). Missing ratings are allowed; a case without a rating drops out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.kappa import NO_CHANCE_LEFT, ONE_CATEGORY
from annotations.agreement.limits import below_one_interval, spread_df, t_interval, t_of, t_p
from annotations.agreement.ratings import Ratings, nothing_to_compare
from annotations.agreement.result import Counts, Estimate, Interval, WrongCall, undefined
from annotations.agreement.tables import agreement_warnings

Array = NDArray[np.float64]

INTERVALS = ("log", "t")  # on log(1 - value), the default; or plain


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cases that somebody rated were rated.

    counts     categories x cases
    raters     readers of each case
    agreeing   weighted share of agreeing pairs of each case; 0 where fewer than two readers
    pairable   cases with at least two readers, 0/1
    """

    counts: Array
    raters: Array
    agreeing: Array
    pairable: Array

    @property
    def n(self) -> int:
        return int(self.raters.size)

    @property
    def scale(self) -> float:
        """Cases for each pairable case."""
        return float(self.n / self.pairable.sum())

    @property
    def observed(self) -> float:
        return float(self.agreeing.sum() / self.pairable.sum())

    @property
    def shares(self) -> Array:
        """Mean share of each category over the cases."""
        return np.einsum("ki,i->k", self.counts, 1 / self.raters) / self.n


def tally(ratings: Ratings, weights: Array) -> Tally:
    """Counts and agreeing pairs of every rated case, in a few passes over readers x cases bytes."""
    counts = ratings.case_counts().astype(np.float64)
    raters = counts.sum(axis=0)
    if not raters.all():
        counts, raters = counts[:, raters > 0], raters[raters > 0]
    alike = alike_pairs(counts, weights) - raters
    pairs = raters * (raters - 1)
    pairable = (pairs > 0).astype(np.float64)
    agreeing = np.divide(alike, pairs, out=np.zeros_like(alike), where=pairs > 0)
    return Tally(counts, raters, agreeing, pairable)


def alike_pairs(counts: Array, weights: Array) -> Array:
    """Weighted ordered pairs of like ratings of each case, a rating with itself included.

    By einsum, as all sums over cases here: small products that BLAS would hand to threads and then wait for.
    """
    if np.array_equal(weights, np.eye(len(weights))):
        return np.einsum("ki,ki->i", counts, counts)
    return np.einsum("ki,ki->i", counts, np.einsum("kl,li->ki", weights, counts))


@dataclass(frozen=True, slots=True)
class Chance:
    """Expected agreement, and the influence of each case on it (mean 0 over the cases)."""

    expected: float
    influence: Array | float


def from_shares(cases: Tally, weights: Array) -> Chance:
    """Fleiss: both readings drawn from the pooled shares."""
    shares = cases.shares
    expected = float(shares @ weights @ shares)
    pooled = np.einsum("k,ki->i", weights @ shares, cases.counts)
    return Chance(expected, 2 * (pooled / cases.raters - expected))


def from_spread(cases: Tally, weights: Array) -> Chance:
    """Gwet AC1, AC2: chance grows with how evenly the categories are used."""
    size = len(weights)
    scale = float(weights.sum()) / (size * (size - 1))
    shares = cases.shares
    expected = scale * float(shares @ (1 - shares))
    own = np.einsum("k,ki->i", 1 - 2 * shares, cases.counts) / cases.raters
    return Chance(expected, scale * (own - float(shares @ (1 - 2 * shares))))


def uniform(cases: Tally, weights: Array) -> Chance:
    """Brennan-Prediger, Bennett's S: every category as likely as any other."""
    return Chance(float(weights.mean()), 0.0)


def from_readers(ratings: Ratings, weights: Array) -> Chance:
    """Conger: two different readers, each with own margins."""
    codes = ratings.codes[:, (ratings.codes >= 0).any(axis=0)]
    codes = codes[(codes >= 0).any(axis=1)]
    readers, n = codes.shape
    hot = np.stack([codes == code for code in range(len(weights))], axis=1).astype(np.float64)
    rated = (codes >= 0).astype(np.float64)
    given = rated.sum(axis=1)
    margins = hot.sum(axis=2) / given[:, None]
    others = (margins.sum(axis=0) - margins) @ weights  # what the other readers would agree with, by category
    pairs = readers * (readers - 1)
    expected = float((margins * others).sum()) / pairs
    own = (margins * others).sum(axis=1)
    drift = np.einsum("gki,gk->gi", hot, others) - rated * own[:, None]
    return Chance(expected, 2 / pairs * np.einsum("g,gi->i", n / given, drift))


def influence(cases: Tally, chance: Chance) -> tuple[float, Array]:
    """(pa - pe) / (1 - pe), and the influence of each case on it (mean 0).

    As in Gwet 2014 a case with one reading enters with agreement 0 and weight n / (pairable cases): the number of
    pairable cases is taken as given, which makes the error a little too large rather than too small.
    """
    left = 1 - chance.expected
    value = (cases.observed - chance.expected) / left
    own = cases.scale * (cases.agreeing - chance.expected * cases.pairable) / left - value
    return value, np.asarray(own - (1 - value) * chance.influence / left)


def estimate_of(
    name: str, estimator: str, ratings: Ratings, cases: Tally, chance: Chance, level: float, interval: str
) -> Estimate:
    """The coefficient with standard error, t interval and p, or the reason for which it is undefined."""
    counts = ratings.counts(cases.n)
    extra: dict[str, Any] = {"observed_agreement": cases.observed, "expected_agreement": chance.expected}
    if 1 - chance.expected < NO_CHANCE_LEFT:
        return undefined(name, estimator, ONE_CATEGORY, counts, extra=extra)
    value, own = influence(cases, chance)
    extra["largest_share"] = float(cases.shares.max())
    return with_interval(name, estimator, value, own, counts, extra, level, interval)


def with_interval(
    name: str,
    estimator: str,
    value: float,
    own: Array,
    counts: Counts,
    extra: dict[str, Any],
    level: float,
    interval: str,
) -> Estimate:
    """An estimate whose variance is that of the cases' influences, divisor n(n-1); interval "log" or "t"."""
    if interval not in INTERVALS:
        raise WrongCall("interval", f"one of {INTERVALS}", interval)
    n = own.size
    share = extra.get("largest_share")
    if n < 2:
        warnings = agreement_warnings(value, None, n, share)
        reason = "a single case has no variance"
        return Estimate(name, estimator, value, n=counts, extra=extra, warnings=warnings, no_interval=reason)
    se = math.sqrt(float(np.einsum("i,i->", own, own)) / (n * (n - 1)))
    return Estimate(
        name,
        estimator,
        value,
        se=se,
        interval=_limits(value, se, own, level, interval),
        n=counts,
        df=n - 1,
        p=t_p(value / se, n - 1) if se > 0 else None,
        extra=extra,
        warnings=agreement_warnings(value, se, n, share),
    )


def _limits(value: float, se: float, own: Array, level: float, interval: str) -> Interval:
    if interval == "t":
        return t_interval(value, se, own.size - 1, level, "linearised, t")
    df = spread_df(own)
    return below_one_interval(value, se, t_of(level, df), level, f"linearised, t, df {df:.4g}")


def no_pair(name: str, estimator: str, ratings: Ratings) -> Estimate | None:
    """The undefined estimate of readers that cannot be compared, or None."""
    problem = nothing_to_compare(ratings)
    return None if problem is None else undefined(name, estimator, problem, ratings.counts(cases=0))
