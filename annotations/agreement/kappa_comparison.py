"""Is one kappa larger than another? On the same cases (arms, time points), or in independent groups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.kappa import kappa_influence, kappa_se, kappa_values
from annotations.agreement.limits import chi2_p, normal_interval, normal_p, spread_df, t_interval, t_p
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, WrongCall, undefined
from annotations.agreement.tables import agreement_warnings, pair_table, prevalence
from annotations.agreement.weights import Scores, Weights, weight_matrix

Array = NDArray[np.float64]


@statistic(
    "difference of two dependent kappas",
    suits=("binary", "nominal", "ordinal"),
    assumes="both kappas on the same cases, which are independent; cases rated in all four columns",
    undefined_when="either kappa is undefined",
    reference="delta method, Vanbelle 2017 (one level); Vanbelle & Albert 2008, doi:10.1080/00949650701410249",
    doi="10.1002/bimj.201600093",
)
def dependent_kappas(
    first: Ratings,
    second: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    interval: str = "t",
) -> Estimate:
    """Kappa of two readers in `first` minus that in `second`: the same cases in the same order, one scale.

    Interval and test by t on the degrees of freedom that the spread over the cases has ("t", default), or "normal".
    """
    if interval not in ("t", "normal"):
        raise WrongCall("interval", "'t' or 'normal'", interval)
    name, estimator = "difference of two dependent kappas", "first minus second; multinomial delta method"
    if first.categories != second.categories or first.n_cases != second.n_cases:
        raise WrongCall("second", "the same cases and the same scale as in first", second.categories)
    if first.n_readers != 2 or second.n_readers != 2:
        raise WrongCall("ratings", "two readers in each", (first.n_readers, second.n_readers))
    matrix = weight_matrix(weights, first.categories, scores)
    complete = (first.codes >= 0).all(axis=0) & (second.codes >= 0).all(axis=0)
    pairs = [ratings.of_cases(complete) for ratings in (first, second)]
    tables = [pair_table(ratings) for ratings in pairs]
    counts = pairs[0].counts()
    problem = next((table.problem for table in tables if table.problem), None)
    if problem:
        return undefined(name, estimator, problem, counts)
    values = [float(kappa_values(table.table, matrix)[0]) for table in tables]
    if any(math.isnan(value) for value in values):
        return undefined(name, estimator, "a kappa is undefined: all ratings are in one category", counts)
    own = [kappa_influence(t.table, matrix)[tuple(r.codes)] for t, r in zip(tables, pairs, strict=True)]
    shares = [float(prevalence(table.table)["largest_share"]) for table in tables]
    said = [w for v, s in zip(values, shares, strict=True) for w in agreement_warnings(v, None, counts.cases, s)]
    whole = Estimate(name, estimator, values[0] - values[1], n=counts, warnings=tuple(dict.fromkeys(said)))
    return _difference(whole, values, own, level, interval)


def _difference(whole: Estimate, values: list[float], own: list[Array], level: float, interval: str) -> Estimate:
    """The difference with its error from the influences of the cases, which both kappas share."""
    n = whole.n.cases
    se, *ses = (math.sqrt(float(np.einsum("i,i->", x, x))) / n for x in (own[0] - own[1], *own))
    extra = {"kappa_1": values[0], "kappa_2": values[1], "se_1": ses[0], "se_2": ses[1]}
    if ses[0] and ses[1]:
        extra["correlation"] = float(np.einsum("i,i->", *own)) / (n * n * ses[0] * ses[1])
    value = values[0] - values[1]
    if not se:
        reason = "both kappas rest on the same or perfect tables: no variance"
        return replace(whole, extra=extra, no_interval=reason)
    z = value / se
    extra |= {"z": z, "hotelling_t2": z * z}
    if interval == "normal":
        limits = normal_interval(value, se, level)
        return replace(whole, se=se, interval=limits, statistic=z, p=normal_p(z), extra=extra)
    # divisor n - 1, as in the interval of every coefficient
    df, se = spread_df(own[0] - own[1]), se * math.sqrt(n / (n - 1))
    limits = t_interval(value, se, df, level)
    return replace(whole, se=se, interval=limits, statistic=value / se, df=df, p=t_p(value / se, df), extra=extra)


@statistic(
    "test of equal independent kappas",
    suits=("binary", "nominal", "ordinal"),
    assumes="groups of different, independent cases; enough cases for a normal kappa in each",
    undefined_when="a kappa is undefined or has no standard error",
    reference="Fleiss, Levin & Paik 2003, section 18.1, with non-null variances",
    doi="10.1002/0471445428",
)
def independent_kappas(
    groups: Sequence[Ratings],
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
) -> Estimate:
    """Chi-square of equal kappas; the value is the pooled kappa (inverse-variance), with its interval."""
    name, estimator = "test of equal independent kappas", "inverse-variance pooling; chi-square on groups - 1"
    if len(groups) < 2:
        raise WrongCall("groups", "at least two groups", len(groups))
    matrices = [weight_matrix(weights, ratings.categories, scores) for ratings in groups]
    tables = [pair_table(ratings) for ratings in groups]
    problem = next((table.problem for table in tables if table.problem), None)
    counts = groups[0].counts(sum(table.counts.cases for table in tables))
    if problem:
        return undefined(name, estimator, problem, counts)
    values = np.array([float(kappa_values(t.table, m)[0]) for t, m in zip(tables, matrices, strict=True)])
    if np.isnan(values).any():
        return undefined(name, estimator, "a kappa is undefined: all ratings are in one category", counts)
    ses = np.array([float(kappa_se(t.table, m)) for t, m in zip(tables, matrices, strict=True)])
    if not ses.all():
        return undefined(name, estimator, "a kappa has no standard error (perfect agreement)", counts)
    precision = 1 / ses**2
    pooled = float((precision @ values) / precision.sum())
    chi2 = float(precision @ (values - pooled) ** 2)
    se = 1 / math.sqrt(float(precision.sum()))
    extra = {"pooled_kappa": pooled, "pooled_se": se, "kappas": values.tolist(), "ses": ses.tolist()}
    return Estimate(
        name,
        estimator,
        pooled,
        se=se,
        interval=normal_interval(pooled, se, level),
        n=counts,
        statistic=chi2,
        df=len(groups) - 1,
        p=chi2_p(chi2, len(groups) - 1),
        extra=extra,
    )
