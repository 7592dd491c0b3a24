"""A closed study is analysed: what went in is frozen, the same question gives the same bytes, a dead worker's part is kept."""

from __future__ import annotations

import json

import pytest

from annotations import jobs
from annotations.analyses import parts, work
from annotations.analyses.material import load
from annotations.demo_readers import five_readers
from annotations.models import Analysis, Case
from annotations.problems import InvalidSpec, NotAllowedNow
from annotations.revisions import append_revision
from readers.analyses import analyse_study
from readers.models import AssignmentReading, StudyEvent
from readers.simulation import read_worklists
from readers.studies import lock_study, withdraw_reader
from tests.factories import make_study

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
QUICK = {"resamples": 200, "seed": 5}


@pytest.fixture
def closed():
    study = make_study(n_cases=8, n_readers=2, spacing=0.1)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=1)
    return lock_study(study, study.lead)


def result_of(analysis):
    analysis.refresh_from_db()
    assert analysis.state == "done", analysis.error
    return json.loads(bytes(analysis.result))


def test_an_open_study_cannot_be_analysed():
    study = make_study(n_cases=2)

    with pytest.raises(NotAllowedNow):
        analyse_study(study, by=study.lead)

    assert not Analysis.objects.exists()


def test_the_result_says_what_went_in_and_what_came_out(closed):
    analysis = analyse_study(closed, by=closed.lead, spec=QUICK)

    assert work.run_analysis(analysis.pk)

    result = result_of(analysis)
    assert result["inputs_sha256"] == analysis.inputs_sha256
    assert result["went_in"]["cases"] == 8
    assert result["went_in"]["readings"] == 16
    assert [f["code"] for f in result["features"]] == list(load(analysis.inputs).form.codes)
    margin = next(f for f in result["features"] if f["code"] == "margin_regularity")
    assert set(margin["against_reference"][0]["by_centre"]) == {"1", "2"}
    assert margin["among_readers"]["overall"]["percent"]["n"]["cases"] == 8
    assert len(result["masks"]) == 2
    assert result["masks"][0]["by_centre"]["1"]["dice"]["n"]["cases"] == 4
    assert result["masks"][0]["cases"][0]["unit"] == "mm"
    assert set(result["pathology"]["readers"][0]["stratified"]) == {"sensitivity", "specificity", "auc"}


def test_the_same_question_gives_the_same_bytes(closed):
    first = analyse_study(closed, by=closed.lead, spec=QUICK)
    second = analyse_study(closed, by=closed.lead, spec=QUICK)

    work.run_analysis(first.pk)
    work.run_analysis(second.pk)

    assert result_of(first) == result_of(second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.result_sha256 == second.result_sha256
    assert work.compute(first.spec, first.inputs) == bytes(first.result)


def test_what_is_said_or_left_out_after_the_question_changes_no_byte_of_its_answer(closed):
    first, second = (analyse_study(closed, by=closed.lead, spec=QUICK) for _ in range(2))
    work.run_analysis(first.pk)
    reading = AssignmentReading.objects.filter(assignment__study=closed).first().reading
    reading.score = 99 if reading.score != 99 else 1
    reading.save()
    append_revision(reading, by=closed.lead, reason="again")
    Case.objects.unscoped().filter(pk=reading.case_id).update(state="excluded")

    work.run_analysis(second.pk)

    assert result_of(first) == result_of(second)
    later = analyse_study(closed, by=closed.lead, spec=QUICK)
    assert later.inputs_sha256 != second.inputs_sha256 == first.inputs_sha256


def test_a_question_that_is_not_asked_to_the_end_leaves_nothing(closed, monkeypatch):
    def breaks(**_values):
        raise RuntimeError

    monkeypatch.setattr(StudyEvent.objects, "create", breaks)
    with pytest.raises(RuntimeError):
        analyse_study(closed, by=closed.lead, spec=QUICK)

    assert not Analysis.objects.exists()


def test_a_worker_that_takes_over_keeps_finished_parts_and_ends_in_the_same_bytes(closed, monkeypatch):
    undisturbed = analyse_study(closed, by=closed.lead, spec=QUICK)
    work.run_analysis(undisturbed.pk)
    broken = analyse_study(closed, by=closed.lead, spec=QUICK)
    calls = []
    real = parts.feature_part

    def dies_at_the_fifth(material, feature, spec):
        calls.append(feature.code)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(material, feature, spec)

    monkeypatch.setattr(work, "KEEP_SECONDS", 0.0)
    monkeypatch.setattr(parts, "feature_part", dies_at_the_fifth)
    with pytest.raises(KeyboardInterrupt):
        work.run_analysis(broken.pk)
    Analysis.objects.filter(pk=broken.pk).update(lease_until="2020-01-01T00:00:00Z")
    broken.refresh_from_db()
    assert set(broken.parts) == {f"feature:{code}" for code in calls[:4]}  # jsonb keeps no order
    monkeypatch.setattr(parts, "feature_part", real)

    assert work.run_analysis(broken.pk)

    broken.refresh_from_db()
    undisturbed.refresh_from_db()
    assert broken.attempts == 2
    assert bytes(broken.result) == bytes(undisturbed.result)


def test_two_workers_on_one_row_give_one_result(closed):
    analysis = analyse_study(closed, by=closed.lead, spec=QUICK)
    held = jobs.claim(Analysis, analysis.pk)

    assert held is not None
    assert work.run_analysis(analysis.pk) is False


def test_a_withdrawn_reader_stays_out_and_is_named():
    study = make_study(n_cases=4, n_readers=3)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=1)
    withdraw_reader(study, study.places.get(number=2).user, study.lead, reason="moved")
    lock_study(study, study.lead)
    analysis = analyse_study(study, by=study.lead, spec=QUICK)
    work.run_analysis(analysis.pk)

    went_in = result_of(analysis)["went_in"]

    assert [r["number"] for r in went_in["readers"]] == [1, 3]
    assert went_in["notes"]["withdrawn_readers"] == [2]


def test_a_cancelled_analysis_stops_and_says_so(closed):
    analysis = analyse_study(closed, by=closed.lead, spec=QUICK)

    assert jobs.request_cancel(analysis)

    assert work.run_analysis(analysis.pk) is False
    analysis.refresh_from_db()
    assert analysis.state == "cancelled"


def test_progress_counts_every_part_and_step_and_never_goes_back(closed, monkeypatch):
    analysis = analyse_study(closed, by=closed.lead, spec=QUICK)
    said: list[tuple[int, int]] = []
    monkeypatch.setattr(jobs.Claim, "progress", lambda _own, done, total, *_text, **_now: said.append((done, total)))

    work.run_analysis(analysis.pk)

    analysis.refresh_from_db()
    assert {total for _done, total in said} == {analysis.progress_total or said[0][1]}
    counted = [done for done, _total in said]
    assert counted == sorted(counted) and counted[0] == 0
    assert counted[-1] == said[-1][1] - 1  # the last part was begun; its end is the end of the work
    assert len(set(counted)) == said[-1][1]


def test_a_running_analysis_stops_at_the_next_part_and_keeps_nothing(closed, monkeypatch):
    analysis = analyse_study(closed, by=closed.lead, spec=QUICK)
    real, calls = parts.feature_part, []

    def is_cancelled_at_the_third(material, feature, spec):
        calls.append(feature.code)
        if len(calls) == 3:
            assert jobs.request_cancel(Analysis.objects.get(pk=analysis.pk))
        return real(material, feature, spec)

    monkeypatch.setattr(work, "KEEP_SECONDS", 0.0)
    monkeypatch.setattr(parts, "feature_part", is_cancelled_at_the_third)
    work.run_analysis(analysis.pk)

    analysis.refresh_from_db()
    assert (analysis.state, analysis.result, analysis.parts, len(calls)) == ("cancelled", None, {}, 3)
    assert not jobs.request_cancel(analysis)


@pytest.mark.parametrize(
    ("entry", "value"),
    [("level", 2), ("level", "high"), ("seed", 1.5), ("features", ["beauty"]), ("colour", "red"), ("resamples", True)],
)
def test_a_wrong_spec_is_refused_by_name(closed, entry, value):
    with pytest.raises(InvalidSpec, match=entry):
        analyse_study(closed, by=closed.lead, spec={entry: value})

    assert not Analysis.objects.exists()
