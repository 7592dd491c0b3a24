"""Log in, home by role, theme and language."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def person(name: str, *roles: str) -> User:
    user = User.objects.create_user(name, password=PASSWORD)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def log_in(client, name: str, password: str = PASSWORD):
    return client.post(reverse("login"), {"username": name, "password": password})


def test_the_log_in_page_stands_without_an_account(client):
    response = client.get(reverse("login"))

    assert response.status_code == 200
    assert "Reader studies" in response.content.decode()


def test_a_wrong_password_is_said_in_one_sentence(client):
    person("ada", "reader")

    response = log_in(client, "ada", "wrong")

    assert response.context["form"].non_field_errors() == [
        "This name and password do not belong together. Both tell small from capital letters."
    ]


def test_the_eighth_failure_locks_the_name(client, settings):
    person("ada", "reader")
    for _try in range(settings.AXES_FAILURE_LIMIT):
        response = log_in(client, "ada", "wrong")

    assert response.status_code == 429
    assert "locked" in response.content.decode()
    assert log_in(client, "ada").status_code == 429


def test_nobody_sees_the_account_page_logged_out(client):
    response = client.get(reverse("account"))

    assert response.status_code == 302
    assert response.url == f"{reverse('login')}?next={reverse('account')}"


def test_the_theme_is_remembered_at_the_next_log_in(client):
    person("ada", "reader")
    log_in(client, "ada")
    client.post(reverse("set_theme"), {"theme": "night", "next": reverse("account")})
    client.post(reverse("logout"))

    log_in(client, "ada")

    assert 'data-theme="night"' in client.get(reverse("account")).content.decode()


def test_a_theme_that_does_not_exist_means_as_the_system(client):
    person("ada", "reader")
    log_in(client, "ada")
    client.post(reverse("set_theme"), {"theme": "night"})

    client.post(reverse("set_theme"), {"theme": '"><script>'})

    assert '<html lang="en">' in client.get(reverse("account")).content.decode()


def test_a_choice_never_leads_to_another_site(client):
    response = client.post(reverse("set_theme"), {"theme": "night", "next": "https://elsewhere.example/"})

    assert response.url == "/"
