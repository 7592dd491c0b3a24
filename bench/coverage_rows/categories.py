"""Agreement on categories: two readers (or one with the reference), and all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.kappa import cohen_kappa, weighted_kappa
from annotations.agreement.kappa_comparison import dependent_kappas
from annotations.agreement.many_readers import fleiss_kappa, gwet_ac1, gwet_ac2, percent_agreement
from annotations.agreement.moments import Moments, alpha_moments, coefficient_moments, kappa_moments, ordinal_distance
from annotations.agreement.ratings import Ratings
from annotations.agreement.resampling import Plan, bootstrap
from annotations.agreement.result import Estimate
from annotations.agreement.stratified import stratified
from annotations.agreement.two_readers import negative_agreement, positive_agreement
from annotations.agreement.weights import weight_matrix
from annotations.analyses.like_readers import LikeReaders
from annotations.analyses.question import Ways
from bench.coverage_rows import Found, Tried, more, of_estimate, two
from bench.coverage_rows.simulated import ORDERED, YES_NO, Simulated

Array = NDArray[np.float64]
QUADRATIC = weight_matrix("quadratic", ORDERED)
RESAMPLES = 1000


def _percent(data: Simulated) -> float:
    return float(np.trace(data.cell.binary))


def _specific(code: int) -> Callable[[Simulated], float]:
    def truth(data: Simulated) -> float:
        joint = data.cell.binary
        return float(2 * joint[code, code] / (joint[code].sum() + joint[:, code].sum()))

    return truth


def _corrected(joint: Array, weights: Array, expected: float) -> float:
    return float(((joint * weights).sum() - expected) / (1 - expected))


def _kappa(data: Simulated) -> float:
    """Readers are alike: Cohen, Fleiss and alpha have one true value."""
    joint = data.cell.binary
    return _corrected(joint, np.eye(2), float((joint.sum(axis=1) ** 2).sum()))


def _kappa_of_these_cases(data: Simulated) -> float:
    """Of two readers drawn from all of them, on the cases of this study."""
    share = float(data.truth.mean())
    of_these = replace(data.cell, prevalence=share)
    joint = of_these.binary
    return _corrected(joint, np.eye(2), float((joint.sum(axis=1) ** 2).sum()))


def _ac(joint: Array, weights: Array) -> float:
    shares, size = joint.sum(axis=1), len(joint)
    return _corrected(joint, weights, float(weights.sum() / (size * (size - 1)) * (shares * (1 - shares)).sum()))


def _weighted(data: Simulated) -> float:
    joint = data.cell.ordered
    shares = joint.sum(axis=1)
    return _corrected(joint, QUADRATIC, float(shares @ QUADRATIC @ shares))


def _ordinal_alpha(data: Simulated) -> float:
    joint = data.cell.ordered
    shares = joint.sum(axis=1)
    distance = ordinal_distance(shares)
    return float(1 - (joint * distance).sum() / (shares @ distance @ shares))


def _stratified(data: Simulated, seed: int) -> Found:
    """Two centres of half the cases each."""
    half = np.arange(data.cell.cases) < data.cell.cases // 2
    return of_estimate(stratified({str(c): cohen_kappa(data.binary.of_cases(half == c)) for c in (True, False)}))


def _difference(data: Simulated, seed: int) -> Found:
    """Two readers' kappas with a third, as a comparison of readers shows them."""
    ratings = data.binary
    return of_estimate(dependent_kappas(ratings.of_readers(0, 2), ratings.of_readers(1, 2)))


def _over_patients(data: Simulated, seed: int) -> Found:
    ratings = data.twin_nodes
    plan = Plan(seed, 2000, "bca", patients=np.arange(ratings.n_cases) // 2)
    return of_estimate(bootstrap(cohen_kappa(ratings), kappa_moments(ratings), plan))


def _cohen_bca(data: Simulated, seed: int) -> Found:
    return of_estimate(bootstrap(cohen_kappa(data.binary), kappa_moments(data.binary), Plan(seed, RESAMPLES, "bca")))


def _alpha_bca(data: Simulated, seed: int) -> Found:
    found = krippendorff_alpha(data.binary)
    return of_estimate(bootstrap(found, alpha_moments(data.binary), Plan(seed, RESAMPLES, "bca")))


def _fleiss_bca(data: Simulated, seed: int) -> Found:
    moments = coefficient_moments(data.binary, "Fleiss kappa")
    return of_estimate(bootstrap(fleiss_kappa(data.binary), moments, Plan(seed, RESAMPLES, "bca")))


def _like(figure: Callable[[Ratings], Estimate], over: str) -> Callable[[Simulated, int], Found]:
    """As a results page has it where the spec says over whom intervals are."""

    def found(data: Simulated, seed: int) -> Found:
        plain, like = figure(data.unlike), LikeReaders(Ways(over=over))

        def moments_of(ratings: Ratings) -> Moments:
            return alpha_moments(ratings) if figure is krippendorff_alpha else coefficient_moments(ratings, plain.name)

        return of_estimate(like.interval(plain, moments_of, data.unlike, like.ways))

    return found


PRESENT, ABSENT = YES_NO[1], YES_NO[0]
BINARY: tuple[Tried, ...] = (
    Tried("percent", _percent, lambda data, seed: of_estimate(percent_agreement(data.binary))),
    Tried("positive", _specific(1), lambda data, seed: of_estimate(positive_agreement(data.binary, PRESENT)), two),
    Tried("negative", _specific(0), lambda data, seed: of_estimate(negative_agreement(data.binary, ABSENT)), two),
    Tried("Cohen", _kappa, lambda data, seed: of_estimate(cohen_kappa(data.binary)), two),
    Tried("Cohen, stratified", _kappa, _stratified, two),
    Tried("Fleiss", _kappa, lambda data, seed: of_estimate(fleiss_kappa(data.binary)), more),
    Tried("alpha", _kappa, lambda data, seed: of_estimate(krippendorff_alpha(data.binary))),
    Tried("AC1", lambda data: _ac(data.cell.binary, np.eye(2)), lambda data, seed: of_estimate(gwet_ac1(data.binary))),
    Tried("difference of kappas", lambda data: 0.0, _difference, more),
)
ORDINAL: tuple[Tried, ...] = (
    Tried("weighted kappa", _weighted, lambda data, seed: of_estimate(weighted_kappa(data.ordered)), two),
    Tried("weighted Fleiss", _weighted,
          lambda data, seed: of_estimate(fleiss_kappa(data.ordered, weights="quadratic")), more),
    Tried("ordinal alpha", _ordinal_alpha,
          lambda data, seed: of_estimate(krippendorff_alpha(data.ordered, metric="ordinal"))),
    Tried("AC2", lambda data: _ac(data.cell.ordered, QUADRATIC), lambda data, seed: of_estimate(gwet_ac2(data.ordered))),
)  # fmt: skip
RESAMPLED: tuple[Tried, ...] = (
    Tried("Cohen, patients", _kappa, _over_patients, two, resampled=True),
    Tried("Cohen, BCa", _kappa, _cohen_bca, two, resampled=True),
    Tried("Fleiss, BCa", _kappa, _fleiss_bca, more, resampled=True),
    Tried("alpha, BCa", _kappa, _alpha_bca, resampled=True),
)
LIKE_THESE: tuple[Tried, ...] = (
    Tried("Fleiss, readers", _kappa_of_these_cases, _like(fleiss_kappa, "readers"), more),
    Tried("percent, both", _percent, _like(percent_agreement, "both"), more),
    Tried("Fleiss, both", _kappa, _like(fleiss_kappa, "both"), more),
    Tried("alpha, both", _kappa, _like(krippendorff_alpha, "both"), more),
    Tried("AC1, both", lambda data: _ac(data.cell.binary, np.eye(2)), _like(gwet_ac1, "both"), more),
)
