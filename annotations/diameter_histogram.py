"""How the longest diameters of a gallery are spread: what is shown, and what only the range leaves out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from annotations.case_rows import CaseRow
from annotations.galleries import DIAMETER, Gallery

MOST_BARS = 14


@dataclass(frozen=True, slots=True)
class Bar:
    """User units: x, y, width, height of the cases in range; `y_all`, `height_all` of those the other facets leave."""

    low_mm: int
    x: float
    width: float
    y: float
    height: float
    y_all: float
    height_all: float
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Of the longest diameter, bins of `step_mm`, over the range of the whole dataset."""

    bars: tuple[Bar, ...]
    low_mm: int
    high_mm: int
    step_mm: int
    width: int = 168
    height: int = 40


def diameter_histogram(rows: Iterable[CaseRow], gallery: Gallery) -> Histogram | None:
    """None when no case has a diameter in mm. The range is the whole dataset's, so that nothing moves when one chooses."""
    lengths = [row.answers[DIAMETER] for row in rows if DIAMETER in row.answers]
    if not lengths:
        return None
    low, top = int(min(lengths)), int(max(lengths)) + 1
    step = max(1, -(-(top - low) // MOST_BARS))
    bins = -(-(top - low) // step)
    shown, other = Counter(_bins(gallery.rows, low, step)), Counter(_bins(gallery.outside, low, step))
    highest = max((shown[i] + other[i] for i in range(bins)), default=0) or 1
    made = Histogram((), low, low + bins * step, step)
    each = made.width / bins

    def tall(count: int) -> float:
        return round(made.height * count / highest, 2)

    bars = tuple(
        Bar(low + i * step, round(i * each, 2), round(each - 1, 2), made.height - tall(shown[i]), tall(shown[i]),
            made.height - tall(shown[i] + other[i]), tall(shown[i] + other[i]), shown[i])
        for i in range(bins)
    )  # fmt: skip
    return Histogram(bars, low, made.high_mm, step)


def _bins(rows: Iterable[CaseRow], low: int, step: int) -> list[int]:
    return [int((row.answers[DIAMETER] - low) // step) for row in rows if DIAMETER in row.answers]
