"""A reader's own times: per case in the order read, and per day. Raw intervals are joined, so no second counts twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any

from django.utils import timezone

from readers.activity import Stretch, active_seconds, seconds_by_assignment
from readers.models import ActivityInterval, Assignment


@dataclass(frozen=True, slots=True)
class CaseTime:
    """A submitted case: when, and how many seconds were spent on it."""

    submitted_at: datetime
    seconds: float

    @property
    def day(self) -> date:
        return timezone.localtime(self.submitted_at).date()


@dataclass(frozen=True, slots=True)
class Session:
    """A day of reading: cases submitted, seconds in use, median seconds a case (None if none was timed)."""

    day: date
    cases: int
    in_use_s: float
    median_s: float | None


@dataclass(frozen=True, slots=True)
class ReadingTimes:
    cases: tuple[CaseTime, ...]
    sessions: tuple[Session, ...]
    median_s: float | None


def reading_times(user: Any, purpose: str) -> ReadingTimes:
    """This person's times in the open studies of that purpose; sessions newest first. Two queries."""
    own = Assignment.objects.visible_to(user).filter(study__purpose=purpose, study__state="open")
    submitted = dict(
        own.filter(opinions__opinion=1, opinions__reading__state="submitted")
        .order_by("opinions__reading__submitted_at").values_list("pk", "opinions__reading__submitted_at")
    )  # fmt: skip
    intervals = ActivityInterval.objects.filter(assignment__in=own).order_by()
    rows = list(intervals.values_list("assignment_id", "started_at", "ended_at"))
    seconds = seconds_by_assignment(rows)
    cases = tuple(CaseTime(at, seconds[pk]) for pk, at in submitted.items() if at and pk in seconds)
    days = [timezone.localtime(at).date() for at in submitted.values() if at]
    sessions = _sessions(cases, days, [(start, end) for _pk, start, end in rows])
    return ReadingTimes(cases, sessions, median(c.seconds for c in cases) if cases else None)


def _sessions(cases: Sequence[CaseTime], days: Sequence[date], stretches: Sequence[Stretch]) -> tuple[Session, ...]:
    by_day: dict[date, list[Stretch]] = {day: [] for day in days}
    for start, end in stretches:
        by_day.setdefault(timezone.localtime(start).date(), []).append((start, end))
    return tuple(_session(day, cases, days, by_day[day]) for day in sorted(by_day, reverse=True))


def _session(day: date, cases: Sequence[CaseTime], days: Sequence[date], stretches: Sequence[Stretch]) -> Session:
    timed = [case.seconds for case in cases if case.day == day]
    return Session(day, days.count(day), active_seconds(stretches), median(timed) if timed else None)
