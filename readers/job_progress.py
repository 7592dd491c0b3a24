"""How far a job is, as static/pages/progress.js reads it."""

from __future__ import annotations

from typing import Any

from annotations.models.job import Job


def progress_of(job: Job) -> dict[str, Any]:
    """True counts and the sentence of the step; `running` until the job has ended."""
    return {
        "running": job.state in (Job.State.WAITING, Job.State.RUNNING),
        "done": job.progress_done,
        "total": job.progress_total,
        "text": job.progress_text,
    }
