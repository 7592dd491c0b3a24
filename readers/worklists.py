"""What a reader has before him, and what a lead sees of a study that is open: counts and times, no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Max
from django.utils import timezone

from readers.activity import seconds_by_assignment
from readers.models import ActivityInterval, Assignment, Study


@dataclass(frozen=True, slots=True)
class Position:
    """One place of a worklist. `assignment_id` is None while it is locked.

    state   submitted | draft | open | locked
    """

    number: int
    state: str
    assignment_id: str | None


@dataclass(frozen=True, slots=True)
class StudyWork:
    """A reader's part in one study, for the home page. `seconds_left` is None before anything was submitted."""

    title: str
    description: str
    purpose: str
    state: str
    feedback: str
    total: int
    submitted: int
    drafts: int
    positions: tuple[Position, ...]
    next_assignment: str | None
    resumes: bool
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class ReaderProgress:
    """One reader's counts and times, for the study's lead. Nothing of what was answered."""

    number: int
    name: str
    total: int
    submitted: int
    drafts: int
    exposed: int
    withdrawn: bool
    active_seconds: float
    median_seconds: float | None
    last_saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class StudyProgress:
    total: int
    submitted: int
    readers: tuple[ReaderProgress, ...]


def worklist_of(user: Any) -> list[StudyWork]:
    """Every study this person reads in, open ones first, newest first. Two queries, however many cases."""
    rows = list(
        Assignment.objects.visible_to(user).with_reading_state().select_related("study", "case")
        .order_by("study_id", "period", "position")
    )  # fmt: skip
    studies = {row.study_id: row.study for row in rows}
    seconds = _active_seconds(ActivityInterval.objects.filter(assignment__in=[row.pk for row in rows]))
    newest_first = sorted(studies.values(), key=lambda s: (s.state != "open", -s.pk))
    return [_work(study, [row for row in rows if row.study_id == study.pk], seconds) for study in newest_first]


def positions_of(rows: Sequence[Any]) -> tuple[Position, ...]:
    """The places of one reader's assignments (with `reading_state`, study and case), in order.

    A case that was left out before it was submitted has no place any more.
    """
    now = timezone.now()
    return tuple(
        _position(row, now) for row in rows if row.reading_state == "submitted" or row.case.state == "included"
    )


def next_unlocked(positions: Sequence[Position], after: int = 0) -> str | None:
    """The assignment to read next: the first not submitted behind that position, else from the beginning. None: all done."""
    waiting = [p for p in positions if p.state in ("open", "draft") and p.number != after]
    behind = [p for p in waiting if p.number > after]
    return next((p.assignment_id for p in behind or waiting), None)


def study_progress(study: Study) -> StudyProgress:
    """Counts and times per reader. Four queries, however many readers and cases."""
    places = list(study.places.select_related("user"))
    rows = list(
        Assignment.objects.unscoped().filter(study=study).with_reading_state().select_related("case")
        .annotate(saved_at=Max("opinions__reading__saved_at"))
    )  # fmt: skip
    seconds = _active_seconds(ActivityInterval.objects.filter(assignment__study=study))
    readers = tuple(_progress(place, [r for r in rows if r.reader_id == place.user_id], seconds) for place in places)
    return StudyProgress(sum(r.total for r in readers), sum(r.submitted for r in readers), readers)


def _active_seconds(intervals: Any) -> dict[int, float]:
    return seconds_by_assignment(list(intervals.order_by().values_list("assignment_id", "started_at", "ended_at")))


def _position(row: Any, now: datetime) -> Position:
    locked = row.unlocks_at is not None and row.unlocks_at > now
    if row.reading_state == "submitted":
        state = "submitted"
    elif locked or row.study.state != "open":
        state = "locked"
    else:
        state = "draft" if row.reading_state == "draft" else "open"
    return Position(row.position, state, None if locked else row.public_id)


def _work(study: Study, rows: Sequence[Any], seconds: dict[int, float]) -> StudyWork:
    positions = positions_of(rows)
    states = [p.state for p in positions]
    drafts = [p for p in positions if p.state == "draft"]
    upcoming = drafts[0].assignment_id if drafts else next_unlocked(positions)
    left = len(states) - states.count("submitted")
    per_case = _median_seconds(rows, seconds)
    return StudyWork(
        title=study.title, description=study.description, purpose=study.purpose, state=study.state,
        feedback=study.feedback, total=len(states), submitted=states.count("submitted"), drafts=len(drafts),
        positions=positions, next_assignment=upcoming, resumes=bool(drafts),
        seconds_left=None if per_case is None else per_case * left,
    )  # fmt: skip


def _median_seconds(rows: Sequence[Any], seconds: dict[int, float]) -> float | None:
    """Median active time of the submitted cases that have any on record."""
    times = [seconds[row.pk] for row in rows if row.reading_state == "submitted" and row.pk in seconds]
    return median(times) if times else None


def _progress(place: Any, rows: Sequence[Any], seconds: dict[int, float]) -> ReaderProgress:
    counted = [
        r for r in rows if r.reading_state == "submitted" or (r.withdrawn_at is None and r.case.state == "included")
    ]
    return ReaderProgress(
        number=place.number, name=place.user.get_full_name() or place.user.get_username(), total=len(counted),
        submitted=sum(r.reading_state == "submitted" for r in counted),
        drafts=sum(r.reading_state == "draft" for r in counted), exposed=len(place.exposed_cases),
        withdrawn=place.withdrawn_at is not None, active_seconds=sum(seconds.get(r.pk, 0.0) for r in rows),
        median_seconds=_median_seconds(rows, seconds),
        last_saved_at=max((r.saved_at for r in rows if r.saved_at), default=None),
    )  # fmt: skip
