"""Several nodes of one patient are not several patients."""

from __future__ import annotations

import numpy as np
import pytest

from annotations.agreement.arm_average import arm_average
from annotations.agreement.auc import auc
from annotations.agreement.patient_clusters import clustered_auc, clustered_proportion
from annotations.agreement.proportion import proportion
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_endpoints import reader_sensitivities
from annotations.agreement.result import WrongCall


@pytest.fixture
def scored():
    generator = np.random.default_rng(4)
    truth = np.repeat([0, 1], 40)
    return truth, np.round(3 * (generator.normal(size=80) + truth))


def doubled(*columns):
    """Every case entered twice under its patient."""
    return [np.repeat(column, 2, axis=-1) for column in columns]


def test_one_case_per_patient_is_the_plain_auc(scored):
    truth, scores = scored
    clustered, plain = clustered_auc(truth, scores, np.arange(80)), auc(truth, scores)

    assert (clustered.value, clustered.se) == pytest.approx((plain.value, plain.se))
    assert clustered.interval == plain.interval or clustered.interval.low == pytest.approx(plain.interval.low)


def test_entering_every_case_twice_gains_nothing(scored):
    truth, scores = scored
    twice = clustered_auc(*doubled(truth, scores, np.arange(80)))

    assert twice.se == pytest.approx(auc(truth, scores).se)
    assert auc(*doubled(truth, scores)).se < 0.75 * twice.se


def test_a_proportion_of_cases_entered_twice_keeps_its_interval():
    hits = np.repeat([1.0, 0.0], [30, 12])
    once, twice = proportion(30, 42), clustered_proportion(*doubled(hits, np.arange(42)))

    assert twice.extra["design_effect"] == pytest.approx(2, rel=0.05)
    assert (twice.interval.low, twice.interval.high) == pytest.approx((once.interval.low, once.interval.high), abs=3e-3)


def test_a_reader_study_entered_twice_keeps_its_error(scored):
    truth, scores = scored
    ratings = scores + np.random.default_rng(1).integers(-2, 3, size=(4, 80))
    once = arm_average(reader_aucs(truth, ratings, covariance="delong"), model="FRRC")
    labels = np.repeat(np.arange(80), 2)
    twice = arm_average(reader_aucs(*doubled(truth, ratings), patients=labels), model="FRRC")
    calls = (ratings > 1).astype(float)
    sensitivity = arm_average(reader_sensitivities(truth, calls), model="FRRC")
    again = arm_average(reader_sensitivities(*doubled(truth, calls), patients=labels), model="FRRC")

    assert twice.se == pytest.approx(once.se, rel=0.02)
    assert again.se == pytest.approx(sensitivity.se, rel=0.03)


def test_distinct_patients_change_nothing_in_a_reader_study(scored):
    truth, scores = scored
    ratings = np.stack((scores, -scores))

    assert (
        reader_aucs(truth, ratings).covariance == reader_aucs(truth, ratings, patients=np.arange(80)).covariance
    ).all()


def test_too_few_patients_have_a_value_and_no_interval():
    assert "one patient" in clustered_proportion([1, 0, 1], ["a", "a", "a"]).no_interval
    few = [1, 1, 0, 0], [3, 2, 1, 2], ["a", "a", "b", "c"]
    assert "one patient" in clustered_auc(*few, interval="logit").no_interval
    assert clustered_auc(*few).se is None
    assert clustered_proportion([np.nan], ["a"]).undefined
    assert clustered_auc([1, 1], [1, 2], ["a", "b"]).undefined
    with pytest.raises(WrongCall, match="one label per case"):
        clustered_auc([1, 0], [1, 2], ["a"])


def test_the_interval_covers_when_patients_bring_several_nodes():
    generator, hits = np.random.default_rng(9), 0
    for _ in range(600):
        patient = np.repeat(np.arange(40), 3)
        liability = np.repeat(generator.normal(size=40), 3) * 0.7 + generator.normal(size=120) * 0.714
        interval = clustered_proportion(liability > -0.8416, patient).interval  # 0.8 of a standard normal
        hits += interval.low <= 0.8 <= interval.high
    assert 0.92 <= hits / 600 <= 0.98
