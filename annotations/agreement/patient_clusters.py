"""Accuracy when a patient brings several nodes: variances over patients, not over nodes.

Nodes of one patient share more than nodes of two; taken as independent they make intervals too narrow. With one node
per patient every figure here is that of the plain functions.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .auc import NAME, AreaInterval, auc_estimate, split_scores
from .binary_accuracy import NO_DISEASED, NO_HEALTHY, read_truth
from .placements import Array, Placements, placements
from .proportion import NO_OBSERVATIONS, few_observations, wilson_limits
from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

Labels = np.ndarray[Any, np.dtype[np.int_]]
_ONE_PATIENT = "one patient: no variance over patients"


def patient_labels(patients: ArrayLike, cases: int) -> Labels:
    """Which patient each case is of, numbered from 0. Raises WrongCall unless there is one label per case."""
    labels = np.asarray(patients)
    if labels.shape != (cases,):
        raise WrongCall("patients", f"one label per case, shape ({cases},)", labels.shape)
    return np.unique(labels, return_inverse=True)[1]


def sums_by_patient(values: Array, labels: Labels) -> Array:
    """Sums over the cases of each patient: (curves, cases) to (curves, patients)."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    return np.add.reduceat(values[:, order], starts, axis=1)


def sandwich(influences: Array, labels: Labels) -> Array:
    """Covariance of figures whose errors are sums of (curves, cases) influences, patients being independent."""
    sums = sums_by_patient(influences, labels)
    patients = sums.shape[1]
    return sums @ sums.T * patients / (patients - 1)


@statistic(
    "proportion over patients",
    suits=("binary", "pathology"),
    assumes="patients are independent, their cases need not be",
    undefined_when="there is no observation; no interval with one patient",
    reference="Rao JNK, Scott AJ. A simple method for the analysis of clustered binary data. Biometrics 1992;48:577-585",
    doi="10.2307/2532311",
)
def clustered_proportion(
    hits: ArrayLike, patients: ArrayLike, *, level: float = 0.95, name: str = "proportion over patients"
) -> Estimate:
    """Share of hits (cases,) 0/1, NaN = none, with Wilson's interval at the effective number of cases.

    For a sensitivity give the calls of the diseased cases and their patients. `extra["design_effect"]` is how many
    times larger the variance is than that of independent cases.
    """
    array = np.asarray(hits, dtype=float)
    given = ~np.isnan(array)
    if not np.isin(array[given], (0.0, 1.0)).all():
        raise WrongCall("hits", "0, 1 or NaN", "another value")
    labels = patient_labels(patients, len(array))[given]
    x, counts = array[given], Counts(cases=int(given.sum()), ratings=int(given.sum()), missing=int((~given).sum()))
    estimator = "k / n, variance between patients"
    if len(x) == 0:
        return undefined(name, estimator, NO_OBSERVATIONS, counts)
    n, k, patient_count = len(x), float(x.sum()), len(np.unique(labels))
    value = k / n
    extra: dict[str, Any] = {"k": int(k), "n": n, "patients": patient_count}
    if patient_count < 2:
        return Estimate(name, estimator, value, n=counts, extra=extra, no_interval=_ONE_PATIENT)
    variance = float(sandwich((x - value)[None] / n, np.unique(labels, return_inverse=True)[1])[0, 0])
    independent = value * (1 - value) / n
    effect = variance / independent if independent > 0 else 1.0
    effective = n / max(effect, 1.0)  # never more cases than there are
    interval = Interval(*wilson_limits(value * effective, effective, level), level, "Wilson at the effective size")
    extra |= {"design_effect": effect}
    few = few_observations(patient_count, "patients")
    return Estimate(name, estimator, value, math.sqrt(variance), interval, counts, extra=extra, warnings=few)


def _of_patients(own: Array, labels: Labels, patients: int) -> Array:
    """Sum of a class's placement deviations in each of all patients."""
    return np.bincount(labels, weights=own, minlength=patients).astype(float)


@statistic(
    "AUC over patients",
    suits=("score", "ordinal", "continuous", "pathology"),
    assumes="patients are independent, their cases need not be; higher = more diseased",
    undefined_when="one class has no case",
    reference="Obuchowski NA. Nonparametric analysis of clustered ROC curve data. Biometrics 1997;53:567-578",
    doi="10.2307/2533958",
)
def clustered_auc(
    truth: ArrayLike,
    scores: ArrayLike,
    patients: ArrayLike,
    *,
    level: float = 0.95,
    interval: AreaInterval = "newcombe or logit",
) -> Estimate:
    """Empirical AUC of scores (cases,), NaN = none, of patients (cases,) who may bring cases of both classes."""
    diseased_flags = read_truth(truth)
    diseased, healthy, missing = split_scores(truth, scores)
    labels = patient_labels(patients, len(diseased_flags))
    given = ~np.isnan(np.asarray(scores, dtype=float))
    of_diseased, of_healthy = labels[given & diseased_flags], labels[given & ~diseased_flags]
    m, n = len(diseased), len(healthy)
    counts = Counts(cases=m + n, readers=1, ratings=m + n, missing=missing)
    if m == 0 or n == 0:
        return undefined(NAME, "Obuchowski 1997", NO_DISEASED if m == 0 else NO_HEALTHY, counts)
    parts, size = placements(diseased, healthy), int(labels.max()) + 1
    groups = [len(np.unique(own)) for own in (of_diseased, of_healthy)]
    every = len(np.union1d(of_diseased, of_healthy))
    x = _of_patients(parts.diseased - parts.auc, of_diseased, size)
    y = _of_patients(parts.healthy - parts.auc, of_healthy, size)
    variance = None
    if min(groups) > 1:
        variance = float(x @ x) / m**2 * groups[0] / (groups[0] - 1)
        variance += float(y @ y) / n**2 * groups[1] / (groups[1] - 1)
        variance += 2 * float(x @ y) / (m * n) * every / (every - 1)
    reason = "a class is of one patient: no variance over patients"
    estimator = "empirical (Mann-Whitney), ties 1/2; se over patients, Obuchowski 1997"
    effective = _effective_sizes(variance, parts, (groups[0], groups[1]))
    return auc_estimate(parts.auc, variance, (m, n), counts, level, interval, reason, estimator, effective)


def _effective_sizes(variance: float | None, parts: Placements, groups: tuple[int, int]) -> tuple[float, float]:
    """Cases of either class divided by the design effect: at least one a patient, at most one a case."""
    sizes = len(parts.diseased), len(parts.healthy)
    independent = (np.var(parts.diseased) / sizes[0] + np.var(parts.healthy) / sizes[1]) if min(groups) > 1 else 0.0
    effect = variance / float(independent) if variance is not None and independent > 0 else math.inf
    return tuple(max(size / max(effect, 1.0), float(group)) for size, group in zip(sizes, groups))  # type: ignore[return-value]
