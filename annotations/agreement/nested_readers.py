"""Obuchowski-Rockette where every reader reads in one arm only: readers nested within arms.

Hillis SL. A marginal-mean ANOVA approach for analyzing multireader multicase radiological imaging data. Stat
Med 2014;33:330-360, doi:10.1002/sim.5926.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .arm_average import arm_average
from .reader_study import (
    NO_VARIANCE,
    ONE_READER,
    Model,
    ReaderStudy,
    Reference,
    arms_test,
    hillis_df,
    not_analysed,
    off_diagonal_mean,
    rows_of,
)
from .reader_values import ReaderValues
from .result import WrongCall


def readers_within_arms(values: ReaderValues, *, model: Model, level: float) -> ReaderStudy:
    """Compare arms that were read by different readers; the mean square is that of readers within arms.

    The factor on cov2 - cov3 is (N - sum r^2 / N) / (t - 1), r when every arm has r readers. Raises WrongCall
    for FRRC: fixed readers in different arms cannot be told from the arms.
    """
    if model == "FRRC":
        raise WrongCall("model", "RRRC or RRFC where readers are nested in arms", model)
    members = [np.flatnonzero(~np.isnan(row)) for row in values.values]
    sizes = np.array([len(own) for own in members])
    if sizes.min() == 0:
        return not_analysed(values, model, "an arm has no reader")
    total, t = int(sizes.sum()), len(sizes)
    if total == t:
        return not_analysed(values, model, ONE_READER)
    if values.covariance is None:
        return not_analysed(values, model, values.no_covariance or NO_VARIANCE)
    own = [values.values[arm, who] for arm, who in enumerate(members)]
    means = np.array([x.mean() for x in own])
    grand = float(np.concatenate(own).mean())
    ms_t = float((sizes * (means - grand) ** 2).sum() / (t - 1))
    ms_r = float(sum(((x - x.mean()) ** 2).sum() for x in own) / (total - t))
    parts = {"ms_t": ms_t, "ms_r_within_t": ms_r} | _nested_covariances(values, members)
    between = max(parts["cov2"] - parts["cov3"], 0.0) if model == "RRRC" else 0.0
    parts["denominator"] = ms_r + (total - (sizes**2).sum() / total) / (t - 1) * between
    df = hillis_df(parts["denominator"], ms_r, total - t)
    test = arms_test(values, model, ms_t, parts["denominator"], t - 1, df)
    label = f"Obuchowski-Rockette, {model}, readers within arms"
    differences = []
    for i, j in combinations(range(t), 2):
        of_readers = ms_r * (1 / sizes[i] + 1 / sizes[j])
        variance = of_readers + 2 * between
        reference = Reference(hillis_df(variance, of_readers, total - t), level)
        name, value = f"difference of average {values.endpoint}", float(means[i] - means[j])
        differences.append(reference.estimate(name, label, value, variance, values.n, 0.0, pair=[i, j]))
    arms = tuple(arm_average(values, arm, model=model, level=level) for arm in range(t))
    return ReaderStudy(model, values.endpoint, rows_of(values.values), test, tuple(differences), arms, components=parts)


def _nested_covariances(values: ReaderValues, members: list[np.ndarray]) -> dict[str, float]:
    """Mean variance, covariance of two readers of one arm (cov2) and of readers of two arms (cov3)."""
    assert values.covariance is not None
    blocks = {
        (i, j): values.covariance[i][members[i]][:, j][:, members[j]]
        for i in range(len(members))
        for j in range(len(members))
    }
    arms = range(len(members))
    variances = np.concatenate([np.diag(blocks[i, i]) for i in arms])
    within = [off_diagonal_mean(blocks[i, i]) for i in arms if len(members[i]) > 1]
    across = [float(blocks[i, j].mean()) for i, j in combinations(arms, 2)]
    return {
        "var_error": float(variances.mean()),
        "cov2": float(np.mean(within)) if within else 0.0,
        "cov3": float(np.mean(across)),
    }
