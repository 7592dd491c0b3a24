"""The intervals that are shown by default, and why."""

import numpy as np
import pytest

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.kappa import cohen_kappa, weighted_kappa
from annotations.agreement.many_readers import fleiss_kappa, gwet_ac1
from annotations.agreement.ratings import Ratings
from annotations.agreement.result import WrongCall

NEARLY = Ratings.from_table([[9, 1], [0, 10]])


@pytest.mark.parametrize("call", [cohen_kappa, weighted_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha])
def test_limits_stay_below_one_and_reach_further_down(call):
    found = call(NEARLY)

    assert found.interval.high < 1
    assert found.value - found.interval.low > found.interval.high - found.value
    assert "log(1 - value)" in found.interval.method


def test_the_plain_limits_can_be_asked_for():
    plain = cohen_kappa(NEARLY, interval="normal").interval

    assert plain.high > 1
    assert (plain.low + plain.high) / 2 == pytest.approx(cohen_kappa(NEARLY).value)


@pytest.mark.parametrize("call", [cohen_kappa, fleiss_kappa, krippendorff_alpha])
def test_another_interval_is_refused(call):
    with pytest.raises(WrongCall, match="interval: expected"):
        call(NEARLY, interval="guess")


def test_the_default_covers_where_the_plain_limits_do_not():
    """20 cases, two readers who are right in 90 %: true kappa 0.64; 1,500 replications, standard error 0.006."""
    rng = np.random.default_rng(1969)
    held = {"log": 0, "normal": 0}
    for _ in range(1500):
        truth = rng.random(20) < 0.5
        data = Ratings((truth == (rng.random((2, 20)) < 0.9)).astype(int), ("absent", "present"))
        for interval in held:
            limits = cohen_kappa(data, interval=interval).interval
            held[interval] += limits is not None and limits.low <= 0.64 <= limits.high + 1e-9

    assert held["log"] / 1500 > 0.92
    assert held["normal"] / 1500 < 0.91


def test_few_cases_outside_the_largest_category_are_said():
    found = cohen_kappa(Ratings.from_table([[16, 1], [1, 2]]))

    assert found.warnings == ("Only about 3 cases lie outside the largest category: the interval is too narrow.",)


def test_the_lower_limit_stays_on_the_scale():
    """Five cases, one of them read at odds: the transformed limit would be below -1, where no coefficient can be."""
    few = Ratings.from_table([[3, 1], [0, 1]])

    for call in (cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha):
        found = call(few)
        assert -1 <= found.interval.low <= found.value
    assert cohen_kappa(few).interval.low == -1
