"""Time on task: raw intervals of active use as the page saw them, on the server's clock, never counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.problems import InvalidAnswer
from readers.models import ActivityInterval, Assignment

MAX_INTERVALS = 500
DAY_MS = 24 * 3600 * 1000
Stretch = tuple[datetime, datetime]


def record_activity(assignment: Assignment, intervals: Any) -> int:
    """Store intervals [{"start_ms_ago", "end_ms_ago"}]; returns how many. Nothing is stored of a study that is not open.

    The page says how long ago, so that a wrong clock changes nothing. Raises InvalidAnswer.
    """
    if not isinstance(intervals, list) or len(intervals) > MAX_INTERVALS:
        raise InvalidAnswer(_("Activity is a list of up to %d intervals.") % MAX_INTERVALS, feature="intervals")
    now = timezone.now()
    stretches = [_stretch(interval, now) for interval in intervals]
    if assignment.study.state != "open":
        return 0
    rows = [ActivityInterval(assignment=assignment, started_at=start, ended_at=end) for start, end in stretches]
    ActivityInterval.objects.bulk_create(rows)
    return len(rows)


def active_seconds(stretches: Iterable[Stretch]) -> float:
    """Seconds covered by at least one stretch: two tabs, or a report sent twice, count once."""
    total, reached = 0.0, None
    for start, end in sorted(stretches):
        begin = start if reached is None or start > reached else reached
        if end > begin:
            total += (end - begin).total_seconds()
        reached = end if reached is None or end > reached else reached
    return total


def seconds_by_assignment(rows: Sequence[tuple[int, datetime, datetime]]) -> dict[int, float]:
    """(assignment, start, end) rows as active seconds per assignment."""
    grouped: dict[int, list[Stretch]] = {}
    for assignment, start, end in rows:
        grouped.setdefault(assignment, []).append((start, end))
    return {assignment: active_seconds(stretches) for assignment, stretches in grouped.items()}


def _stretch(interval: Any, now: datetime) -> Stretch:
    start, end = (interval.get(k) if isinstance(interval, dict) else None for k in ("start_ms_ago", "end_ms_ago"))
    numbers = all(isinstance(ms, int | float) and not isinstance(ms, bool) for ms in (start, end))
    if not numbers or not 0 <= end <= start <= DAY_MS:  # type: ignore[operator]
        text = _("An interval has start_ms_ago and end_ms_ago, within the last 24 hours.")
        raise InvalidAnswer(text, feature="intervals", value=interval)
    return now - timedelta(milliseconds=start), now - timedelta(milliseconds=end)  # type: ignore[arg-type]
