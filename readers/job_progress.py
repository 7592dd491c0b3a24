"""How far a job is, as static/pages/progress.js reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from annotations.models import Analysis
from annotations.models.job import Job
from annotations.results.progress_words import progress_words


def progress_of(job: Job) -> dict[str, Any]:
    """True counts and the sentence of the step; `running` until the job has ended."""
    return {
        "running": job.state in (Job.State.WAITING, Job.State.RUNNING),
        "done": job.progress_done,
        "total": job.progress_total,
        "text": said_of(job),
    }


def said_of(job: Job) -> str:
    """What it is at, in the language of the page; "" while it waits."""
    if isinstance(job, Analysis):
        return progress_words(job)
    return gettext(job.progress_text) if job.progress_text else ""
