"""Covariances of readers' AUCs that need the pairs of cases themselves: unbiased (U-statistics) and bootstrap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .placements import Array

_CHUNK = 1_000_000  # kernel values held at a time (8 MB)


@dataclass(frozen=True, slots=True)
class PairSums:
    """For each two of the curves, sums of products over all pairs of (diseased, healthy) pairs.

    Each (curves, curves): pairs that share at least both cases, the diseased case, the healthy case, or nothing.
    """

    both: Array
    diseased: Array
    healthy: Array
    anything: Array

    def exactly(self) -> tuple[Array, Array, Array, Array]:
        """The same over pairs that share exactly both, only the diseased, only the healthy, nothing."""
        return (
            self.both,
            self.diseased - self.both,
            self.healthy - self.both,
            self.anything - self.diseased - self.healthy + self.both,
        )


def _kernels(diseased: Array, healthy: Array) -> Array:
    """Right ordering of every pair, 1, 1/2 or 0: (curves, m, n); pairs that were not read are 0."""
    x, y = diseased[:, :, None], healthy[:, None, :]
    return (x > y) + 0.5 * (x == y)


def _chunks(diseased: Array, healthy: Array) -> Iterator[slice]:
    """Runs of diseased cases whose kernels fit into bounded memory."""
    step = max(1, _CHUNK // max(1, len(diseased) * healthy.shape[1]))
    for start in range(0, diseased.shape[1], step):
        yield slice(start, start + step)


def kernel_sums(diseased: Array, healthy: Array) -> PairSums:
    """Sums of products of kernels of scores (curves, m) and (curves, n), NaN = not read."""
    curves = len(diseased)
    both, by_diseased = np.zeros((curves, curves)), np.zeros((curves, curves))
    column_sums = np.zeros(healthy.shape)
    for part in _chunks(diseased, healthy):
        kernel = _kernels(diseased[:, part], healthy)
        flat, rows = kernel.reshape(curves, -1), kernel.sum(axis=2)
        both += flat @ flat.T
        by_diseased += rows @ rows.T
        column_sums += kernel.sum(axis=1)
    total = column_sums.sum(axis=1)
    return PairSums(both, by_diseased, column_sums @ column_sums.T, np.outer(total, total))


def read_sums(diseased: Array, healthy: Array) -> PairSums:
    """The same sums with 1 for every pair that was read: how many pairs of pairs there are."""
    x, y = (~np.isnan(diseased)).astype(float), (~np.isnan(healthy)).astype(float)
    m, n = x.sum(axis=1), y.sum(axis=1)
    shared_x, shared_y = x @ x.T, y @ y.T
    return PairSums(shared_x * shared_y, shared_x * np.outer(n, n), np.outer(m, m) * shared_y, np.outer(m * n, m * n))


def unbiased_covariance(diseased: Array, healthy: Array) -> Array:
    """U-statistic covariance of AUCs: (curves, m), (curves, n), NaN = not read.

    Gallas BD et al. Commun Stat A 2009;38:2586-2603, doi:10.1080/03610920802610084, for fixed readers.
    """
    pairs = read_sums(diseased, healthy)
    found, number = kernel_sums(diseased, healthy).exactly(), pairs.exactly()
    covariance = np.zeros_like(pairs.anything)
    for index, (products, count) in enumerate(zip(found, number)):
        moment = np.divide(products, count, out=np.zeros_like(products), where=count > 0.5)
        covariance += moment * (count / pairs.anything - (1.0 if index == 3 else 0.0))
    return covariance


def bootstrap_covariance(diseased: Array, healthy: Array, resamples: int, seed: int) -> Array:
    """Covariance of AUCs over resamples of the diseased and of the healthy cases, the same for every reader."""
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    m, n = diseased.shape[1], healthy.shape[1]
    weights_m = generator.multinomial(m, np.full(m, 1 / m), size=resamples).astype(float)
    weights_n = generator.multinomial(n, np.full(n, 1 / n), size=resamples).astype(float)
    areas = np.empty((len(diseased), resamples))
    for curve, (x, y) in enumerate(zip(diseased, healthy)):
        right = np.zeros(resamples)
        for part in _chunks(x[None], y[None]):
            kernel = _kernels(x[None, part], y[None])[0]
            right += ((weights_m[:, part] @ kernel) * weights_n).sum(axis=1)
        pairs = (weights_m @ ~np.isnan(x)) * (weights_n @ ~np.isnan(y))
        areas[curve] = np.divide(right, pairs, out=np.full(resamples, np.nan), where=pairs > 0)
    areas = areas[:, ~np.isnan(areas).any(axis=0)]
    centred = areas - areas.mean(axis=1, keepdims=True)
    return centred @ centred.T / (areas.shape[1] - 1)
