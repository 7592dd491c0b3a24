"""Speckle: fully developed speckle is Rayleigh, compounding evens it out, and the beam is broader than the
pulse is long.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest, rayleigh

from annotations.demo.beam import SCANNERS, envelope

SIZE = (360, 360)


def uniform_echo(looks: int, depth_mm: float = 17.0) -> np.ndarray:
    scanner = replace(SCANNERS[1], looks=looks)
    depth = np.full((SIZE[0], 1), depth_mm, np.float32)
    ones, none = np.ones(SIZE, np.float32), np.zeros(SIZE, np.float32)
    return envelope(ones, none, depth, 0.08, scanner, np.random.default_rng(5))


def test_one_look_at_uniform_tissue_is_rayleigh() -> None:
    echo = uniform_echo(looks=1)

    assert echo.mean() / echo.std() == pytest.approx(1.913, abs=0.06)  # sqrt(pi / (4 - pi))
    apart = echo[::12, ::12].ravel()  # far enough apart to be independent
    assert kstest(apart, rayleigh(scale=1).cdf).pvalue > 0.01


def test_compounding_lowers_the_contrast_by_the_root_of_the_looks() -> None:
    one, four = (e.mean() / e.std() for e in (uniform_echo(1), uniform_echo(4)))

    assert four / one == pytest.approx(2.0, abs=0.15)


def test_speckle_is_wider_than_high_and_wider_out_of_focus() -> None:
    def correlation(echo: np.ndarray, axis: int) -> float:
        centred = echo - echo.mean()
        return float((centred * np.roll(centred, 2, axis=axis)).mean() / centred.var())

    at_focus, far = uniform_echo(1, 17.0), uniform_echo(1, 34.0)
    assert correlation(at_focus, 1) > correlation(at_focus, 0)
    assert correlation(far, 1) > correlation(at_focus, 1)
