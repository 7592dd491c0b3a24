"""Each reader of a group beside the others: what the group is without them, and how they agree with the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from annotations.agreement.kappa import kappa_values
from annotations.agreement.linearised import no_pair
from annotations.agreement.many_readers import fleiss_kappa
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate, undefined
from annotations.agreement.tables import all_pair_tables
from annotations.agreement.weights import Scores, Weights, weight_matrix


@statistic(
    "leave-one-out",
    suits=("binary", "nominal", "ordinal"),
    assumes="at least three readers, cases independent",
    undefined_when="fewer than three readers; the group's coefficient is undefined",
    reference="the coefficient of the group without each reader; mean kappa with the others: Light 1971",
    doi="10.1037/h0031643",
)
def leave_one_out(
    ratings: Ratings,
    level: float = 0.95,
    *,
    coefficient: Callable[[Ratings, float], Estimate] = fleiss_kappa,
    weights: Weights = "unweighted",
    scores: Scores = "rank",
) -> Estimate:
    """The group's coefficient, and in `extra` for each reader in order:

    without      the coefficient of the others, None where undefined
    change       the whole minus that: below 0 the reader lowers the agreement
    with_others  mean kappa of the reader's pairs, None where no pair has one
    """
    whole = coefficient(ratings, level)
    name, estimator = "leave-one-out", f"{whole.name} of the group without each reader"
    problem = no_pair(name, estimator, ratings)
    if problem is not None:
        return problem
    if ratings.n_readers < 3:
        return undefined(name, estimator, "two readers: without one there is no group", whole.n)
    if whole.value is None:
        return undefined(name, estimator, whole.undefined or "the group's coefficient is undefined", whole.n)
    everyone = range(ratings.n_readers)
    without = [coefficient(ratings.of_readers(*(r for r in everyone if r != out)), level).value for out in everyone]
    extra: dict[str, Any] = {
        "without": without,
        "change": [None if value is None else whole.value - value for value in without],
        "with_others": _with_others(ratings, weights, scores),
    }
    return Estimate(
        name,
        estimator,
        whole.value,
        se=whole.se,
        interval=whole.interval,
        n=whole.n,
        extra=extra,
        warnings=whole.warnings,
        no_interval=whole.no_interval,
    )


def _with_others(ratings: Ratings, weights: Weights, scores: Scores) -> list[float | None]:
    pairs, tables = all_pair_tables(ratings)
    kappas = kappa_values(tables, weight_matrix(weights, ratings.categories, scores))[0].tolist()
    means: list[float | None] = []
    for reader in range(ratings.n_readers):
        own = [kappa for pair, kappa in zip(pairs, kappas, strict=True) if reader in pair and kappa == kappa]
        means.append(sum(own) / len(own) if own else None)
    return means
