"""What the whole API keeps: one error shape, a description without warnings, pages that lose no row, keys with scopes."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations.models import Case, Reading
from readers.models import ApiToken
from readers.tokens import make_token
from tests.api import assert_problem, client_of, draft_body, post_submit, put_reading
from tests.factories import first_assignment, make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return client_of(make_user("curator"))


@pytest.mark.parametrize(
    ("method", "url", "status", "code"),
    [
        ("get", "/api/v1/cases/", 401, "not_authenticated"),
        ("post", "/api/v1/studies/", 401, "not_authenticated"),
        ("put", "/api/v1/assignments/X/reading/", 401, "not_authenticated"),
    ],
)
def test_without_a_log_in_everything_is_the_same_401(client, method, url, status, code):
    response = getattr(client, method)(url, {}, content_type="application/json")
    assert_problem(response, status, code)
    assert response["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "code"),
    [
        ("get", "/api/v1/cases/NOSUCH/", None, 404, "not_found"),
        ("get", "/api/v1/no-such-address/", None, 404, "not_found"),
        ("post", "/api/v1/no-such-address/", "{}", 404, "not_found"),
        ("delete", "/api/v1/cases/", None, 405, "method_not_allowed"),
        ("post", "/api/v1/studies/", "{not json", 400, "parse_error"),
        ("get", "/api/v1/cases/?page=99", None, 404, "not_found"),
        ("get", "/api/v1/cases/?state=lost", None, 400, "invalid"),
        ("get", "/api/v1/features/none-1.0/", None, 404, "not_found"),
    ],
)
def test_every_error_has_the_one_shape(method, url, body, status, code):
    make_dataset(1)
    client = client_of(make_user("curator", "study lead"))
    response = (
        getattr(client, method)(url, body, content_type="application/json") if body else getattr(client, method)(url)
    )
    assert_problem(response, status, code)


def test_a_form_that_is_not_json_is_refused():
    client = client_of(make_user("study lead"))
    assert_problem(client.post("/api/v1/studies/", {"title": "x"}), 415, "unsupported_media_type")


def test_the_description_is_made_without_a_warning():
    out = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--validate", stdout=out)
    text = out.getvalue()
    assert "/api/v1/assignments/{public_id}/reading/:" in text
    assert "If-Match" in text


def test_the_first_address_leads_to_every_list(client, curator):
    assert client.get("/api/v1/").status_code == 401
    found = curator.get("/api/v1/").json()
    assert {"features", "datasets", "studies", "analyses", "exports", "docs"} <= set(found)
    for address in found.values():
        assert curator.get(address).status_code == 200


def test_the_description_and_its_page_are_for_those_who_are_logged_in(client, curator):
    for name in ("api:schema", "api:docs"):
        assert client.get(reverse(name)).status_code == 401
        assert curator.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("version", ["\0", "a\nb", "a\r\nSet-Cookie: x=1", "2"])
def test_a_version_that_is_none_does_not_get_into_a_header_of_the_description(curator, version):
    answer = curator.get(reverse("api:schema"), {"version": version})

    assert (answer.status_code, answer["Content-Disposition"]) == (200, 'inline; filename="LymphUs Web.yaml"')


@pytest.mark.parametrize("url", ["/api/v1/cases/", "/api/v1/reference-readings/", "/api/v1/datasets/"])
def test_pages_hold_every_row_once(curator, url):
    for _ in range(3):
        make_dataset(3)
    first = curator.get(url, {"page_size": 2}).json()
    rows, page = [], 1
    while page:
        body = curator.get(url, {"page_size": 2, "page": page}).json()
        rows += [row.get("id") or row["slug"] for row in body["results"]]
        page = page + 1 if body["next"] else 0

    assert len(rows) == len(set(rows)) == first["count"]
    assert first["count"] == (3 if "datasets" in url else 9)


@pytest.mark.parametrize("url", ["/api/v1/cases/", "/api/v1/reference-readings/", "/api/v1/datasets/"])
def test_lists_take_the_same_number_of_queries_at_one_and_three_rows(curator, url):
    counts = []
    for n in (1, 3):
        make_dataset(n)
        if "datasets" in url and n == 3:
            make_dataset(1)
        with CaptureQueriesContext(connection) as queries:
            assert curator.get(url).json()["count"] >= n
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [({"pathology": "malignant"}, 2), ({"centre": 2}, 1), ({"state": "excluded"}, 1), ({"state": "included"}, 2),
     ({"dataset": "other"}, 0)],
)  # fmt: skip
def test_cases_are_filtered_for_those_who_see_them(curator, query, expected):
    dataset = make_dataset(3, slug="wanted")
    make_dataset(2, slug="other-one")
    Case.objects.filter(dataset=dataset, provenance__number=1).update(state="excluded")
    assert curator.get("/api/v1/cases/", {"dataset": "wanted"} | query).json()["count"] == expected


def test_a_version_filters_its_own_cases(curator):
    dataset = make_dataset(2)
    make_dataset(2)
    version = dataset.versions.get().public_id
    assert curator.get("/api/v1/cases/", {"version": version}).json()["count"] == 2


def test_a_reference_reading_is_written_out_in_full(curator):
    dataset = make_dataset(1, spacing=0.1)
    row = curator.get("/api/v1/reference-readings/", {"dataset": dataset.slug}).json()["results"][0]

    assert row["source_kind"] == "panel"
    assert row["features"]["max_diameter_mm"] == {
        "state": "value",
        "value": 3.6,
        "unit": "mm",
        "px": 36.0,
        "reason": "",
    }
    mask = curator.get(row["masks"][0]["content"])
    assert (mask["Content-Type"], mask.content[:4]) == ("image/png", b"\x89PNG")
    assert curator.get(f"/api/v1/reference-readings/{row['id']}/").json() == row


def test_readers_readings_are_no_reference_readings(curator):
    study = make_study(n_cases=1)
    assignment = first_assignment(study)
    reader = client_of(assignment.reader)
    put_reading(reader, assignment, draft_body())
    post_submit(reader, assignment)

    assert curator.get("/api/v1/reference-readings/").json()["count"] == 1
    hidden = Reading.objects.get(source__kind="user").public_id
    assert_problem(curator.get(f"/api/v1/reference-readings/{hidden}/"), 404, "not_found")


def test_a_key_is_shown_once_and_opens_only_its_scopes(client):
    user = make_user("data client", username="pandas")
    out = io.StringIO()
    call_command("make_api_token", "pandas", "--scope", "datasets:read", "--days", "30", stdout=out)
    key = out.getvalue().strip()
    headers = {"Authorization": f"Token {key}"}

    assert client.get("/api/v1/cases/", headers=headers).status_code == 200
    assert_problem(client.get("/api/v1/studies/", headers=headers), 403, "permission_denied")
    assert key not in str(list(ApiToken.objects.values()))
    ApiToken.objects.filter(user=user).update(revoked_at=ApiToken.objects.get().created_at)
    assert_problem(client.get("/api/v1/cases/", headers=headers), 401, "authentication_failed")


def test_an_expired_key_opens_nothing(client):
    token, key = make_token(make_user("curator"), "old", ["datasets:read"], 1)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    response = client.get("/api/v1/cases/", headers={"Authorization": f"Token {key}"})
    assert_problem(response, 401, "authentication_failed")


def test_a_key_cannot_be_made_for_nobody_or_beyond_ones_roles():
    make_user("reader", username="radiologist")
    with pytest.raises(CommandError):
        call_command("make_api_token", "nobody", "--scope", "datasets:read")
    with pytest.raises(CommandError):
        call_command("make_api_token", "radiologist", "--scope", "datasets:read")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("public_id", ["%00", "a%00b", "%F0%9F%A6%B7", "x" * 5000])
def test_an_id_that_no_database_can_hold_is_just_not_there(public_id):
    person = client_of(make_user("curator", "study lead", "reader"))
    for url in (
        "cases/{}/",
        "images/{}/content/",
        "versions/{}/",
        "studies/{}/",
        "assignments/{}/image/",
        "features/{}/",
    ):
        assert_problem(person.get(f"/api/v1/{url.format(public_id)}"), 404, "not_found")
    assert person.get(f"/read/{public_id}/").status_code == 404
