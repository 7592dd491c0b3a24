"""Agreement among readers said of readers like these: intervals by leaving each reader out, alone or with the cases.

Over several centres a reader is left out in all of them at once, for the readers are the same persons there: their part of
the error does not shrink with the number of centres, as it would if the centres' intervals were combined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from annotations.agreement.moments import Moments
from annotations.agreement.ratings import Ratings
from annotations.agreement.reader_jackknife import LeftOut, left_out, over_strata, with_readers_left_out
from annotations.agreement.result import Estimate
from annotations.agreement.stratified import stratified
from annotations.analyses.question import Ways

Figures = dict[str, Estimate]
NO_PERSONS = "the readers are interchangeable: none can be left out"


class LikeReaders:
    """The intervals of one feature. Keeps what came without each reader in each centre until they are put together."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self._parts: list[tuple[Estimate, LeftOut]] = []

    def interval(
        self, estimate: Estimate, moments_of: Callable[[Ratings], Moments], ratings: Ratings, ways: Ways
    ) -> Estimate:
        """The estimate of these ratings with the interval for readers like these. `ways` are those of this centre."""
        if estimate.value is None:
            return estimate
        if ways.interchangeable:
            return _without(estimate, NO_PERSONS)
        patients = None if ways.patients is None else np.array(ways.patients)
        part = left_out(ratings, moments_of, over_cases=ways.over == "both", patients=patients)
        found = with_readers_left_out(estimate, part, ways.level, of=self._of)
        self._parts.append((found, part))
        return found

    def over_centres(self, each: Mapping[str, Figures], level: float) -> Figures:
        """Each figure over the centres, which share their readers."""
        shared = [key for key in next(iter(each.values())) if all(key in own for own in each.values())]
        return {key: self._whole({f"centre {c}": own[key] for c, own in each.items()}, level) for key in shared}

    def _whole(self, strata: Mapping[str, Estimate], level: float) -> Estimate:
        found = stratified(strata, level)
        if found.value is None:
            return found
        if self.ways.interchangeable:
            return _without(found, NO_PERSONS)
        used = [estimate for estimate in strata.values() if estimate.n.cases > 0]
        parts = [next(part for own, part in self._parts if own is estimate) for estimate in used]
        part = over_strata(parts, [estimate.n.cases / found.n.cases for estimate in used])
        return with_readers_left_out(found, part, level, of=self._of)

    @property
    def _of(self) -> str:
        if self.ways.over == "readers":
            return "readers"
        return "readers and patients" if self.ways.clustered else "readers and cases"


def _without(estimate: Estimate, reason: str) -> Estimate:
    return replace(estimate, se=None, interval=None, statistic=None, df=None, p=None, no_interval=reason)
