"""Figures of masks over cases: nothing dropped in silence, intervals that can be had again."""

import numpy as np
import pytest

from annotations.agreement import masks, registry
from annotations.agreement.comparisons import compare_masks
from annotations.agreement.mask_sizes import mask_area, maximum_diameter, perpendicular_extent
from annotations.agreement.mask_summaries import case_weights, range_of, summarise
from annotations.agreement.outlines import outline
from annotations.agreement.result import WrongCall

VALUES = list(np.random.default_rng(8).normal(0.8, 0.1, 60))


def squares(side, shift):
    one, two = np.zeros((2, 40, 40), np.uint8)
    one[5 : 5 + side, 5 : 5 + side] = 1
    two[5 : 5 + side, 5 + shift : 5 + shift + side] = 1
    return one, two


COMPARISONS = [compare_masks(*squares(20, shift), (0.5, 0.5)) for shift in range(6)]
MISSED = compare_masks(squares(20, 0)[0], np.zeros((40, 40)), (0.5, 0.5))


def test_mean_median_and_quartiles_are_given_together():
    found = summarise("x", [1.0, 2.0, 3.0, 4.0, 10.0], estimator="e")

    assert found.value == found.extra["mean"] == 4.0
    assert found.extra["median"] == 3.0
    assert (found.extra["lower_quartile"], found.extra["upper_quartile"]) == (2.0, 4.0)
    assert summarise("x", [1.0, 2.0, 3.0, 4.0, 10.0], estimator="e", statistic="median").value == 3.0


def test_a_missed_mask_is_counted():
    found = masks.hd95([*COMPARISONS, MISSED])

    assert (found.n.cases, found.n.missing) == (6, 1)
    assert found.extra["undefined_cases"] == 1
    assert found.value == masks.hd95(COMPARISONS).value
    assert found.warnings[0] == "1 of 7 cases have no value and are not in the mean."
    assert found.warnings[1].startswith("Only 6 cases")
    assert masks.dice([*COMPARISONS, MISSED]).n.missing == 0  # its Dice is 0 and is in the mean


def test_the_interval_is_that_of_a_bootstrap_t():
    found = summarise("x", VALUES, estimator="e")
    drawn = np.random.default_rng(1).choice(VALUES, (40_000, 60))

    medians, mean, se = np.median(drawn, axis=1), np.mean(VALUES), np.std(VALUES, ddof=1) / 60**0.5
    t = (drawn.mean(axis=1) - mean) / (drawn.std(axis=1, ddof=1) / 60**0.5)
    expected = mean - np.quantile(t, [0.975, 0.025]) * se
    assert (found.interval.low, found.interval.high) == pytest.approx(expected, abs=4e-3)
    assert found.extra["median_interval"] == pytest.approx(np.quantile(medians, [0.025, 0.975]), abs=6e-3)


def test_the_resampled_medians_are_those_of_the_drawn_values():
    weights = case_weights(tuple(range(60)), 300, 5)
    brute = [np.median(np.repeat(VALUES, row)) for row in weights]

    found = summarise("x", VALUES, estimator="e", statistic="median", resamples=300, seed=5)

    assert (found.interval.low, found.interval.high) == pytest.approx(tuple(np.quantile(brute, [0.025, 0.975])))


def test_the_same_seed_gives_the_same_interval_and_another_another():
    again = [summarise("x", VALUES, estimator="e", seed=seed).interval for seed in (3, 3, 4)]

    assert again[0] == again[1]
    assert again[0] != again[2]


def test_limits_stay_where_the_figure_can_be():
    values = [0.99, 0.98, 0.5, 0.97]
    assert summarise("dice", values, estimator="e").interval.high > 1
    assert summarise("dice", values, estimator="e", within=range_of("dice")).interval.high == 1
    assert range_of("hd95")[0] == 0 and range_of("relative_area_difference")[0] == -1


def test_a_constant_figure_has_a_point_for_an_interval():
    found = summarise("x", [0.25] * 60, estimator="e")

    assert (found.interval.low, found.interval.high) == (0.25, 0.25)


def test_a_spread_that_rests_on_few_cases_is_said():
    said = summarise("x", [0.9, 0.91] * 59 + [0.0, 0.0], estimator="e").warnings
    assert said == ("The spread rests on about 2 of the 120 cases: the mean's interval can be too narrow.",)
    assert not summarise("x", [0.9, 0.91] * 60, estimator="e").warnings


def test_patients_are_drawn_whole():
    weights = case_weights((7, 7, 2, 2, 5), 200, 0)

    assert np.array_equal(weights[:, 0], weights[:, 1])
    assert np.array_equal(weights[:, 2], weights[:, 3])
    assert set((weights[:, 0] + weights[:, 2] + weights[:, 4]).tolist()) == {3}
    twice = summarise("x", VALUES * 2, estimator="e", patients=[*range(60), *range(60)])
    once = summarise("x", VALUES, estimator="e")
    assert (twice.interval.low, twice.interval.high) == pytest.approx((once.interval.low, once.interval.high))


@pytest.mark.parametrize(
    ("values", "patients", "undefined", "no_interval"),
    [
        ([], None, "there are no cases", None),
        ([None, None], None, "the figure is undefined in every case", None),
        ([0.5, None], None, None, "only one case has a value"),
        ([0.5, 0.7], [1, 1], None, "only one patient has a value"),
    ],
)
def test_what_cannot_be_had_is_absent_with_its_reason(values, patients, undefined, no_interval):
    found = summarise("x", values, estimator="e", patients=patients)

    assert (found.undefined, found.no_interval) == (undefined, no_interval)
    assert found.interval is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"statistic": "mode"},
        {"patients": [1]},
        {"resamples": 5},
        {"level": 95},
        {"values": [float("nan"), 1.0]},
    ],
)
def test_a_wrong_call_is_refused(wrong):
    with pytest.raises(WrongCall):
        summarise("x", **({"values": [0.1, 0.2], "estimator": "e"} | wrong))


def test_units_and_definitions_are_not_mixed():
    unscaled = compare_masks(*squares(20, 2))

    with pytest.raises(WrongCall):
        masks.hd95([*COMPARISONS, unscaled])
    with pytest.raises(WrongCall):
        masks.hd95(COMPARISONS, percent=True)
    assert "in %" in masks.hd95([unscaled, unscaled], percent=True).estimator
    assert masks.hd95([unscaled], percent=True).value == unscaled.hd95_percent


def test_every_mask_statistic_of_the_registry_gives_an_estimate_or_a_consensus():
    known = {name: entry for name, entry in registry.load().items() if entry.suits == ("mask",)}
    sizes = {"maximum diameter", "perpendicular extent", "mask area"}
    consensus = {"STAPLE consensus", "majority consensus"}

    for name in known.keys() - sizes - consensus:
        found = known[name].function(COMPARISONS)
        assert (found.name, found.undefined) == (name, None)
    assert sizes | consensus <= known.keys()
    assert all(entry.reference for entry in known.values())


def test_sizes_are_in_millimetres_where_spacings_are_given():
    drawn = [outline(squares(side, 0)[0]) for side in (3, 6)]

    assert maximum_diameter(drawn, [(0.5, 0.5), (1.0, 1.0)]).value == pytest.approx((1.5 + 6) / 2 * 2**0.5)
    assert perpendicular_extent(drawn, points="pixel_centre").value == pytest.approx((2 + 5) / 2 * 2**0.5)
    assert mask_area([*drawn, outline(np.zeros((40, 40)))]).value == 22.5
    with pytest.raises(WrongCall):
        maximum_diameter(drawn, [(1.0, 1.0)])
    with pytest.raises(WrongCall):
        maximum_diameter(drawn, points="corner")
