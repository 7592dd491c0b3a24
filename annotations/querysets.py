"""Reads of floor 1. `visible_to(user)` says what a person may see; everything a request shows comes through it.

On this floor a person sees data as a curator, as a study lead, or as a data client; a reader sees a case only through an
assignment (`readers.querysets`), never through these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.utils import timezone

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


class CuratedQuerySet(ScopedQuerySet[M]):
    """Seen by curators and by those who may export; by nobody else."""

    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        return seen if is_curator(user) or may_export(user) else seen.none()


class DatasetQuerySet(CuratedQuerySet["Dataset"]):
    pass


class DatasetVersionQuerySet(CuratedQuerySet["DatasetVersion"]):
    pass


class CaseQuerySet(CuratedQuerySet["Case"]):
    def included(self) -> Self:
        return self.filter(state="included")


class ImageQuerySet(CuratedQuerySet["Image"]):
    pass


class ReadingQuerySet(ScopedQuerySet["Reading"]):
    """Readings of readers are seen through their study (`readers`); here only reference panels' and models'."""

    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        if is_curator(user) or may_export(user):
            return seen.exclude(source__kind="user")
        return seen.none()

    def drafts(self) -> Self:
        return self.filter(state="draft")

    def submitted(self) -> Self:
        return self.filter(state="submitted")


class RevisionQuerySet(ScopedQuerySet["ReadingRevision"]):
    def visible_to(self, user: Any) -> Self:
        seen = self.unscoped()
        if is_curator(user) or may_export(user):
            return seen.exclude(reading__source__kind="user")
        return seen.none()


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
