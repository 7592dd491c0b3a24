"""Power and size of a multi-reader multi-case study, from the variance components of a pilot.

Hillis SL, Obuchowski NA, Berbaum KS. Power estimation for multireader ROC methods. Acad Radiol
2011;18:129-142, doi:10.1016/j.acra.2010.09.007. Covariances and error variance shrink as pilot cases / cases;
negative var_tr and cov2 - cov3 are taken as 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.optimize import brentq
from scipy.special import chndtr, ncfdtr
from scipy.stats import chi2
from scipy.stats import f as f_distribution

from .auc_power import auc_variance
from .checked_calls import check_number
from .reader_study import Model, check_model
from .registry import statistic
from .result import Counts, Estimate, WrongCall, undefined

_MOST_CASES = 10_000_000
_CERTAIN = 1000.0  # noncentrality above which the noncentral F may have no number, and the power is 1
_HILLIS = "Hillis SL, Obuchowski NA, Berbaum KS. Acad Radiol 2011;18:129-142"
_HILLIS_DOI = "10.1016/j.acra.2010.09.007"
_SUITS = ("score", "ordinal", "pathology")


@dataclass(frozen=True, slots=True)
class PilotComponents:
    """Obuchowski-Rockette components of a pilot with `cases` cases (of the same mix as the study planned)."""

    var_tr: float
    cov1: float
    cov2: float
    cov3: float
    var_error: float
    cases: int

    def __post_init__(self) -> None:
        for name in ("var_tr", "cov1", "cov2", "cov3", "var_error", "cases"):
            check_number(name, getattr(self, name))
        if self.cases < 1 or self.var_error < 0:
            raise WrongCall("pilot", "at least one case and a variance of error of 0 or more", self)


def f_power(noncentrality: float, df1: float, df2: float, alpha: float) -> float:
    """Chance that a noncentral F passes the central F's upper alpha point."""
    critical = float(f_distribution.isf(alpha, df1, df2))
    below = float(ncfdtr(df1, df2, noncentrality, critical))
    return 1.0 if math.isnan(below) and noncentrality > _CERTAIN else 1.0 - below


def chi_square_power(noncentrality: float, df: float, alpha: float) -> float:
    """Chance that a noncentral chi-square passes the central one's upper alpha point."""
    return 1.0 - float(chndtr(float(chi2.isf(alpha, df)), df, noncentrality))


def noncentrality_for(power: float, power_of: Callable[[float], float]) -> float:
    """The noncentrality at which an increasing power function reaches `power`."""
    high = 1.0
    while power_of(high) < power:
        high *= 2
    return float(brentq(lambda nc: power_of(nc) - power, 0.0, high, xtol=1e-12))


def _check(readers: int, effect: float, alpha: float, model: str) -> None:
    check_model(model)
    if readers < 1 or (readers < 2 and model != "FRRC"):
        raise WrongCall("readers", "two or more readers (one where readers are fixed)", readers)
    if not 0 < alpha < 1:
        raise WrongCall("alpha", "an error rate between 0 and 1", alpha)
    if not -1 <= effect <= 1:
        raise WrongCall("effect", "a difference of accuracies, -1 to 1", effect)


def _power(
    pilot: PilotComponents, readers: int, cases: float, effect: float, model: str, alpha: float
) -> tuple[float, float, float | None]:
    """Power, noncentrality and denominator df (None: chi-square) for two arms."""
    scale = pilot.cases / cases
    between = max(pilot.cov2 - pilot.cov3, 0.0)
    interaction, gap = max(pilot.var_tr, 0.0), pilot.var_error - pilot.cov1
    mean_square = interaction + scale * (gap - between)
    total = {
        "RRRC": interaction + scale * (gap + (readers - 1) * between),
        "FRRC": scale * (gap + (readers - 1) * between),
        "RRFC": mean_square,
    }[model]
    if total <= 0:
        return 1.0, math.inf, None
    noncentrality = readers * effect**2 / 2 / total
    if model == "FRRC":
        return chi_square_power(noncentrality, 1, alpha), noncentrality, None
    df2 = (readers - 1.0) * (total / mean_square) ** 2 if mean_square > 0 else math.inf
    if not math.isfinite(df2):
        return chi_square_power(noncentrality, 1, alpha), noncentrality, None
    return f_power(noncentrality, 1, df2, alpha), noncentrality, df2


@statistic(
    "MRMC power",
    suits=_SUITS,
    assumes="two arms, fully crossed; the pilot's components hold for the study planned",
    undefined_when="the pilot's variances leave nothing in the denominator",
    reference=_HILLIS,
    doi=_HILLIS_DOI,
)
def mrmc_power(
    pilot: PilotComponents,
    *,
    readers: int,
    cases: int,
    effect: float,
    model: Model = "RRRC",
    alpha: float = 0.05,
) -> Estimate:
    """Power to find the difference `effect` between two arms with so many readers and cases.

    >>> van_dyke = PilotComponents(0.00020040249, 0.0003466137, 0.0003440748, 0.0002390284, 0.0008022883, 114)
    >>> round(mrmc_power(van_dyke, readers=5, cases=114, effect=0.05).value, 3)
    0.617
    """
    _check(readers, effect, alpha, model)
    if cases < 1:
        raise WrongCall("cases", "at least one case", cases)
    power, noncentrality, df = _power(pilot, readers, cases, effect, model, alpha)
    n, label = Counts(cases=cases, readers=readers), f"Obuchowski-Rockette, {model}, two arms"
    if not math.isfinite(noncentrality):
        return undefined("MRMC power", label, "the denominator of the test is 0", n)
    extra = {"noncentrality": noncentrality}
    return Estimate("MRMC power", label, power, n=n, df=df, extra=extra, no_interval="a calculation has none")


@statistic(
    "MRMC cases needed",
    suits=_SUITS,
    assumes="two arms, fully crossed; the pilot's components hold for the study planned",
    undefined_when="no number of cases gives the power, for want of readers",
    reference=_HILLIS,
    doi=_HILLIS_DOI,
)
def mrmc_cases_needed(
    pilot: PilotComponents,
    *,
    readers: int,
    effect: float,
    power: float = 0.8,
    model: Model = "RRRC",
    alpha: float = 0.05,
) -> Estimate:
    """The smallest number of cases that gives the power; undefined where no number does."""
    _check(readers, effect, alpha, model)
    name, label = "MRMC cases needed", f"Obuchowski-Rockette, {model}, two arms"

    def reached(cases: float) -> float:
        return _power(pilot, readers, cases, effect, model, alpha)[0]

    limit = reached(math.inf)
    if effect == 0 or reached(_MOST_CASES) < power:
        reason = f"no number of cases gives this power with {readers} readers (at most {limit:.3f})"
        return undefined(name, label, reason, Counts(readers=readers))
    low, high = 1, 2
    while reached(high) < power:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if reached(middle) < power else (low, middle)
    needed = low if reached(low) >= power else high
    extra = {
        "power": reached(needed),
        "power_one_fewer": reached(needed - 1) if needed > 1 else None,
        "power_with_infinitely_many_cases": limit,
    }
    n = Counts(cases=needed, readers=readers)
    return Estimate(name, label, needed, n=n, extra=extra, no_interval="a calculation has none")


@statistic(
    "MRMC power, DBM",
    suits=_SUITS,
    assumes="two arms, fully crossed; components of pseudovalues",
    undefined_when="never",
    reference="Hillis SL, Berbaum KS. Power estimation for the Dorfman-Berbaum-Metz method. Acad Radiol "
    "2004;11:1260-1273",
    doi="10.1016/j.acra.2004.09.002",
)
def mrmc_power_dbm(
    *,
    readers: int,
    cases: int,
    effect: float,
    var_tr: float,
    var_tc: float,
    var_error: float,
    alpha: float = 0.05,
) -> Estimate:
    """Power for random readers and cases from the variance components of pseudovalues; negative ones are
    0."""
    _check(readers, effect, alpha, "RRRC")
    of_readers = cases * max(var_tr, 0.0) + var_error
    total = of_readers + readers * max(var_tc, 0.0)
    noncentrality = readers * cases * effect**2 / 2 / total
    df = (readers - 1) * (total / of_readers) ** 2
    return Estimate(
        "MRMC power, DBM",
        "Dorfman-Berbaum-Metz, RRRC, two arms",
        f_power(noncentrality, 1, df, alpha),
        n=Counts(cases=cases, readers=readers),
        df=df,
        extra={"noncentrality": noncentrality},
        no_interval="a calculation has none",
    )


@statistic(
    "MRMC cases needed, conjectured components",
    suits=_SUITS,
    assumes="two arms, fully crossed; binormal scores; correlations conjectured",
    undefined_when="the readers' variances alone exceed what the power allows",
    reference="Zhou XH, Obuchowski NA, McClish DK. Statistical Methods in Diagnostic Medicine. 2nd ed. Wiley "
    "2011, ch. 6",
    doi="10.1002/9780470906514",
)
def mrmc_cases_needed_conjectured(
    *,
    readers: int,
    effect: float,
    accuracy: float,
    r1: float,
    r2: float,
    r3: float,
    var_tr: float,
    var_within: float,
    sessions: int = 1,
    controls_per_case: float = 1.0,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Estimate:
    """Diseased cases needed without a pilot: F on 1 and readers - 1 df (conservative against Hillis' df).

    r1, r2, r3: correlations of AUCs over cases for the same reader, the same arm, neither; var_tr: of the
    readers' differences; var_within: of one reader's repeated readings; accuracy: the AUC expected.
    """
    _check(readers, effect, alpha, "RRRC")
    if sessions < 1 or (1 - r1) + (readers - 1) * (r2 - r3) <= 0:
        raise WrongCall(
            "sessions, r1, r2, r3", "a session, and correlations that leave a variance", (sessions, r1, r2, r3)
        )
    name, label = "MRMC cases needed, conjectured components", "Obuchowski df (t - 1)(readers - 1)"
    df = readers - 1
    wanted = noncentrality_for(power, lambda nc: f_power(nc, 1, df, alpha))
    left = readers * effect**2 / (2 * wanted) - var_tr - var_within / sessions
    if left <= 0:
        return undefined(name, label, "the readers' variances alone exceed what the power allows")
    of_cases = left / ((1 - r1) + (readers - 1) * (r2 - r3))
    unrounded = auc_variance(accuracy, controls_per_case) / of_cases
    return Estimate(
        name,
        label,
        math.ceil(unrounded),
        n=Counts(readers=readers),
        extra={"unrounded": unrounded, "noncentrality": wanted},
        no_interval="a calculation has none",
    )
