"""What must hold of any coefficient of agreement, whatever the ratings."""

import json
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.fleiss import fleiss_category_kappa
from annotations.agreement.kappa import cohen_kappa, weighted_kappa
from annotations.agreement.many_readers import (
    brennan_prediger,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    percent_agreement,
    scott_pi,
)
from annotations.agreement.pairs import light_kappa, pairwise_kappa
from annotations.agreement.ratings import Ratings
from annotations.agreement.two_readers import specific_agreement
from tests.agreement.strategies import ratings

quick = settings(max_examples=60, deadline=None)

GROUP = {
    "percent": lambda r: percent_agreement(r, interval="t"),
    "fleiss": fleiss_kappa,
    "conger": conger_kappa,
    "ac1": gwet_ac1,
    "bp": brennan_prediger,
    "alpha": krippendorff_alpha,
}
each_coefficient = pytest.mark.parametrize("coefficient", GROUP.values(), ids=GROUP)


def same(one, other):
    """Equal value, error and limits, or both undefined."""
    if one.value is None or other.value is None:
        assert one.value is other.value is None
        return
    assert one.value == pytest.approx(other.value, abs=1e-9)
    assert (one.se or 0) == pytest.approx(other.se or 0, abs=1e-9)
    if one.interval and other.interval:
        assert one.interval.low == pytest.approx(other.interval.low, abs=1e-8)


@each_coefficient
@given(data=ratings(), seed=st.integers(0, 2**32 - 1))
@quick
def test_the_order_of_readers_and_cases_does_not_matter(coefficient, data, seed):
    rng = np.random.default_rng(seed)
    shuffled = data.codes[rng.permutation(data.n_readers)][:, rng.permutation(data.n_cases)]

    same(coefficient(data), coefficient(Ratings(shuffled, data.categories)))


@each_coefficient
@given(data=ratings(), seed=st.integers(0, 2**32 - 1))
@quick
def test_what_the_categories_are_called_does_not_matter(coefficient, data, seed):
    new = np.random.default_rng(seed).permutation(len(data.categories))
    renamed = np.where(data.codes < 0, -1, new[data.codes])

    same(coefficient(data), coefficient(Ratings(renamed, data.categories)))


@each_coefficient
@given(data=ratings())
@quick
def test_a_value_is_defined_or_says_why_and_lies_within_bounds(coefficient, data):
    estimate = coefficient(data)

    json.dumps(estimate.as_json(), allow_nan=False)
    if estimate.value is None:
        assert estimate.undefined
    else:
        assert estimate.value <= 1 + 1e-12
        assert estimate.interval or estimate.no_interval


@pytest.mark.parametrize("name", ["percent", "fleiss", "conger", "ac1", "bp"])
@given(data=ratings())
@quick
def test_every_case_twice_changes_no_value(name, data):
    """Alpha is left out: its small-sample term knows the number of ratings."""
    twice = Ratings(np.tile(data.codes, 2), data.categories)
    once, again = GROUP[name](data), GROUP[name](twice)

    if once.value is None:
        assert again.value is None
    else:
        assert again.value == pytest.approx(once.value, abs=1e-9)


@given(data=ratings())
@quick
def test_alpha_and_fleiss_differ_by_the_small_sample_term_alone(data):
    codes = data.codes[:, (data.codes >= 0).all(axis=0)]
    complete = Ratings(codes, data.categories)
    assume(codes.shape[1])
    fleiss, alpha = fleiss_kappa(complete), krippendorff_alpha(complete)

    if fleiss.value is None:
        assert alpha.value is None
    else:
        assert 1 - alpha.value == pytest.approx((1 - 1 / codes.size) * (1 - fleiss.value), abs=1e-9)


@given(data=ratings(readers=(2, 2)))
@quick
def test_of_two_readers_conger_and_light_are_cohen_and_fleiss_is_scott(data):
    both = data.of_cases((data.codes >= 0).all(axis=0))
    assume(both.n_cases)

    cohen, conger, light = cohen_kappa(both), conger_kappa(both), light_kappa(both)
    if cohen.value is not None:
        assert conger.value == pytest.approx(cohen.value, abs=1e-9)
        assert light.value == pytest.approx(cohen.value, abs=1e-9)
        if cohen.se is not None:
            assert light.se == pytest.approx(cohen.se, abs=1e-9)
            assert conger.se == pytest.approx(cohen.se * math.sqrt(both.n_cases / (both.n_cases - 1)), abs=1e-9)
    same(fleiss_kappa(both), scott_pi(data))


@given(data=ratings(readers=(2, 2)), weights=st.sampled_from(["unweighted", "linear", "quadratic"]))
@quick
def test_two_readers_may_change_places(data, weights):
    swapped = Ratings(data.codes[::-1], data.categories)

    same(weighted_kappa(data, weights=weights), weighted_kappa(swapped, weights=weights))


@given(data=ratings(readers=(2, 2), categories=(2, 2)))
@quick
def test_any_weights_of_two_categories_are_no_weights(data):
    same(cohen_kappa(data), weighted_kappa(data, weights="quadratic"))


@given(data=ratings(readers=(2, 2), categories=(2, 2)))
@quick
def test_category_kappas_of_two_categories_are_the_kappa(data):
    same(fleiss_kappa(data), fleiss_category_kappa(data, 1))
    same(fleiss_category_kappa(data, 2), fleiss_category_kappa(data, 1))


@given(data=ratings(readers=(2, 2)))
@quick
def test_unused_categories_change_no_unweighted_kappa(data):
    same(cohen_kappa(data), cohen_kappa(Ratings(data.codes, (*data.categories, "never"))))


@given(data=ratings(readers=(2, 2), missing=False))
@quick
def test_specific_agreements_average_to_percent_agreement(data):
    """Weighted by how often each category was used (Cicchetti & Feinstein 1990)."""
    found = [specific_agreement(data, category) for category in data.categories]
    uses = [2 * e.extra["both"] + e.extra["one_only"] if e.value is not None else 0 for e in found]
    mean = sum(use * (e.value or 0) for use, e in zip(uses, found, strict=True)) / sum(uses)

    assert mean == pytest.approx(percent_agreement(data).value, abs=1e-12)


@given(data=ratings(readers=(2, 4), cases=(2, 8)))
@quick
def test_the_matrix_of_pairs_is_each_pair_alone(data):
    found = pairwise_kappa(data, weights="linear")
    if found.extra.get("pairs") is None:
        assert found.undefined
        return

    for pair, kappa, se, n in zip(*(found.extra[k] for k in ("pairs", "kappas", "ses", "cases")), strict=True):
        alone = weighted_kappa(data.of_readers(*pair), weights="linear")
        assert (kappa is None) == (alone.value is None)
        assert n == alone.n.cases
        if kappa is not None:
            assert kappa == pytest.approx(alone.value, abs=1e-9)
            if alone.se is not None:
                assert se == pytest.approx(alone.se, abs=1e-9)
