"""Agreement among readers said of readers like these: a spec asks for it, and the intervals are by drawing readers."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from django.core.management import call_command

from annotations.agreement.many_readers import fleiss_kappa
from annotations.agreement.ratings import Ratings
from annotations.analyses.question import Ways
from annotations.analyses.reader_draws import NO_PERSONS, TOO_FEW, ReaderDraws
from annotations.analyses.spec import complete_spec
from annotations.analyses.tables.work import analyse_table, complete_table_spec
from annotations.features import form_schema
from annotations.problems import InvalidSpec
from readers.analyses import analyse_study
from tests.analyses.made import QUICK, closed_study, finished_analysis

FORM = form_schema("lymphus-1.0")
READERS, CASES = 6, 40
WAYS = Ways(resamples=400, seed=3, over="readers")


def ratings(seed: int = 7) -> Ratings:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, CASES)
    skill = np.linspace(0.05, 0.45, READERS)[:, None]
    return Ratings(np.where(rng.random((READERS, CASES)) < skill, 1 - truth, truth), ("no", "yes"))


def drawn(data: Ratings, ways: Ways = WAYS, stratum: str = ""):
    return ReaderDraws(ways).interval(fleiss_kappa(data), data, ways, stratum)


def table(readers: int, interchangeable: bool = False) -> tuple[bytes, dict]:
    rng = np.random.default_rng(5)
    lines = ["case,reader,centre,call,size"]
    for case in range(30):
        truth = rng.random() < 0.5
        for reader in range(readers):
            call = truth != (rng.random() < 0.08 * (reader + 1))
            lines.append(f"{case},r{reader},{case % 2},{'yes' if call else 'no'},{case + rng.random():.2f}")
    schema = {
        "version": 1, "columns": {"case": "case", "reader": "reader", "centre": "centre"},
        "features": [{"code": "call", "kind": "binary", "categories": ["no", "yes"], "positive": "yes"},
                     {"code": "size", "kind": "continuous"}],
    }  # fmt: skip
    if interchangeable:
        schema |= {"readers_interchangeable": True, "readings_per_case": readers}
    return "\n".join(lines).encode(), schema


def among(readers: int, feature: int = 0, *, interchangeable: bool = False, **spec):
    content, schema = table(readers, interchangeable)
    result = json.loads(analyse_table(content, schema, QUICK | spec))
    return result["features"][feature]["among_readers"]


def test_centres_share_their_readers_so_the_error_of_readers_does_not_shrink():
    data, draws = ratings(), ReaderDraws(WAYS)
    each = {c: {"fleiss": draws.interval(fleiss_kappa(data), data, WAYS, c)} for c in ("1", "2")}

    whole = draws.over_centres(each, 0.95)["fleiss"]

    one = each["1"]["fleiss"]
    assert one == each["2"]["fleiss"]  # the same readers are drawn, and the cases stay as they are
    limits = (one.interval.low, one.interval.high)
    assert (whole.value, whole.se) == pytest.approx((one.value, one.se))
    assert (whole.interval.low, whole.interval.high) == pytest.approx(limits)
    assert whole.n.cases == 2 * CASES


def test_centres_have_draws_of_cases_of_their_own():
    ways = Ways(resamples=2000, seed=3, over="cases")
    data, draws = ratings(), ReaderDraws(ways)
    each = {c: {"fleiss": draws.interval(fleiss_kappa(data), data, ways, c)} for c in ("1", "2")}

    whole, one = draws.over_centres(each, 0.95)["fleiss"], each["1"]["fleiss"]

    assert one.se != each["2"]["fleiss"].se
    assert whole.se == pytest.approx(one.se / math.sqrt(2), rel=0.08)


def test_readers_and_cases_together_say_less_than_either():
    data = ratings()
    readers, both = drawn(data), drawn(data, Ways(resamples=400, seed=3, over="both"))

    assert both.se > readers.se > 0
    assert both.interval.method == "bootstrap percentile, 400 resamples of readers and cases"
    assert both.p is None and both.value == fleiss_kappa(data).value


@pytest.mark.parametrize("over", ["readers", "both"])
def test_a_table_has_its_group_by_drawn_readers_and_all_else_as_before(over):
    asked, plain = among(6, intervals_over=over), among(6)
    drawn_are = {"readers": "of readers", "both": "of readers and cases"}[over]

    for found, before in ((asked["overall"], plain["overall"]), (asked["by_centre"]["0"], plain["by_centre"]["0"])):
        for key in ("percent", "alpha", "fleiss", "ac1"):
            assert found[key]["interval"]["method"] == f"bootstrap percentile, 200 resamples {drawn_are}"
            assert found[key]["value"] == before[key]["value"] and found[key]["interval"] != before[key]["interval"]
    assert among(6, feature=1, intervals_over=over) == among(
        6, feature=1
    )  # an ICC takes readers as drawn by its formula


def test_fewer_than_five_readers_have_no_such_interval():
    found = among(4, intervals_over="both")

    for figures in (found["overall"], *found["by_centre"].values()):
        assert (figures["fleiss"]["interval"], figures["fleiss"]["se"], figures["fleiss"]["no_interval"]) == (
            None,
            None,
            TOO_FEW,
        )
        assert figures["fleiss"]["value"] is not None


def test_of_interchangeable_readers_none_is_drawn():
    found = among(6, interchangeable=True, intervals_over="readers")

    assert found["overall"]["alpha"]["no_interval"] == NO_PERSONS


@pytest.mark.parametrize("check", [lambda spec: complete_spec(spec, FORM), complete_table_spec])
def test_what_is_no_such_choice_is_refused_by_name(check):
    with pytest.raises(InvalidSpec, match="intervals_over: expected cases, readers, both, got “reader”"):
        check({"intervals_over": "reader"})


def test_a_spec_of_an_earlier_version_does_not_know_the_entry():
    with pytest.raises(InvalidSpec, match="intervals_over"):
        complete_spec({"version": 3, "intervals_over": "both"}, FORM)
    assert "intervals_over" not in complete_spec({"version": 3}, FORM)


@pytest.mark.django_db
def test_a_study_is_said_of_readers_like_these_and_reproduced():
    study = closed_study(n_cases=12, n_readers=5)
    analysis = finished_analysis(study, features=["necrosis"], masks=False, intervals_over="both")
    plain = finished_analysis(study, features=["necrosis"], masks=False)

    one, other = (json.loads(bytes(a.result))["features"][0] for a in (analysis, plain))

    assert one["among_readers"]["overall"]["fleiss"]["interval"]["method"].endswith("of readers and cases")
    assert one["against_reference"] == other["against_reference"]
    assert analyse_study(study, by=study.lead, spec={"intervals_over": "both"}).spec["intervals_over"] == "both"
    call_command("reproduce", analysis.public_id)
