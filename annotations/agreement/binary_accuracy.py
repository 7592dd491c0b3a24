"""Accuracy of a binary call against pathology: the 2x2 table and what is read from it.

A call is positive (malignant) or negative; which is which is said by the caller and never guessed.
Proportions carry Wilson's interval by default, Youden's index and balanced accuracy Newcombe's square-and-add
(Wald on request).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from .proportion import IntervalMethod, normal_quantile, proportion, wilson_limits
from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

MOST_CASES = 10**12  # of which products are still exact enough
NO_DISEASED = "no diseased case"
NO_HEALTHY = "no healthy case"
_ALTMAN = "Altman DG, Bland JM. Diagnostic tests 1: sensitivity and specificity. BMJ 1994;308:1552"
_ALTMAN_DOI = "10.1136/bmj.308.6943.1552"
_ALTMAN_2 = "Altman DG, Bland JM. Diagnostic tests 2: predictive values. BMJ 1994;309:102"
_ALTMAN_2_DOI = "10.1136/bmj.309.6947.102"
_SUITS = ("binary", "pathology")
_ASSUMES = "one call per case, independent cases, pathology known without error"


def check_count(name: str, value: object) -> None:
    """Raises WrongCall for what is no number of cases."""
    if not isinstance(value, int | float | np.number) or not 0 <= value <= MOST_CASES or value != int(value):
        raise WrongCall(name, f"a whole number of cases, 0 to {MOST_CASES:g}", value)


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """Counts of calls against pathology, and of the cases of either class that have no call."""

    tp: int
    fp: int
    fn: int
    tn: int
    missing_diseased: int = 0
    missing_healthy: int = 0

    def __post_init__(self) -> None:
        for cell in self.__slots__:
            check_count(cell, getattr(self, cell))

    @property
    def diseased(self) -> int:
        return self.tp + self.fn

    @property
    def healthy(self) -> int:
        return self.fp + self.tn

    @property
    def missing(self) -> int:
        return self.missing_diseased + self.missing_healthy

    @property
    def total(self) -> int:
        return self.diseased + self.healthy

    @property
    def counts(self) -> Counts:
        return Counts(cases=self.total, readers=1, ratings=self.total, missing=self.missing)

    @property
    def without_a_class(self) -> str | None:
        """The reason for which nothing that needs both classes is defined, or None."""
        if self.diseased == 0:
            return NO_DISEASED
        return NO_HEALTHY if self.healthy == 0 else None


Flags = np.ndarray[Any, np.dtype[np.bool_]]


def read_truth(truth: ArrayLike) -> Flags:
    """Pathology per case, 0/1 or False/True, as booleans. Raises WrongCall for anything else."""
    array = np.asarray(truth)
    if array.ndim != 1:
        raise WrongCall("truth", "one value per case (1 dimension)", array.shape)
    if array.dtype != np.bool_ and not np.isin(array, (0, 1)).all():
        raise WrongCall("truth", "0 (benign) or 1 (malignant) for every case", sorted(set(array.tolist()))[:5])
    return array.astype(bool)


def tabulate(truth: ArrayLike, calls: ArrayLike) -> TwoByTwo:
    """The 2x2 table of `truth` (cases,) 0/1 and `calls` (cases,) 0/1, NaN where the case has no call."""
    diseased = read_truth(truth)
    positive = np.asarray(calls, dtype=float)
    if positive.shape != diseased.shape:
        raise WrongCall("calls", f"one call per case, shape {diseased.shape}", positive.shape)
    given = ~np.isnan(positive)
    if not np.isin(positive[given], (0.0, 1.0)).all():
        raise WrongCall("calls", "0, 1 or NaN", sorted(set(positive[given].tolist()))[:5])
    hit = positive == 1.0

    def count(flags: Flags) -> int:
        return int(flags.sum())

    return TwoByTwo(
        tp=count(hit & diseased),
        fp=count(hit & ~diseased),
        fn=count(given & ~hit & diseased),
        tn=count(given & ~hit & ~diseased),
        missing_diseased=count(~given & diseased),
        missing_healthy=count(~given & ~diseased),
    )


def _share(
    name: str,
    doc: str,
    cells: Callable[[TwoByTwo], tuple[int, int]],
    reason: str,
    source: tuple[str, str],
    missing: Callable[[TwoByTwo], int] = lambda table: table.missing,
) -> Callable[..., Estimate]:
    """Make and register the statistic `name`: a proportion of the table."""

    @statistic(name, suits=_SUITS, assumes=_ASSUMES, undefined_when=reason, reference=source[0], doi=source[1])
    def share(table: TwoByTwo, *, level: float = 0.95, method: IntervalMethod = "wilson") -> Estimate:
        k, n = cells(table)
        if n == 0:
            return undefined(name, doc, reason, Counts(missing=missing(table)))
        return proportion(k, n, level=level, method=method, name=name, missing=missing(table))

    share.__doc__ = f"{doc}; undefined: {reason}."
    return share


_FIRST, _SECOND = (_ALTMAN, _ALTMAN_DOI), (_ALTMAN_2, _ALTMAN_2_DOI)
sensitivity = _share(
    "sensitivity", "tp / (tp + fn)", lambda t: (t.tp, t.diseased), NO_DISEASED, _FIRST, lambda t: t.missing_diseased
)
specificity = _share(
    "specificity", "tn / (tn + fp)", lambda t: (t.tn, t.healthy), NO_HEALTHY, _FIRST, lambda t: t.missing_healthy
)
positive_predictive_value = _share(
    "positive predictive value", "tp / (tp + fp)", lambda t: (t.tp, t.tp + t.fp), "no positive call", _SECOND
)
negative_predictive_value = _share(
    "negative predictive value", "tn / (tn + fn)", lambda t: (t.tn, t.tn + t.fn), "no negative call", _SECOND
)
accuracy = _share("accuracy", "(tp + tn) / n", lambda t: (t.tp + t.tn, t.total), "no case", _FIRST)
prevalence = _share("prevalence", "(tp + fn) / n", lambda t: (t.diseased, t.total), "no case", _SECOND)


def _square_and_add(table: TwoByTwo, level: float) -> tuple[float, float]:
    """Newcombe's hybrid score interval of sensitivity + specificity, from Wilson's limits of each."""
    se, sp = table.tp / table.diseased, table.tn / table.healthy
    se_low, se_high = wilson_limits(table.tp, table.diseased, level)
    sp_low, sp_high = wilson_limits(table.tn, table.healthy, level)
    return (
        se + sp - math.hypot(se - se_low, sp - sp_low),
        se + sp + math.hypot(se_high - se, sp_high - sp),
    )


def _sum_of_both(name: str, table: TwoByTwo, level: float, method: str, to_scale: Callable[[float], float]) -> Estimate:
    """Sensitivity + specificity, carried to the scale of Youden's index or of balanced accuracy."""
    if (reason := table.without_a_class) is not None:
        return undefined(name, "from sensitivity and specificity", reason, table.counts)
    se, sp = table.tp / table.diseased, table.tn / table.healthy
    spread = math.sqrt(se * (1 - se) / table.diseased + sp * (1 - sp) / table.healthy)
    if method == "newcombe":
        low, high = _square_and_add(table, level)
        label = "square-and-add of Wilson limits (Newcombe 1998)"
    elif method == "wald":
        half = normal_quantile(level) * spread
        low, high, label = se + sp - half, se + sp + half, "Wald, independent binomials"
    else:
        raise WrongCall("method", "newcombe or wald", method)
    scale = to_scale(1.0) - to_scale(0.0)
    return Estimate(
        name=name,
        estimator="from sensitivity and specificity",
        value=to_scale(se + sp),
        se=scale * spread,
        interval=Interval(to_scale(low), to_scale(high), level, label),
        n=table.counts,
        extra={"sensitivity": se, "specificity": sp},
    )


@statistic(
    "Youden index",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case",
    reference="Youden WJ. Index for rating diagnostic tests. Cancer 1950;3:32-35",
    doi="10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3",
)
def youden(table: TwoByTwo, *, level: float = 0.95, method: Literal["newcombe", "wald"] = "newcombe") -> Estimate:
    """J = sensitivity + specificity - 1."""
    return _sum_of_both("Youden index", table, level, method, lambda total: total - 1)


@statistic(
    "balanced accuracy",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case",
    reference="Newcombe RG. Interval estimation for the difference between independent proportions. "
    "Stat Med 1998;17:873-890",
    doi="10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I",
)
def balanced_accuracy(
    table: TwoByTwo, *, level: float = 0.95, method: Literal["newcombe", "wald"] = "newcombe"
) -> Estimate:
    """(sensitivity + specificity) / 2."""
    return _sum_of_both("balanced accuracy", table, level, method, lambda total: total / 2)


@statistic(
    "F1 score",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="nothing diseased and nothing called positive",
    reference="van Rijsbergen CJ. Information Retrieval. 2nd ed. Butterworths 1979, ISBN 0-408-70929-4; of one table"
    " what Dice 1945 is of two sets",
    doi="10.2307/1932409",
)
def f1_score(table: TwoByTwo) -> Estimate:
    """2 tp / (2 tp + fp + fn), without an interval."""
    below = 2 * table.tp + table.fp + table.fn
    if below == 0:
        return undefined("F1 score", "2tp / (2tp + fp + fn)", "nothing diseased, nothing called", table.counts)
    return Estimate(
        "F1 score",
        "2tp / (2tp + fp + fn)",
        2 * table.tp / below,
        n=table.counts,
        no_interval="not offered: use the bootstrap",
    )


@statistic(
    "Matthews correlation",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="a margin of the table is empty",
    reference="Matthews BW. Biochim Biophys Acta 1975;405:442-451",
    doi="10.1016/0005-2795(75)90109-9",
)
def matthews_correlation(table: TwoByTwo) -> Estimate:
    """Phi coefficient of the 2x2 table, without an interval."""
    tp, fp, fn, tn = table.tp, table.fp, table.fn, table.tn
    below = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    if below == 0:
        return undefined("Matthews correlation", "phi", "a margin of the table is empty", table.counts)
    value = (tp * tn - fp * fn) / math.sqrt(below)
    return Estimate("Matthews correlation", "phi", value, n=table.counts, no_interval="not offered: use the bootstrap")
