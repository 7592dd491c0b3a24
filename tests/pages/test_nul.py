"""A NUL in an address, a query or a field: PostgreSQL keeps no such text, so each is met before it gets there."""

import json

import pytest
from django.urls import reverse

from annotations.models import Import
from tests.api import client_of
from tests.factories import make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db
NUL = "\0"


@pytest.fixture
def curator():
    return client_of(make_user("curator"))


@pytest.mark.parametrize(
    "address",
    [
        "/imports/%00/", "/imports/%00/report.json", "/studies/%00/", "/analyses/%00/", "/analyses/%00/masks/",
        "/exports/%00/file/", "/datasets/nodes/cases/%00/", "/datasets/nodes/cases/%00/image/", "/read/%00/",
        "/api/v1/analyses/%00/", "/api/v1/exports/%00/", "/api/v1/studies/%00/analyses/", "/api/v1/cases/%00/",
        "/api/v1/features/%00/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("role", ["reader", "study lead", "curator"])
def test_in_an_address_it_leads_nowhere(address, role):
    make_dataset(2, slug="nodes")

    assert client_of(make_user(role)).get(address).status_code == 404


@pytest.mark.parametrize("verb", ["case_exclude", "case_include"])
def test_in_a_curators_reason_it_is_said(curator, verb):
    case = make_dataset(2, slug="nodes").cases.first()

    answer = curator.post(reverse(verb, args=["nodes", case.public_id]), {"reason": f"dark{NUL}"}, follow=True)

    assert "A reason holds a character that is no text." in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "included"


def test_in_the_note_of_a_version_it_is_said(curator):
    dataset = make_dataset(2, slug="nodes")

    answer = curator.post(reverse("version_publish", args=["nodes"]), {"note": NUL}, follow=True)

    assert "A note holds a character that is no text." in answer.content.decode()
    assert dataset.versions.count() == 1


def test_in_the_reason_of_a_withdrawal_it_is_said():
    study = make_study(2)
    client = client_of(study.lead)

    answer = client.post(reverse("study_reader_withdraw", args=[study.public_id, 1]), {"reason": NUL}, follow=True)

    assert "A reason holds a character that is no text." in answer.content.decode()
    assert study.places.get(number=1).withdrawn_at is None


def test_in_what_a_lead_asks_for_it_is_no_error_of_the_server():
    study = make_study(2)
    client = client_of(study.lead)

    for address, said in [
        (reverse("export_request"), {"subject": NUL, "format": "csv"}),
        (reverse("export_request"), {"subject": f"study:{NUL}", "format": NUL}),
        (reverse("study_analyse", args=[study.public_id]), {"seed": NUL}),
        (reverse("account"), {"first_name": NUL}),
        (reverse("token_new"), {"name": NUL, "scopes": [NUL], "days": NUL}),
        (reverse("study_new"), {"version": NUL, "readers": [NUL], "centres": [NUL], "title": NUL}),
        (reverse("set_language"), {"language": NUL, "next": NUL}),
        (reverse("set_theme"), {"theme": NUL, "next": NUL}),
        (reverse("login-again"), json.dumps({"username": NUL, "password": NUL})),
    ]:
        kind = {"content_type": "application/json"} if isinstance(said, str) else {}
        assert client.post(address, said, **kind).status_code < 500, address


def test_in_a_query_it_is_no_error_of_the_server(curator):
    make_dataset(2, slug="nodes")
    Import.objects.create(dataset_slug="nodes")

    for address in ("/datasets/nodes/", "/imports/", "/exports/", "/api/v1/cases/", "/api/v1/reference-readings/"):
        query = dict.fromkeys(
            ["case", "centre", "markings", "page", "dataset", "version", "from", "reference_set"], NUL
        )
        assert curator.get(address, query).status_code < 500, address


def test_in_a_log_in_it_is_no_error_of_the_server(client):
    assert client.post(reverse("login"), {"username": NUL, "password": NUL}).status_code == 200
    again = client.post(reverse("login-again"), {"username": NUL, "password": NUL})
    assert again.status_code == 400
