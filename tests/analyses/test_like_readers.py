"""Agreement among readers said of readers like these: a spec asks for it, and each reader is left out in turn."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from django.core.management import call_command

from annotations.agreement.many_readers import fleiss_kappa
from annotations.agreement.moments import coefficient_moments
from annotations.agreement.ratings import MISSING, Ratings
from annotations.analyses.like_readers import NO_PERSONS, LikeReaders
from annotations.analyses.question import Ways
from annotations.analyses.spec import complete_spec
from annotations.analyses.tables.work import analyse_table, complete_table_spec
from annotations.features import form_schema
from annotations.problems import InvalidSpec
from readers.analyses import analyse_study
from tests.analyses.made import QUICK, closed_study, finished_analysis

FORM = form_schema("lymphus-1.0")
READERS, CASES = 6, 40
READERS_ONLY, BOTH = Ways(over="readers"), Ways(over="both")
TOO_FEW = "fewer than five readers: they are not taken as drawn from others"


def ratings(seed: int = 7) -> Ratings:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, CASES)
    hard = np.where(np.arange(CASES) % 4, 0, 0.4)  # every fourth case
    wrong = np.linspace(0.01, 0.1, READERS)[:, None] + hard
    return Ratings(np.where(rng.random((READERS, CASES)) < wrong, 1 - truth, truth), ("no", "yes"))


def of_fleiss(data: Ratings):
    return coefficient_moments(data, "Fleiss kappa")


def fleiss(like: LikeReaders, data: Ratings, ways: Ways | None = None):
    return like.interval(fleiss_kappa(data), of_fleiss, data, ways or like.ways)


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


def over_centres(like: LikeReaders, **of_centre: Ratings):
    return like.over_centres({c: {"fleiss": fleiss(like, data)} for c, data in of_centre.items()}, 0.95)["fleiss"]


def test_centres_share_their_readers_so_the_error_of_readers_does_not_shrink():
    data, like = ratings(), LikeReaders(READERS_ONLY)
    one, whole = fleiss(like, data), over_centres(like, a=data, b=data)

    assert (whole.value, whole.se) == pytest.approx((one.value, one.se))
    assert (whole.interval.low, whole.interval.high) == pytest.approx((one.interval.low, one.interval.high))
    assert whole.n.cases == 2 * CASES


def test_a_reader_is_left_out_of_all_centres_at_once():
    """By hand: the values of two unlike centres without each reader, averaged by their cases, and the jackknife of that."""
    first, second = ratings(1).of_cases(np.arange(25)), ratings(2)
    whole = over_centres(LikeReaders(READERS_ONLY), a=first, b=second)

    def without(reader: int) -> float:
        left = [r for r in range(READERS) if r != reader]
        a, b = (fleiss_kappa(data.of_readers(*left)).value for data in (first, second))
        return (25 * a + 40 * b) / 65

    values = np.array([without(reader) for reader in range(READERS)])
    assert whole.se == pytest.approx(math.sqrt(5 / 6 * np.square(values - values.mean()).sum()))
    assert whole.interval.method.startswith("jackknife of readers, t, df ")


def test_the_cases_of_several_centres_are_more_than_those_of_one():
    data, like = ratings(), LikeReaders(BOTH)
    one, whole, readers = (
        fleiss(like, data),
        over_centres(like, a=data, b=data),
        fleiss(LikeReaders(READERS_ONLY), data),
    )

    assert one.se > whole.se > readers.se > 0
    assert whole.interval.method.startswith("jackknife of readers and cases, t, df ")


def test_readers_of_one_centre_each_are_enough_together():
    """Three readers in each of two centres: too few for one, six for both."""
    codes, other = ratings().codes.copy(), ratings(8).codes.copy()
    codes[3:], other[:3] = MISSING, MISSING
    like, first = LikeReaders(BOTH), Ratings(codes, ("no", "yes"))

    assert fleiss(like, first).no_interval == TOO_FEW
    assert over_centres(like, a=first, b=Ratings(other, ("no", "yes"))).interval is not None


def test_nodes_of_a_patient_stay_together():
    data = ratings()
    ways = Ways(over="both", patients=tuple(str(case // 2) for case in range(CASES)))
    found, by_case = fleiss(LikeReaders(ways), data), fleiss(LikeReaders(BOTH), data)

    assert found.interval.method.startswith("jackknife of readers and patients, t, df ")
    assert found.se != by_case.se


@pytest.mark.parametrize("over", ["readers", "both"])
def test_a_table_has_its_group_said_of_readers_like_these_and_all_else_as_before(over):
    asked, plain = among(6, intervals_over=over), among(6)
    varied = {"readers": "of readers, t", "both": "of readers and cases, t"}[over]

    for found, before in ((asked["overall"], plain["overall"]), (asked["by_centre"]["0"], plain["by_centre"]["0"])):
        for key in ("percent", "alpha", "fleiss", "ac1"):
            assert found[key]["interval"]["method"].startswith(f"jackknife {varied}")
            assert found[key]["value"] == before[key]["value"] and found[key]["interval"] != before[key]["interval"]
    of_numbers = among(6, feature=1)
    assert among(6, feature=1, intervals_over=over) == of_numbers  # an ICC takes readers as drawn by its formula


def test_fewer_than_five_readers_have_no_such_interval():
    found = among(4, intervals_over="both")

    for figures in (found["overall"], *found["by_centre"].values()):
        assert (figures["fleiss"]["interval"], figures["fleiss"]["se"], figures["fleiss"]["no_interval"]) == (
            None,
            None,
            TOO_FEW,
        )
        assert figures["fleiss"]["value"] is not None


def test_of_interchangeable_readers_none_is_left_out():
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

    assert one["among_readers"]["overall"]["fleiss"]["interval"]["method"].startswith("jackknife of readers and ")
    assert one["against_reference"] == other["against_reference"]
    assert analyse_study(study, by=study.lead, spec={"intervals_over": "both"}).spec["intervals_over"] == "both"
    call_command("reproduce", analysis.public_id)
