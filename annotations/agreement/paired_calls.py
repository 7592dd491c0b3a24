"""Two binary tests (readers, arms) called on the same cases: McNemar, sensitivity and specificity compared.

Differences here are first minus second; ratios are second over first, as in the papers they come from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtr
from scipy.stats import binom, chi2

from .binary_accuracy import check_count
from .proportion import NO_OBSERVATIONS, normal_quantile, wilson_limits
from .registry import statistic
from .result import Counts, Estimate, Interval, undefined

NO_DISCORDANT = "no discordant pairs: 0/0"
_SUITS = ("binary", "pathology")


@dataclass(frozen=True, slots=True)
class PairedCalls:
    """Cases that both tests call positive, only the first, only the second, neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    def __post_init__(self) -> None:
        for cell in ("both", "only_first", "only_second", "neither"):
            check_count(cell, getattr(self, cell))

    @property
    def total(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def first(self) -> int:
        return self.both + self.only_first

    @property
    def second(self) -> int:
        return self.both + self.only_second

    @property
    def counts(self) -> Counts:
        return Counts(cases=self.total, readers=2, ratings=2 * self.total)

    @property
    def complement(self) -> PairedCalls:
        """The same cases with positive and negative exchanged."""
        return PairedCalls(self.neither, self.only_second, self.only_first, self.both)


def mcnemar_p_values(b: int, c: int) -> dict[str, float | None]:
    """Exact, mid-p, asymptotic and continuity-corrected p of b against c discordant pairs.

    mid-p is the exact p less the point probability; at b = c it is 1 - pmf/2. Fagerland, Lydersen, Laake. BMC
    Med Res Methodol 2013;13:91, doi:10.1186/1471-2288-13-91.
    """
    n = b + c
    if n == 0:
        return {"exact": 1.0, "mid_p": 1.0, "asymptotic": None, "corrected": None}
    point = float(binom.pmf(min(b, c), n, 0.5))
    exact = min(1.0, 2 * float(binom.cdf(min(b, c), n, 0.5)))
    return {
        "exact": exact,
        "mid_p": 1 - point / 2 if b == c else exact - point,
        "asymptotic": float(chi2.sf((b - c) ** 2 / n, 1)),
        "corrected": float(chi2.sf(max(abs(b - c) - 1, 0) ** 2 / n, 1)),
    }


def newcombe_paired_limits(table: PairedCalls, level: float = 0.95) -> tuple[float, float]:
    """Newcombe's method 10 for first minus second: square-and-add with the correlation of the two calls."""
    n, b, c = table.total, table.only_first, table.only_second
    p1, p2 = table.first / n, table.second / n
    (l1, u1), (l2, u2) = wilson_limits(table.first, n, level), wilson_limits(table.second, n, level)
    product = float(table.both * table.neither - b * c)
    if product > 0:  # continuity-corrected phi
        product = max(product - n / 2, 0.0)
    margins = table.first * (n - table.first) * table.second * (n - table.second)
    phi = product / math.sqrt(margins) if margins else 0.0
    below = (p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2) + (u2 - p2) ** 2
    above = (u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2) + (p2 - l2) ** 2
    return p1 - p2 - math.sqrt(max(below, 0.0)), p1 - p2 + math.sqrt(max(above, 0.0))


@statistic(
    "difference of paired proportions",
    suits=_SUITS,
    assumes="both tests called the same independent cases",
    undefined_when="there is no case; the chi-square without discordant pairs",
    reference="Fagerland MW, Lydersen S, Laake P. BMC Med Res Methodol 2013;13:91; Newcombe RG. Improved "
    "confidence intervals for the difference between binomial proportions based on paired data. "
    "Stat Med 1998;17:2635-2650",
    doi="10.1186/1471-2288-13-91",
)
def paired_difference(table: PairedCalls, *, level: float = 0.95) -> Estimate:
    """Share positive by the first test minus by the second; McNemar's mid-p, Newcombe's interval.

    Among the diseased this compares sensitivities; of the complement among the healthy, specificities.
    `extra` has the exact and asymptotic p values, the continuity-corrected one, and Wald's limits.

    >>> estimate = paired_difference(PairedCalls(both=1, only_first=1, only_second=7, neither=12))
    >>> round(estimate.p, 3), round(estimate.extra["p_exact"], 3)  # Fagerland et al. 2013, airway data
    (0.039, 0.07)
    """
    name = "difference of paired proportions"
    if table.total == 0:
        return undefined(name, "first minus second", NO_OBSERVATIONS, table.counts)
    b, c, n = table.only_first, table.only_second, table.total
    value, se = (b - c) / n, math.sqrt((b + c) - (b - c) ** 2 / n) / n
    half, p = normal_quantile(level) * se, mcnemar_p_values(b, c)
    low, high = newcombe_paired_limits(table, level)
    return Estimate(
        name=name,
        estimator="first minus second; McNemar mid-p",
        value=value,
        se=se,
        interval=Interval(low, high, level, "Newcombe 1998, method 10"),
        n=table.counts,
        statistic=(b - c) ** 2 / (b + c) if b + c else None,
        df=1 if b + c else None,
        p=p["mid_p"],
        extra={
            "discordant": [b, c],
            "p_exact": p["exact"],
            "p_asymptotic": p["asymptotic"],
            "p_corrected": p["corrected"],
            "statistic_corrected": max(abs(b - c) - 1, 0) ** 2 / (b + c) if b + c else None,
            "wald": [value - half, value + half],
        },
        warnings=() if b + c else (NO_DISCORDANT,),
    )


@statistic(
    "ratio of paired proportions",
    suits=_SUITS,
    assumes="both tests called the same independent cases",
    undefined_when="one of the tests calls nothing positive",
    reference="Nam JM, Blackwelder WC. Analysis of the ratio of marginal probabilities in a matched-pair "
    "setting. Stat Med 2002;21:689-699 (here: Wald on the log scale)",
    doi="10.1002/sim.1017",
)
def paired_ratio(table: PairedCalls, *, level: float = 0.95) -> Estimate:
    """Share positive by the second test over the share by the first, log interval (relative sensitivity)."""
    name = "ratio of paired proportions"
    if table.first == 0 or table.second == 0:
        return undefined(name, "second / first", "one of the tests calls nothing positive", table.counts)
    ratio = table.second / table.first
    se_log = math.sqrt((table.only_first + table.only_second) / (table.first * table.second))
    half = normal_quantile(level) * se_log
    return Estimate(
        name=name,
        estimator="second / first",
        value=ratio,
        interval=Interval(ratio * math.exp(-half), ratio * math.exp(half), level, "Wald on the log scale"),
        n=table.counts,
        statistic=math.log(ratio) / se_log if se_log else None,
        p=float(2 * ndtr(-abs(math.log(ratio) / se_log))) if se_log else None,
        extra={"se_log": se_log, "first": table.first / table.total, "second": table.second / table.total},
        warnings=() if se_log else (NO_DISCORDANT,),
    )
