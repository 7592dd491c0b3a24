"""Which statistics are computed for which kind of answers: one reader with another, and all readers together.

Where patients bring several cases every interval is by bootstrap of whole patients. Among readers it is by leaving readers out
where the spec says so; an ICC of absolute agreement takes them as drawn by its formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.bland_altman import bland_altman
from annotations.agreement.concordance import lin_ccc
from annotations.agreement.continuous_moments import bland_altman_moments, ccc_moments, icc_moments
from annotations.agreement.icc import icc
from annotations.agreement.kappa import cohen_kappa, weighted_kappa
from annotations.agreement.many_readers import fleiss_kappa, gwet_ac1, gwet_ac2, percent_agreement
from annotations.agreement.measurements import Measurements
from annotations.agreement.moments import Moments, alpha_moments, coefficient_moments, kappa_moments, ratio
from annotations.agreement.ratings import Ratings
from annotations.agreement.resampling import bootstrap
from annotations.agreement.result import Estimate
from annotations.agreement.two_readers import specific_agreement
from annotations.analyses.like_readers import LikeReaders
from annotations.analyses.question import Scale, Ways

Figures = dict[str, Estimate]
# (estimate, its moments of any ratings, its ratings) → the estimate with the interval that is asked for
IntervalOf = Callable[[Estimate, Callable[[Ratings], Moments], Ratings], Estimate]
# what a spec may choose among; the headline of each kind always is computed
STATISTICS = ("percent", "specific", "ac1", "ac2", "alpha", "weighted", "bland_altman", "assessability")
HEADLINES = ("kappa", "fleiss", "icc", "ccc")


def chosen(figures: Figures, statistics: Sequence[str] | None) -> Figures:
    """Those that the spec asks for, and the headlines; None: all."""
    if statistics is None:
        return figures
    return {name: estimate for name, estimate in figures.items() if _family(name) in (*HEADLINES, *statistics)}


def _family(name: str) -> str:
    if name.startswith("alpha"):
        return "alpha"
    if name.startswith("weighted"):
        return "weighted"
    return "specific" if name.startswith("specific:") or name in ("positive", "negative") else name


def measured_pair(data: Measurements, ways: Ways) -> Figures:
    """Bland-Altman and Lin's CCC of two readers' numbers."""
    found = {"bland_altman": bland_altman(data, ways.level), "ccc": lin_ccc(data, ways.level)}
    if not ways.clustered:
        return found
    return {
        "bland_altman": _limits_over_patients(found["bland_altman"], data, ways),
        "ccc": over_patients(found["ccc"], ccc_moments(data), ways),
    }


def rated_pair(ratings: Ratings, scale: Scale, ways: Ways) -> Figures:
    """Percent and specific agreement, kappa (weighted beside it for an ordinal scale) and AC1 of two readers."""
    found = {"percent": percent_agreement(ratings, ways.level)}
    found |= specific(ratings, scale, ways)
    found["kappa"] = pair_kappa(ratings, ways)
    if scale.kind == "ordinal":
        weighted = weighted_kappa(ratings, ways.level, weights=scale.weights)
        found["weighted_kappa"] = over_patients(weighted, kappa_moments(ratings, scale.weights), ways)
    found["ac1"] = gwet_ac1(ratings, ways.level)
    for key, name in (("percent", "percent agreement"), ("ac1", "Gwet AC1")):
        found[key] = over_patients(found[key], coefficient_moments(ratings, name), ways)
    return found


def pair_kappa(ratings: Ratings, ways: Ways) -> Estimate:
    """Cohen's kappa of two readers."""
    return over_patients(cohen_kappa(ratings, ways.level), kappa_moments(ratings), ways)


def specific(ratings: Ratings, scale: Scale, ways: Ways) -> Figures:
    """Positive and negative agreement of a binary scale; that of each category of another."""
    names = {f"specific:{code}": (code, f"specific agreement, {code}") for code in scale.categories}
    if scale.kind == "binary" and scale.positive is not None:
        absent = next(code for code in scale.categories if code != scale.positive)
        names = {"positive": (scale.positive, "positive agreement"), "negative": (absent, "negative agreement")}
        names |= {
            f"specific:{c}": (c, f"specific agreement, {c}") for c in ratings.categories if c not in scale.categories
        }
    return {
        key: over_patients(
            specific_agreement(ratings, code, ways.level, name=name),
            _specific_moments(ratings, ratings.code_of(code)),
            ways,
        )
        for key, (code, name) in names.items()
    }


def measured_together(data: Measurements, ways: Ways) -> Figures:
    """The ICC of absolute agreement; the one-way form where readers are interchangeable. Never a consistency form."""
    form = "ICC(1,1)" if ways.interchangeable else "ICC(2,1)"
    return {"icc": over_patients(icc(data, ways.level, form=form), icc_moments(data, form), ways)}


def interval_among(ways: Ways, like: LikeReaders | None = None) -> IntervalOf:
    """Of agreement among readers: said of these readers, or of readers like them."""
    if like is None:
        return lambda estimate, moments_of, ratings: over_patients(estimate, moments_of(ratings), ways)
    return lambda estimate, moments_of, ratings: like.interval(estimate, moments_of, ratings, ways)


def rated_together(ratings: Ratings, scale: Scale, ways: Ways, interval: IntervalOf | None = None) -> Figures:
    """Percent, alpha, Fleiss' kappa and AC1 of all readers; an ordinal scale has ordinal alpha and weighted forms."""
    level, weights, said = ways.level, scale.weights, interval or interval_among(ways)

    def coefficient(estimate: Estimate, **how: str) -> Estimate:
        return said(estimate, lambda own: coefficient_moments(own, estimate.name, **how), ratings)

    found = {
        "percent": coefficient(percent_agreement(ratings, level)),
        "alpha": alpha(ratings, ways, "ordinal" if scale.kind == "ordinal" else "nominal", said),
        "fleiss": coefficient(fleiss_kappa(ratings, level)),
        "ac1": coefficient(gwet_ac1(ratings, level)),
    }
    if scale.kind == "ordinal":
        found["weighted_fleiss"] = coefficient(fleiss_kappa(ratings, level, weights=weights), weights=weights)
        found["ac2"] = coefficient(gwet_ac2(ratings, level, weights=weights), weights=weights)
    return found


def alpha(ratings: Ratings, ways: Ways, metric: str = "nominal", interval: IntervalOf | None = None) -> Estimate:
    """Krippendorff's alpha."""
    said, found = interval or interval_among(ways), krippendorff_alpha(ratings, ways.level, metric=metric)
    return said(found, lambda own: alpha_moments(own, metric), ratings)


def assessability(assessable: Ratings, ways: Ways, interval: IntervalOf | None = None) -> Estimate:
    """Percent agreement on whether the feature can be assessed at all."""
    said, found = interval or interval_among(ways), percent_agreement(assessable, ways.level)
    return said(found, lambda own: coefficient_moments(own, found.name), assessable)


def over_patients(estimate: Estimate, moments: Moments, ways: Ways) -> Estimate:
    """The estimate as it is, or with the interval of a bootstrap of whole patients where some have several cases."""
    if not ways.clustered or estimate.value is None:
        return estimate
    # the test that came with the estimate took cases for independent
    plain = replace(estimate, statistic=None, df=None, p=None)
    found = bootstrap(plain, moments, ways.plan(), ways.level)
    if found.interval is None:
        return found
    return replace(found, interval=replace(found.interval, method=f"{found.interval.method} of patients"))


def _limits_over_patients(estimate: Estimate, data: Measurements, ways: Ways) -> Estimate:
    """Bias and both limits, each with a bootstrap of patients; what rests on independent cases is taken out."""
    if estimate.value is None:
        return estimate
    found = over_patients(estimate, bland_altman_moments(data), ways)
    extra = {key: value for key, value in found.extra.items() if key in ("sd", "loa_low", "loa_high")}
    for which in ("loa_low", "loa_high"):
        moments = bland_altman_moments(data, which)
        own = over_patients(Estimate(which, estimate.estimator, moments.value, n=estimate.n), moments, ways)
        if own.interval is not None:
            extra |= {f"{which}_ci_low": own.interval.low, f"{which}_ci_high": own.interval.high}
    return replace(found, extra=extra | {"loa_method": "bootstrap of patients"}, warnings=())


def _specific_moments(ratings: Ratings, code: int) -> Moments:
    both = (ratings.codes >= 0).all(axis=0)
    chosen = (ratings.codes == code) & both
    agreed = chosen.all(axis=0)
    rows = np.column_stack([agreed, chosen.any(axis=0) & ~agreed]).astype(np.float64)
    return Moments(rows, lambda sums: ratio(2 * sums[..., 0], 2 * sums[..., 0] + sums[..., 1]))
