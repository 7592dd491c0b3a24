"""The reading page's address and data, and logging in again in place."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from annotations.models import Case, ReferenceReading
from readers.boot import reading_boot, score_json
from readers.feedback_page import feedback_page
from readers.models import Assignment, Exposure
from readers.studies import lock_study
from tests.api import client_of, draft_body, post_submit, put_reading
from tests.factories import PASSWORD, first_assignment, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return make_study(n_cases=3)


@pytest.fixture
def assignment(study):
    return first_assignment(study)


def data_of(response):
    found = re.search(
        r'<script id="reading-data" type="application/json">(.*?)</script>', response.content.decode(), re.S
    )
    return json.loads(found[1])


def test_the_page_carries_its_data_and_a_token_for_its_writes(assignment):
    client = Client()
    client.force_login(assignment.reader)
    page = client.get(f"/read/{assignment.public_id}/")

    assert page.status_code == 200
    assert "csrftoken" in page.cookies
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    data = data_of(page)
    assert data == json.loads(json.dumps(reading_boot(assignment, assignment.reader)))
    assert data["assignment"]["progress"] == ["open", "open", "open"]
    following = Assignment.objects.get(study=assignment.study, position=2)
    assert data["assignment"]["next_url"] == f"/read/{following.public_id}/"
    assert data["urls"]["prefetch_image"] == f"/api/v1/assignments/{following.public_id}/image/"
    assert [client.get(data["urls"][name]).status_code for name in ("image", "reading", "prefetch_image")] == [
        200,
        200,
        200,
    ]


def test_the_next_case_is_never_one_that_is_locked_or_left_out(assignment):
    rows = Assignment.objects.filter(study=assignment.study)
    rows.filter(position=2).update(unlocks_at=timezone.now() + timedelta(hours=1))
    Case.objects.filter(pk=rows.get(position=3).case_id).update(state="excluded")

    data = reading_boot(assignment, assignment.reader)

    assert data["assignment"]["progress"] == ["open", "locked"]
    assert (data["assignment"]["next_url"], data["urls"]["prefetch_image"]) == (None, None)


def test_where_the_form_asks_for_every_node_the_question_hangs_on_no_other():
    study = make_study(n_cases=1, ask_prominent="every_node")
    assignment = first_assignment(study)
    form = reading_boot(assignment, assignment.reader)["form"]
    hanging = {f["code"]: f["applies_when"] for f in form["features"]}
    assert hanging["prominent_echogenicity"] is None
    client = client_of(assignment.reader)
    answers = draft_body()["answers"] | {"homogeneity": {"value": "homogeneous"}}
    answers.pop("prominent_echogenicity", None)
    assert put_reading(client, assignment, draft_body(answers=answers)).json()["missing"] == ["prominent_echogenicity"]


def test_the_score_is_a_line_or_named_categories_on_it():
    assert score_json("vas")["style"] == "vas"
    assert [c["value"] for c in score_json("five")["categories"]] == [0, 25, 50, 75, 100]
    assert [c["value"] for c in score_json("six")["categories"]] == [0, 20, 40, 60, 80, 100]


def test_a_submitted_case_leads_back_to_the_worklist_or_to_its_feedback(assignment):
    client = client_of(assignment.reader)
    put_reading(client, assignment, draft_body())
    post_submit(client, assignment)
    assert client.get(f"/read/{assignment.public_id}/")["Location"] == "/"

    training = first_assignment(make_study(n_cases=1, purpose="training"))
    trainee = client_of(training.reader)
    put_reading(trainee, training, draft_body())
    post_submit(trainee, training)
    assert trainee.get(f"/read/{training.public_id}/")["Location"] == f"/read/{training.public_id}/feedback/"


def test_a_closed_study_says_so(study, assignment):
    lock_study(study, study.lead)
    client = client_of(assignment.reader)
    response = client.get(f"/read/{assignment.public_id}/")
    assert response["Location"] == "/"
    said = [str(m) for m in client.get("/account/").context["messages"]]
    assert said == ["This study is closed: nothing more is read in it."]


@pytest.fixture
def trained():
    """A trainee's submitted case with scale, one answer changed from the reference's."""
    assignment = first_assignment(make_study(n_cases=2, purpose="training", spacing=0.1))
    reference = ReferenceReading.objects.get(case=assignment.case).reading
    answers = {k: v for k, v in reference.answers.items() if k != "margin_definition"}
    other = {"well_defined": "ill_defined", "ill_defined": "well_defined"}[
        reference.answers["margin_definition"]["value"]
    ]
    client = client_of(assignment.reader)
    body = draft_body(answers=answers | {"margin_definition": {"value": other}})
    assert put_reading(client, assignment, body).status_code == 200
    assert post_submit(client, assignment).status_code == 200
    return assignment


def test_feedback_says_what_differed_and_how_far_the_outlines_are_apart(trained):
    page = feedback_page(trained, trained.reader)

    assert [row["code"] for row in page["differs"]] == ["margin_definition"]
    assert page["summary"]["compared"] - page["summary"]["same"] == 1
    assert len(page["agrees"]) == page["summary"]["same"]
    assert (page["summary"]["dice"], page["summary"]["hd95"]) == (1.0, "0.0 mm")
    pathology = trained.case.pathology
    agreed = "agrees" if pathology.status == "benign" else "differs"
    assert page["summary"]["pathology_note"] == f"FNA cytology; your call {agreed}"
    assert page["feedback_data"]["reference_mask"] == draft_body()["mask"]


def test_the_feedback_page_shows_it_and_keeps_on_record_that_it_did(trained):
    response = client_of(trained.reader).get(f"/read/{trained.public_id}/feedback/")

    assert response.status_code == 200
    assert "Margin definition" in response.content.decode()
    assert set(Exposure.objects.values_list("what", flat=True)) == {"feedback", "pathology", "reference"}


def again(client, user, username=None, password=PASSWORD, expected=None):
    body = {"username": username or user.get_username(), "password": password}
    url = f"/login/again/?expected_user={user.pk if expected is None else expected}"
    return client.post(url, body, content_type="application/json")


def test_one_logs_in_again_in_place_and_goes_on(client, assignment):
    response = again(client, assignment.reader)

    assert (response.status_code, response.json()) == (200, {"ok": True, "user_id": str(assignment.reader.pk)})
    assert put_reading(client, assignment, draft_body()).status_code == 200


def test_another_persons_log_in_is_refused_on_this_page(client, assignment):
    other = make_user("reader")
    response = again(client, assignment.reader, username=other.get_username())

    assert (response.status_code, response.json()["code"]) == (400, "other_user")
    assert put_reading(client, assignment, draft_body()).status_code == 401


@pytest.mark.parametrize("body", ["", "[" * 5000, "[]", "{", '{"username": "x"}', '{"username": 3, "password": "x"}'])
def test_what_is_no_log_in_is_refused(client, assignment, body):
    url = f"/login/again/?expected_user={assignment.reader.pk}"
    response = client.post(url, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_after_too_many_failures_the_right_password_is_refused_too(client, assignment, settings):
    settings.AXES_FAILURE_LIMIT = 3
    answers = [again(client, assignment.reader, password="wrong").status_code for _ in range(3)]
    locked = again(client, assignment.reader)

    assert answers[:2] == [400, 400]
    assert (locked.status_code, locked.json()["code"]) == (429, "locked_out")
    assert put_reading(client, assignment, draft_body()).status_code == 401


def test_the_next_cases_page_goes_with_the_answer_to_who_asks_for_it():
    study = make_study(n_cases=2)
    assignment = first_assignment(study)
    reader = client_of(assignment.reader)
    put_reading(reader, assignment, draft_body())
    following = Assignment.objects.get(study=study, position=2)

    told = post_submit(reader, assignment, with_next_page=True).json()

    asked = reader.get(told["next_url"]).content.decode()
    nonce = re.compile(r'nonce="[^"]*"|value="[^"]*"')
    assert nonce.sub("", told["next_page"]) == nonce.sub("", asked)
    assert following.public_id in asked

    Case.objects.unscoped().filter(pk=following.case_id).update(state="excluded")
    assert post_submit(reader, assignment, with_next_page=True).json()["next_page"] is None


def test_a_page_that_fails_is_logged_as_a_defect_and_the_submission_answered(assignment, monkeypatch, caplog):
    reader = client_of(assignment.reader)
    put_reading(reader, assignment, draft_body())
    monkeypatch.setattr("readers.reading_page.reading_boot", lambda *asked: 1 / 0)

    told = post_submit(reader, assignment, with_next_page=True)

    assert (told.status_code, told.json()["next_page"]) == (200, None)
    (said,) = [record for record in caplog.records if record.name == "readers.reading_page"]
    assert (said.levelname, said.exc_info[0]) == ("ERROR", ZeroDivisionError)


def test_a_next_case_that_may_not_be_read_is_no_defect(study, assignment, caplog):
    reader = client_of(assignment.reader)
    put_reading(reader, assignment, draft_body())
    Case.objects.unscoped().filter(assignments__study=study, assignments__position__gt=1).update(state="excluded")

    told = post_submit(reader, assignment, with_next_page=True).json()

    assert told["next_page"] is None
    assert not [record for record in caplog.records if record.name == "readers.reading_page"]
