"""Chance-corrected agreement of any number of readers, with missing ratings: Fleiss, Conger, AC1/AC2, pi, S."""

from __future__ import annotations

import numpy as np

from annotations.agreement.linearised import (
    Chance,
    Tally,
    estimate_of,
    from_readers,
    from_shares,
    from_spread,
    no_pair,
    tally,
    uniform,
    with_interval,
)
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, WrongCall, undefined
from annotations.agreement.tables import pair_table
from annotations.agreement.two_readers import simple_agreement
from annotations.agreement.weights import Scores, Weights, weight_matrix

_ANY = ("binary", "nominal", "ordinal")
_ASSUMES = "any number of readers, cases independent, readings missing at random"
_UNDEFINED = "all ratings in one category; no case rated by two readers"
_LINEARISED = "se: linearisation, divisor n(n-1); t on n-1"


def _coefficient(
    name: str, ratings: Ratings, weights: Weights, scores: Scores, level: float, interval: str, chance_of: str
) -> Estimate:
    kind = weights if isinstance(weights, str) else "given weights"
    estimator = f"{name}, {kind}; {_LINEARISED} (Gwet 2014)"
    matrix = weight_matrix(weights, ratings.categories, scores)
    problem = no_pair(name, estimator, ratings)
    if problem is not None:
        return problem
    if chance_of == "spread" and len(matrix) < 2:
        return undefined(name, estimator, "only one category is declared", ratings.counts())
    cases = tally(ratings, matrix)
    return estimate_of(name, estimator, ratings, cases, _chance(ratings, cases, matrix, chance_of), level, interval)


def _chance(ratings: Ratings, cases: Tally, matrix: np.ndarray, chance_of: str) -> Chance:
    if chance_of == "readers":
        return from_readers(ratings, matrix)
    return {"shares": from_shares, "spread": from_spread, "uniform": uniform}[chance_of](cases, matrix)


@statistic(
    "percent agreement",
    suits=_ANY,
    assumes="cases independent",
    undefined_when="no case rated by two readers",
    reference="two readers: binomial (Wilson 1927); more: mean share of agreeing pairs, Gwet 2014, ISBN 978-0970806284",
    doi="10.1080/01621459.1927.10502953",
)
def percent_agreement(
    ratings: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    interval: str | None = None,
) -> Estimate:
    """Share of agreeing pairs of readings, averaged over the cases.

    Of two readers without weights a binomial proportion: interval "wilson" (default), "clopper_pearson" or
    "agresti_coull". Otherwise, or with interval "t", the linearised t interval.
    """
    if interval not in (None, "t", "wilson", "clopper_pearson", "agresti_coull"):
        raise WrongCall("interval", "'wilson', 'clopper_pearson', 'agresti_coull' or 't'", interval)
    plain = isinstance(weights, str) and weights == "unweighted"
    if interval != "t" and plain and (ratings.n_readers <= 2 or interval is not None):
        return simple_agreement(ratings, level, interval or "wilson")
    name = "percent agreement"
    estimator = f"weighted share of agreeing pairs; {_LINEARISED} (Gwet 2014)"
    problem = no_pair(name, estimator, ratings)
    if problem is not None:
        return problem
    cases = tally(ratings, weight_matrix(weights, ratings.categories, scores))
    own = cases.scale * cases.agreeing - cases.observed
    return with_interval(name, estimator, cases.observed, own, ratings.counts(cases.n), {}, level, "t")


@statistic(
    "Fleiss kappa",
    suits=_ANY,
    assumes=_ASSUMES + "; readers exchangeable",
    undefined_when=_UNDEFINED,
    reference="Fleiss 1971; interval from the non-null linearisation (Gwet 2014), not from the null error",
    doi="10.1037/h0031619",
)
def fleiss_kappa(
    ratings: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    interval: str = "log",
) -> Estimate:
    """Fleiss' kappa, generalised to weights and missing readings."""
    return _coefficient("Fleiss kappa", ratings, weights, scores, level, interval, "shares")


@statistic(
    "Conger kappa",
    suits=_ANY,
    assumes=_ASSUMES + "; the same readers throughout",
    undefined_when=_UNDEFINED,
    reference="Conger 1980; variance Gwet 2014",
    doi="10.1037/0033-2909.88.2.322",
)
def conger_kappa(
    ratings: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    interval: str = "log",
) -> Estimate:
    """Cohen's kappa for more than two readers: chance from each reader's own margins."""
    if not ratings.readers_known:
        raise WrongCall("ratings", "readers that are told apart", "counts by case")
    return _coefficient("Conger kappa", ratings, weights, scores, level, interval, "readers")


@statistic(
    "Gwet AC1",
    suits=("binary", "nominal"),
    assumes=_ASSUMES,
    undefined_when="no case rated by two readers; only one category declared",
    reference="Gwet 2008",
    doi="10.1348/000711006X126600",
)
def gwet_ac1(ratings: Ratings, level: float = 0.95, *, interval: str = "log") -> Estimate:
    """Gwet's AC1, which stays near the percent agreement when one category prevails."""
    return _coefficient("Gwet AC1", ratings, "unweighted", "rank", level, interval, "spread")


@statistic(
    "Gwet AC2",
    suits=("ordinal",),
    assumes=_ASSUMES + "; an order that gives the weights",
    undefined_when="no case rated by two readers; only one category declared",
    reference="Gwet 2014, Handbook of Inter-Rater Reliability, ISBN 978-0970806284",
    doi="10.1348/000711006X126600",
)
def gwet_ac2(
    ratings: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "quadratic",
    scores: Scores = "rank",
    interval: str = "log",
) -> Estimate:
    """AC1 with weights."""
    return _coefficient("Gwet AC2", ratings, weights, scores, level, interval, "spread")


@statistic(
    "Brennan-Prediger",
    suits=_ANY,
    assumes=_ASSUMES + "; chance uniform over the declared categories",
    undefined_when="no case rated by two readers; only one category declared",
    reference="Brennan & Prediger 1981; of two readers Bennett's S (1954, doi:10.1086/266520)",
    doi="10.1177/001316448104100307",
)
def brennan_prediger(
    ratings: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    interval: str = "log",
) -> Estimate:
    """Bennett's S and its weighted form: chance is uniform over the declared scale."""
    return _coefficient("Brennan-Prediger", ratings, weights, scores, level, interval, "uniform")


@statistic(
    "Scott pi",
    suits=_ANY,
    assumes="two readers with one common margin, cases independent",
    undefined_when=_UNDEFINED,
    reference="Scott 1955",
    doi="10.1086/266577",
)
def scott_pi(
    ratings: Ratings,
    level: float = 0.95,
    *,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
    interval: str = "log",
) -> Estimate:
    """Scott's pi of two readers, over the cases that both rated."""
    if ratings.n_readers > 2:
        raise WrongCall("ratings", "two readers", f"{ratings.n_readers} readers")
    if pair_table(ratings).problem is None:
        ratings = ratings.of_cases((ratings.codes >= 0).all(axis=0))
    return _coefficient("Scott pi", ratings, weights, scores, level, interval, "shares")
