"""One figure over several centres, without letting a difference between centres pass for agreement."""

from __future__ import annotations

import math
from collections.abc import Mapping

from annotations.agreement.limits import normal_interval
from annotations.agreement.registry import statistic
from annotations.agreement.result import Counts, Estimate, Interval, WrongCall, undefined

ESTIMATOR = "mean of the strata's values weighted by their cases"


@statistic(
    "stratified estimate",
    suits=("binary", "nominal", "ordinal", "continuous"),
    assumes="strata independent, the same quantity in each",
    undefined_when="a stratum with cases has no value of its own",
    reference="Barlow, Lai & Azen 1991, A comparison of methods for calculating a stratified kappa",
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
    if all(e.se for e in used.values()):
        se = math.sqrt(sum((weights[label] * (e.se or 0.0)) ** 2 for label, e in used.items()))
        interval = normal_interval(value, se, level, "normal, of the weighted mean")
        return Estimate(name, ESTIMATOR, value, se=se, interval=interval, n=counts, warnings=warnings)
    limits = _recovered([(weights[label], e) for label, e in used.items()], value, level)
    if limits is None:
        reason = "a stratum has neither a standard error nor an interval"
        return Estimate(name, ESTIMATOR, value, n=counts, warnings=warnings, no_interval=reason)
    return Estimate(name, ESTIMATOR, value, interval=limits, n=counts, warnings=warnings)


def _recovered(parts: list[tuple[float, Estimate]], value: float, level: float) -> Interval | None:
    """The strata's own limits combined (MOVER), where a standard error is missing or 0 but each has an interval.

    Zou & Donner, Stat Med 2008;27:1693-1702, doi:10.1002/sim.3095.
    """
    below = above = 0.0
    for weight, estimate in parts:
        own = estimate.interval
        if own is None or own.low is None or own.high is None or own.level != level or estimate.value is None:
            return None
        below += (weight * (estimate.value - own.low)) ** 2
        above += (weight * (own.high - estimate.value)) ** 2
    return Interval(
        value - math.sqrt(below), value + math.sqrt(above), level, "the strata's intervals combined (MOVER)"
    )
