"""Cohen's kappa of two readers, unweighted and weighted, and the influence of each cell on it.

kappa = (po - pe) / (1 - pe), with po and pe the weighted observed agreement and the one expected from both margins.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.limits import below_one_interval, normal_interval, normal_p, spread_df, t_of
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, Interval, WrongCall, undefined
from annotations.agreement.tables import agreement_warnings, pair_table, prevalence
from annotations.agreement.weights import Scores, Weights, weight_matrix

NO_CHANCE_LEFT = 1e-12  # 1 - pe below this is 0 but for rounding
ONE_CATEGORY = "expected agreement is 1 (0/0): all ratings are in one category"

Array = NDArray[np.float64]


def kappa_values(tables: Array, weights: Array) -> tuple[Array, Array, Array]:
    """Kappa of tables (..., q, q): value, observed and expected agreement. NaN where expected agreement is 1."""
    totals = tables.sum(axis=(-2, -1), keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = tables / totals
        observed = np.einsum("...ij,ij->...", share, weights)
        rows, columns = share.sum(axis=-1), share.sum(axis=-2)
        expected = np.einsum("...i,...i->...", rows, columns @ weights)
        left = np.where(1 - expected > NO_CHANCE_LEFT, 1 - expected, np.nan)
        return (observed - expected) / left, observed, expected


def kappa_influence(tables: Array, weights: Array) -> Array:
    """What a case of each cell adds to kappa, (..., q, q); its mean over the cases is 0.

    The mean of its square over the cases, divided by n, is the variance of Fleiss, Cohen & Everitt 1969.
    """
    value, observed, expected = (x[..., None, None] for x in kappa_values(tables, weights))
    share = tables / tables.sum(axis=(-2, -1), keepdims=True)
    margin_rows = share.sum(axis=-2) @ weights  # expected weight of the first reader's category
    margin_columns = share.sum(axis=-1) @ weights
    change_of_expected = margin_rows[..., :, None] + margin_columns[..., None, :] - 2 * expected
    return np.asarray((weights - observed - (1 - value) * change_of_expected) / (1 - expected))


def kappa_se(tables: Array, weights: Array) -> Array:
    """Non-null standard errors of tables (..., q, q), divisor n (Fleiss, Cohen & Everitt 1969)."""
    totals = tables.sum(axis=(-2, -1))
    influence = kappa_influence(tables, weights)
    # the mean influence is 0: no second term
    return np.asarray(np.sqrt((tables * influence**2).sum(axis=(-2, -1)) / totals**2))


def _null_se(table: Array, weights: Array, expected: float) -> float:
    total = float(table.sum())
    share = table / total
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    away = weights - (columns @ weights)[:, None] - (rows @ weights)[None, :]
    spread = float((np.outer(rows, columns) * away**2).sum()) - expected**2
    return math.sqrt(max(spread, 0.0) / total) / (1 - expected)


def two_reader_kappa(
    name: str, ratings: Ratings, weights: Weights, scores: Scores, level: float, interval: str
) -> Estimate:
    """Kappa of two readers with its non-null standard error, and the null one for the test in `extra`."""
    if interval not in ("log", "normal"):
        raise WrongCall("interval", "'log' or 'normal'", interval)
    matrix = weight_matrix(weights, ratings.categories, scores)
    kind = weights if isinstance(weights, str) else "given weights"
    estimator = f"Cohen, {kind}; se Fleiss-Cohen-Everitt 1969 (non-null, divisor n)"
    pair = pair_table(ratings)
    if pair.problem:
        return undefined(name, estimator, pair.problem, pair.counts)
    values, observed, expected = (float(x) for x in kappa_values(pair.table, matrix))
    extra: dict[str, Any] = {"observed_agreement": observed, "expected_agreement": expected}
    extra.update(prevalence(pair.table))
    if math.isnan(values):
        return undefined(name, estimator, ONE_CATEGORY, pair.counts, extra=extra)
    se = float(kappa_se(pair.table, matrix))
    null = _null_se(pair.table, matrix, expected)
    if null > 0:
        extra |= {"se0": null, "z0": values / null, "p0": normal_p(values / null)}
    single = pair.n < 2
    return Estimate(
        name,
        estimator,
        values,
        se=None if single else se,
        interval=None if single else _limits(values, se, pair.table, matrix, level, interval),
        n=pair.counts,
        extra=extra,
        warnings=agreement_warnings(values, None if single else se, pair.n, extra["largest_share"]),
        no_interval="a single case has no variance" if single else None,
    )


def _limits(value: float, se: float, table: Array, weights: Array, level: float, interval: str) -> Interval:
    if interval == "normal":
        return normal_interval(value, se, level)
    n = float(table.sum())
    df = spread_df(kappa_influence(table, weights).ravel(), table.ravel())
    # the influences' spread about their mean of 0, divisor n - 1: as in the interval of every other coefficient
    spread = se * math.sqrt(n / (n - 1))
    return below_one_interval(value, spread, t_of(level, df), level, f"t, df {df:.4g}")


@statistic(
    "Cohen's kappa",
    suits=("binary", "nominal"),
    assumes="two readers, cases independent, categories without order",
    undefined_when="both readers used one and the same category throughout; no case rated by both",
    reference="Cohen 1960; se: Fleiss, Cohen & Everitt 1969, doi:10.1037/h0028106",
    doi="10.1177/001316446002000104",
)
def cohen_kappa(ratings: Ratings, level: float = 0.95, *, interval: str = "log") -> Estimate:
    """Cohen's kappa of two readers; interval on log(1 - kappa) ("log", default) or plain ("normal").

    >>> table = [[40, 9], [6, 45]]  # Feinstein & Cicchetti 1990, doi:10.1016/0895-4356(90)90158-L: 0.70
    >>> round(cohen_kappa(Ratings.from_table(table)).value, 2)
    0.7
    """
    return two_reader_kappa("Cohen's kappa", ratings, "unweighted", "rank", level, interval)


@statistic(
    "weighted kappa",
    suits=("ordinal",),
    assumes="two readers, cases independent, an order (or scores) that gives the weights",
    undefined_when="both readers used one and the same category throughout; no case rated by both",
    reference="Cohen 1968; se: Fleiss, Cohen & Everitt 1969, doi:10.1037/h0028106",
    doi="10.1037/h0026256",
)
def weighted_kappa(
    ratings: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "quadratic",
    scores: Scores = "rank",
    interval: str = "log",
) -> Estimate:
    """Weighted kappa of two readers over the declared scale, unused categories included."""
    return two_reader_kappa("weighted kappa", ratings, weights, scores, level, interval)
