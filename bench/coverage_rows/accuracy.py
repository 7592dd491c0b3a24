"""Accuracy against pathology: one reader's, and the average over readers (random from five up, as the page has it)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from annotations.agreement.arm_average import arm_average
from annotations.agreement.auc import auc
from annotations.agreement.binary_accuracy import sensitivity, specificity, tabulate
from annotations.agreement.obuchowski_rockette import obuchowski_rockette
from annotations.agreement.patient_clusters import clustered_auc, clustered_proportion
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_endpoints import reader_sensitivities, reader_specificities
from annotations.agreement.reader_values import ReaderValues
from annotations.analyses.accuracy_figures import odds_ratio
from annotations.agreement.reader_jackknife import LEAST_READERS as RANDOM_FROM
from annotations.analyses.question import Ways
from bench.coverage_rows import Found, Tried, of_estimate, two
from bench.coverage_rows.simulated import READERS, Array, Simulated

WAYS = Ways()


def _average(values: Callable[[Simulated], ReaderValues]) -> Callable[[Simulated, int], Found]:
    def found(data: Simulated, seed: int) -> Found:
        model = "RRRC" if data.cell.readers >= RANDOM_FROM else "FRRC"
        return of_estimate(arm_average(values(data), model=model))

    return found


def _of_readers(
    of_all: Callable[[Simulated], float], own: Callable[[Simulated], Array]
) -> Callable[[Simulated], float]:
    """The mean of all readers where these are random, else that of the readers of this study."""

    def truth(data: Simulated) -> float:
        return of_all(data) if data.cell.readers >= RANDOM_FROM else float(own(data).mean())

    return truth


def _half(data: Simulated) -> float:
    """Mean sensitivity, and specificity, of all readers."""
    return float(ndtr(data.cell.shift / 2 / math.sqrt(1 + READERS)))


def _aucs(data: Simulated) -> ReaderValues:
    return reader_aucs(data.truth, data.scored[0], covariance="delong")


def _between_arms(data: Simulated, seed: int) -> Found:
    values = reader_aucs(data.truth, data.scored_in_two_arms, covariance="delong")
    study = obuchowski_rockette(values, model="RRRC" if data.cell.readers >= RANDOM_FROM else "FRRC")
    return of_estimate(study.differences[0]) if study.differences else Found(None, False)


def _odds_ratio(data: Simulated, seed: int) -> Found:
    return of_estimate(odds_ratio(tabulate(data.truth, data.binary.codes[0]), WAYS))


def _twin_truth(data: Simulated) -> np.ndarray:
    return data.truth[: data.cell.cases // 2].repeat(2)


def _over_patients(data: Simulated, seed: int) -> Found:
    calls, truth = data.twin_nodes.codes[0].astype(float), _twin_truth(data)
    patients = np.arange(truth.size) // 2
    return of_estimate(clustered_proportion(calls[truth], patients[truth]))


def _auc_over_patients(data: Simulated, seed: int) -> Found:
    """Two readers' scores as those of the two nodes of a patient: they share the case's part."""
    pairs = data.scored[0][:2] - data.scored[1][0][:2, None]
    scores = np.where(data.truth, pairs - (data.scored[1][1] - data.scored[1][0])[:2, None], pairs)
    truth, patients = data.truth.repeat(2), np.arange(data.cell.cases).repeat(2)
    return of_estimate(clustered_auc(truth, scores.T.ravel(), patients))


ACCURACY: tuple[Tried, ...] = (
    Tried("sensitivity", lambda data: data.cell.right,
          lambda data, seed: of_estimate(sensitivity(tabulate(data.truth, data.binary.codes[0]))), two),
    Tried("specificity", lambda data: data.cell.right,
          lambda data, seed: of_estimate(specificity(tabulate(data.truth, data.binary.codes[0]))), two),
    Tried("odds ratio", lambda data: (data.cell.right / (1 - data.cell.right)) ** 2, _odds_ratio, two),
    Tried("AUC", lambda data: float(data.aucs[0]), lambda data, seed: of_estimate(auc(data.truth, data.scored[0][0])), two),
    Tried("sens., patients", lambda data: data.cell.right, _over_patients, two),
    Tried("AUC, patients", lambda data: float(ndtr(data.cell.shift / math.sqrt(2))), _auc_over_patients, two),
    Tried("average AUC", _of_readers(lambda data: data.cell.right, lambda data: data.aucs), _average(_aucs)),
    Tried("average sens.", _of_readers(_half, lambda data: data.sensitivities),
          _average(lambda data: reader_sensitivities(data.truth, data.calls))),
    Tried("average spec.", _of_readers(_half, lambda data: data.specificities),
          _average(lambda data: reader_specificities(data.truth, data.calls))),
    Tried("AUC between arms", lambda data: 0.0, _between_arms),
)  # fmt: skip
