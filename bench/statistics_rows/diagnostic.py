"""Bench rows of diagnostic accuracy and reader studies: AUC beside bare mid-ranks and scikit-learn, MRMC beside DBM."""

from __future__ import annotations

import time
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

SEED = 7
PER_CLASS = 5000
ARMS, READERS, CASES = 2, 20, 338


def rows() -> Iterator[tuple[str, float, float, str, bool]]:
    """(name, ours in ms, peer in ms, peer's name, whether the values agree), best of several runs."""
    generator = np.random.default_rng(SEED)
    truth = np.repeat([0, 1], PER_CLASS)
    for label, scores in (
        ("continuous", generator.normal(size=2 * PER_CLASS) + truth),
        ("0-100 with ties", np.clip(np.round(45 + 15 * generator.normal(size=2 * PER_CLASS) + 20 * truth), 0, 100)),
    ):
        name = f"AUC with DeLong interval, {PER_CLASS} + {PER_CLASS}, {label}"
        ours_ms, ours = _best(lambda scores=scores: auc(truth, scores).value)
        ranks_ms, ranks = _best(lambda scores=scores: rankdata(scores))
        area = (ranks[truth == 1].sum() - PER_CLASS * (PER_CLASS + 1) / 2) / PER_CLASS**2
        yield name, ours_ms, ranks_ms, "bare mid-ranks", bool(np.isclose(ours, area, rtol=0, atol=1e-12))
        peer_ms, peer = _best(lambda scores=scores: roc_auc_score(truth, scores))
        yield name, ours_ms, peer_ms, "scikit-learn, value only", bool(np.isclose(ours, peer, rtol=0, atol=1e-12))
    yield from _reader_study(generator)


def _reader_study(generator: np.random.Generator) -> Iterator[tuple[str, float, float, str, bool]]:
    truth = np.repeat([0, 1], CASES // 2)
    skill = 1 + 0.3 * generator.normal(size=(ARMS, READERS, 1))
    ratings = generator.normal(size=(ARMS, READERS, CASES)) + generator.normal(size=CASES) + skill * truth
    size = f"{READERS} readers x {ARMS} arms x {CASES} cases"
    ours_ms, studies = _best(lambda: _all_models(truth, ratings))
    peer_ms, peer = _best(lambda: dorfman_berbaum_metz(truth, ratings))
    same = bool(np.isclose(studies[0].test.p, peer.test.p, rtol=0, atol=1e-9))
    yield f"MRMC, {size}, all three models", ours_ms, peer_ms, "DBM by pseudovalues, one model (ours)", same
    one_shot_ms, one_shot = _best(lambda: one_shot_difference(truth, ratings[0], ratings[1]), runs=3)
    same = bool(np.isclose(one_shot.value, studies[0].differences[0].value, rtol=0, atol=1e-12))
    yield f"one-shot U-statistic, {size}", one_shot_ms, ours_ms, "Obuchowski-Rockette (ours)", same


def _all_models(truth: Any, ratings: Any) -> list[Any]:
    values = reader_aucs(truth, ratings)
    return [obuchowski_rockette(values, model=model) for model in ("RRRC", "FRRC", "RRFC")]


def _best(work: Callable[[], Any], runs: int = 20) -> tuple[float, Any]:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times), result
