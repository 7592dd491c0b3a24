"""Worklists: drawn once, an order of its own for every reader, exposed cases left out or flagged; and their counts and times."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.models import Case
from readers.activity import active_seconds, record_activity
from readers.assignments import start
from readers.drawing import draw_worklists, order_of
from readers.exposures import record_exposure
from readers.models import ActivityInterval, Assignment, Exposure
from readers.worklists import study_progress, worklist_of
from tests.factories import first_assignment, make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


def order(study, reader):
    rows = Assignment.objects.filter(study=study, reader=reader).order_by("position")
    return [row.case.public_id for row in rows]


def submit_all(study, reader, count):
    for row in Assignment.objects.filter(study=study, reader=reader).order_by("position")[:count]:
        type(start(row)).objects.filter(pk=start(row).pk).update(state="submitted")


def test_the_order_is_the_same_for_a_seed_and_number_and_differs_between_readers():
    assert order_of(7, 1, 8) == order_of(7, 1, 8)
    assert order_of(7, 1, 8) == [6, 3, 1, 0, 2, 4, 7, 5]
    assert order_of(7, 1, 338) != order_of(7, 2, 338)
    assert sorted(order_of(7, 2, 338)) == list(range(338))


def test_every_reader_gets_every_case_once_in_the_drawn_order():
    study = make_study(n_cases=5, n_readers=2)
    by_id = sorted(Case.objects.values_list("public_id", flat=True))

    for place in study.places.all():
        assert order(study, place.user) == [by_id[i] for i in order_of(7, place.number, 5)]


def test_drawing_again_changes_nothing():
    study = make_study(n_cases=4)
    before = list(Assignment.objects.values_list("public_id", flat=True))

    assert draw_worklists(study) == 0
    assert list(Assignment.objects.values_list("public_id", flat=True)) == before


@pytest.mark.parametrize(("rule", "kept"), [("leave_out", 3), ("flag", 4)])
def test_a_case_the_reader_knows_is_left_out_or_flagged(rule, kept):
    dataset, reader, other = make_dataset(4), make_user("reader"), make_user("reader")
    known = Case.objects.filter(dataset=dataset).first()
    record_exposure(reader, known, Exposure.What.PATHOLOGY, "gallery")

    study = make_study(dataset=dataset, readers=[reader, other], exposed_readers=rule)

    assert (len(order(study, reader)), len(order(study, other))) == (kept, 4)
    assert study.places.get(user=reader).exposed_cases == [known.public_id]
    assert study.places.get(user=other).exposed_cases == []


def test_the_same_sight_at_the_same_place_is_one_exposure():
    reader = make_user("reader")
    case = Case.objects.get(dataset=make_dataset(1))
    for where in ("gallery", "gallery", "case page"):
        record_exposure(reader, case, Exposure.What.PATHOLOGY, where)
    assert Exposure.objects.count() == 2


def test_the_worklist_counts_and_resumes_where_the_reader_stopped():
    study = make_study(n_cases=4)
    reader = study.places.get().user
    submit_all(study, reader, 1)
    start(Assignment.objects.get(study=study, position=3))

    work = worklist_of(reader)[0]

    assert [p.state for p in work.positions] == ["submitted", "open", "draft", "open"]
    assert (work.total, work.submitted, work.drafts, work.resumes) == (4, 1, 1, True)
    assert work.next_assignment == Assignment.objects.get(study=study, position=3).public_id


def test_a_locked_position_is_counted_but_has_no_address():
    study = make_study(n_cases=2)
    reader = study.places.get().user
    Assignment.objects.filter(study=study, position=1).update(unlocks_at=timezone.now() + timedelta(days=3))

    work = worklist_of(reader)[0]

    assert [(p.state, p.assignment_id is None) for p in work.positions] == [("locked", True), ("open", False)]
    assert work.next_assignment == work.positions[1].assignment_id


def test_a_case_left_out_before_it_was_read_is_no_longer_counted():
    study = make_study(n_cases=3)
    reader = study.places.get().user
    case = first_assignment(study).case
    Case.objects.filter(pk=case.pk).update(state="excluded")

    assert worklist_of(reader)[0].total == 2


def test_the_time_left_is_the_median_case_times_those_that_remain():
    study = make_study(n_cases=4)
    reader = study.places.get().user
    assert worklist_of(reader)[0].seconds_left is None
    submit_all(study, reader, 2)
    for position, seconds in ((1, 60), (2, 100)):
        now = timezone.now()
        ActivityInterval.objects.create(
            assignment=Assignment.objects.get(study=study, position=position), started_at=now - timedelta(seconds=seconds),
            ended_at=now,
        )  # fmt: skip

    assert worklist_of(reader)[0].seconds_left == 2 * 80


def test_active_time_is_counted_once_however_often_it_is_reported():
    noon = timezone.now()

    def at(seconds):
        return noon + timedelta(seconds=seconds)

    assert active_seconds([(at(0), at(10)), (at(5), at(15)), (at(5), at(15)), (at(6), at(7)), (at(20), at(30))]) == 25


def test_activity_is_measured_on_the_servers_clock_and_only_while_the_study_is_open():
    study = make_study(n_cases=1)
    assignment = first_assignment(study)

    assert record_activity(assignment, [{"start_ms_ago": 5000, "end_ms_ago": 1000}]) == 1
    kept = ActivityInterval.objects.get()
    assert (kept.ended_at - kept.started_at).total_seconds() == pytest.approx(4)

    assignment.study.state = "locked"
    assert record_activity(assignment, [{"start_ms_ago": 5000, "end_ms_ago": 1000}]) == 0


@pytest.mark.parametrize("n_cases", [1, 3])
def test_a_worklist_takes_the_same_number_of_queries(django_assert_num_queries, n_cases):
    reader = make_user("reader")
    for _ in range(n_cases):
        make_study(n_cases=n_cases, readers=[reader])
    reader = type(reader).objects.get(pk=reader.pk)
    with django_assert_num_queries(4):  # two for permissions
        worklist_of(reader)


@pytest.mark.parametrize("n", [1, 3])
def test_progress_takes_the_same_number_of_queries(django_assert_num_queries, n):
    study = make_study(n_cases=n, n_readers=n)
    with django_assert_num_queries(3):
        progress = study_progress(study)
    assert (progress.total, progress.submitted, len(progress.readers)) == (n * n, 0, n)
