"""One figure over several centres, without letting a difference between centres pass for agreement."""

from __future__ import annotations

import math
from collections.abc import Mapping

from annotations.agreement.limits import normal_interval
from annotations.agreement.registry import statistic
from annotations.agreement.result import Counts, Estimate, Interval, WrongCall, undefined

ESTIMATOR = "mean of the strata's values weighted by their cases; limits from the strata's limits (MOVER)"


@statistic(
    "stratified estimate",
    suits=("binary", "nominal", "ordinal", "continuous"),
    assumes="strata independent, the same quantity in each",
    undefined_when="a stratum with cases has no value of its own",
    reference="Barlow, Lai & Azen 1991, A comparison of methods for calculating a stratified kappa; limits Zou & Donner"
    " 2008, doi:10.1002/sim.3095",
    doi="10.1002/sim.4780100913",
)
def stratified(strata: Mapping[str, Estimate], level: float = 0.95) -> Estimate:
    """The strata's estimates of one statistic as one, weighted by cases. Strata without cases drop out.

    Undefined as soon as one stratum with cases is: a mean over the rest would hide it. Raises WrongCall when the strata
    hold different statistics.
    """
    names = sorted({e.name for e in strata.values()})
    if len(names) != 1:
        raise WrongCall("strata", "estimates of one statistic", names)
    used = {label: e for label, e in strata.items() if e.n.cases > 0}
    total = sum(e.n.cases for e in used.values())
    readers = max((e.n.readers for e in strata.values()), default=0)
    counts = Counts(
        total, readers, sum(e.n.ratings for e in strata.values()), sum(e.n.missing for e in strata.values())
    )
    name = names[0]
    if not used:
        return undefined(name, ESTIMATOR, "no case in any stratum", counts)
    for label, estimate in used.items():
        if estimate.undefined is not None:
            return undefined(name, ESTIMATOR, f"{label}: {estimate.undefined}", counts)
    weights = {label: e.n.cases / total for label, e in used.items()}
    value = sum(weights[label] * (e.value or 0.0) for label, e in used.items())
    warnings = tuple(dict.fromkeys(f"{label}: {w}" for label, e in used.items() for w in e.warnings))
    se = _combined_se(used, weights)
    interval = _mover(used, weights, value, level)
    if interval is None and se is not None:
        interval = normal_interval(value, se, level, "normal, of the weighted mean")
    reason = None if interval else "a stratum has neither limits nor a standard error"
    return Estimate(name, ESTIMATOR, value, se=se, interval=interval, n=counts, warnings=warnings, no_interval=reason)


def _combined_se(strata: Mapping[str, Estimate], weights: Mapping[str, float]) -> float | None:
    errors = {label: e.se for label, e in strata.items()}
    if any(se is None for se in errors.values()):
        return None
    return math.sqrt(sum((weights[label] * (se or 0.0)) ** 2 for label, se in errors.items()))


def _mover(strata: Mapping[str, Estimate], weights: Mapping[str, float], value: float, level: float) -> Interval | None:
    """Limits of the weighted mean from the strata's own, each side by itself: they stay as skewed as those are.

    low = mean - sqrt(sum (w (value - low))^2), and so upwards. Zou & Donner 2008, doi:10.1002/sim.3095. None where a
    stratum has no limits, or has them at another level.
    """
    below = above = 0.0
    for label, estimate in strata.items():
        own = estimate.interval
        if own is None or own.low is None or own.high is None or own.level != level or estimate.value is None:
            return None
        below += (weights[label] * (estimate.value - own.low)) ** 2
        above += (weights[label] * (own.high - estimate.value)) ** 2
    return Interval(value - math.sqrt(below), value + math.sqrt(above), level, "MOVER, from the strata's limits")
