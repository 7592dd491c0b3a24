"""Outlines: whatever the ratio and the margin, the mask measures what it should."""

from __future__ import annotations

import numpy as np
import pytest

from annotations.demo.shape import draw_outline, extents


@pytest.mark.parametrize("irregular", [False, True])
@pytest.mark.parametrize("diameters", [(60.0, 9.0), (180.0, 120.0), (150.0, 141.0), (230.9, 230.9), (40.0, 40.0)])
def test_a_mask_has_its_diameters(diameters: tuple[float, float], irregular: bool) -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        outline = draw_outline((300, 320), (150.3, 161.8), diameters, 0.3, irregular=irregular, rng=rng)
        assert np.abs(np.subtract(extents(outline.mask), diameters)).max() <= 1.0


def test_an_irregular_margin_is_rougher_than_a_regular_one() -> None:
    def roughness(irregular: bool, seed: int) -> float:
        rng = np.random.default_rng(seed)
        mask = draw_outline((300, 320), (150, 160), (200.0, 140.0), 0.0, irregular=irregular, rng=rng).mask
        edge = (mask[1:] ^ mask[:-1]).sum() + (mask[:, 1:] ^ mask[:, :-1]).sum()
        return float(edge**2 / mask.sum())

    regular, irregular = ([roughness(kind, s) for s in range(6)] for kind in (False, True))
    assert np.median(irregular) > np.median(regular) * 1.05


def test_extents_of_a_rectangle_are_its_diagonal_and_what_is_across_it() -> None:
    mask = np.zeros((20, 40), dtype=bool)
    mask[5:15, 8:32] = True  # 24 x 10 px

    longest, across = extents(mask)

    assert longest == pytest.approx(26.0, abs=0.01)
    assert across == pytest.approx(2 * 24 * 10 / 26, abs=0.3)
