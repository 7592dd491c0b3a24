"""How often our intervals hold the truth: `python bench/coverage.py [REPLICATIONS]`, 2,000 by default.

Readers call a node with the feature or without: each is right with the same probability, independently given the node,
so that every coefficient's true value is known in closed form. Prints a Markdown table of the share of replications
whose 95 % interval holds it, and of those without an interval (undefined, or no spread to estimate). Resampled intervals
are tried on a quarter of the replications.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not bench/: see statistics.py

import numpy as np

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.kappa import cohen_kappa
from annotations.agreement.many_readers import fleiss_kappa, gwet_ac1, percent_agreement
from annotations.agreement.moments import coefficient_moments, kappa_moments
from annotations.agreement.ratings import Ratings
from annotations.agreement.resampling import Plan, bootstrap
from annotations.agreement.result import Estimate
from annotations.agreement.two_readers import positive_agreement

SEED = 1960
# cases, prevalence of the feature, probability that a reader is right
SETTINGS = (
    (20, 0.5, 0.7),
    (20, 0.5, 0.9),
    (20, 0.1, 0.9),
    (100, 0.5, 0.8),
    (100, 0.5, 0.95),
    (100, 0.1, 0.9),
    (338, 0.5, 0.9),
    (338, 0.1, 0.95),
    (338, 0.01, 0.95),
    (338, 0.99, 0.95),
)


@dataclass(frozen=True)
class Cell:
    readers: int
    cases: int
    prevalence: float
    right: float

    @property
    def truth(self) -> dict[str, float]:
        """True coefficients: readers are alike, so kappa, Fleiss and alpha have one."""
        said = self.prevalence * self.right + (1 - self.prevalence) * (1 - self.right)
        agreed = self.right**2 + (1 - self.right) ** 2
        both = self.prevalence * self.right**2 + (1 - self.prevalence) * (1 - self.right) ** 2
        chance, spread = said**2 + (1 - said) ** 2, 2 * said * (1 - said)
        kappa = (agreed - chance) / (1 - chance)
        ac1 = (agreed - spread) / (1 - spread)
        return {"percent": agreed, "positive": both / said, "kappa": kappa, "ac1": ac1}

    def draw(self, rng: np.random.Generator) -> Ratings:
        truth = rng.random(self.cases) < self.prevalence
        right = rng.random((self.readers, self.cases)) < self.right
        return Ratings((truth == right).astype(np.int8), ("absent", "present"))


# column, whose truth, the interval, and for how many readers it is meant
Tried = tuple[str, str, Callable[[Ratings, int], Estimate], Callable[[int], bool]]


def _two(readers: int) -> bool:
    return readers == 2


def _more(readers: int) -> bool:
    return readers > 2


def _resampled_cohen(data: Ratings, seed: int) -> Estimate:
    return bootstrap(cohen_kappa(data), kappa_moments(data), Plan(seed, 1000, "bca"))


def _resampled_fleiss(data: Ratings, seed: int) -> Estimate:
    return bootstrap(fleiss_kappa(data), coefficient_moments(data, "Fleiss kappa"), Plan(seed, 1000, "bca"))


ANALYTIC: tuple[Tried, ...] = (
    ("percent", "percent", lambda data, seed: percent_agreement(data), lambda readers: True),
    ("positive", "positive", lambda data, seed: positive_agreement(data, "present"), _two),
    ("Cohen", "kappa", lambda data, seed: cohen_kappa(data), _two),
    ("Fleiss", "kappa", lambda data, seed: fleiss_kappa(data), _more),
    ("alpha", "kappa", lambda data, seed: krippendorff_alpha(data), lambda readers: True),
    ("AC1", "ac1", lambda data, seed: gwet_ac1(data), lambda readers: True),
)
RESAMPLED: tuple[Tried, ...] = (
    ("Cohen, BCa", "kappa", _resampled_cohen, _two),
    ("Fleiss, BCa", "kappa", _resampled_fleiss, _more),
)


def cells() -> Iterator[Cell]:
    for readers in (2, 5, 20):
        for setting in SETTINGS:
            yield Cell(readers, *setting)


def covered(cell: Cell, tried: Tried, replications: int) -> str:
    """Share of intervals that hold the truth, and of replications without one."""
    _, whose, estimate_of, meant = tried
    if not meant(cell.readers):
        return ""
    rng = np.random.default_rng(SEED)
    truth, held, without = cell.truth[whose], 0, 0
    for replication in range(replications):
        interval = estimate_of(cell.draw(rng), replication).interval
        if interval is None:
            without += 1
        else:
            held += (interval.low or 0.0) - 1e-9 <= truth <= (interval.high or 0.0) + 1e-9
    if without == replications:
        return "none"
    share = held / (replications - without)
    shown = f"{share:.3f}" if share >= 0.93 else f"**{share:.3f}**"
    return shown + (f" ({without / replications:.1%} none)" if without else "")


def main(replications: int) -> None:
    start = time.perf_counter()
    columns = (*ANALYTIC, *RESAMPLED)
    print("| readers | cases | prevalence | right | kappa | " + " | ".join(name for name, *_ in columns) + " |")
    print("|---|---|---|---|---|" + "---|" * len(columns))
    for cell in cells():
        counts = [replications] * len(ANALYTIC) + [max(1, replications // 4)] * len(RESAMPLED)
        found = [covered(cell, tried, count) for tried, count in zip(columns, counts, strict=True)]
        head = f"| {cell.readers} | {cell.cases} | {cell.prevalence:g} | {cell.right:g} | {cell.truth['kappa']:.2f} | "
        print(head + " | ".join(found) + " |", flush=True)
    print(f"\n{replications} replications ({replications // 4} resampled), {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
