"""What a row says must show: each echogenicity, cyst, hilum and margin is measured on the picture it was
drawn into.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import binary_dilation, binary_erosion, gaussian_filter, median_filter

from annotations.demo.codes import UNCOUNTED
from annotations.demo.picture import Picture, draw_case
from annotations.demo.plan import CaseSpec
from annotations.demo.practice import FILE, HEIGHT_PX, WIDTH_PX, draw_practice

HYPO = {"hypoechoic": "yes", "fatty_hilum_loss": "present", "prominent_echogenicity": "hypoechoic"}
SEEDS = range(4)


@cache
def picture(changes: tuple[tuple[str, str], ...], seed: int, arrows: int = 0) -> Picture:
    answers = {**UNCOUNTED, **dict(changes)}
    case = CaseSpec(2, "Benign", 1, 15.0, 9.0, 0.6, answers, 300, 290, 0.0752, arrows, (99, seed))
    return draw_case(case)


def drawn(seed: int, arrows: int = 0, **changes: str) -> Picture:
    return picture(tuple(sorted({**HYPO, **changes}.items())), seed, arrows)


def inside(p: Picture, margin_px: int = 4) -> np.ndarray:
    return p.grey[binary_erosion(p.mask, iterations=margin_px)].astype(float)


def around(p: Picture) -> np.ndarray:
    near, far = (binary_dilation(p.mask, iterations=n) for n in (5, 28))
    return p.grey[far & ~near].astype(float)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hypoechoic_node_is_darker_than_its_surroundings(seed: int) -> None:
    p = drawn(seed)

    assert np.median(inside(p)) < np.median(around(p)) - 12


@pytest.mark.parametrize("seed", SEEDS)
def test_an_isoechoic_node_is_as_bright_as_its_surroundings(seed: int) -> None:
    p = drawn(seed, hypoechoic="no", isoechoic="yes", prominent_echogenicity="isoechoic")

    assert abs(np.median(inside(p)) - np.median(around(p))) < 22


@pytest.mark.parametrize("seed", SEEDS)
def test_a_hyperechoic_node_is_brighter_than_a_hypoechoic_one(seed: int) -> None:
    bright = drawn(seed, hypoechoic="no", hyperechoic="yes", prominent_echogenicity="hyperechoic")

    assert np.median(inside(bright)) > np.median(inside(drawn(seed))) + 25


@pytest.mark.parametrize("seed", SEEDS)
def test_a_heterogeneous_node_varies_more_than_a_homogeneous_one(seed: int) -> None:
    def unevenness(p: Picture) -> float:
        smooth = gaussian_filter(p.grey.astype(float), 4)
        return float(smooth[binary_erosion(p.mask, iterations=8)].std())

    mixed = drawn(seed, hyperechoic="yes", homogeneity="heterogeneous")
    assert unevenness(mixed) > 1.6 * unevenness(drawn(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_kept_hilum_brightens_the_middle_of_the_node(seed: int) -> None:
    def middle_against_rim(p: Picture) -> float:
        core = binary_erosion(p.mask, iterations=38)
        rim = p.mask & ~binary_erosion(p.mask, iterations=14) & binary_erosion(p.mask, iterations=4)
        return float(np.median(p.grey[core]) - np.median(p.grey[rim]))

    assert middle_against_rim(drawn(seed, fatty_hilum_loss="absent")) > middle_against_rim(drawn(seed)) + 15


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", [{"intranodal_cystic_lesion": "present"}, {"necrosis": "cystic"}])
def test_a_cyst_in_a_mixed_node_is_black_and_in_a_solid_one_is_not_drawn(seed: int, kind: dict[str, str]) -> None:
    def black(p: Picture) -> int:
        return int((median_filter(p.grey, 5)[binary_erosion(p.mask, iterations=4)] < 8).sum())

    assert black(drawn(seed, internal_component="mixed", **kind)) > 60
    assert black(drawn(seed, **kind)) == black(drawn(seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_coagulative_necrosis_darkens_part_of_the_node(seed: int) -> None:
    with_necrosis, without = drawn(seed, necrosis="coagulative"), drawn(seed)

    assert np.percentile(inside(with_necrosis), 15) < np.percentile(inside(without), 15) - 8


@pytest.mark.parametrize("seed", SEEDS)
def test_microcalcifications_are_small_bright_foci(seed: int) -> None:
    def foci(p: Picture) -> int:
        raised = p.grey.astype(float) - gaussian_filter(p.grey.astype(float), 6)
        return int((raised[binary_erosion(p.mask, iterations=4)] > 55).sum())

    assert foci(drawn(seed, microcalcifications="present")) > foci(drawn(seed)) + 15


@pytest.mark.parametrize("seed", SEEDS)
def test_an_ill_defined_margin_is_a_slow_change_of_grey(seed: int) -> None:
    def step(p: Picture) -> float:
        within = p.mask & ~binary_erosion(p.mask, iterations=6)
        without = binary_dilation(p.mask, iterations=6) & ~p.mask
        return float(np.median(p.grey[without]) - np.median(p.grey[within]))

    assert step(drawn(seed, margin_definition="ill_defined")) < step(drawn(seed)) - 5


def test_arrows_are_white_and_stay_outside_the_node() -> None:
    plain, marked = drawn(0), drawn(0, arrows=2)

    changed = plain.grey != marked.grey
    assert (marked.grey[changed] >= plain.grey[changed]).all()
    assert (marked.grey == 245).sum() > 150
    assert not (changed & plain.mask).any()


def test_the_same_plan_draws_the_same_pixels() -> None:
    p = drawn(1)
    case = CaseSpec(2, "Benign", 1, 15.0, 9.0, 0.6, {**UNCOUNTED, **HYPO}, 300, 290, 0.0752, 0, (99, 1))

    assert np.array_equal(draw_case(case).grey, p.grey)
    assert not np.array_equal(draw_case(replace(case, seed=(99, 2))).grey, p.grey)


def test_the_picture_of_the_practice_case_is_the_one_its_plan_draws() -> None:
    stored = np.asarray(Image.open(FILE))
    drawn = draw_practice().grey
    assert stored.shape == (HEIGHT_PX, WIDTH_PX)
    assert np.array_equal(stored, drawn)
