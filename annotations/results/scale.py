"""The one scale of a table's forest plot, and where on it a figure's marks lie. All in px of the row's drawing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WIDTH_PX, PAD_PX = 250.0, 8.0


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to 1. Values below `low` are cut there, with an arrow."""

    low: float

    def at(self, value: float) -> float:
        share = (max(value, self.low) - self.low) / (1 - self.low)
        return round(PAD_PX + share * (WIDTH_PX - 2 * PAD_PX), 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        marks = [0.0, 0.5, 1.0] if self.low == 0 else [-0.5, 0.0, 0.5, 1.0]
        return [(self.at(mark), f"{mark:g}".replace("-", "\u2212")) for mark in marks if mark >= self.low]


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure on the scale. `shape` is square (kappa) or diamond (ICC, CCC); number 1, 2 … picks a reader's colour."""

    x: float
    low: float | None
    high: float | None
    y: float
    shape: str
    number: int = 1
    cut: bool = False

    @property
    def points(self) -> str:
        """The diamond's corners."""
        x, y, r = self.x, self.y, 4.6
        return f"{x},{y - r} {x + r},{y} {x},{y + r} {x - r},{y}"

    @property
    def left(self) -> float:
        return self.x - 3.5

    @property
    def top(self) -> float:
        return self.y - 3.5

    @property
    def caps(self) -> tuple[float, float]:
        return self.y - 3, self.y + 3


def scale_for(estimates: Iterable[Mapping[str, Any]]) -> Scale:
    """From 0, or from -0.5 where anything reaches below 0."""
    lows = [e["interval"]["low"] if e["interval"] else e["value"] for e in estimates if e["value"] is not None]
    return Scale(-0.5 if any(low is not None and low < 0 for low in lows) else 0.0)


def mark_of(estimate: Mapping[str, Any], scale: Scale, *, y: float, shape: str, number: int = 1) -> Mark | None:
    """Where the figure lies; None without a value."""
    value, interval = estimate["value"], estimate["interval"]
    if value is None:
        return None
    low, high = (interval["low"], interval["high"]) if interval else (None, None)
    ends = [None if end is None else scale.at(min(end, 1.0)) for end in (low, high)]
    return Mark(scale.at(value), ends[0], ends[1], y, shape, number, low is not None and low < scale.low)
