"""A person's own page: name, keys to the API, language, and the zone in which times are shown."""

import hashlib

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from readers.models import ApiToken
from tests.factories import PASSWORD, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = make_user("reader")
    client.force_login(user)
    return user


def words(response) -> str:
    return " ".join(response.content.decode().split())


def new_token(client, **said):
    return client.post(reverse("token_new"), {"name": "notebook", "scopes": ["readings:write"], "days": 30} | said)


def test_name_and_experience_are_saved(client, reader):
    said = {"first_name": "Ada", "last_name": "L", "email": "", "experience_years": 12,
            "specialty": "head and neck", "institution": ""}  # fmt: skip

    client.post(reverse("account"), said)

    reader.refresh_from_db()
    assert reader.get_full_name() == "Ada L"
    assert (reader.reader_profile.experience_years, reader.reader_profile.specialty) == (12, "head and neck")


def test_a_negative_number_of_years_is_refused_beside_its_field(client, reader):
    said = {
        "first_name": "Ada",
        "last_name": "",
        "email": "",
        "experience_years": -1,
        "specialty": "",
        "institution": "",
    }

    response = client.post(reverse("account"), said)

    assert list(response.context["profile"].errors) == ["experience_years"]
    reader.refresh_from_db()
    assert reader.first_name == ""


def test_a_key_is_shown_once_and_kept_as_a_hash(client, reader):
    response = new_token(client)

    key = response.context["key"]
    assert ApiToken.objects.get().key_sha256 == hashlib.sha256(key.encode()).hexdigest()
    assert key in words(response)
    assert "no-store" in response["Cache-Control"]
    assert key not in words(client.get(reverse("account")))


def test_a_made_key_opens_the_api_and_an_ended_one_does_not(client, reader):
    key = new_token(client).context["key"]
    client.logout()
    ask = {"headers": {"Authorization": f"Token {key}"}}
    before = client.get("/api/v1/assignments/", **ask).status_code
    client.force_login(reader)
    client.post(reverse("token_revoke", args=[ApiToken.objects.get().public_id]))
    client.logout()

    assert (before, client.get("/api/v1/assignments/", **ask).status_code) == (200, 401)


def test_a_scope_of_another_role_is_not_given(client, reader):
    response = new_token(client, scopes=["studies:write"])

    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_one_key_or_three_cost_the_same_queries(client, reader, django_assert_num_queries):
    new_token(client)
    client.get(reverse("account"))  # the first visit makes the person's profile
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("account"))
    expected = len(one)  # before the next request empties the log
    new_token(client)
    new_token(client)

    with django_assert_num_queries(expected):
        client.get(reverse("account"))


def test_anothers_key_cannot_be_ended(client, reader):
    new_token(client)
    token = ApiToken.objects.get()
    client.force_login(make_user("reader"))

    response = client.post(reverse("token_revoke", args=[token.public_id]))

    token.refresh_from_db()
    assert (response.status_code, token.revoked_at) == (404, None)


def test_a_language_is_remembered_and_another_word_is_ignored(client, reader, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    client.post(reverse("set_language"), {"language": "de"})
    client.post(reverse("set_language"), {"language": "../etc"})

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "de"
    reader.reader_profile.refresh_from_db()
    assert reader.reader_profile.page_settings["language"] == "de"


def locked_study(lead):
    study = make_study(1, 1, lead=lead)
    moment = timezone.make_aware(timezone.datetime(2026, 3, 1, 23, 30))
    type(study).objects.filter(pk=study.pk).update(opened_at=moment)
    return study


@pytest.mark.parametrize(("zone", "day"), [("", "1 March"), ("Asia/Tokyo", "2 March"), ("../../etc/passwd", "1 March")])
def test_times_are_shown_in_the_zone_of_the_browser(client, zone, day):
    lead = make_user("study lead")
    client.force_login(lead)
    study = locked_study(lead)
    if zone:
        client.cookies["zone"] = zone

    assert f"since {day}" in words(client.get(reverse("study_detail", args=[study.public_id])))


def change(client, old, new, again=None):
    said = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(reverse("password"), said)


def test_a_password_is_changed_and_the_person_stays_logged_in_here_and_nowhere_else(client, reader):
    elsewhere = Client()
    elsewhere.force_login(reader)
    assert elsewhere.get(reverse("account")).status_code == 200

    answer = change(client, PASSWORD, "a lymph node is no bean")

    assert answer.url == reverse("account")
    assert "The password is changed." in words(client.get(answer.url))
    assert elsewhere.get(reverse("account")).status_code == 302
    reader.refresh_from_db()
    assert reader.check_password("a lymph node is no bean")


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", "a lymph node is no bean", None, "old_password"),
        (PASSWORD, "a lymph node is no bean", "a lymph node is a bean", "new_password2"),
        (PASSWORD, "12345678", None, "new_password2"),
    ],
)
def test_a_password_that_does_not_fit_is_refused_beside_its_field(client, reader, old, new, again, field):
    answer = change(client, old, new, again)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    reader.refresh_from_db()
    assert reader.check_password(PASSWORD)
