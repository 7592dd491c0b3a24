"""AUC of 5,000 + 5,000 scores beside bare mid-ranks and scikit-learn, and a reader study beside its DBM twin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from annotations.agreement.auc import auc
from annotations.agreement.dbm import dorfman_berbaum_metz
from annotations.agreement.gallas import one_shot_difference
from annotations.agreement.obuchowski_rockette import obuchowski_rockette
from annotations.agreement.reader_aucs import reader_aucs
from bench.statistics_rows import Peer, Row

PER_CLASS = 5000
BARE_RANKS_MS = 1.2  # what mid-ranks alone take, by issue 6; the row prints what they take here
ARMS, READERS, CASES = 2, 20, 338


def rows() -> Iterator[Row]:
    yield _auc("continuous", lambda scores: scores)
    yield _auc("0-100 with ties", lambda scores: np.clip(np.round(45 + 15 * scores), 0, 100))
    yield _reader_study()
    yield _one_shot()


def _scores(per_class: int) -> np.ndarray:
    return np.random.default_rng(7).normal(size=2 * per_class) + _truth(per_class)


def _truth(per_class: int) -> np.ndarray:
    return np.repeat([0, 1], per_class)


def _auc(kind: str, scaled: Callable[[np.ndarray], np.ndarray]) -> Row:
    truth, scores = _truth(PER_CLASS), scaled(_scores(PER_CLASS))

    def at_scale(factor: int) -> Callable[[], Any]:
        more, own = _truth(PER_CLASS * factor), scaled(_scores(PER_CLASS * factor))
        return lambda: auc(more, own)

    def from_ranks(ranks: np.ndarray) -> float:
        return float((ranks[truth == 1].sum() - PER_CLASS * (PER_CLASS + 1) / 2) / PER_CLASS**2)

    return Row(
        f"AUC with DeLong interval, {PER_CLASS:,} + {PER_CLASS:,}, {kind}",
        1.3 * BARE_RANKS_MS,
        lambda: auc(truth, scores),
        lambda estimate: estimate.value,
        {
            "bare mid-ranks": Peer(lambda: rankdata(scores), from_ranks, repeats=15),
            "scikit-learn (value only)": Peer(lambda: roc_auc_score(truth, scores)),
        },
        at_scale,
        why="n log n: scores off a grid are looked up among those of the other class; 160,000, and their arrays, leave the cache",
    )


def _study(cases: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(7)
    truth = np.repeat([0, 1], cases // 2)
    skill = 1 + 0.3 * generator.normal(size=(ARMS, READERS, 1))
    noise = generator.normal(size=(ARMS, READERS, len(truth)))
    return truth, noise + generator.normal(size=len(truth)) + skill * truth


def _all_models(truth: np.ndarray, ratings: np.ndarray) -> list[Any]:
    values = reader_aucs(truth, ratings)
    return [obuchowski_rockette(values, model=model) for model in ("RRRC", "FRRC", "RRFC")]


def _reader_study() -> Row:
    truth, ratings = _study(CASES)

    def at_scale(factor: int) -> Callable[[], Any]:
        more = _study(CASES * factor)
        return lambda: _all_models(*more)

    return Row(
        f"MRMC, {READERS} readers x {ARMS} arms x {CASES} cases, all three models",
        20,
        lambda: _all_models(truth, ratings),
        lambda studies: (studies[0].test.p, studies[0].differences[0].se),
        {
            "pseudovalues, one model (our DBM: no Python peer)": Peer(
                lambda: dorfman_berbaum_metz(truth, ratings),
                lambda study: (study.test.p, study.differences[0].se),
            )
        },
        at_scale,
    )


def _one_shot() -> Row:
    truth, ratings = _study(CASES)
    return Row(
        f"one-shot U-statistic, {READERS} readers x {ARMS} arms x {CASES} cases (quadratic in cases: every pair)",
        100,
        lambda: one_shot_difference(truth, ratings[0], ratings[1]),
        lambda estimate: estimate.value,
        {"mean of the readers' AUCs (ours)": Peer(lambda: reader_aucs(truth, ratings), _mean_difference)},
        _one_shot_at,
        why="grows as the pairs of cases do: every pair of a diseased and a healthy case is compared for every two readers",
    )


def _one_shot_at(factor: int) -> Callable[[], Any]:
    truth, ratings = _study(84 * factor)
    return lambda: one_shot_difference(truth, *ratings[:, :5])


def _mean_difference(values: Any) -> float:
    means = values.values.mean(axis=1)
    return float(means[0] - means[1])
