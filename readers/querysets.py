"""Reads of floor 2: what a person may see of studies and assignments.

A reader sees own, unlocked assignments of open studies (and, of closed ones, that they were done). A lead sees the studies
he or she leads. Nobody sees answers before a study is closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone

from annotations.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from readers.models import Assignment, Study  # noqa: F401  (named in quotes below: the models import this module)


def is_lead(user: Any) -> bool:
    return bool(user and user.is_active and user.has_perm("readers.lead"))


def is_reader(user: Any) -> bool:
    return bool(user and user.is_active and (user.has_perm("readers.read_cases") or user.has_perm("readers.train")))


class StudyQuerySet(ScopedQuerySet["Study"]):
    def visible_to(self, user: Any) -> Self:
        """Studies led by this person. Readers meet a study through their assignments."""
        seen = self.unscoped()
        if not is_lead(user):
            return seen.none()
        return seen.filter(lead=user)

    def closed(self) -> Self:
        return self.filter(state__in=["locked", "archived"])

    def with_protocol(self) -> Self:
        """With what the page of a study says of its dataset, lead and reference."""
        return self.select_related("dataset_version__dataset", "lead", "reference_set")

    def exportable_by(self, user: Any) -> Self:
        """Closed studies whose readings this person may have: the lead's own, and all for those who may export."""
        seen = self.unscoped().closed()
        if user.is_active and user.has_perm("annotations.export_data"):
            return seen
        return seen.filter(lead=user) if is_lead(user) else seen.none()


class AssignmentQuerySet(ScopedQuerySet["Assignment"]):
    def visible_to(self, user: Any) -> Self:
        """A reader's own assignments of studies that opened, not withdrawn, of cases still included."""
        return self.drawn_for(user).filter(withdrawn_at__isnull=True)

    def drawn_for(self, user: Any) -> Self:
        """A reader's own assignments, withdrawn ones too: work that arrives late for one is told so and kept apart.

        One that is not yet unlocked is as if it did not exist.
        """
        seen = self.unscoped()
        if not is_reader(user):
            return seen.none()
        return seen.filter(reader=user, study__state__in=["open", "locked", "archived"])

    def with_reading_state(self) -> Self:
        """Adds `reading_state`: "draft", "submitted" or None, of the first opinion."""
        return self.annotate(reading_state=models.Max("opinions__reading__state", filter=models.Q(opinions__opinion=1)))

    def washed_out(self) -> Self:
        """Those whose washout has passed, on the server's clock."""
        return self.filter(models.Q(unlocks_at__isnull=True) | models.Q(unlocks_at__lte=timezone.now()))

    def unlocked(self) -> Self:
        """Those that may be read now: study open, case included, washout over."""
        return self.washed_out().filter(study__state="open", case__state="included")
