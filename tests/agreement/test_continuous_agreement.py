"""ICC, CCC, Bland-Altman and errors of measurement: properties, known relations, and what is undefined."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.agreement.anova import mean_squares
from annotations.agreement.bland_altman import bland_altman
from annotations.agreement.bland_altman_replicates import linked_limits, replicated_limits
from annotations.agreement.concordance import lin_ccc
from annotations.agreement.continuous_moments import bland_altman_moments, ccc_moments, icc_moments
from annotations.agreement.icc import FORMS, icc, icc_forms
from annotations.agreement.measurement_error import standard_error_of_measurement, within_subject_sd
from annotations.agreement.measurements import Measurements
from annotations.agreement.result import WrongCall
from tests.agreement.strategies import measurements

quick = settings(max_examples=60, deadline=None)


def by_name(data):
    return {name: estimate.value for name, estimate in icc_forms(data).items()}


def close(one, other):
    assert {name: value is None for name, value in one.items()} == {k: v is None for k, v in other.items()}
    for name, value in one.items():
        if value is not None:
            assert value == pytest.approx(other[name], abs=1e-7, rel=1e-7), name


@given(data=measurements(), seed=st.integers(0, 2**32 - 1))
@quick
def test_icc_does_not_mind_order_shift_or_unit(data, seed):
    rng = np.random.default_rng(seed)
    whole = by_name(data)

    close(whole, by_name(data[rng.permutation(len(data))][:, rng.permutation(data.shape[1])]))
    close(whole, by_name(data + 100))
    close(whole, by_name(data * 4))


@given(data=measurements())
@quick
def test_consistency_does_not_mind_a_reader_s_bias_and_agreement_does(data):
    moved = data + np.arange(len(data))[:, None]
    plain, shifted = icc_forms(data), icc_forms(moved)

    close({"c": plain["ICC(3,1)"].value}, {"c": shifted["ICC(3,1)"].value})


@given(data=measurements())
@quick
def test_icc_limits_hold_the_value_and_average_forms_are_stepped_up(data):
    k = len(data)
    for form, estimate in icc_forms(data).items():
        if estimate.value is None:
            continue
        if estimate.interval and estimate.interval.low is not None and estimate.interval.high is not None:
            assert estimate.interval.low <= estimate.value + 1e-9
            assert estimate.value <= estimate.interval.high + 1e-9
        if form.endswith("1)"):
            average = icc(data, form=form.replace(",1", ",k")).value
            if average is not None:
                assert average == pytest.approx(k * estimate.value / (1 + (k - 1) * estimate.value), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("data", [[[-9, 7], [9, -8]], [[4, -2], [4, 9]], [[-1, -5], [0, 4], [5, 4]]])
def test_a_negative_icc_outside_its_own_limits_has_none(data):
    estimate = icc(np.array(data, float), form="ICC(2,1)", interval="mcgraw_wong")
    assert estimate.value < 0
    assert estimate.interval is None
    assert estimate.no_interval


def test_generalised_limits_are_those_of_simulated_chi_squares():
    """Each mean square's sum over its own chi-square, in the place of its expectation (Ionan et al. 2014)."""
    rng = np.random.default_rng(8)
    data = rng.normal(size=40) * 2 + rng.normal(size=(3, 40)) + rng.normal(size=(3, 1))
    squares, draws = mean_squares(data), 400_000
    cases, error, readers = (
        square * df / rng.chisquare(df, draws)
        for square, df in ((squares.cases, 39), (squares.residual, 78), (squares.readers, 2))
    )
    share = (cases - error) / 3
    simulated = np.quantile(share / (share + (readers - error) / 40 + error), [0.025, 0.975])

    found = icc(data).interval
    assert (found.low, found.high) == pytest.approx(simulated, abs=2e-3)
    assert icc(data, interval="mcgraw_wong").interval.low > found.low


@given(data=measurements(readers=(2, 3)))
@quick
def test_moments_are_the_statistics(data):
    pairs = [(icc(data, form=form), icc_moments(data, form)) for form in FORMS]
    if len(data) == 2:
        pairs.append((lin_ccc(data), ccc_moments(data)))
        bland = bland_altman(data)
        assert bland_altman_moments(data).value == pytest.approx(bland.value, abs=1e-9)
        assert bland_altman_moments(data, "loa_low").value == pytest.approx(bland.extra["loa_low"], abs=1e-6)
    for estimate, moments in pairs:
        if estimate.value is not None and abs(estimate.value) < 50:
            assert moments.value == pytest.approx(estimate.value, abs=1e-6, rel=1e-6)


@given(data=measurements(readers=(2, 2), cases=(3, 12)))
@quick
def test_concordance_is_bounded_by_correlation_and_symmetric(data):
    found, swapped = lin_ccc(data), lin_ccc(data[::-1])
    assume(found.value is not None)

    assert found.value == pytest.approx(swapped.value, abs=1e-12)
    if "pearson_r" in found.extra:
        assert abs(found.value) <= abs(found.extra["pearson_r"]) + 1e-12
        assert found.value == pytest.approx(found.extra["pearson_r"] * found.extra["bias_correction_factor"], abs=1e-9)


@given(data=measurements(readers=(2, 2), cases=(4, 12)), limits=st.sampled_from(["exact", "zou2013", "ba1999"]))
@quick
def test_limits_turn_over_when_the_readers_change_places(data, limits):
    one, other = bland_altman(data, limits=limits), bland_altman(data[::-1], limits=limits)

    assert one.value == pytest.approx(-other.value)
    for low, high in (("loa_low", "loa_high"), ("loa_low_ci_low", "loa_high_ci_high")):
        assert one.extra[low] == pytest.approx(-other.extra[high], abs=1e-6)


def test_exact_limits_cover_what_they_promise():
    """2,000 samples of 12 normal differences: the interval of the upper limit holds 1.96 in 95 % of them."""
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(2000):
        found = bland_altman(np.stack([rng.normal(size=12), np.zeros(12)])).extra
        held += found["loa_high_ci_low"] <= 1.959964 <= found["loa_high_ci_high"]

    assert abs(held / 2000 - 0.95) < 3 * math.sqrt(0.95 * 0.05 / 2000)


def test_single_replicates_give_the_plain_limits():
    first, second = [[5.0], [6.0], [7.5], [9.0]], [[5.5], [6.0], [7.0], [9.5]]
    plain = bland_altman(np.array([[5, 6, 7.5, 9], [5.5, 6, 7, 9.5]]))

    found = replicated_limits(first, second)

    assert found.extra["loa_high"] == pytest.approx(plain.extra["loa_high"])
    assert linked_limits(first, second).undefined


def test_proportional_bias_is_found_and_said():
    size = np.linspace(5, 30, 40)
    found = bland_altman(np.stack([size * 1.2 + np.sin(np.arange(40.0)) * 0.1, size]))

    assert found.extra["slope"] == pytest.approx(0.1818, abs=0.01)
    assert "change with the size" in found.warnings[0]


@pytest.mark.parametrize(
    ("call", "rows", "reason"),
    [
        (icc, [[3.2], [3.4]], "one case"),
        (icc, [[3.2, 4.1]], "only one reader"),
        (icc, [[4.2, 4.2, 4.2], [4.2, 4.2, 4.2]], "no variance at all"),
        (icc, [[None, 1.0], [2.0, None]], "no case was measured by every reader"),
        (lin_ccc, [[0.1, 0.1, 0.1], [0.1, 0.1, 0.1]], "no variance and no difference"),
        (bland_altman, [[3.2], [3.4]], "one case"),
        (standard_error_of_measurement, [[3.2], [3.4]], "one case"),
        (within_subject_sd, [[3.2, None], [None, 3.4]], "no case was measured twice"),
    ],
)
def test_what_is_undefined_says_why(call, rows, reason):
    found = call(Measurements.from_rows(rows))

    assert found.value is None
    assert reason in found.undefined


@pytest.mark.parametrize("shift", [0.0, 0.1, 1e6 + 0.1])
def test_readers_who_differ_by_a_constant_alone_agree_perfectly_in_consistency(shift):
    values = np.array([5.1, 7.3, 6.2, 9.9])
    forms = icc_forms(np.stack([values, values + shift]))

    assert forms["ICC(3,1)"].value == pytest.approx(1, abs=1e-9)
    assert forms["ICC(3,1)"].interval is None
    assert forms["ICC(3,1)"].no_interval


def test_a_negative_icc_without_degrees_of_freedom_has_a_value_and_no_interval():
    """Satterthwaite's degrees of freedom are nearly 0 here; found by hypothesis."""
    found = icc(np.array([[0.25, 0.25, 0.5], [0.25, 0.25, 0.25], [0.25, 0.25, 0.0]]), interval="mcgraw_wong")

    assert found.value == pytest.approx(-0.5)
    assert (found.interval, found.no_interval) == (None, "the ICC is negative: no degrees of freedom")


def test_missing_measurements_leave_their_case_out_and_are_counted():
    found = icc(Measurements.from_rows([[1, 2, 3, 4, None], [1, 2.5, 3, 4, 7]]))

    assert (found.n.cases, found.n.ratings, found.n.missing) == (4, 9, 1)
    assert found.warnings == ("1 of 5 cases were not measured by every reader and are left out.",)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: icc(np.ones((2, 3)), form="ICC(4,1)"), "form: expected one of"),
        (lambda: icc(np.ones(3)), "values: expected a readers x cases array"),
        (lambda: icc(np.array([[1, math.inf], [1, 2]])), "values: expected finite numbers"),
        (lambda: lin_ccc(np.ones((3, 4))), "data: expected two readers"),
        (lambda: bland_altman(np.ones((2, 4)), limits="guess"), "limits: expected one of"),
        (lambda: icc(np.eye(2), 95), "level: expected a confidence level between 0 and 1, got 95"),
        (lambda: Measurements.from_rows([[1, 2], [1]]), "rows: expected as many numbers"),
        (lambda: replicated_limits([[1.0]], [[1.0], [2.0]]), "second: expected 1 cases"),
    ],
)
def test_a_wrong_call_says_what_was_expected_and_what_came(call, said):
    with pytest.raises(WrongCall) as error:
        call()

    assert said in str(error.value)


@pytest.mark.parametrize("linked", [False, True])
def test_limits_from_replicates_cover_what_they_promise(linked):
    """Cases' differences with SD 1, readings with SD 0.7 and 0.5 (or, linked, 0.8 of the pair): true limits known."""
    rng, held, runs = np.random.default_rng(4), np.zeros(2), 400
    spread = (1 + 0.64) ** 0.5 if linked else (1 + 0.49 + 0.25) ** 0.5
    for _ in range(runs):
        truth, gap = rng.normal(size=25) * 5, rng.normal(2, 1, 25)
        if linked:
            first = [t + g + rng.normal(0, 0.8, 3) for t, g in zip(truth, gap, strict=True)]
            found = linked_limits(first, [np.full(3, t) for t in truth])
        else:
            first = [t + g + rng.normal(0, 0.7, 3) for t, g in zip(truth, gap, strict=True)]
            found = replicated_limits(first, [t + rng.normal(0, 0.5, 2) for t in truth])
        for side, key in enumerate(("loa_low", "loa_high")):
            limit = 2 + (2 * side - 1) * 1.96 * spread
            held[side] += found.extra[f"{key}_ci_low"] <= limit <= found.extra[f"{key}_ci_high"]
    assert (held / runs > 0.92).all()


def test_single_readings_have_the_limits_of_the_plain_method():
    rng = np.random.default_rng(6)
    pairs = rng.normal(size=(2, 30))
    plain = bland_altman(pairs, limits="zou2013").extra
    found = replicated_limits([[x] for x in pairs[0]], [[x] for x in pairs[1]])

    for key in ("loa_low", "loa_high", "sd"):
        assert found.extra[key] == pytest.approx(plain[key])
    # t in place of z for the mean's part: a hair wider
    assert found.extra["loa_high_ci_high"] == pytest.approx(plain["loa_high_ci_high"], abs=0.02)
