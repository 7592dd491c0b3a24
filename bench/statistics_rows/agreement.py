"""Agreement of 20 readers on 10,000 cases, and the bootstrap of a study's size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

import krippendorff
import numpy as np
import pandas
import pingouin
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.icc import icc_forms
from annotations.agreement.many_readers import fleiss_kappa
from annotations.agreement.measurements import Measurements
from annotations.agreement.moments import alpha_moments
from annotations.agreement.pairs import pairwise_kappa
from annotations.agreement.ratings import Ratings
from annotations.agreement.resampling import Plan, bootstrap, bootstrap_values
from bench.statistics_rows import Peer, Row

SCALE = (1, 2, 3, 4, 5)
STEPS = np.square(np.arange(5.0)[:, None] - np.arange(5.0)[None, :])
RESAMPLES = 2000


def _codes(readers: int, cases: int, missing: float = 0.0) -> np.ndarray:
    rng = np.random.default_rng(20)
    truth = rng.integers(0, 5, cases)
    codes = np.where(rng.random((readers, cases)) < 0.6, truth, rng.integers(0, 5, (readers, cases)))
    return np.where(rng.random(codes.shape) < missing, -1, codes).astype(np.int8)


def _with_gaps(codes: np.ndarray) -> np.ndarray:
    return np.where(codes < 0, np.nan, codes + 1.0)


def rows() -> Iterator[Row]:
    yield _alpha()
    yield _alpha_bootstrap()
    yield _pairs()
    yield _fleiss()
    yield _icc()


def _alpha() -> Row:
    codes = _codes(20, 10_000, 0.05)
    given = _with_gaps(codes)
    return Row(
        "Krippendorff alpha, 20 x 10,000, 5 categories, 5 % missing, with interval",
        4,
        lambda: krippendorff_alpha(Ratings(codes, SCALE)),
        lambda estimate: estimate.value,
        {
            "krippendorff (value only)": Peer(
                lambda: krippendorff.alpha(given, level_of_measurement="nominal", value_domain=list(SCALE))
            )
        },
        lambda factor: _on(_codes(20, 10_000 * factor, 0.05), krippendorff_alpha),
    )


def _on(codes: np.ndarray, work: Callable[[Ratings], Any]) -> Callable[[], Any]:
    return lambda: work(Ratings(codes, SCALE))


def _alpha_bootstrap() -> Row:
    """The peer has no bootstrap: its value on every one of our resamples, whose limits must be ours."""
    codes = _codes(5, 338)
    given = _with_gaps(codes)
    rng = np.random.default_rng(21)
    draws = rng.integers(0, 338, (RESAMPLES, 338))

    def ours(data: Ratings = Ratings(codes, SCALE)) -> Any:  # noqa: B008
        return bootstrap(krippendorff_alpha(data), alpha_moments(data), Plan(1, RESAMPLES))

    def theirs() -> float:
        drawn = [
            krippendorff.alpha(given[:, d], level_of_measurement="nominal", value_domain=list(SCALE)) for d in draws
        ]
        return float(np.std(drawn, ddof=1))

    return Row(
        "its bootstrap, 2,000 resamples of 5 x 338 (compared: standard errors of different draws)",
        30,
        ours,
        lambda estimate: estimate.se,
        {"krippendorff in a loop": Peer(theirs, repeats=1)},
        lambda factor: _bootstrap_of(Ratings(_codes(5, 338 * factor), SCALE)),
        tolerance=2e-3,
    )


def _bootstrap_of(data: Ratings) -> Callable[[], Any]:
    return lambda: bootstrap_values(alpha_moments(data), Plan(1, RESAMPLES), "alpha")


def _pairs() -> Row:
    codes = _codes(20, 10_000)
    pairs = list(combinations(codes, 2))

    def by_statsmodels() -> list[tuple[float, float]]:
        found = []
        for a, b in pairs:
            table = np.bincount(a.astype(int) * 5 + b, minlength=25).reshape(5, 5)
            result = cohens_kappa(table, weights=STEPS)
            found.append((result.kappa, result.std_kappa))
        return found

    return Row(
        "quadratic kappa of all 190 pairs of 20 x 10,000, with se",
        10,
        lambda: pairwise_kappa(Ratings(codes, SCALE), weights="quadratic"),
        lambda estimate: estimate.extra["kappas"],
        {
            "scikit-learn (value only)": Peer(
                lambda: [cohen_kappa_score(a, b, labels=range(5), weights="quadratic") for a, b in pairs], repeats=1
            ),
            "statsmodels": Peer(by_statsmodels, lambda found: [kappa for kappa, _ in found], repeats=1),
        },
        lambda factor: _on(_codes(20, 10_000 * factor), lambda data: pairwise_kappa(data, weights="quadratic")),
    )


def _fleiss() -> Row:
    codes = _codes(20, 10_000)
    return Row(
        "Fleiss' kappa from raw 20 x 10,000, with interval",
        3,
        lambda: fleiss_kappa(Ratings(codes, SCALE)),
        lambda estimate: estimate.value,
        {"statsmodels (value only)": Peer(lambda: statsmodels_fleiss(aggregate_raters(codes.T)[0]))},
        lambda factor: _on(_codes(20, 10_000 * factor), fleiss_kappa),
    )


def _values(readers: int, cases: int) -> np.ndarray:
    rng = np.random.default_rng(22)
    return rng.normal(size=cases) * 2 + rng.normal(size=(readers, cases)) + rng.normal(size=(readers, 1))


def _icc() -> Row:
    values = _values(10, 10_000)
    readers, cases = np.indices(values.shape)
    frame = pandas.DataFrame({"reader": readers.ravel(), "case": cases.ravel(), "value": values.ravel()})
    return Row(
        "ICC, six forms with intervals, 10 readers x 10,000 cases",
        10,
        lambda: icc_forms(Measurements(values)),
        lambda forms: [estimate.value for estimate in forms.values()],
        {
            "pingouin": Peer(
                lambda: pingouin.intraclass_corr(frame, targets="case", raters="reader", ratings="value"),
                lambda answer: answer["ICC"].tolist(),
                repeats=1,
            )
        },
        lambda factor: _icc_of(_values(10, 10_000 * factor)),
    )


def _icc_of(values: np.ndarray) -> Callable[[], Any]:
    return lambda: icc_forms(Measurements(values))
