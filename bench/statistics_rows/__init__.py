"""What the statistics bench measures, a module a subject; each has a function `rows()`.

It yields `Row`s, which the bench times, or `Timed`: what runs in a process of its own and has timed itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Timed:
    """ours_ms and mb of the whole work, by factor ms of the same work on less; `fine` says whether both are reached."""

    work: str
    ours_ms: float
    reach: str
    fine: bool
    resident_mb: float
    by_factor: Mapping[float, float]
    why: str = ""


@dataclass(frozen=True)
class Peer:
    """The same work by a package. `figure` takes the numbers out of its answer that ours must equal."""

    run: Callable[[], Any]
    figure: Callable[[Any], Any] = lambda answer: answer
    repeats: int = 3


@dataclass(frozen=True)
class Row:
    """One piece of work, ours and the peers' on the same data.

    reach_ms   what issue 6 asks for on a 2-core machine
    at_scale   factor -> our work on that many times the data, for the slope
    why        what there is to say of a reach missed, or of a growth that is not linear
    """

    work: str
    reach_ms: float
    ours: Callable[[], Any]
    figure: Callable[[Any], Any]
    peers: Mapping[str, Peer] = field(default_factory=dict)
    at_scale: Callable[[int], Callable[[], Any]] | None = None
    tolerance: float = 1e-8
    why: str = ""

    def differs(self, ours: Any, peer: Peer, answer: Any) -> float:
        """Largest difference between our figures and the peer's."""
        mine, theirs = np.asarray(self.figure(ours), dtype=float), np.asarray(peer.figure(answer), dtype=float)
        return float(np.max(np.abs(mine - theirs)))


def subjects() -> list[str]:
    """The modules here, by name."""
    return sorted(module.name for module in iter_modules(__path__) if module.name != "page")


def rows_of(subject: str) -> Iterator[Row | Timed]:
    yield from import_module(f"{__name__}.{subject}").rows()
