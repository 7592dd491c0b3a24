"""Reads of floor 1. `visible_to(user)` says what a person may see; everything a request shows comes through it.

On this floor a person sees data as a curator, as a study lead, or as a data client; a reader sees a case only through an
assignment (`readers.querysets`), never through these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.utils import timezone

from annotations.floor_above import blinded_cases
from annotations.scoping import ScopedQuerySet

if TYPE_CHECKING:
    from annotations.models import (  # noqa: F401  (named in quotes below: the models import this module)
        Analysis,
        Case,
        Dataset,
        DatasetVersion,
        Image,
        Reading,
        ReadingRevision,
    )

M = TypeVar("M", bound=models.Model)


def is_curator(user: Any) -> bool:
    return bool(user and user.is_active and user.has_perm("annotations.curate"))


def may_export(user: Any) -> bool:
    return bool(user and user.is_active and user.has_perm("annotations.export_data"))


def sees_cases(user: Any) -> bool:
    """Whether the person sees cases with their pathology, reference and provenance, bar those read blinded now."""
    return is_curator(user) or may_export(user)


class ListedQuerySet(ScopedQuerySet[M]):
    """Seen by curators, by those who may export, and by leads, who choose from it: titles and numbers, no case."""

    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        is_lead = bool(user and user.is_active and user.has_perm("readers.lead"))
        return seen if sees_cases(user) or is_lead else seen.none()


class DatasetQuerySet(ListedQuerySet["Dataset"]):
    pass


class DatasetVersionQuerySet(ListedQuerySet["DatasetVersion"]):
    pass


class CaseQuerySet(ScopedQuerySet["Case"]):
    def visible_to(self, user: Any) -> Self:
        """For curators and those who may export: all cases but those that they themselves read blinded now."""
        seen = self.unscoped()
        return seen.exclude(pk__in=blinded_cases(user)) if sees_cases(user) else seen.none()

    def included(self) -> Self:
        return self.filter(state="included")


class ImageQuerySet(ScopedQuerySet["Image"]):
    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        return seen.exclude(case__in=blinded_cases(user)) if sees_cases(user) else seen.none()


class ReadingQuerySet(ScopedQuerySet["Reading"]):
    """Readings of readers are seen through their study (`readers`); here only reference panels' and models'."""

    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        if not sees_cases(user):
            return seen.none()
        return seen.exclude(source__kind="user").exclude(case__in=blinded_cases(user))

    def drafts(self) -> Self:
        return self.filter(state="draft")

    def submitted(self) -> Self:
        return self.filter(state="submitted")


class RevisionQuerySet(ScopedQuerySet["ReadingRevision"]):
    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        if not sees_cases(user):
            return seen.none()
        return seen.exclude(reading__source__kind="user").exclude(reading__case__in=blinded_cases(user))


class JobQuerySet(ScopedQuerySet[M]):
    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        if is_curator(user) or may_export(user):
            return seen
        return seen.none()

    def waiting(self) -> Self:
        """Rows a worker may claim: never started, or held under a lease that has lapsed."""
        lapsed = models.Q(state="running", lease_until__lt=timezone.now())
        return self.filter(models.Q(state="waiting") | lapsed)


class AnalysisQuerySet(JobQuerySet["Analysis"]):
    """Analyses of a study are seen through the study; others by curators and those who may export."""
