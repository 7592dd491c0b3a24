"""The roles of `readers.roles` are what the migrations made (a migration imports no living code, so two lists stand)."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission

from readers.roles import ROLES, ensure_roles

pytestmark = pytest.mark.django_db


def stored_roles() -> dict[str, tuple[str, ...]]:
    return {
        group.name: tuple(sorted(f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()))
        for group in Group.objects.prefetch_related("permissions__content_type")
    }


LISTED = {role: tuple(sorted(permissions)) for role, permissions in ROLES.items()}


# run anew, as a test that empties the tables may have come before
def test_what_the_migrations_made_is_what_the_code_lists():
    Group.objects.all().delete()

    import_module("readers.migrations.0002_roles").make_roles(apps, None)

    assert stored_roles() == LISTED


def test_what_ensure_roles_makes_anew_is_what_the_migrations_made():
    Group.objects.all().delete()

    ensure_roles()

    assert stored_roles() == LISTED


def test_every_permission_of_a_role_is_one_that_a_table_of_ours_declares():
    declared = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")}

    assert {name for permissions in ROLES.values() for name in permissions} <= declared
