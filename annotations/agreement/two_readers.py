"""Agreement of two readers without a correction for chance: percent, positive, negative, category by category."""

from __future__ import annotations

import math
from collections.abc import Hashable

import numpy as np

from annotations.agreement.limits import normal_interval, proportion_interval
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, Interval, WrongCall, undefined
from annotations.agreement.tables import FEW_CASES, PairTable, few_cases, pair_table, prevalence


def simple_agreement(ratings: Ratings, level: float, interval: str) -> Estimate:
    """Percent agreement of two readers, a binomial proportion."""
    name = "percent agreement"
    pair = pair_table(ratings)
    estimator = "share of the cases rated by both that both rated alike"
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    agreed = float(np.trace(pair.table))
    value = agreed / pair.n
    return Estimate(
        name,
        estimator,
        value,
        se=math.sqrt(value * (1 - value) / pair.n),
        interval=proportion_interval(agreed, pair.n, level, interval),
        n=pair.counts,
        extra={"agreed": agreed, **prevalence(pair.table)},
        warnings=(few_cases(pair.n),) if pair.n < FEW_CASES else (),
    )


@statistic(
    "specific agreement",
    suits=("binary", "nominal", "ordinal"),
    assumes="two readers, cases independent",
    undefined_when="neither reader used the category",
    reference="Cicchetti & Feinstein 1990; interval: Graham & Bull 1998 (delta), or Wilson on the share of agreements"
    " among the cases in which either reader used the category",
    doi="10.1016/0895-4356(90)90159-M",
)
def specific_agreement(
    ratings: Ratings,
    category: Hashable,
    level: float = 0.95,
    *,
    interval: str = "wilson",
    name: str = "specific agreement",
) -> Estimate:
    """Of the ratings in one category, the share that the other reader gave as well: 2a / (2a + b).

    a cases were put there by both, b by one only. Given a + b, a is binomial with share t, and the value is
    2t / (1 + t): "wilson" maps Wilson's limits of t, "normal" is the delta method on the raw scale.
    """
    pair = pair_table(ratings)
    estimator = "2a / (2a + b)"
    code = ratings.code_of(category)
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    both = float(pair.table[code, code])
    one = float(pair.table[code].sum() + pair.table[:, code].sum() - 2 * both)
    if both + one == 0:
        return undefined(name, estimator, "neither reader used the category", pair.counts)
    value = 2 * both / (2 * both + one)
    se = 2 * math.sqrt(both * one * (both + one)) / (2 * both + one) ** 2
    return Estimate(
        name,
        estimator,
        value,
        se=se,
        interval=_specific_interval(value, se, both, one, level, interval),
        n=pair.counts,
        extra={"both": both, "one_only": one},
    )


def _specific_interval(value: float, se: float, both: float, one: float, level: float, method: str) -> Interval:
    if method == "normal":
        return normal_interval(value, se, level, "normal, delta method")
    if method != "wilson":
        raise WrongCall("interval", "'wilson' or 'normal'", method)
    share = proportion_interval(both, both + one, level, "wilson")
    low, high = (2 * t / (1 + t) for t in (share.low or 0.0, share.high or 0.0))
    return Interval(low, high, level, "Wilson, on the share agreed among the cases in which either used it")


@statistic(
    "positive agreement",
    suits=("binary",),
    assumes="two readers, cases independent",
    undefined_when="neither reader used the positive category",
    reference="Cicchetti & Feinstein 1990",
    doi="10.1016/0895-4356(90)90159-M",
)
def positive_agreement(
    ratings: Ratings, positive: Hashable, level: float = 0.95, *, interval: str = "wilson"
) -> Estimate:
    """Agreement on the positive category, which the caller names: it is never guessed."""
    return specific_agreement(ratings, positive, level, interval=interval, name="positive agreement")


@statistic(
    "negative agreement",
    suits=("binary",),
    assumes="two readers, cases independent",
    undefined_when="neither reader used the negative category",
    reference="Cicchetti & Feinstein 1990",
    doi="10.1016/0895-4356(90)90159-M",
)
def negative_agreement(
    ratings: Ratings, negative: Hashable, level: float = 0.95, *, interval: str = "wilson"
) -> Estimate:
    """Agreement on the negative category, which the caller names."""
    return specific_agreement(ratings, negative, level, interval=interval, name="negative agreement")


@statistic(
    "PABAK",
    suits=("binary",),
    assumes="two readers, two categories; with more it is Brennan-Prediger",
    undefined_when="no case rated by both",
    reference="Byrt, Bishop & Carlin 1993",
    doi="10.1016/0895-4356(93)90018-V",
)
def pabak(ratings: Ratings, level: float = 0.95) -> Estimate:
    """Prevalence- and bias-adjusted kappa, 2 po - 1, with Wilson's limits of po and both indexes beside it."""
    name, estimator = "PABAK", "2 po - 1"
    if len(ratings.categories) != 2:
        raise WrongCall("categories", "two; for more use Brennan-Prediger", ratings.categories)
    pair = pair_table(ratings)
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    agreed = float(np.trace(pair.table))
    share = proportion_interval(agreed, pair.n, level, "wilson")
    value = (2 * agreed - pair.n) / pair.n
    po = agreed / pair.n
    return Estimate(
        name,
        estimator,
        value,
        se=2 * math.sqrt(po * (1 - po) / pair.n),
        interval=Interval(2 * (share.low or 0.0) - 1, 2 * (share.high or 0.0) - 1, level, "Wilson, of po"),
        n=pair.counts,
        extra={"observed_agreement": po, **prevalence(pair.table)},
    )


@statistic(
    "maximum kappa",
    suits=("binary", "nominal", "ordinal"),
    assumes="two readers whose margins are taken as given",
    undefined_when="expected agreement is 1",
    reference="Cohen 1960",
    doi="10.1177/001316446002000104",
)
def maximum_kappa(ratings: Ratings) -> Estimate:
    """The largest unweighted kappa that the readers' margins allow."""
    name, estimator = "maximum kappa", "(sum of min(p_i+, p_+i) - pe) / (1 - pe)"
    pair: PairTable = pair_table(ratings)
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    rows, columns = pair.share.sum(axis=1), pair.share.sum(axis=0)
    expected = float(rows @ columns)
    if 1 - expected < 1e-12:
        return undefined(name, estimator, "expected agreement is 1: both used one category only", pair.counts)
    value = (float(np.minimum(rows, columns).sum()) - expected) / (1 - expected)
    no_interval = "a bound that follows from the margins, not an estimate"
    return Estimate(name, estimator, value, n=pair.counts, no_interval=no_interval)
