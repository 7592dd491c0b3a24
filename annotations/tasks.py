"""Messages: each only says that a row waits (`annotations.bell`). A message lost or delivered twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable

from celery import shared_task
from django.db import models

from annotations.analyses.work import run_analysis
from annotations.exports.verbs import run_export
from annotations.import_jobs import run_import
from annotations.models import Analysis, Export, Import

# every kind of job row, and what does its work; a new kind is one line here
RUNNERS: tuple[tuple[type[models.Model], Callable[[int], bool]], ...] = (
    (Import, run_import),
    (Analysis, run_analysis),
    (Export, run_export),
)


@shared_task(name="annotations.tasks.ring_for_waiting_jobs")
def ring_for_waiting_jobs() -> int:
    """Do every row that waits or whose worker fell silent, the oldest first. Returns how many were ours."""
    done = 0
    for model, run in RUNNERS:
        rows = model.objects.unscoped().waiting().order_by("created_at", "pk")  # type: ignore[attr-defined]
        for pk in list(rows.values_list("pk", flat=True)):
            done += run(pk)
    return done
