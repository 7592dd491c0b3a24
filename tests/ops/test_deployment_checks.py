"""A deployment refuses what belongs to the embedded form."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import run_checks

from lymphus_web import checks

GOOD = {
    "DEPLOYMENT": True,
    "SECRET_KEY": "x" * 50,
    "DEBUG": False,
    "DEMO": False,
    "ALLOWED_HOSTS": ["reads.example.org"],
    "CSRF_TRUSTED_ORIGINS": ["https://reads.example.org"],
}


@pytest.fixture
def deployed(settings):
    for name, value in GOOD.items():
        setattr(settings, name, value)
    return settings


def test_a_good_deployment_has_nothing_to_refuse(deployed):
    assert checks.deployment(None) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", settings.INSECURE_SECRET, "E001"),
        ("SECRET_KEY", "short", "E001"),
        ("DEBUG", True, "E002"),
        ("DEMO", True, "E003"),
        ("ALLOWED_HOSTS", ["*"], "E004"),
        ("CSRF_TRUSTED_ORIGINS", [], "E005"),
        ("CSRF_TRUSTED_ORIGINS", ["http://reads.example.org"], "E006"),
    ],
)
def test_a_deployment_refuses(deployed, name, value, code):
    setattr(deployed, name, value)

    assert [error.id for error in checks.deployment(None)] == [f"lymphus_web.{code}"]


@pytest.mark.django_db
def test_a_deployment_refuses_a_database_with_demo_log_ins(deployed):
    get_user_model().objects.create_user("lead", email="lead@demo.invalid", password="x")

    found = [error.id for error in run_checks(databases=["default"]) if error.id.startswith("lymphus_web")]

    assert found == ["lymphus_web.E007"]


def test_the_embedded_form_refuses_nothing_of_this(settings):
    assert settings.DEPLOYMENT is False
    assert checks.deployment(None) == []
