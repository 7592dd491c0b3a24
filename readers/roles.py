"""Roles are permissions, held by groups. Roles held together never add up to see more of a case one reads: see exposures."""

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_noop

ROLES: dict[str, tuple[str, ...]] = {
    gettext_noop("reader"): ("readers.read_cases",),
    gettext_noop("trainee"): ("readers.train",),
    gettext_noop("study lead"): ("readers.lead",),
    gettext_noop("curator"): ("annotations.curate", "annotations.export_data"),
    gettext_noop("data client"): ("annotations.export_data",),
}


def ensure_roles() -> None:
    """Make each role's group with its permissions if it is not there: the migration's work, where a test flushed it away."""
    for role, permissions in ROLES.items():
        group, made = Group.objects.get_or_create(name=role)
        if made:
            wanted = [permission.split(".") for permission in permissions]
            found = [Permission.objects.get(content_type__app_label=app, codename=name) for app, name in wanted]
            group.permissions.set(found)
