"""How much of an agreement a disagreement is: weights between categories, 1 on the diagonal."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from annotations.agreement.result import WrongCall

KINDS = ("unweighted", "linear", "quadratic", "ordinal", "radical", "ratio")

Weights = str | ArrayLike
Scores = str | ArrayLike


def scores_of(categories: tuple[Hashable, ...], scores: Scores = "rank") -> NDArray[np.float64]:
    """A number for each category: its rank in the declared order, its own value, or the numbers given."""
    if isinstance(scores, str) and scores == "rank":
        return np.arange(1.0, len(categories) + 1)
    given: Any = categories if isinstance(scores, str) and scores == "value" else scores
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise WrongCall("scores", "'rank', 'value' with numeric categories, or numbers", scores) from error
    if numbers.shape != (len(categories),) or not np.isfinite(numbers).all():
        raise WrongCall("scores", f"{len(categories)} finite numbers", scores)
    return numbers


def weight_matrix(weights: Weights, categories: tuple[Hashable, ...], scores: Scores = "rank") -> NDArray[np.float64]:
    """Agreement weights between the categories: a named kind (Gwet 2014, ch. 3, ISBN 978-0970806284) or a matrix.

    Raises WrongCall for an unknown kind, and for a matrix that is not square, symmetric, 1 on its diagonal and
    within [0, 1].
    """
    size = len(categories)
    if not isinstance(weights, str):
        return _given(weights, size)
    if weights not in KINDS:
        raise WrongCall("weights", f"one of {KINDS} or a matrix", weights)
    if weights == "unweighted" or size == 1:
        return np.eye(size)
    distance = _distance(weights, size, scores_of(categories, scores))
    return np.asarray(1 - distance / distance.max())


def _given(weights: ArrayLike, size: int) -> NDArray[np.float64]:
    try:
        matrix = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise WrongCall("weights", f"one of {KINDS} or a matrix", weights) from error
    if matrix.shape != (size, size):
        raise WrongCall("weights", f"a {size} x {size} matrix", matrix.shape)
    if not np.array_equal(matrix, matrix.T):
        raise WrongCall("weights", "a symmetric matrix", matrix.tolist())
    if not (np.all(matrix >= 0) and np.all(matrix <= 1) and np.all(np.diag(matrix) == 1)):
        raise WrongCall("weights", "weights in [0, 1] with 1 on the diagonal", matrix.tolist())
    return matrix


def _distance(kind: str, size: int, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(np.unique(scores)) < size:
        raise WrongCall("scores", "a different number for each category", scores.tolist())
    gap = np.abs(scores[:, None] - scores[None, :])
    if kind == "linear":
        return gap
    if kind == "quadratic":
        return np.asarray(gap**2)
    if kind == "radical":
        return np.asarray(np.sqrt(gap))
    if kind == "ordinal":
        ranks = np.argsort(np.argsort(scores))
        steps = np.abs(ranks[:, None] - ranks[None, :])
        return steps * (steps + 1) / 2.0
    return ratio_distance(scores)


def ratio_distance(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared difference over squared sum. Raises WrongCall below 0: the ratio scale has an origin."""
    if np.any(scores < 0):
        raise WrongCall("scores", "numbers from 0 for ratio weights", scores.tolist())
    total = scores[:, None] + scores[None, :]
    gap = scores[:, None] - scores[None, :]
    return np.divide(gap, total, out=np.zeros_like(total), where=total > 0) ** 2
