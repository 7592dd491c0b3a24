"""What bench/coverage.py tries: every figure that a results page shows by default, on simulated studies with known truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from annotations.agreement.result import Estimate
from bench.coverage_rows.simulated import Cell, Simulated

Limits = tuple[float, float]


@dataclass(frozen=True)
class Found:
    """An interval, or None where there is none, and whether the figure warns its reader."""

    limits: Limits | None
    warned: bool


@dataclass(frozen=True)
class Tried:
    """A column of the table.

    truth      what the interval should hold; where it depends on the readers drawn, of this study
    found      the interval of one simulated study; the number seeds the resampling
    meant      for which cells
    resampled  whether it is a bootstrap, which is tried on a quarter of the replications
    """

    name: str
    truth: Callable[[Simulated], float]
    found: Callable[[Simulated, int], Found]
    meant: Callable[[Cell], bool] = lambda cell: True
    resampled: bool = False


def of_estimate(estimate: Estimate) -> Found:
    """Its interval; an open end is beyond everything."""
    own, warned = estimate.interval, bool(estimate.warnings)
    if own is None:
        return Found(None, warned)
    low = float("-inf") if own.low is None else own.low
    return Found((low, float("inf") if own.high is None else own.high), warned)


def two(cell: Cell) -> bool:
    return cell.readers == 2


def more(cell: Cell) -> bool:
    return cell.readers > 2
