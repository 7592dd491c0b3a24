"""Never wrong in silence: categorical statistics at their edges, wrong calls, and tests between readers."""

import json

import numpy as np
import pytest

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.group_members import leave_one_out
from annotations.agreement.intra_reader import intra_reader_icc, intra_reader_kappa
from annotations.agreement.kappa import cohen_kappa, weighted_kappa
from annotations.agreement.kappa_comparison import dependent_kappas, independent_kappas
from annotations.agreement.kendall import kendall_w
from annotations.agreement.many_readers import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    percent_agreement,
)
from annotations.agreement.measurements import Measurements
from annotations.agreement.paired_tests import bhapkar, bowker, cochran_q, mcnemar, stuart_maxwell
from annotations.agreement.pairs import light_kappa, pairwise_kappa
from annotations.agreement.ratings import Ratings
from annotations.agreement.registry import load
from annotations.agreement.result import WrongCall
from annotations.agreement.two_readers import positive_agreement

ALL_YES = Ratings(np.ones((3, 9), dtype=int), ("no", "yes"))
TWO_YES = ALL_YES.of_readers(0, 1)


@pytest.mark.parametrize("call", [fleiss_kappa, conger_kappa, krippendorff_alpha, light_kappa, pairwise_kappa])
def test_one_category_used_by_all_leaves_kappas_undefined(call):
    found = call(ALL_YES)

    assert found.value is None
    assert "categor" in found.undefined or "no variation" in found.undefined or "no pair" in found.undefined
    json.dumps(found.as_json(), allow_nan=False)


def test_one_category_used_by_all_leaves_agreement_and_ac1_at_one_with_a_warning():
    assert percent_agreement(ALL_YES).value == 1
    assert gwet_ac1(ALL_YES).value == 1
    assert any("Perfect agreement" in said for said in gwet_ac1(ALL_YES).warnings)
    assert cohen_kappa(TWO_YES).extra["observed_agreement"] == 1
    assert positive_agreement(TWO_YES, "no").undefined == "neither reader used the category"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["a", "b"]], "only one reader"),
        ([[], []], "no case"),
        ([[None, None], [None, None]], "no rating"),
        ([["a", None], [None, "b"]], "no case was rated by two readers"),
    ],
)
@pytest.mark.parametrize(
    "call", [cohen_kappa, percent_agreement, fleiss_kappa, krippendorff_alpha, gwet_ac1, brennan_prediger, conger_kappa]
)
def test_readers_that_cannot_be_compared_say_why(call, rows, reason):
    found = call(Ratings.from_labels(rows, ["a", "b"]))

    assert (found.value, found.undefined, found.n.cases) == (None, reason, 0)


def test_a_single_case_has_a_value_and_no_interval():
    found = fleiss_kappa(Ratings.from_labels([["a"], ["b"]], ["a", "b"]))

    assert found.value == -1
    assert found.interval is None
    assert found.no_interval == "a single case has no variance"


def test_kappa_of_one_warns_that_its_interval_says_nothing():
    found = cohen_kappa(Ratings.from_table([[5, 0], [0, 7]]))

    assert (found.value, found.se, found.interval.low, found.interval.high) == (1, 0, 1, 1)
    assert "says nothing" in found.warnings[0]


def test_extreme_prevalence_is_warned_of_with_its_index_beside():
    found = cohen_kappa(Ratings.from_table([[118, 5], [2, 0]]))

    assert found.value == pytest.approx(-0.0234, abs=0.001)
    assert found.extra["prevalence_index"] == pytest.approx(118 / 125)
    assert "prevalence" in found.warnings[0]


def test_missing_ratings_are_counted():
    data = Ratings.from_labels([["a", "b", None, "a"], ["a", "a", "b", None]], ["a", "b"])

    found = cohen_kappa(data)

    assert (found.n.cases, found.n.readers, found.n.ratings, found.n.missing) == (2, 2, 6, 2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Ratings(np.zeros(3, dtype=int), ("a",)), "codes: expected a readers x cases array"),
        (lambda: Ratings(np.zeros((2, 2)), ("a",)), "codes: expected integers"),
        (lambda: Ratings(np.full((2, 2), 3), ("a", "b")), "codes: expected indexes from -1 to 1, got 3"),
        (lambda: Ratings(np.full((2, 2), -2), ("a", "b")), "got -2"),
        (lambda: Ratings(np.zeros((2, 2), dtype=int), ("a", "a")), "categories: expected"),
        (lambda: Ratings.from_labels([["a"], ["c"]], ["a", "b"]), "rows: expected labels of the scale"),
        (lambda: Ratings.from_labels([["a"], []], ["a", "b"]), "rows: expected as many labels"),
        (lambda: Ratings.from_table([[1, 2, 3]]), "table: expected a square table"),
        (lambda: Ratings.from_table([[1, -2], [0, 1]]), "table: expected a two-dimensional table of counts"),
        (lambda: cohen_kappa(ALL_YES), "ratings: expected two readers, got '3 readers'"),
        (lambda: weighted_kappa(TWO_YES, weights="cubic"), "weights: expected one of"),
        (lambda: weighted_kappa(TWO_YES, weights=[[1, 0.5], [0.2, 1]]), "weights: expected a symmetric matrix"),
        (lambda: weighted_kappa(TWO_YES, weights=[[1, 2], [2, 1]]), "weights: expected weights in [0, 1]"),
        (lambda: weighted_kappa(TWO_YES, weights=np.eye(3)), "weights: expected a 2 x 2 matrix"),
        (lambda: weighted_kappa(TWO_YES, scores="value"), "scores: expected"),
        (lambda: weighted_kappa(TWO_YES, scores=[1, 1]), "scores: expected a different number"),
        (lambda: krippendorff_alpha(ALL_YES, metric="polar"), "metric: expected one of"),
        (lambda: conger_kappa(Ratings.from_counts([[2, 1], [0, 3]])), "ratings: expected readers that are told apart"),
        (lambda: positive_agreement(TWO_YES, "maybe"), "category: expected one of"),
        (lambda: mcnemar(TWO_YES, method="fast"), "method: expected one of"),
        (lambda: percent_agreement(TWO_YES, 0), "level: expected a confidence level"),
        (lambda: percent_agreement(TWO_YES, interval="guess"), "interval: expected"),
        (lambda: dependent_kappas(TWO_YES, ALL_YES), "ratings: expected two readers in each"),
        (lambda: independent_kappas([TWO_YES]), "groups: expected at least two groups"),
    ],
)
def test_a_wrong_call_says_what_was_expected_and_what_came(call, said):
    with pytest.raises(WrongCall) as error:
        call()

    assert said in str(error.value)


DIAGONAL = Ratings.from_table([[4, 0, 0], [0, 3, 0], [0, 0, 2]])


@pytest.mark.parametrize("call", [bowker, stuart_maxwell, bhapkar])
def test_a_diagonal_table_leaves_tests_of_margins_undefined(call):
    assert "diagonal" in call(DIAGONAL).undefined


def test_every_case_moved_the_same_way_leaves_bhapkar_undefined():
    assert "singular" in bhapkar(Ratings.from_table([[0, 5], [0, 0]])).undefined


def test_marginal_tests_of_two_categories_are_mcnemar():
    table = Ratings.from_table([[11, 9], [3, 20]])

    chi2 = mcnemar(table, method="asymptotic").value
    assert stuart_maxwell(table).value == pytest.approx(chi2)
    assert bowker(table).value == pytest.approx(chi2)
    assert cochran_q(table).value == pytest.approx(chi2)


def test_marginal_tests_do_not_mind_a_category_that_nobody_used():
    plain = Ratings.from_table([[8, 2], [3, 9]])
    wider = Ratings(plain.codes, (0, 1, "never"))

    assert stuart_maxwell(wider).value == pytest.approx(stuart_maxwell(plain).value)
    assert stuart_maxwell(wider).df == 1


def test_a_kappa_does_not_differ_from_itself():
    pair = Ratings.from_table([[11, 9], [3, 20]])

    found = dependent_kappas(pair, pair)

    assert (found.value, found.interval) == (0, None)
    assert found.no_interval


def test_concordance_of_reversed_ranks_is_zero():
    data = Ratings.from_labels([[1, 2, 3], [3, 2, 1]], [1, 2, 3])

    assert kendall_w(data).value == 0


def test_a_reader_at_odds_lowers_the_group_s_agreement():
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 80)
    codes = np.stack([truth, truth, (truth + 1) % 3, truth])

    found = leave_one_out(Ratings(codes, (1, 2, 3)))

    assert found.extra["without"][2] == 1
    assert found.extra["change"][2] == min(found.extra["change"]) < 0
    assert found.extra["with_others"][2] == min(found.extra["with_others"])


def test_readers_are_compared_with_themselves_and_the_others():
    rng = np.random.default_rng(6)
    first = rng.integers(0, 3, (3, 60))
    second = np.where(rng.random(first.shape) < 0.9, first, (first + 1) % 3)
    second[2] = -1
    readings = [Ratings(codes, (1, 2, 3)) for codes in (first, second)]

    found = intra_reader_kappa(*readings)

    kappas = [line["value"] for line in found.extra["readers"]]
    assert kappas[2] is None
    assert found.value == pytest.approx((kappas[0] + kappas[1]) / 2)
    assert "1 of 3 readers" in found.warnings[0]
    assert abs(found.extra["inter_reader"]) < 0.2 < found.value


def test_intra_reader_icc_is_near_its_truth():
    """Variances 1 between cases and 0.1 per reading: 1 / 1.1."""
    rng = np.random.default_rng(8)
    size = rng.normal(size=400)
    first, second = (Measurements(size + rng.normal(size=(3, 400)) * 0.1**0.5) for _ in range(2))

    found = intra_reader_icc(first, second)

    assert found.interval.low < 1 / 1.1 < found.interval.high
    assert found.se < 0.01


def test_every_statistic_is_registered_with_what_a_reader_of_it_needs():
    for name, entry in load().items():
        assert entry.name == name
        assert entry.suits and entry.assumes and entry.undefined_when and entry.reference
        assert entry.function.__doc__


@pytest.mark.parametrize("coefficient", [gwet_ac1, lambda data: percent_agreement(data)])
def test_a_standard_error_of_zero_is_never_left_unsaid(coefficient):
    assert "the standard error is 0" in coefficient(ALL_YES).warnings[0]


def test_agreement_that_is_alike_in_every_case_warns_though_it_is_not_perfect():
    """Two of three agree in each case: no spread, and nothing known of other cases."""
    data = Ratings.from_labels([["a", "b", "a"], ["a", "b", "b"], ["b", "a", "b"]], ["a", "b"])

    found = percent_agreement(data)

    assert (found.value, found.se) == (pytest.approx(1 / 3), pytest.approx(0, abs=1e-12))
    assert found.warnings[0].startswith("Every case agrees alike")


def test_kendalls_w_has_an_interval_by_bootstrap_of_the_cases():
    """A resample is ranked anew: as W of the drawn cases themselves."""
    rng = np.random.default_rng(12)
    data = Ratings(rng.integers(0, 4, (1, 40)) * np.ones((3, 1), int) // 1 ^ (rng.random((3, 40)) < 0.3), (0, 1, 2, 3))
    found = kendall_w(data, seed=5)
    drawn = [kendall_w(data.of_cases(rng.integers(0, 40, 40))).value for _ in range(2000)]

    assert kendall_w(data).no_interval
    assert found.interval.low < found.value < found.interval.high
    assert (found.interval.low, found.interval.high) == pytest.approx(
        tuple(np.quantile(drawn, [0.025, 0.975])), abs=0.02
    )
    assert kendall_w(data, seed=5).interval == found.interval
