"""The small picture beside the worklist: time per case, in the order read. Geometry only; the template draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from readers.reading_times import CaseTime

WIDTH, HEIGHT, LEFT, SHOWN = 312, 72, 34, 30
_STEPS_MIN = (1, 2, 5, 10, 20, 30, 60)


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    latest_day: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Line:
    y: float
    minutes: int


@dataclass(frozen=True, slots=True)
class TimeChart:
    """User units of a WIDTH x (HEIGHT + labels) picture. `first` and `last` number the cases shown."""

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    median_y: float
    first: int
    last: int
    width: int = WIDTH
    left: int = LEFT
    base: int = HEIGHT


def time_chart(cases: Sequence[CaseTime], median_s: float) -> TimeChart:
    """The latest 30 cases. The scale begins at zero and ends at or above the longest."""
    shown = cases[-SHOWN:]
    longest_min = max(max(case.seconds for case in shown), median_s) / 60
    step = next((s for s in _STEPS_MIN if longest_min / s <= 3), 60)
    top = step * max(1, math.ceil(longest_min / step))

    def y(seconds: float) -> float:
        return round(HEIGHT - (HEIGHT - 8) * seconds / 60 / top, 1)

    gap = (WIDTH - LEFT - 24) / max(len(shown) - 1, 1)
    latest = shown[-1].day
    dots = tuple(
        Dot(round(LEFT + 10 + i * gap, 1), y(case.seconds), case.day == latest, case.seconds)
        for i, case in enumerate(shown)
    )
    lines = tuple(Line(y(minutes * 60), minutes) for minutes in range(step, top + 1, step))
    return TimeChart(dots, lines, y(median_s), len(cases) - len(shown) + 1, len(cases))
