"""The plan of 338 cases against Table 1 of the paper, and its proportions for other numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from annotations.demo.codes import HEADERS, UNCOUNTED
from annotations.demo.companions import write_companions
from annotations.demo.contradictions import contradictions
from annotations.demo.plan import PICTURE_PX, CaseSpec, plan_cases
from annotations.demo.published import Cell, cell_sizes, table1
from readers.demo import CASES_READ, CASES_TRAINED, SEED, places_of_sample
from tests.demo.conftest import read_rows

FULL = plan_cases(338, 1)
CONTINUOUS = ("max_diameter_mm", "min_diameter_mm", "aspect_ratio")
CELLS = [pytest.param(cell, id=f"centre{cell.centre}-{cell.group}") for cell in table1()]


def of_cell(cell: Cell, plan: list[CaseSpec] = FULL) -> list[CaseSpec]:
    return [c for c in plan if (c.centre, c.group) == (cell.centre, cell.group)]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_counts_of_338_cases_are_those_of_table_1(cell: Cell, seed: int) -> None:
    own = of_cell(cell, FULL if seed == 1 else plan_cases(338, seed))

    counted = {key: sum(c.answers[key[0]] == key[1] for c in own) for key in cell.counts}

    assert (len(own), counted) == (cell.n, cell.counts)


@pytest.mark.parametrize("cell", CELLS)
def test_the_means_are_those_of_table_1_to_the_last_digit_printed(cell: Cell) -> None:
    own = of_cell(cell)

    means = {q: np.mean([c.values[q] for c in own]) for q in CONTINUOUS}

    assert abs(means["max_diameter_mm"] - cell.moments["max_diameter_mm"].mean) < 0.05
    assert abs(means["min_diameter_mm"] - cell.moments["min_diameter_mm"].mean) < 0.05
    assert abs(means["aspect_ratio"] - cell.moments["aspect_ratio"].mean) < 0.005


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("quantity", CONTINUOUS)
def test_the_intervals_are_published_ones_where_ratios_allow(cell: Cell, quantity: str) -> None:
    impossible = (cell.centre, cell.group) == (1, "Benign")  # an SD of 0.40 round a mean ratio of 0.34
    values = np.array([c.values[quantity] for c in of_cell(cell)])
    published = cell.moments[quantity]

    half = 1.96 * values.std(ddof=1) / len(values) ** 0.5

    off = abs(half - (published.high - published.low) / 2) / published.mean
    assert off < 0.02 or (impossible and off < 0.20)


def test_every_node_has_a_shortest_axis_no_longer_than_its_longest_and_a_ratio_that_can_be() -> None:
    for c in FULL:
        assert 0.14 <= c.aspect_ratio <= 1
        assert c.min_diameter_mm <= c.max_diameter_mm
        assert c.aspect_ratio == round(c.min_diameter_mm / c.max_diameter_mm, 2)


@pytest.mark.parametrize("centre", [1, 2])
def test_picture_sizes_reach_the_published_extremes_and_means(centre: int) -> None:
    smallest, largest, mean = PICTURE_PX[centre]
    sizes = np.array([(c.width_px, c.height_px) for c in FULL if c.centre == centre])

    assert (tuple(sizes.min(axis=0)), tuple(sizes.max(axis=0))) == (smallest, largest)
    assert np.abs(sizes.mean(axis=0) - mean).max() < 2


def test_rows_contradict_themselves_only_where_the_table_makes_them() -> None:
    broken: dict[tuple[int, str, str], int] = {}
    for c in FULL:
        for rule in contradictions(c.answers):
            broken[c.centre, c.group, rule] = broken.get((c.centre, c.group, rule), 0) + 1

    assert broken == {
        (1, "Benign", "prominent_without_part"): 97,  # 98 prominent hyperechoic, 1 of them hyperechoic
        (1, "Benign", "homogeneous_with_two_parts"): 1,
        (2, "Benign", "coagulative_in_homogeneous"): 1,
        (2, "Benign", "cyst_in_solid_node"): 1,
        (2, "Malignant", "cyst_in_solid_node"): 3,  # 12 cysts, 9 mixed contents
    }


@pytest.mark.parametrize("cases", [4, 5, 12, 50, 120, 500])
def test_other_numbers_keep_the_proportions(cases: int) -> None:
    sizes = cell_sizes(cases)
    plan = plan_cases(cases, 3)

    assert len(plan) == sum(sizes.values()) == cases
    assert all(abs(sizes[c.centre, c.group] - c.n * cases / 338) < 1 for c in table1())
    for cell in table1():
        hypo = sum(c.answers["hypoechoic"] == "yes" for c in of_cell(cell, plan))
        assert abs(hypo - cell.counts["hypoechoic", "yes"] * sizes[cell.centre, cell.group] / cell.n) <= 1


def test_fewer_than_four_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 4"):
        plan_cases(3, 1)


def test_both_classes_bear_arrows_in_both_centres() -> None:
    marked = {(c.centre, c.group) for c in FULL if c.arrows}

    assert marked == {(1, "Benign"), (1, "Malignant"), (2, "Benign"), (2, "Malignant")}


def test_a_case_answers_all_sixteen_features() -> None:
    assert list(FULL[0].values) == list(HEADERS) == [*CONTINUOUS, *UNCOUNTED]


def test_one_picture_in_24_has_no_scale_in_every_cell_and_a_small_demo_has_some_too() -> None:
    unscaled = [(c.centre, c.group) for c in FULL if not c.scale_known]

    assert len(unscaled) == 13
    assert set(unscaled) == {(1, "Benign"), (1, "Malignant"), (2, "Benign"), (2, "Malignant")}
    assert sum(not c.scale_known for c in plan_cases(24, 1)) == 4
    assert all(c.scale_known for c in plan_cases(8, 1))


def test_spacing_csv_leaves_out_the_unscaled_and_the_readme_counts_them(tmp_path: Path) -> None:
    write_companions(tmp_path, FULL, 1)

    rows = read_rows(tmp_path / "spacing.csv")
    told = {(int(r["centre"]), r["group"], int(r["number"])) for r in rows}
    assert told == {(c.centre, c.group, c.number) for c in FULL if c.scale_known}
    assert len(told) == 325
    assert "13 of 338 pictures are left out of it" in (tmp_path / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("size", "seed"), [(CASES_READ, SEED), (CASES_TRAINED, SEED + 1), (CASES_READ, SEED + 2)])
def test_each_study_of_the_demo_has_an_image_without_scale_and_many_with(size: int, seed: int) -> None:
    ordered = sorted(FULL, key=lambda c: (c.centre, c.group, c.number))

    known = [ordered[i].scale_known for i in places_of_sample(len(ordered), size, seed)]

    assert 1 <= known.count(False) <= 4
