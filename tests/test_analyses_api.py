"""Analyses and exports by REST: asked for, followed, stopped, fetched; scopes and 404s."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.analyses.work import run_analysis
from annotations.exports.verbs import run_export
from annotations.models import Analysis, Export
from readers.analyses import analyse_study
from readers.exports import request_study_export
from readers.models import Exposure
from readers.tokens import make_token
from tests.analyses.made import QUICK, closed_study, finished_analysis
from tests.api import assert_problem, client_of
from tests.factories import make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    return closed_study(n_cases=4, n_readers=2)


@pytest.fixture
def lead(study):
    return client_of(study.lead)


def test_an_analysis_is_asked_for_followed_and_fetched(study, lead):
    asked = lead.post(f"/api/v1/studies/{study.public_id}/analyses/", {"spec": QUICK}, content_type="application/json")
    made = asked.json()
    assert (asked.status_code, made["state"], made["spec"]["seed"]) == (201, "waiting", 5)
    run_analysis(Analysis.objects.get().pk)

    found = lead.get(f"/api/v1/analyses/{made['id']}/").json()
    stored = lead.get(f"/api/v1/analyses/{made['id']}/result/")

    assert found["state"] == "done"
    assert found["result"]["went_in"]["readings"] == 8
    assert found["progress"]["done"] == found["progress"]["total"] > 0
    assert hashlib.sha256(stored.content).hexdigest() == found["result_sha256"]
    assert stored.json() == found["result"]


def test_a_wrong_spec_is_refused_by_name(study, lead):
    url = f"/api/v1/studies/{study.public_id}/analyses/"

    body = assert_problem(lead.post(url, {"spec": {"level": 2}}, content_type="application/json"), 400, "invalid_spec")

    assert body["entry"] == "level"
    assert not Analysis.objects.exists()


def test_a_spec_that_is_no_object_is_refused(study, lead):
    url = f"/api/v1/studies/{study.public_id}/analyses/"

    assert_problem(lead.post(url, {"spec": "all"}, content_type="application/json"), 400, "invalid")


def test_an_open_study_is_refused_with_its_state():
    study = make_study(n_cases=2)
    client = client_of(study.lead)

    response = client.post(f"/api/v1/studies/{study.public_id}/analyses/", {}, content_type="application/json")
    body = assert_problem(response, 409, "not_allowed_now")

    assert body["state"] == "open"


def test_anothers_analysis_is_not_there(study):
    analysis = finished_analysis(study)
    other = client_of(make_user("study lead"))

    for address in ("", "result/"):
        assert_problem(other.get(f"/api/v1/analyses/{analysis.public_id}/{address}"), 404, "not_found")
    assert other.get("/api/v1/analyses/").json()["count"] == 0


def test_a_result_that_is_not_there_yet_is_a_404(study, lead):
    analysis = analyse_study(study, by=study.lead, spec=QUICK)

    assert_problem(lead.get(f"/api/v1/analyses/{analysis.public_id}/result/"), 404, "not_found")


def test_stopping_one_that_waits_and_one_that_has_ended(study, lead):
    analysis = analyse_study(study, by=study.lead, spec=QUICK)
    url = f"/api/v1/analyses/{analysis.public_id}/cancel/"

    assert lead.post(url).json() == {"state": "cancelled"}
    assert_problem(lead.post(url), 409, "not_allowed_now")


def with_token(user, *scopes) -> Client:
    _token, key = make_token(user, "test", list(scopes), None)
    return Client(headers={"Authorization": f"Token {key}"})


def test_a_token_needs_the_scope(study):
    assert with_token(study.lead, "analyses").get("/api/v1/analyses/").status_code == 200
    assert with_token(study.lead, "studies:read").get("/api/v1/analyses/").status_code == 403
    assert with_token(study.lead, "exports").get("/api/v1/exports/").status_code == 200
    assert with_token(study.lead, "analyses").get("/api/v1/exports/").status_code == 403


def test_a_study_export_is_asked_for_and_streamed(study, lead):
    made = lead.post(f"/api/v1/studies/{study.public_id}/exports/", {"format": "csv"}, content_type="application/json")
    assert made.status_code == 201
    run_export(Export.objects.get().pk)

    found = lead.get(f"/api/v1/exports/{made.json()['id']}/").json()
    file = lead.get(found["file"])

    assert found["state"] == "done"
    assert hashlib.sha256(b"".join(file.streaming_content)).hexdigest() == found["file_sha256"]
    assert file["X-Content-SHA256"] == found["file_sha256"]


def test_a_dataset_export_is_for_curators_and_clients_and_its_sight_is_recorded():
    dataset = make_dataset(2)
    client_user = make_user("data client")
    url = f"/api/v1/datasets/{dataset.slug}/exports/"
    refused = client_of(make_user("study lead")).post(url, {"format": "csv"}, content_type="application/json")
    assert_problem(refused, 403, "permission_denied")
    made = client_of(client_user).post(url, {"format": "csv"}, content_type="application/json").json()
    run_export(Export.objects.get().pk)

    response = client_of(client_user).get(made["file"])

    assert response.status_code == 200
    assert Exposure.objects.filter(user=client_user, what="pathology").count() == 2
    assert client_of(client_user).get(url).json()["count"] == 1


def test_an_unknown_form_of_export_is_refused(study, lead):
    response = lead.post(
        f"/api/v1/studies/{study.public_id}/exports/", {"format": "docx"}, content_type="application/json"
    )

    assert_problem(response, 400, "invalid_spec")


@pytest.mark.parametrize("address", ["analyses/", "exports/"])
def test_a_list_takes_as_many_queries_at_three_rows_as_at_one(study, lead, address):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert lead.get(f"/api/v1/{address}").status_code == 200
        return len(found)

    def another() -> None:
        analyse_study(study, by=study.lead, spec=QUICK)
        request_study_export(study, "csv", by=study.lead)

    another()
    at_one = queries()
    another()
    another()

    assert queries() == at_one
