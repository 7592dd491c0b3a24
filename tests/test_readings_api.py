"""The reading API as the browser uses it: saving, retries, stale tabs, races, hashes, submission, late work."""

import threading

import pytest
from django.db import close_old_connections
from django.utils import timezone

from annotations import pictures
from annotations.models import Case, Mask, Reading, ReadingRevision, Source
from annotations.problems import NotAllowedNow, StudyClosed
from readers.assignments import submit
from readers.models import ActivityInterval, Assignment, AssignmentReading, Exposure, LateWork, Study
from readers.studies import lock_study, open_study, withdraw_reader
from tests.api import assert_problem, client_of, draft_body, post_submit, put_reading
from tests.factories import first_assignment, make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db
KEEP = {"mask": None, "mask_unchanged": True}


@pytest.fixture
def study():
    return make_study(n_cases=2)


@pytest.fixture
def assignment(study):
    return first_assignment(study)


@pytest.fixture
def reader(assignment):
    return client_of(assignment.reader)


def get_reading(client, assignment):
    return client.get(f"/api/v1/assignments/{assignment.public_id}/reading/")


def test_a_case_not_yet_begun_is_an_empty_reading_of_version_0_and_makes_no_row(reader, assignment):
    body = get_reading(reader, assignment).json()

    assert (body["version"], body["state"], body["answers"], body["mask"], body["score"]) == (
        0,
        "draft",
        {},
        None,
        None,
    )
    assert body["missing"][-3:] == ["mask", "score", "call"]
    assert not Reading.objects.filter(source__kind="user").exists()


def test_what_is_saved_comes_back(reader, assignment):
    sent = draft_body(remarks="lobulated below")
    saved = put_reading(reader, assignment, sent)

    assert saved.status_code == 200
    assert saved.json() | {"saved_at": None} == {
        "version": 1, "mask_sha256": sent["mask_sha256"], "saved_at": None, "missing": []
    }  # fmt: skip
    back = get_reading(reader, assignment).json()
    for field in ("answers", "score", "call", "remarks", "no_node", "mask", "mask_sha256", "calibration", "questions"):
        assert back[field] == sent[field]


def test_a_retry_after_a_lost_response_gets_the_same_answer(reader, assignment):
    first = put_reading(reader, assignment, draft_body())
    again = put_reading(reader, assignment, draft_body())

    assert first.json() == again.json()
    assert Reading.objects.get(source__kind="user").version == 1


def test_a_write_without_a_version_is_asked_for_one(reader, assignment):
    url = f"/api/v1/assignments/{assignment.public_id}/reading/"
    assert_problem(reader.put(url, draft_body(), content_type="application/json"), 428, "precondition_required")
    assert_problem(put_reading(reader, assignment, draft_body(), version="latest"), 428, "precondition_required")


def test_a_stale_tab_is_told_and_shown_what_is_stored(reader, assignment):
    put_reading(reader, assignment, draft_body())

    told = assert_problem(put_reading(reader, assignment, draft_body("w2", score=90)), 412, "stale_reading")

    assert told["current"] == get_reading(reader, assignment).json()
    assert told["current"]["score"] == 35


def test_a_session_that_ended_gives_401_and_stores_nothing(client, assignment):
    assert_problem(put_reading(client, assignment, draft_body()), 401, "not_authenticated")
    assert not LateWork.objects.exists()


def test_a_write_from_another_site_is_refused(assignment):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(assignment.reader)
    assert_problem(put_reading(client, assignment, draft_body()), 403, "permission_denied")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"mask_sha256": "0" * 64}, 409, "hash_mismatch"),
        ({"score": 101}, 400, "invalid_answer"),
        ({"score": 10**400}, 400, "invalid_answer"),
        ({"calibration": {"points": [0, 0, 0, 10**400], "mm": 5}}, 400, "invalid_answer"),
        ({"remarks": "half \ud800 pair"}, 400, "invalid_answer"),
        ({"remarks": "nul \x00"}, 400, "invalid_answer"),
        ({"answers": {"aspect_ratio": {"value": 0.5}}}, 400, "invalid_answer"),
        ({"mask": {"data": "AAAA"}}, 400, "invalid_mask"),
        ({"write_id": ""}, 400, "invalid_answer"),
        ({"write_id": "w" * 65}, 400, "invalid_answer"),
        ({"form_version": "lymphus-0.9"}, 400, "invalid_answer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(reader, assignment, change, status, code):
    assert_problem(put_reading(reader, assignment, draft_body() | change), status, code)
    assert not Reading.objects.filter(source__kind="user", version__gt=0).exists()
    assert not Mask.objects.filter(reading__source__kind="user").exists()


def test_a_body_that_is_no_object_or_too_large_is_refused(reader, assignment, settings):
    deep = "[" * 100_000 + "]" * 100_000
    assert_problem(put_reading(reader, assignment, deep), 400, "parse_error")
    assert_problem(put_reading(reader, assignment, ["reading"]), 400, "invalid_answer")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert_problem(put_reading(reader, assignment, draft_body()), 413, "too_large")


def test_a_mask_left_as_it_is_need_not_be_sent_again(reader, assignment):
    put_reading(reader, assignment, draft_body())
    kept = put_reading(reader, assignment, draft_body("w2", score=60, **KEEP), version=1)

    assert kept.json()["mask_sha256"] == draft_body()["mask_sha256"]
    assert put_reading(reader, assignment, draft_body("w3", mask=None, mask_sha256=None), version=2).json()[
        "missing"
    ] == ["mask"]


def test_ten_presses_are_one_submission_and_one_answer(reader, study, assignment):
    put_reading(reader, assignment, draft_body())

    answers = [post_submit(reader, assignment, key=f"press-{i % 3}") for i in range(10)]

    assert {r.status_code for r in answers} == {200}
    following = Assignment.objects.get(study=study, position=2)
    told = [r.json() for r in answers]
    assert told == 10 * [told[0]]
    assert told[0].pop("submitted_at")  # the same time in every answer
    assert told[0] == {"state": "submitted", "next_url": f"/read/{following.public_id}/", "feedback_url": None}
    assert ReadingRevision.objects.filter(reading__source__kind="user").count() == 1


def test_an_incomplete_reading_says_what_is_missing(reader, assignment):
    put_reading(reader, assignment, draft_body(score=None, mask=None, mask_sha256=None))

    told = assert_problem(post_submit(reader, assignment, mask_sha256=None), 400, "incomplete")

    assert told["missing"] == ["mask", "score"]


def test_a_submission_of_another_mask_is_refused(reader, assignment):
    put_reading(reader, assignment, draft_body())
    assert_problem(post_submit(reader, assignment, mask_sha256="0" * 64), 409, "hash_mismatch")


def test_a_submission_from_a_stale_page_is_told(reader, assignment):
    put_reading(reader, assignment, draft_body())
    put_reading(reader, assignment, draft_body("w2", score=80), version=1)
    told = assert_problem(post_submit(reader, assignment, version=1), 412, "stale_reading")
    assert told["current"]["score"] == 80


def test_a_submitted_reading_does_not_come_back_before_the_study_is_closed(reader, study, assignment):
    put_reading(reader, assignment, draft_body())
    post_submit(reader, assignment)

    assert_problem(get_reading(reader, assignment), 409, "already_submitted")
    assert_problem(reader.get(f"/api/v1/assignments/{assignment.public_id}/image/"), 409, "already_submitted")
    assert_problem(put_reading(reader, assignment, draft_body("late"), version=2), 409, "already_submitted")

    lock_study(study, study.lead)
    assert get_reading(reader, assignment).json()["state"] == "submitted"


def test_a_reopened_reading_comes_back_and_both_are_kept(reader, assignment):
    put_reading(reader, assignment, draft_body())
    post_submit(reader, assignment)
    url = f"/api/v1/assignments/{assignment.public_id}/reopen/"
    assert_problem(reader.post(url, {"reason": ""}, content_type="application/json"), 400, "invalid_answer")

    reopened = reader.post(url, {"reason": "slipped on the key"}, content_type="application/json").json()

    assert (reopened["state"], reopened["version"], reopened["score"]) == ("draft", 3, 35)
    put_reading(reader, assignment, draft_body("w2", score=70), version=3)
    assert post_submit(reader, assignment, version=4, key="s2").status_code == 200
    own = ReadingRevision.objects.filter(reading__source__kind="user").order_by("number")
    assert list(own.values_list("content__score", "reason")) == [
        (35, ""), (35, "slipped on the key"), (70, "")
    ]  # fmt: skip


def test_nothing_is_reopened_after_feedback_was_possible():
    study = make_study(purpose="training", n_cases=1)
    assignment = first_assignment(study)
    trainee = client_of(assignment.reader)
    put_reading(trainee, assignment, draft_body())
    post_submit(trainee, assignment)

    url = f"/api/v1/assignments/{assignment.public_id}/reopen/"
    assert_problem(
        trainee.post(url, {"reason": "I know better now"}, content_type="application/json"), 409, "not_allowed_now"
    )


def exclude(study, assignment):
    Case.objects.filter(pk=assignment.case_id).update(state="excluded")


def withdraw(study, assignment):
    withdraw_reader(study, assignment.reader, study.lead)


def lock(study, assignment):
    lock_study(study, study.lead)


@pytest.mark.parametrize(
    ("happens", "code"), [(lock, "study_closed"), (exclude, "case_excluded"), (withdraw, "assignment_withdrawn")]
)
def test_work_that_comes_too_late_is_told_so_and_kept_apart(reader, study, assignment, happens, code):
    put_reading(reader, assignment, draft_body())
    happens(study, assignment)

    for _ in range(2):  # a retry keeps it once
        assert_problem(
            put_reading(reader, assignment, draft_body("w2", score=99, remarks="\x00"), version=1), 409, code
        )
    assert_problem(post_submit(reader, assignment), 409, code)

    late = LateWork.objects.get()
    assert (late.reason, late.payload["score"], late.payload["mask"]) == (code, 99, draft_body()["mask"])
    assert Reading.objects.get(source__kind="user").score == 35


def test_a_submission_whose_answer_was_lost_is_answered_even_after_the_study_closed(reader, study, assignment):
    put_reading(reader, assignment, draft_body())
    post_submit(reader, assignment)
    lock_study(study, study.lead)

    assert post_submit(reader, assignment).json()["state"] == "submitted"


def test_the_image_is_the_stored_picture_and_its_headers_say_nothing(reader, assignment):
    response = reader.get(f"/api/v1/assignments/{assignment.public_id}/image/")

    image = assignment.case.images.get()
    assert pictures.pixel_sha256(pictures.decode_png(response.content)) == image.pixel_sha256
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/png", "private, no-cache")
    expected = {
        "Content-Type", "Cache-Control", "ETag", "Content-Length", "Vary", "Allow", "X-Frame-Options", "Referrer-Policy",
        "X-Content-Type-Options", "Cross-Origin-Opener-Policy", "Content-Security-Policy", "Permissions-Policy",
        "Content-Language",
    }  # fmt: skip
    assert set(response.headers) <= expected
    again = reader.get(
        f"/api/v1/assignments/{assignment.public_id}/image/", headers={"If-None-Match": response["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_two_readers_cannot_tell_by_the_etag_that_they_see_the_same_picture():
    study = make_study(n_cases=1, n_readers=2)
    tags = set()
    for row in Assignment.objects.filter(study=study):
        response = client_of(row.reader).get(f"/api/v1/assignments/{row.public_id}/image/")
        assert row.case.images.get().file_sha256[:32] not in response["ETag"]
        tags.add(response["ETag"])
    assert len(tags) == 2


def test_a_proxy_that_serves_the_store_is_told_where_by_a_header(reader, assignment, settings):
    settings.ACCEL_PREFIX = "/protected/"
    response = reader.get(f"/api/v1/assignments/{assignment.public_id}/image/")

    sha256 = assignment.case.images.get().file_sha256
    assert response["X-Accel-Redirect"] == f"/protected/images/{sha256[:2]}/{sha256}.png"
    assert response.content == b""


def test_a_guessed_anothers_and_a_locked_address_are_the_same_404(reader, assignment):
    other = first_assignment(make_study(n_cases=1))
    locked = Assignment.objects.get(study=assignment.study, position=2)
    Assignment.objects.filter(pk=locked.pk).update(unlocks_at=timezone.now() + timezone.timedelta(days=1))

    bodies = set()
    for public_id in ("NOSUCHASSIGNMENT", other.public_id, locked.public_id):
        for part in ("reading", "image", "feedback", "feedback/mask"):
            response = reader.get(f"/api/v1/assignments/{public_id}/{part}/")
            assert_problem(response, 404, "not_found")
            bodies.add(response.content)
        for part in ("submit", "activity", "reopen"):
            response = reader.post(
                f"/api/v1/assignments/{public_id}/{part}/",
                {},
                content_type="application/json",
                headers={"If-Match": "0"},
            )
            bodies.add(response.content)
            assert response.status_code == 404
    assert len(bodies) == 1


def test_feedback_shows_the_reference_and_is_recorded_as_exposure():
    study = make_study(purpose="training", n_cases=1)
    assignment = first_assignment(study)
    trainee = client_of(assignment.reader)
    url = f"/api/v1/assignments/{assignment.public_id}/feedback/"
    assert_problem(trainee.get(url), 409, "no_feedback")
    assert not Exposure.objects.exists()
    put_reading(trainee, assignment, draft_body())
    submitted = post_submit(trainee, assignment).json()
    assert submitted["feedback_url"] == f"/read/{assignment.public_id}/feedback/"

    feedback = trainee.get(url).json()

    assert feedback["pathology"]["status"] == assignment.case.pathology.status
    assert feedback["dice"] == 1.0
    assert feedback["differing"] == sum(row["differs"] is True for row in feedback["answers"])
    assert [row["code"] for row in feedback["answers"]][:2] == ["max_diameter_mm", "min_diameter_mm"]
    assert sorted(Exposure.objects.values_list("what", flat=True)) == ["feedback", "pathology", "reference"]
    mask = trainee.get(f"{url}mask/")
    assert (mask["Content-Type"], int(pictures.decode_png(mask.content).max())) == ("image/png", 255)


def test_training_shows_nothing_of_a_case_that_is_read_blinded_in_an_open_study():
    person = make_user("reader", "trainee")
    dataset = make_dataset(1)
    study = make_study(dataset=dataset, readers=[person])
    training = make_study(dataset=dataset, readers=[person], purpose="training")
    assignment, client = first_assignment(training), client_of(person)
    put_reading(client, assignment, draft_body())
    post_submit(client, assignment)
    url = f"/api/v1/assignments/{assignment.public_id}/feedback/"

    assert_problem(client.get(url), 409, "no_feedback")
    assert not Exposure.objects.exists()
    lock_study(study, study.lead)
    assert client.get(url).status_code == 200


def test_a_study_without_feedback_gives_none(reader, study, assignment):
    put_reading(reader, assignment, draft_body())
    post_submit(reader, assignment)
    for state in ("open", "closed"):
        for part in ("", "mask/"):
            url = f"/api/v1/assignments/{assignment.public_id}/feedback/{part}"
            assert_problem(reader.get(url), 409, "no_feedback")
        if state == "open":
            lock_study(study, study.lead)
    assert not Exposure.objects.exists()


def test_time_on_task_is_taken(reader, assignment):
    url = f"/api/v1/assignments/{assignment.public_id}/activity/"
    sent = {"intervals": [{"start_ms_ago": 9000, "end_ms_ago": 100}]}
    assert reader.post(url, sent, content_type="application/json").status_code == 204
    assert ActivityInterval.objects.count() == 1
    for wrong in ({}, {"intervals": [{}]}, {"intervals": [{"start_ms_ago": 1, "end_ms_ago": 2}]}, {"intervals": [7]}):
        assert_problem(reader.post(url, wrong, content_type="application/json"), 400, "invalid_answer")


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_of_assignments_takes_the_same_number_of_queries(django_assert_num_queries, n):
    study = make_study(n_cases=n)
    client = client_of(study.places.get().user)
    with django_assert_num_queries(6):  # session, user, permissions (2), count, page
        body = client.get("/api/v1/assignments/").json()
    assert [row["position"] for row in body["results"]] == list(range(1, n + 1))


def in_threads(calls):
    """Run the calls at once, each on a connection of its own; returns their results."""
    results, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(i):
        try:
            barrier.wait()
            results[i] = calls[i]()
        finally:
            close_old_connections()
            from django.db import connection

            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
class TestRaces:
    def test_of_eight_tabs_one_wins_and_seven_are_told(self):
        assignment = first_assignment(make_study(n_cases=1))
        clients = [client_of(assignment.reader) for _ in range(8)]

        for version in range(4):
            answers = in_threads([
                lambda c=c, i=i, v=version: put_reading(c, assignment, draft_body(f"t{i}-{v}", score=i), version=v)
                for i, c in enumerate(clients)
            ])  # fmt: skip
            assert sorted(r.status_code for r in answers) == [200] + 7 * [412]
            winner = next(i for i, r in enumerate(answers) if r.status_code == 200)
            assert Reading.objects.get(source__kind="user").score == winner

        assert AssignmentReading.objects.count() == 1
        assert Source.objects.filter(kind="user").count() == 1

    def test_the_same_write_eight_times_at_once_is_stored_once(self):
        assignment = first_assignment(make_study(n_cases=1))
        clients = [client_of(assignment.reader) for _ in range(8)]

        answers = in_threads([lambda c=c: put_reading(c, assignment, draft_body()) for c in clients])

        assert {r.status_code for r in answers} == {200}
        assert len({r.content for r in answers}) == 1
        assert Reading.objects.get(source__kind="user").version == 1

    def test_ten_submissions_at_once_are_one(self):
        assignment = first_assignment(make_study(n_cases=1))
        clients = [client_of(assignment.reader) for _ in range(10)]
        put_reading(clients[0], assignment, draft_body())

        answers = in_threads([lambda c=c, i=i: post_submit(c, assignment, key=f"k{i}") for i, c in enumerate(clients)])

        assert {r.status_code for r in answers} == {200}
        assert len({r.content for r in answers}) == 1
        assert ReadingRevision.objects.filter(reading__source__kind="user").count() == 1

    def test_a_save_and_a_submission_at_once_leave_one_of_both_and_lose_nothing_silently(self):
        assignment = first_assignment(make_study(n_cases=1))
        one, two = client_of(assignment.reader), client_of(assignment.reader)
        put_reading(one, assignment, draft_body())

        saved, submitted = in_threads([
            lambda: put_reading(one, assignment, draft_body("w2", score=80), version=1),
            lambda: post_submit(two, assignment, version=1),
        ])  # fmt: skip

        assert sorted([saved.status_code, submitted.status_code]) in ([200, 409], [200, 412])
        reading = Reading.objects.get(source__kind="user")
        assert (reading.score, reading.state) == ((80, "draft") if saved.status_code == 200 else (35, "submitted"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_a_study_opened_twice_at_once_is_opened_once_and_drawn_once():
    study = make_study(n_cases=3, n_readers=2, opened=False)

    def open_it():
        try:
            return open_study(Study.objects.get(pk=study.pk), study.lead)
        except NotAllowedNow:
            return None

    opened = in_threads([open_it] * 4)

    assert sum(o is not None for o in opened) == 1
    assert Assignment.objects.filter(study=study).count() == 6


def test_a_person_without_a_reading_role_finds_nothing(assignment):
    lead = client_of(make_user("study lead"))
    assert_problem(get_reading(lead, assignment), 404, "not_found")
    assert lead.get("/api/v1/assignments/").json()["results"] == []


@pytest.mark.both_databases
def test_a_submission_that_meets_the_lock_is_in_before_it_or_refused():
    """The page was open when the lead locked: the study row decides, not what the page read a moment before."""
    study = make_study(1, 1)
    assignment = first_assignment(study)
    stale = Assignment.objects.select_related("study", "case", "reader", "arm").get(pk=assignment.pk)
    lock_study(study, study.lead)

    with pytest.raises(StudyClosed):
        submit(stale, expected_version=0, mask_sha256=None, key="late")

    assert not Reading.objects.submitted().filter(source__kind="user").exists()
