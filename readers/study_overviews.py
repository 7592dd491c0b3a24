"""A line of the list of studies: how far each has come. Counts only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from readers.models import Assignment, Study, StudyReader


@dataclass(frozen=True, slots=True)
class Overview:
    study: Study
    readers: int
    total: int
    submitted: int


def overviews(studies: Sequence[Study]) -> list[Overview]:
    """Readers who stayed, places drawn and readings submitted of each study. Two queries, however many studies."""
    staying = StudyReader.objects.filter(study__in=studies, withdrawn_at__isnull=True)
    readers = dict(staying.order_by().values_list("study").annotate(n=Count("pk")))
    done = Q(opinions__opinion=1, opinions__reading__state="submitted")
    places = (
        Assignment.objects.unscoped().filter(study__in=studies).order_by().values_list("study")
        .annotate(
            total=Count("pk", filter=done | Q(withdrawn_at__isnull=True, case__state="included"), distinct=True),
            submitted=Count("pk", filter=done, distinct=True),
        )
    )  # fmt: skip
    counts = {study: (total, submitted) for study, total, submitted in places}
    return [Overview(study, readers.get(study.pk, 0), *counts.get(study.pk, (0, 0))) for study in studies]
