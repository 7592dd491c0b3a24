"""Covariances of readers' AUCs that need the pairs of cases themselves: unbiased (U-statistics) and
bootstrap."""

from __future__ import annotations

import numpy as np

from .placements import Array


def kernels(diseased: Array, healthy: Array) -> tuple[Array, Array]:
    """Right ordering of every pair, 1, 1/2 or 0 (curves, m, n), and whether the pair was read; unread pairs
    are 0."""
    x, y = diseased[:, :, None], healthy[:, None, :]
    read = ~(np.isnan(x) | np.isnan(y))
    with np.errstate(invalid="ignore"):
        kernel = (x > y) + 0.5 * (x == y)
    return np.where(read, kernel, 0.0), read.astype(float)


def _product_sums(tensor: Array) -> tuple[Array, Array, Array, Array]:
    """For each pair of curves: sums over pairs that share both cases, the diseased, the healthy, or
    anything."""
    flat = tensor.reshape(len(tensor), -1)
    by_diseased, by_healthy, total = tensor.sum(axis=2), tensor.sum(axis=1), flat.sum(axis=1)
    return (
        flat @ flat.T,
        by_diseased @ by_diseased.T,
        by_healthy @ by_healthy.T,
        np.outer(total, total),
    )


def _exactly(sums: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
    """From 'at least these shared' to 'exactly these shared'."""
    both, diseased, healthy, any_pair = sums
    return both, diseased - both, healthy - both, any_pair - diseased - healthy + both


def unbiased_covariance(diseased: Array, healthy: Array) -> Array:
    """U-statistic covariance of AUCs: (curves, m), (curves, n), NaN = not read.

    Gallas BD et al. Commun Stat A 2009;38:2586-2603, doi:10.1080/03610920802610084, for fixed readers.
    """
    kernel, read = kernels(diseased, healthy)
    found, number = _exactly(_product_sums(kernel)), _exactly(_product_sums(read))
    every = sum(number)
    covariance = np.zeros_like(every)
    for index, (products, pairs) in enumerate(zip(found, number)):
        moment = np.divide(products, pairs, out=np.zeros_like(products), where=pairs > 0)
        covariance += moment * (pairs / every - (1.0 if index == 3 else 0.0))
    return covariance


def bootstrap_covariance(diseased: Array, healthy: Array, resamples: int, seed: int) -> Array:
    """Covariance of AUCs over resamples of the diseased and of the healthy cases, the same for every
    reader."""
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    m, n = diseased.shape[1], healthy.shape[1]
    weights_m = generator.multinomial(m, np.full(m, 1 / m), size=resamples).astype(float)
    weights_n = generator.multinomial(n, np.full(n, 1 / n), size=resamples).astype(float)
    areas = np.empty((len(diseased), resamples))
    for curve in range(len(diseased)):
        kernel, read = kernels(diseased[curve : curve + 1], healthy[curve : curve + 1])
        right = ((weights_m @ kernel[0]) * weights_n).sum(axis=1)
        pairs = ((weights_m @ read[0]) * weights_n).sum(axis=1)
        areas[curve] = np.divide(right, pairs, out=np.full(resamples, np.nan), where=pairs > 0)
    areas = areas[:, ~np.isnan(areas).any(axis=0)]
    centred = areas - areas.mean(axis=1, keepdims=True)
    return centred @ centred.T / (areas.shape[1] - 1)
