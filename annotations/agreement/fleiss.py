"""Fleiss' kappa category by category, and the null standard errors of both (for a test, never for an interval)."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np

from annotations.agreement.limits import normal_p
from annotations.agreement.linearised import estimate_of, from_shares, no_pair, tally
from annotations.agreement.many_readers import fleiss_kappa
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import statistic
from annotations.agreement.result import Estimate


@statistic(
    "Fleiss category kappa",
    suits=("nominal", "ordinal"),
    assumes="any number of readers, exchangeable; cases independent",
    undefined_when="nobody, or everybody throughout, used the category; no case rated by two readers",
    reference="Fleiss 1971; null error: Fleiss, Nee & Landis 1979, doi:10.1037/0033-2909.86.5.974",
    doi="10.1037/h0031619",
)
def fleiss_category_kappa(ratings: Ratings, category: Hashable, level: float = 0.95) -> Estimate:
    """Fleiss' kappa of one category against all others, with the non-null interval."""
    name = "Fleiss category kappa"
    estimator = f"category {category!r} against the rest; se: linearisation, divisor n(n-1); t on n-1"
    code = ratings.code_of(category)
    problem = no_pair(name, estimator, ratings)
    if problem is not None:
        return problem
    against = np.where(ratings.codes < 0, -1, (ratings.codes != code).astype(np.int8))
    binary = Ratings(against, (category, None) if category is not None else (category, ""))
    matrix = np.eye(2)
    cases = tally(binary, matrix)
    estimate = estimate_of(name, estimator, ratings, cases, from_shares(cases, matrix), level, "log")
    m = _equal_raters(cases.raters)
    if estimate.value is None or m is None:
        return estimate
    null = (2 / (cases.n * m * (m - 1))) ** 0.5
    return replace(estimate, extra={**estimate.extra, **_null(estimate.value, null)})


def fleiss_null_test(ratings: Ratings) -> Estimate:
    """Fleiss' kappa with the z test of kappa = 0 (`se0`, `z0`, `p0`); needs as many readers for every case.

    Fleiss, Nee & Landis 1979, doi:10.1037/0033-2909.86.5.974. Without equal numbers the fields are absent.
    """
    estimate = fleiss_kappa(ratings)
    if estimate.value is None:
        return estimate
    cases = tally(ratings, np.eye(len(ratings.categories)))
    m = _equal_raters(cases.raters)
    if m is None:
        return estimate
    p = cases.shares
    spread = float(p @ (1 - p))
    third = spread**2 - float((p * (1 - p)) @ (1 - 2 * p))
    null = (2 * third / (cases.n * m * (m - 1))) ** 0.5 / spread
    return replace(estimate, extra={**estimate.extra, **_null(estimate.value, null)})


def _null(value: float, se0: float) -> dict[str, Any]:
    if se0 <= 0:
        return {}
    return {"se0": se0, "z0": value / se0, "p0": normal_p(value / se0)}


def _equal_raters(raters: np.ndarray) -> float | None:
    return float(raters[0]) if raters.size and raters.min() == raters.max() and raters[0] > 1 else None
