"""Likelihood ratios, diagnostic odds ratio, and predictive values at a stated prevalence.

All on the log or logit scale; where a zero cell leaves no such interval, the reason is given instead.
"""

from __future__ import annotations

import math
from typing import Literal

from scipy.special import expit
from scipy.stats import fisher_exact
from scipy.stats.contingency import odds_ratio

from .binary_accuracy import TwoByTwo
from .proportion import normal_quantile
from .registry import statistic
from .result import Estimate, Interval, WrongCall, undefined

_SUITS = ("binary", "pathology")
_ASSUMES = "one call per case, independent cases, pathology known without error"
_SIMEL = "Simel DL, Samsa GP, Matchar DB. Likelihood ratios with confidence. J Clin Epidemiol 1991;44:763-770"
_SIMEL_DOI = "10.1016/0895-4356(91)90128-V"
_MERCALDO = "Mercaldo ND, Lau KF, Zhou XH. Confidence intervals for predictive values. Stat Med 2007;26:2170-2183"
_MERCALDO_DOI = "10.1002/sim.2677"
_ZERO = "a cell is 0: the value is 0 and its logarithm does not exist"


def _on_log_scale(
    name: str, estimator: str, table: TwoByTwo, value: float, variance: float | None, level: float
) -> Estimate:
    """A ratio with its interval from the variance of its logarithm; without one where that does not exist."""
    if variance is None:
        return Estimate(name, estimator, value, n=table.counts, no_interval=_ZERO)
    half = normal_quantile(level) * math.sqrt(variance)
    return Estimate(
        name,
        estimator,
        value,
        interval=Interval(value * math.exp(-half), value * math.exp(half), level, "normal on the log scale"),
        n=table.counts,
        extra={"se_log": math.sqrt(variance)},
    )


def _likelihood_ratio(name: str, table: TwoByTwo, hits: int, false: int, level: float) -> Estimate:
    """(hits / diseased) / (false / healthy)."""
    estimator = "ratio of two independent proportions"
    if (reason := table.without_a_class) is not None:
        return undefined(name, estimator, reason, table.counts)
    if false == 0:
        reason = "0/0: no such call in either class" if hits == 0 else "the denominator is 0: infinite"
        return undefined(name, estimator, reason, table.counts)
    value = (hits / table.diseased) / (false / table.healthy)
    variance = None if hits == 0 else 1 / hits - 1 / table.diseased + 1 / false - 1 / table.healthy
    return _on_log_scale(name, estimator, table, value, variance, level)


_MOST_EXACT = 1_000_000  # every table with the same margins is gone through


@statistic(
    "positive likelihood ratio",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case, or no healthy case is called positive",
    reference=_SIMEL,
    doi=_SIMEL_DOI,
)
def positive_likelihood_ratio(table: TwoByTwo, *, level: float = 0.95) -> Estimate:
    """Sensitivity / (1 - specificity)."""
    return _likelihood_ratio("positive likelihood ratio", table, table.tp, table.fp, level)


@statistic(
    "negative likelihood ratio",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case, or no healthy case is called negative",
    reference=_SIMEL,
    doi=_SIMEL_DOI,
)
def negative_likelihood_ratio(table: TwoByTwo, *, level: float = 0.95) -> Estimate:
    """(1 - sensitivity) / specificity."""
    return _likelihood_ratio("negative likelihood ratio", table, table.fn, table.tn, level)


@statistic(
    "diagnostic odds ratio",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="one class has no case, or fp or fn is 0 (then use correction='haldane')",
    reference="Glas AS et al. The diagnostic odds ratio. J Clin Epidemiol 2003;56:1129-1135; Woolf B 1955",
    doi="10.1016/S0895-4356(03)00177-X",
)
def diagnostic_odds_ratio(
    table: TwoByTwo, *, level: float = 0.95, correction: Literal["none", "haldane"] = "none"
) -> Estimate:
    """(tp tn) / (fp fn), Woolf's interval; `haldane` adds 0.5 to every cell.

    For one binary feature that is also Firth's penalised estimate of the odds ratio (Heinze & Schemper. Stat Med
    2002;21:2409-2419, doi:10.1002/sim.1047).
    """
    if correction not in ("none", "haldane"):
        raise WrongCall("correction", "none or haldane", correction)
    name, estimator = "diagnostic odds ratio", "tp tn / (fp fn), Woolf"
    if (reason := table.without_a_class) is not None:
        return undefined(name, estimator, reason, table.counts)
    add = 0.5 if correction == "haldane" else 0.0
    cells = [cell + add for cell in (table.tp, table.fp, table.fn, table.tn)]
    tp, fp, fn, tn = cells
    if fp * fn == 0:
        reason = "zero cells: 0/0" if tp * tn == 0 else "a zero cell: infinite"
        return undefined(name, estimator, reason, table.counts)
    variance = None if tp * tn == 0 else sum(1 / cell for cell in cells)
    label = estimator + (", 0.5 added to every cell" if add else "")
    return _on_log_scale(name, label, table, tp * tn / (fp * fn), variance, level)


@statistic(
    "exact odds ratio",
    suits=_SUITS,
    assumes=_ASSUMES,
    undefined_when="a margin is empty; no value, but one limit, where a cell is 0 and the estimate is infinite",
    reference="Cornfield J. Proc 3rd Berkeley Symp 1956;4:135-148, conditional maximum likelihood; limits: Fay MP."
    " Biostatistics 2010;11:373-374 (central)",
    doi="10.1093/biostatistics/kxp050",
)
def exact_odds_ratio(table: TwoByTwo, *, level: float = 0.95) -> Estimate:
    """Conditional odds ratio with Clopper-Pearson-type limits, for tables with an empty cell; p is Fisher's.

    Where the estimate is infinite there is no value, but the lower limit stands (`interval.high` is None).
    """
    name, estimator = "exact odds ratio", "conditional maximum likelihood, exact limits"
    cells = [[table.tp, table.fp], [table.fn, table.tn]]
    margins = (*map(sum, cells), *map(sum, zip(*cells)))
    if 0 in margins:
        return undefined(name, estimator, "a margin of the table is empty", table.counts)
    if table.total > _MOST_EXACT:
        reason = f"more than {_MOST_EXACT:,} cases: too many for the exact method, see the diagnostic odds ratio"
        return undefined(name, estimator, reason, table.counts)
    found = odds_ratio(cells, kind="conditional")
    limits = found.confidence_interval(level)
    high = None if math.isinf(limits.high) else float(limits.high)
    interval = Interval(float(limits.low), high, level, "exact, conditional on the margins")
    p = float(fisher_exact(cells).pvalue)
    if math.isinf(found.statistic):
        reason = "a cell is 0: the estimate is infinite, the lower limit stands"
        return undefined(name, estimator, reason, table.counts, interval=interval, p=p)
    return Estimate(name, estimator, float(found.statistic), interval=interval, n=table.counts, p=p)


def _at_prevalence(name: str, table: TwoByTwo, prevalence: float, level: float, positive: bool) -> Estimate:
    if not 0.0 < prevalence < 1.0:
        raise WrongCall("prevalence", "a share between 0 and 1, both excluded", prevalence)
    estimator = "Bayes from sensitivity and specificity, logit interval"
    if (reason := table.without_a_class) is not None:
        return undefined(name, estimator, reason, table.counts)
    if 0 in (table.tp, table.fp, table.fn, table.tn):
        reason = "sensitivity or specificity is 0 or 1: no logit"
        return undefined(name, estimator, reason, table.counts)
    hits, false = (table.tp, table.fp) if positive else (table.fn, table.tn)
    ratio = (hits / table.diseased) / (false / table.healthy)
    variance = 1 / hits - 1 / table.diseased + 1 / false - 1 / table.healthy
    sign = 1 if positive else -1
    middle = sign * (math.log(ratio) + math.log(prevalence / (1 - prevalence)))
    half = normal_quantile(level) * math.sqrt(variance)
    return Estimate(
        name,
        estimator,
        float(expit(middle)),
        interval=Interval(float(expit(middle - half)), float(expit(middle + half)), level, "logit"),
        n=table.counts,
        extra={"se_logit": math.sqrt(variance), "prevalence": prevalence},
    )


@statistic(
    "positive predictive value at a prevalence",
    suits=_SUITS,
    assumes=_ASSUMES + "; the prevalence is known, sensitivity and specificity carry over to it",
    undefined_when="one class has no case, or sensitivity or specificity is 0 or 1",
    reference=_MERCALDO,
    doi=_MERCALDO_DOI,
)
def ppv_at_prevalence(table: TwoByTwo, prevalence: float, *, level: float = 0.95) -> Estimate:
    """Share of malignant among those called malignant where the share of malignant is `prevalence`."""
    return _at_prevalence("positive predictive value at a prevalence", table, prevalence, level, True)


@statistic(
    "negative predictive value at a prevalence",
    suits=_SUITS,
    assumes=_ASSUMES + "; the prevalence is known, sensitivity and specificity carry over to it",
    undefined_when="one class has no case, or sensitivity or specificity is 0 or 1",
    reference=_MERCALDO,
    doi=_MERCALDO_DOI,
)
def npv_at_prevalence(table: TwoByTwo, prevalence: float, *, level: float = 0.95) -> Estimate:
    """Share of benign among those called benign where the share of malignant is `prevalence`."""
    return _at_prevalence("negative predictive value at a prevalence", table, prevalence, level, False)
