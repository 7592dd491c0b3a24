"""How the reading page is set goes with the reader, and is nobody else's."""

import json

import pytest
from django.urls import reverse

from readers.boot import reading_boot
from readers.page_settings import reading_settings
from readers.profiles import remember_setting
from tests.factories import first_assignment, make_study, make_user

pytestmark = pytest.mark.django_db
SET = {"brushSize": 20, "fillOpacity": 0.15, "theme": "paper", "fingerDraws": False, "formLeft": True, "singleKeys": True,
       "keys": {"tool.eraser": ["g"]}}  # fmt: skip


def put(client, given):
    return client.put(reverse("read-settings"), json.dumps(given), content_type="application/json")


def test_what_is_set_stands_in_the_next_page_of_this_reader_alone(client):
    study = make_study(1, readers=[make_user("reader"), make_user("reader")])
    one, two = study.assignments.order_by("pk")
    client.force_login(one.reader)
    remember_setting(one.reader, "theme", "night")

    assert put(client, SET).status_code == 204

    assert reading_boot(one, one.reader)["settings"] == SET
    assert reading_boot(two, two.reader)["settings"] == {}
    one.reader.reader_profile.refresh_from_db()
    assert one.reader.reader_profile.page_settings["theme"] == "night"


@pytest.mark.parametrize(
    "given",
    [
        None, [], "x", {"brushSize": 0}, {"brushSize": True}, {"brushSize": 1e9}, {"theme": "pink"}, {"fillOpacity": 2},
        {"keys": {"tool.eraser": "g"}}, {"keys": {"tool.eraser": ["g"] * 5}}, {"keys": {str(n): ["a"] for n in range(90)}},
        {"practice": "done"}, {"singleKeys": 1},
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused_and_the_earlier_ones_stay(client, given):
    reader = first_assignment(make_study(1)).reader
    client.force_login(reader)
    put(client, SET)

    answer = put(client, given)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_spec")
    assert reading_settings(reader) == SET


def test_a_body_that_is_no_json_or_too_long_is_refused(client):
    client.force_login(first_assignment(make_study(1)).reader)
    for body in ("{", "[" * 100_000, json.dumps({"theme": "x" * 30_000})):
        answer = client.put(reverse("read-settings"), body, content_type="application/json")
        assert answer.status_code == 400


def test_the_page_comes_in_the_theme_that_is_set(client):
    assignment = first_assignment(make_study(1))
    client.force_login(assignment.reader)
    address = reverse("read-assignment", args=[assignment.public_id])
    assert '<html lang="en" data-theme="room">' in client.get(address).content.decode()

    put(client, SET)

    assert '<html lang="en" data-theme="paper">' in client.get(address).content.decode()
