"""One proportion and its interval: Wilson, Clopper-Pearson, Agresti-Coull, logit, Wald.

Intervals are not cut to [0, 1]; Wilson and Clopper-Pearson stay inside by construction.
"""

from __future__ import annotations

import math
from typing import Literal

from scipy.special import expit, logit, ndtri
from scipy.stats import beta

from .registry import statistic
from .result import Counts, Estimate, Interval, WrongCall, undefined

IntervalMethod = Literal["wilson", "clopper-pearson", "agresti-coull", "logit", "wald"]

NO_LOGIT = "the proportion is 0 or 1: its logit is infinite"
NO_OBSERVATIONS = "no observations"
FEW = 10  # observations below which a score interval can cover less than it says (bench/coverage.py)


def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile of a level: 1.96 for 0.95. Raises WrongCall outside (0, 1)."""
    if not 0.0 < level < 1.0:
        raise WrongCall("level", "a confidence level between 0 and 1", level)
    return float(ndtri(0.5 + level / 2))


def wilson_limits(k: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Score interval of k out of n (Wilson 1927). n > 0."""
    z = normal_quantile(level)
    centre = (k + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(k * (n - k) / n + z * z / 4)
    return (0.0 if k == 0 else centre - half), (1.0 if k == n else centre + half)


def _clopper_pearson(k: float, n: float, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else float(beta.ppf(tail, k, n - k + 1))
    high = 1.0 if k == n else float(beta.ppf(1 - tail, k + 1, n - k))
    return low, high


def _agresti_coull(k: float, n: float, level: float) -> tuple[float, float]:
    z = normal_quantile(level)
    more = n + z * z
    centre = (k + z * z / 2) / more
    half = z * math.sqrt(centre * (1 - centre) / more)
    return centre - half, centre + half


def _logit(k: float, n: float, level: float) -> tuple[float, float]:
    half = normal_quantile(level) * math.sqrt(n / (k * (n - k)))
    middle = float(logit(k / n))
    return float(expit(middle - half)), float(expit(middle + half))


def _wald(k: float, n: float, level: float) -> tuple[float, float]:
    half = normal_quantile(level) * math.sqrt(k * (n - k) / n**3)
    return k / n - half, k / n + half


_LIMITS = {
    "wilson": ("Wilson", wilson_limits),
    "clopper-pearson": ("Clopper-Pearson", _clopper_pearson),
    "agresti-coull": ("Agresti-Coull, not cut to [0, 1]", _agresti_coull),
    "logit": ("logit", _logit),
    "wald": ("Wald, not cut to [0, 1]", _wald),
}


def proportion_interval(k: int, n: int, *, level: float = 0.95, method: IntervalMethod = "wilson") -> Interval | None:
    """The interval of k out of n; None where it does not exist (n = 0; the logit of 0 or 1).

    Raises WrongCall for a method that is not one of wilson, clopper-pearson, agresti-coull, logit, wald.
    """
    normal_quantile(level)
    if method not in _LIMITS:
        raise WrongCall("method", f"one of {', '.join(_LIMITS)}", method)
    if n == 0 or (method == "logit" and k in (0, n)):
        return None
    label, limits = _LIMITS[method]
    return Interval(*limits(k, n, level), level, label)


@statistic(
    "proportion",
    suits=("binary",),
    assumes="independent observations, one per case",
    undefined_when="there is no observation",
    reference="Newcombe RG. Two-sided confidence intervals for the single proportion. Stat Med 1998;17:857-872",
    doi="10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E",
)
def proportion(
    k: int,
    n: int,
    *,
    level: float = 0.95,
    method: IntervalMethod = "wilson",
    name: str = "proportion",
    missing: int = 0,
) -> Estimate:
    """k out of n with its interval, under `name` (a sensitivity is a proportion by another name).

    >>> estimate = proportion(81, 263)  # Newcombe 1998, table I: 0.2553 to 0.3662
    >>> round(estimate.interval.low, 4), round(estimate.interval.high, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= k <= n:
        raise WrongCall("k", f"a count between 0 and n = {n}", k)
    counts = Counts(cases=n, ratings=n, missing=missing)
    if n == 0:
        return undefined(name, "k / n", NO_OBSERVATIONS, counts)
    interval = proportion_interval(k, n, level=level, method=method)
    return Estimate(
        name=name,
        estimator="k / n",
        value=k / n,
        se=math.sqrt(k * (n - k) / n**3),
        interval=interval,
        n=counts,
        extra={"k": int(k), "n": int(n)},
        warnings=few_observations(n),
        no_interval=None if interval else NO_LOGIT,
    )


def few_observations(n: float, what: str = "cases") -> tuple[str, ...]:
    """What is said of a share of so few."""
    return (f"A share of only {n:.0f} {what}: its interval is wide and approximate.",) if n < FEW else ()
