"""The verbs of a reading: drafts, hashes, submission, reopening."""

import dataclasses

import numpy as np
import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from annotations import mask_codec
from annotations.models import Mask, Reading
from annotations.payloads import Payload, payload_from_json
from annotations.problems import (
    AlreadySubmitted,
    HashMismatch,
    Incomplete,
    InvalidAnswer,
    InvalidMask,
    StaleReading,
)
from annotations.reading_facts import missing, resolved
from annotations.readings import reopen_reading, save_draft, submit_reading
from readers.assignments import image_of, start
from tests.factories import ellipse, first_assignment, full_answers, make_study

pytestmark = pytest.mark.django_db
MASK = ellipse(60, 40)


def full_payload(**changes) -> Payload:
    complete = Payload(
        answers=full_answers(), score=35, call="benign", mask=mask_codec.encode(MASK),
        mask_sha256=mask_codec.mask_sha256(MASK),
    )  # fmt: skip
    return dataclasses.replace(complete, **changes)


@pytest.fixture
def assignment():
    return first_assignment(make_study(n_cases=1))


@pytest.fixture
def draft(assignment):
    return start(assignment)


def write(draft, payload, *, version=0, write_id="w1", spacing=None):
    image = draft.case.images.get()
    return save_draft(draft, payload=payload, expected_version=version, write_id=write_id, image=image, spacing=spacing)


def hand_in(draft, *, version=1, sha256=None, write_id="s1", spacing=None):
    sha256 = mask_codec.mask_sha256(MASK) if sha256 is None else sha256
    return submit_reading(
        draft, expected_version=version, mask_sha256=sha256, write_id=write_id, image=draft.case.images.get(),
        spacing=spacing, by=draft.source.user,
    )  # fmt: skip


def test_answers_and_mask_are_stored_together_and_the_version_goes_up(draft):
    saved = write(draft, full_payload())

    assert (saved.version, saved.score, saved.call) == (1, 35, "benign")
    assert saved.answers == full_answers()
    stored = Mask.objects.get(reading=draft)
    assert stored.sha256 == mask_codec.mask_sha256(MASK)
    assert (mask_codec.decode(bytes(stored.payload)) == MASK).all()
    assert missing(saved, spacing=None) == []


def test_a_stale_tab_overwrites_nothing(draft):
    write(draft, full_payload(score=10))

    with pytest.raises(StaleReading) as told:
        write(draft, full_payload(score=90), write_id="other tab")

    assert told.value.facts["current"] == 1
    assert Reading.objects.get(pk=draft.pk).score == 10


def test_the_same_write_again_changes_nothing_and_answers_the_same(draft):
    first = write(draft, full_payload())
    again = write(draft, full_payload(score=99))

    assert (again.version, again.saved_at, again.score) == (first.version, first.saved_at, 35)


def test_a_save_that_leaves_out_what_was_asked_back_takes_no_trace_away(draft):
    first, second = (
        {"code": "min_over_max", "shown_at": f"2026-11-25T10:00:0{n}Z", "ended": None, "ended_at": None} for n in (1, 2)
    )
    write(draft, full_payload(questions=[first]))
    kept = {**second, "ended": "kept", "ended_at": "2026-11-25T10:00:05Z"}

    assert write(draft, full_payload(), version=1, write_id="w2").questions == [first]
    assert write(draft, full_payload(questions=[second]), version=2, write_id="w3").questions == [first, second]
    assert write(draft, full_payload(questions=[first, kept]), version=3, write_id="w4").questions == [first, kept]
    many = [{**first, "shown_at": str(n)} for n in range(99)]
    with pytest.raises(InvalidAnswer):
        write(draft, full_payload(questions=many), version=4, write_id="w5")
    assert Reading.objects.get(pk=draft.pk).questions == [first, kept]


def test_an_invalid_answer_leaves_the_mask_as_it_was(draft):
    write(draft, full_payload())
    other = ellipse(60, 40, grow=1.2)

    with pytest.raises(InvalidAnswer) as told:
        write(draft, full_payload(answers={"homogeneity": {"value": "blue"}}, mask=mask_codec.encode(other), mask_sha256=None),
              version=1, write_id="w2")  # fmt: skip

    assert told.value.facts["feature"] == "homogeneity"
    assert Mask.objects.get(reading=draft).sha256 == mask_codec.mask_sha256(MASK)


def test_a_mask_of_another_size_is_refused(draft):
    with pytest.raises(InvalidMask):
        write(draft, full_payload(mask=mask_codec.encode(ellipse(40, 60)), mask_sha256=None))


def test_a_mask_changed_on_its_way_is_refused(draft):
    with pytest.raises(HashMismatch):
        write(draft, full_payload(mask_sha256="0" * 64))


def test_a_mask_may_be_left_as_it_is_only_under_its_hash(draft):
    write(draft, full_payload())
    kept = write(draft, full_payload(mask=None, mask_unchanged=True, score=50), version=1, write_id="w2")

    with pytest.raises(HashMismatch):
        write(draft, full_payload(mask=None, mask_unchanged=True, mask_sha256="0" * 64), version=2, write_id="w3")

    assert kept.score == 50
    assert Reading.objects.get(pk=draft.pk).version == 2
    assert Mask.objects.get(reading=draft).sha256 == mask_codec.mask_sha256(MASK)


def test_no_mask_means_no_mask(draft):
    write(draft, full_payload())
    saved = write(draft, full_payload(mask=None, mask_sha256=None), version=1, write_id="w2")

    assert not Mask.objects.filter(reading=draft).exists()
    assert missing(saved, spacing=None) == ["mask"]


def test_an_empty_mask_is_kept_in_a_draft_but_does_not_complete_it(draft):
    nothing = np.zeros((40, 60), np.uint8)
    saved = write(draft, full_payload(mask=mask_codec.encode(nothing), mask_sha256=None))

    assert missing(saved, spacing=None) == ["mask"]


def test_a_submission_needs_every_applicable_answer_score_call_and_mask(draft):
    write(draft, Payload(answers={"homogeneity": {"value": "homogeneous"}}))

    with pytest.raises(Incomplete) as told:
        submit_reading(draft, expected_version=1, mask_sha256=None, write_id="s", image=draft.case.images.get(), spacing=None,
                       by=draft.source.user)  # fmt: skip

    expected = [f for f in full_answers_codes() if f != "homogeneity"] + ["mask", "score", "call"]
    assert told.value.facts["missing"] == expected


def full_answers_codes():
    from annotations.features import LYMPHUS

    return [f.code for f in LYMPHUS.features if not f.derived and f.applies_when is None]


def test_without_a_node_only_score_and_call_are_asked_and_a_leftover_outline_is_dropped(draft):
    write(draft, full_payload(answers={}, no_node=True, score=None, call=""))
    assert missing(Reading.objects.get(pk=draft.pk), spacing=None) == ["score", "call"]
    write(draft, full_payload(answers={}, no_node=True), version=1, write_id="w2")

    hand_in(draft, version=2)

    assert not Mask.objects.filter(reading=draft).exists()


def test_the_min_diameter_may_not_exceed_the_max(draft):
    turned = full_answers()
    turned["max_diameter_mm"], turned["min_diameter_mm"] = turned["min_diameter_mm"], turned["max_diameter_mm"]
    write(draft, full_payload(answers=turned))

    with pytest.raises(InvalidAnswer) as told:
        hand_in(draft)

    assert told.value.facts["feature"] == "min_diameter_mm"


def test_ten_presses_are_one_submission_with_one_revision(draft):
    write(draft, full_payload())

    answers = [hand_in(draft, write_id=f"press {i}") for i in range(5)] + [
        hand_in(draft, write_id="press 0") for _ in range(5)
    ]

    assert {(a.version, a.state, a.submitted_at) for a in answers} == {(2, "submitted", answers[0].submitted_at)}
    assert draft.revisions.count() == 1
    assert draft.revisions.get().mask_sha256 == mask_codec.mask_sha256(MASK)


def test_a_submission_under_another_mask_hash_is_refused(draft):
    write(draft, full_payload())

    with pytest.raises(HashMismatch):
        hand_in(draft, sha256="0" * 64)

    assert Reading.objects.get(pk=draft.pk).state == "draft"


def test_a_submission_from_a_stale_page_is_refused(draft):
    write(draft, full_payload())
    write(draft, full_payload(score=80), version=1, write_id="w2")

    with pytest.raises(StaleReading):
        hand_in(draft, version=1)


def test_a_submitted_reading_takes_no_more_writes(draft):
    write(draft, full_payload())
    hand_in(draft)

    with pytest.raises(AlreadySubmitted):
        write(draft, full_payload(score=1), version=2, write_id="late")

    assert Reading.objects.get(pk=draft.pk).score == 35


def test_reopening_needs_a_reason_and_keeps_both_readings(draft):
    write(draft, full_payload())
    hand_in(draft)
    with pytest.raises(InvalidAnswer):
        reopen_reading(draft, draft.source.user, "  ")

    reopened = reopen_reading(draft, draft.source.user, "pressed the wrong key")
    write(draft, full_payload(score=77), version=reopened.version, write_id="w9")
    hand_in(draft, version=reopened.version + 1, write_id="s9")

    said = [(r.content["score"], r.reason) for r in draft.revisions.order_by("number")]
    assert said == [(35, ""), (35, "pressed the wrong key"), (77, "")]


def test_the_readers_own_calibration_scales_this_reading_only_when_the_image_has_no_scale(draft):
    ruler = {"points": [0.0, 0.0, 0.0, 10.0], "mm": 5.0}
    saved = write(draft, full_payload(calibration=ruler))

    own = resolved(saved, spacing=None)["max_diameter_mm"]
    assert (own.value, own.unit) == (pytest.approx(18.0), "mm")
    assert image_of(first_assignment(make_study(n_cases=1, spacing=0.1))).spacing is not None


def test_the_readers_own_calibration_says_when_and_keeps_its_time_until_it_is_another(draft):
    ruler = {"points": [0.0, 0.0, 0.0, 10.0], "mm": 5.0}
    first = write(draft, full_payload(calibration=ruler)).calibration
    assert parse_datetime(first["at"]) <= timezone.now()

    draft.refresh_from_db()
    again = write(draft, full_payload(calibration={**ruler, "at": "1999-01-01"}, score=50), version=1, write_id="w2")
    assert again.calibration == first

    draft.refresh_from_db()
    other = write(draft, full_payload(calibration={**ruler, "mm": 6.0}), version=2, write_id="w3").calibration
    assert parse_datetime(other["at"]) > parse_datetime(first["at"])
    assert write(draft, full_payload(calibration=None), version=3, write_id="w4").calibration is None


def test_mm_without_a_scale_are_refused_and_with_a_calibration_taken(draft):
    with pytest.raises(InvalidAnswer):
        write(draft, full_payload(answers=full_answers(points=False)))

    ruler = {"points": [0.0, 0.0, 0.0, 10.0], "mm": 5.0}
    saved = write(draft, full_payload(answers=full_answers(points=False), calibration=ruler), write_id="w2")
    assert resolved(saved, spacing=None)["max_diameter_mm"].value == 20.0


@pytest.mark.parametrize(
    ("body", "feature"),
    [
        ({"score": 101}, "score"),
        ({"score": True}, "score"),
        ({"score": "40"}, "score"),
        ({"call": "perhaps"}, "call"),
        ({"remarks": "x" * 10_001}, "remarks"),
        ({"remarks": "a\x00b"}, "remarks"),
        ({"answers": {"no_such": {"value": 1}}}, "no_such"),
        ({"answers": []}, "answers"),
        ({"calibration": {"points": [0, 0, 0, 0], "mm": 3}}, "calibration"),
        ({"calibration": {"points": [0, 0, 0, 900], "mm": 3}}, "calibration"),
        ({"questions": ["x"]}, "questions"),
        ({"questions": [{"code": "min_over_max"}]}, "questions"),
        ({"questions": [{"code": "min_over_max", "shown_at": "2026-11-25T10:00:00Z", "ended": "won"}]}, "questions"),
        ({"form_version": "other-2"}, "form_version"),
        (
            {"answers": {"max_diameter_mm": {"value": {"points": [1, 1, 5, 5]}, "mask_sha256": "no hash"}}},
            "max_diameter_mm",
        ),
    ],
)
def test_what_is_no_reading_is_refused_by_name(draft, body, feature):
    with pytest.raises(InvalidAnswer) as told:
        write(draft, payload_from_json(body))
    assert told.value.facts["feature"] == feature


@pytest.mark.parametrize("mask", [{"data": "%%%"}, {"data": 3}, "text", {"data": "AAAA"}])
def test_what_is_no_mask_is_refused(draft, mask):
    with pytest.raises(InvalidMask):
        write(draft, payload_from_json({"mask": mask}))
