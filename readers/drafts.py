"""Where a reader stopped: how much of a draft is answered, and when it was saved. The reader's own work only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotations.models import Reading
from readers.models import Assignment


@dataclass(frozen=True, slots=True)
class Draft:
    answered: int
    saved_at: datetime | None


def draft_of(user: Any, assignment_id: str) -> Draft | None:
    """The draft of one's own assignment; None if there is none."""
    own = Assignment.objects.visible_to(user).filter(public_id=assignment_id)
    reading = Reading.objects.unscoped().drafts().filter(assigned__assignment__in=own).first()
    if reading is None:
        return None
    said = [answer for answer in reading.answers.values() if "value" in answer or answer.get("cannot_assess")]
    return Draft(len(said), reading.saved_at)
