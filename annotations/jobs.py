"""The row is the job, the message only the bell.

A worker claims a row by a conditional UPDATE that writes a lease of its own; every later write names that lease, and a
worker whose lease was taken writes nothing. A killed worker's lease lapses; whoever rings next takes the row up again with
its finished parts kept. The same statements on SQLite and PostgreSQL, no lock held.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import override

from annotations.models.job import Job
from annotations.problems import Problem

log = logging.getLogger(__name__)
# a job that killed its worker this often will do so again
MAX_ATTEMPTS = 5


class LeaseLost(Exception):
    """Another worker took the row: stop, write nothing more."""


class Cancelled(Exception):
    """The person asked for the job to stop."""


class Claim:
    """One worker's hold on one row. All its writes are conditional on the lease."""

    def __init__(self, job: Job, lease: str) -> None:
        self.job, self.lease = job, lease
        self._model: type[Job] = type(job)
        self._last_progress = 0.0

    def write(self, **values: Any) -> None:
        """Store values if the lease is still ours. Raises LeaseLost."""
        rows = self._model.objects.unscoped().filter(pk=self.job.pk, lease=self.lease)
        if not rows.update(**values):
            raise LeaseLost(self.job.public_id)
        for name, value in values.items():
            setattr(self.job, name, value)

    def progress(self, done: int, total: int, text: str = "", *, now: bool = False) -> None:
        """True progress, at most twice a second: a tight loop of writes starves the web on SQLite.

        Raises Cancelled when the person asked for it.
        """
        if not now and time.monotonic() - self._last_progress < 0.5:
            return
        self._last_progress = time.monotonic()
        self.write(progress_done=done, progress_total=total, progress_text=text[:200])
        if self._model.objects.unscoped().filter(pk=self.job.pk, cancel_requested=True).exists():
            raise Cancelled(self.job.public_id)

    def beat(self) -> bool:
        """Lengthen the lease; False when it is no longer ours."""
        until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        return bool(self._model.objects.unscoped().filter(pk=self.job.pk, lease=self.lease).update(lease_until=until))


def claim(model: type[Job], pk: int) -> Claim | None:
    """Take the row if it waits or its lease lapsed; None when another was faster or it is done."""
    lease = secrets.token_hex(16)
    now = timezone.now()
    won = (
        model.objects.unscoped()
        .waiting()
        .filter(pk=pk)
        .update(
            state="running",
            lease=lease,
            lease_until=now + timedelta(seconds=settings.JOB_LEASE_SECONDS),
            attempts=F("attempts") + 1,
            started_at=now,
        )
    )
    if not won:
        return None
    return Claim(model.objects.unscoped().get(pk=pk), lease)


@contextmanager
def heartbeat(held: Claim) -> Iterator[None]:
    """Beats in a thread of its own while the work runs, at a third of the lease."""
    done = threading.Event()

    def beat() -> None:
        try:
            while not done.wait(settings.JOB_LEASE_SECONDS / 3):
                close_old_connections()
                if not held.beat():
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{held.job.public_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(timeout=5)


def run(model: type[Job], pk: int, work: Callable[[Any], None]) -> bool:
    """Claim the row and do `work(claim)`; the row ends done, cancelled or failed with a sentence. False: not ours."""
    held = claim(model, pk)
    if held is None:
        return False
    if held.job.attempts > MAX_ATTEMPTS:
        _finish(held, state="failed", error=f"Gave up after {MAX_ATTEMPTS} workers died on it.")
        return True
    try:
        # what a job stores may not depend on the language of whoever asked for it
        with heartbeat(held), override(settings.LANGUAGE_CODE):
            work(held)
    except LeaseLost:
        log.warning("job %s: another worker has it", held.job.public_id)
        return False
    except Cancelled:
        _finish(held, state="cancelled")
    except Problem as problem:
        _finish(held, state="failed", error=problem.detail)
    except Exception:
        log.exception("job %s stopped", held.job.public_id)
        _finish(
            held,
            state="failed",
            error="Stopped by an error of the program; the log has it under this job's id.",
        )
    else:
        _finish(held, state="done")
    return True


def _finish(held: Claim, **values: Any) -> None:
    try:
        held.write(**values, finished_at=timezone.now(), lease="", lease_until=None)
    except LeaseLost:
        log.warning("job %s: another worker has it", held.job.public_id)


def request_cancel(job: Model) -> bool:
    """Ask a waiting or running job to stop. A waiting one ends at once. False when it has ended already."""
    model: Any = type(job)
    rows = model.objects.unscoped().filter(pk=job.pk)
    if rows.filter(state="waiting").update(state="cancelled", finished_at=timezone.now()):
        return True
    return bool(rows.filter(state="running").update(cancel_requested=True))
