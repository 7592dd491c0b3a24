"""What the statistics bench measures, a module a subject; each has a function `rows()`.

It yields `Row`s, which the bench times, or what it has timed itself as (work, our ms, peer's ms, peer, values agree).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import numpy as np

Timed = tuple[str, float, float, str, bool]


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
    at_scale   factor -> our work on that many times the data, for the slope; None where size is not the point
    """

    work: str
    reach_ms: float
    ours: Callable[[], Any]
    figure: Callable[[Any], Any]
    peers: Mapping[str, Peer] = field(default_factory=dict)
    at_scale: Callable[[int], Callable[[], Any]] | None = None
    tolerance: float = 1e-8

    def differs(self, ours: Any, peer: Peer, answer: Any) -> float:
        """Largest difference between our figures and the peer's."""
        mine, theirs = np.asarray(self.figure(ours), dtype=float), np.asarray(peer.figure(answer), dtype=float)
        return float(np.max(np.abs(mine - theirs)))


def subjects() -> list[str]:
    """The modules here, by name."""
    return sorted(module.name for module in iter_modules(__path__))


def rows_of(subject: str) -> Iterator[Row | Timed]:
    yield from import_module(f"{__name__}.{subject}").rows()
