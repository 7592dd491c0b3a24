"""Whose agreement with the reference is larger: the difference of two readers' kappas, feature by feature.

Holm's p over the features of one comparison; the primary endpoint stands outside. There is no test against kappa = 0:
that two readers agree better than by chance is no question here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from annotations.agreement.kappa_comparison import dependent_kappas
from annotations.agreement.limits import normal_p
from annotations.agreement.moments import Moments, kappa_moments
from annotations.agreement.ratings import Ratings
from annotations.agreement.result import Estimate
from annotations.analyses.coefficients import over_patients
from annotations.analyses.multiplicity import adjust_family
from annotations.analyses.question import Scale, Ways
from annotations.analyses.strata import over_centres

Json = dict[str, Any]


def kappa_difference(ratings: Ratings, scale: Scale, ways: Ways) -> Estimate:
    """Kappa of rows 0 and 2 less that of rows 1 and 2; weighted where the scale has an order."""
    weights = scale.weights if scale.kind == "ordinal" else "unweighted"
    first, second = ratings.of_readers(0, 2), ratings.of_readers(1, 2)
    found = dependent_kappas(first, second, ways.level, weights=weights)
    return over_patients(found, _difference_moments(ratings, weights), ways)


def _difference_moments(ratings: Ratings, weights: str) -> Moments:
    complete = np.all(ratings.codes >= 0, axis=0).reshape(-1, 1)
    one, two = (kappa_moments(ratings.of_readers(row, 2), weights) for row in (0, 1))
    width = one.rows.shape[1]
    rows = np.concatenate([one.rows, two.rows], axis=1) * complete
    return Moments(rows, lambda sums: one.finish(sums[..., :width]) - two.finish(sums[..., width:]))


def tested(estimate: Estimate) -> Estimate:
    """With the normal test of no difference where the estimate has an error and no test of its own."""
    if estimate.p is not None or not estimate.se or estimate.value is None:
        return estimate
    z = estimate.value / estimate.se
    return replace(estimate, statistic=z, p=normal_p(z))


def comparisons_part(
    comparisons: list[Json],
    primary: Json | None,
    features: list[tuple[str, bool]],
    figure: Callable[[Json, str], dict[str, Estimate]],
    level: float,
) -> list[Json]:
    """One entry a comparison. `features` are codes and whether they have kappas.

    `figure(comparison, code)` gives the difference in each centre, or one where centres are pooled.
    """
    found = []
    for place, asked in enumerate(comparisons):
        rows: list[Json] = []
        for code, rated in features:
            if not rated:
                continue
            by_centre = figure(asked, code)
            each = {centre: {"difference": estimate} for centre, estimate in by_centre.items()}
            whole = over_centres(each, level)["difference"] if len(each) > 1 else next(iter(by_centre.values()))
            role = "primary" if primary == {"comparison": place, "feature": code} else "family"
            rows.append({"feature": code, "role": role, "difference": tested(whole).as_json()})
        adjust_family(rows)
        left_out = [code for code, rated in features if not rated]
        found.append({**asked, "exploratory": not asked["planned"], "adjustment": "Holm", "features": rows,
                      "not_compared": left_out})  # fmt: skip
    return found
