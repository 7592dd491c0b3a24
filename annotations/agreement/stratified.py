"""One figure over several centres, without letting a difference between centres pass for agreement."""

from __future__ import annotations

import math
from collections.abc import Mapping

from annotations.agreement.limits import normal_interval
from annotations.agreement.registry import statistic
from annotations.agreement.result import Counts, Estimate, WrongCall, undefined

ESTIMATOR = "mean of the strata's values weighted by their cases; se from the strata's"


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
    if any(e.se is None for e in used.values()):
        reason = "a stratum has no standard error"
        return Estimate(name, ESTIMATOR, value, n=counts, warnings=warnings, no_interval=reason)
    se = math.sqrt(sum((weights[label] * (e.se or 0.0)) ** 2 for label, e in used.items()))
    interval = normal_interval(value, se, level, "normal, of the weighted mean")
    return Estimate(name, ESTIMATOR, value, se=se, interval=interval, n=counts, warnings=warnings)
