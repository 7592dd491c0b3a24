"""Ringing: a message says only that some row waits. Lost or doubled, it changes nothing; the clock rings again."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from annotations.models import Analysis, Export, Import

log = logging.getLogger(__name__)
TASK = "annotations.tasks.ring_for_waiting_jobs"


def ring() -> None:
    """Ring once the transaction is committed, so that no worker looks before the row is there."""
    transaction.on_commit(_send, robust=True)


def ring_waiting() -> None:
    """The clock: ring if any row waits or has a lapsed lease."""
    if any(model.objects.unscoped().waiting().exists() for model in (Import, Analysis, Export)):
        _send()


def _send() -> None:
    try:
        current_app.send_task(TASK)
    except (OperationalError, OSError):
        # the row is there; the clock rings again when the broker is back
        log.warning("the broker could not be reached; the job waits for the clock")
