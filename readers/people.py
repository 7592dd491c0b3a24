"""Who can read in a study."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from readers.models import Study
from readers.querysets import is_lead

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_ROLE_OF: dict[str, str] = {Study.Purpose.STUDY: "readers.read_cases", Study.Purpose.TRAINING: "readers.train"}


def candidates_for(lead: Any) -> QuerySet[User]:
    """Everyone whose role reads or trains, by name. For leads only: nobody else has a list of people."""
    if not is_lead(lead):
        return User.objects.none()
    return (_with_role("readers.read_cases") | _with_role("readers.train")).distinct().order_by("last_name", "username")


def purposes_of_candidates() -> dict[int, tuple[str, ...]]:
    """User id → what this person's roles read for: studies, training, or both."""
    found: dict[int, tuple[str, ...]] = {}
    for purpose, permission in _ROLE_OF.items():
        for pk in _with_role(permission).values_list("pk", flat=True).distinct():
            found[pk] = (*found.get(pk, ()), purpose)
    return found


def candidates_of(study: Study) -> QuerySet[User]:
    """Those who could be added to this study: they have its role and no place in it yet."""
    return _with_role(_ROLE_OF[study.purpose]).exclude(study_places__study=study).order_by("last_name", "username")


def name_of(user: Any) -> str:
    return user.get_full_name() or user.get_username()


def _with_role(permission: str) -> QuerySet[User]:
    # simulated readers are sources of readings, not people who could be asked to read
    simulated = Q(source__simulated=True)
    return User.objects.with_perm(permission, include_superusers=False, backend=_BACKEND).exclude(simulated)
