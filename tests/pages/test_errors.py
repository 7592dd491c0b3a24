"""Pages of things that went wrong: a sentence, a way on, and nothing of the program."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_what_is_not_there_says_so(client):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "There is nothing here for you" in response.content.decode()


def test_a_form_of_another_session_is_refused_in_words():
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/login/", {"username": make_user("reader").username, "password": PASSWORD})

    assert response.status_code == 403
    assert "This form was of another session" in response.content.decode()


def test_the_page_of_a_stopped_program_needs_no_request_and_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string("500.html")

    assert "The program stopped at this page" in page
