"""Table 1 of the LymphUs paper (doi:10.1016/j.dib.2026.112694): its counts, and its means with their intervals."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PUBLISHED_CASES = 338
_TABLE = Path(__file__).parent / "data" / "table1_published.csv"
_STATUS = {"malignant": "Malignant", "reactive": "Benign"}


@dataclass(frozen=True, slots=True)
class Moments:
    """A published mean with its 95 % confidence interval (low, high), in the quantity's own unit."""

    mean: float
    low: float
    high: float

    def sd(self, n: int) -> float:
        """The standard deviation that this interval implies for n cases (normal approximation)."""
        return (self.high - self.low) / 2 / 1.96 * n**0.5


@dataclass(frozen=True, slots=True)
class Cell:
    """One centre and status of Table 1: n cases, counts by (feature, level), moments by quantity."""

    centre: int
    group: str
    n: int
    counts: dict[tuple[str, str], int]
    moments: dict[str, Moments]

    def scaled(self, feature: str, level: str, n: int) -> int:
        """How many of n cases have this level; the published count when n is the published n."""
        return min(n, int(self.counts[feature, level] * n / self.n + 0.5))


@cache
def table1() -> tuple[Cell, ...]:
    """The four cells in the order of the archives: centre 1 benign, malignant, centre 2 benign, malignant."""
    with _TABLE.open(newline="", encoding="utf-8") as f:
        rows = list(csv.DictReader(line for line in f if not line.startswith("#")))
    cells = [_cell(rows, column) for column in rows[0] if column.startswith("center")]
    return tuple(sorted(cells, key=lambda c: (c.centre, c.group)))


def _cell(rows: list[dict[str, str]], column: str) -> Cell:
    centre, status = column.removeprefix("center").split("_")
    values = {(r["feature"], r["statistic"]): r[column] for r in rows}
    counts = {(f, s[6:]): int(v) for (f, s), v in values.items() if s.startswith("count:")}
    moments = {
        f: Moments(float(v), float(values[f, "ci95_low"]), float(values[f, "ci95_high"]))
        for (f, s), v in values.items()
        if s == "mean"
    }
    return Cell(int(centre), _STATUS[status], int(values["cases", "n"]), counts, moments)
