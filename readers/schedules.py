"""The schedule picture of a study: every reader's cases in the order they are read, and what became of them so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from readers.models import Assignment, Study

CELL, HEIGHT = 8, 18
_GAP = 1


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One reader's line: counts, and the outlines of its cells as SVG path data, `width` x HEIGHT user units."""

    number: int
    submitted: int
    drafts: int
    to_read: int
    width: int
    submitted_path: str
    draft_path: str
    to_read_path: str

    @property
    def drawn_px(self) -> int:
        """How wide the picture wants to be; the page gives it less where there are many cases."""
        return 2 * self.width


def schedule_of(study: Study) -> list[ScheduleRow]:
    """A line per reader, in the order of their numbers. Two queries, however many readers and cases."""
    # the checker does not see what a method of the queryset annotates
    drawn: Any = Assignment.objects.unscoped().filter(study=study, withdrawn_at__isnull=True).with_reading_state()
    drawn = drawn.order_by("position").values_list("reader_id", "position", "reading_state")
    lines: dict[int, list[tuple[int, str | None]]] = {}
    for reader, position, state in drawn:
        lines.setdefault(reader, []).append((position, state))
    places = study.places.values_list("user_id", "number")
    return [_row(number, lines[reader]) for reader, number in places if reader in lines]


def _row(number: int, line: Sequence[tuple[int, str | None]]) -> ScheduleRow:
    submitted = [position for position, state in line if state == "submitted"]
    drafts = [position for position, state in line if state == "draft"]
    to_read = [position for position, state in line if state is None]
    return ScheduleRow(
        number, len(submitted), len(drafts), len(to_read), CELL * max(position for position, _state in line),
        _cells(submitted), _cells(drafts, top=HEIGHT // 2), _cells([*drafts, *to_read]),
    )  # fmt: skip


def _cells(positions: Sequence[int], top: int = 0) -> str:
    """Closed rectangles, one a position, as path data."""
    width, height = CELL - 2 * _GAP, HEIGHT - top - 1
    return "".join(
        f"M{CELL * (p - 1) + _GAP} {top + 0.5}h{width}v{height}h-{width}z" for p in positions
    )  # fmt: skip
