"""Agreement among readers said of readers like these: intervals by drawing readers, or readers and cases.

Over several centres the same draws of readers count in each, for the readers are the same persons there: their part of the
error does not shrink with the number of centres, as it would if the centres' intervals were combined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotations.agreement.ratings import Ratings
from annotations.agreement.reader_resampling import LEAST_READERS, resampled_readers, with_reader_resamples
from annotations.agreement.resampling import Plan
from annotations.agreement.result import Estimate
from annotations.agreement.stratified import stratified
from annotations.analyses.question import Ways

Figures = dict[str, Estimate]
Array = NDArray[np.float64]
TOO_FEW = "fewer than five readers: they are not taken as drawn from others"
NO_PERSONS = "the readers are interchangeable: none can be drawn"


class ReaderDraws:
    """The intervals of one feature. Keeps what was drawn in each centre until they are put together."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways
        self._drawn: list[tuple[Estimate, Array]] = []

    def interval(self, estimate: Estimate, ratings: Ratings, ways: Ways, stratum: str, **how: Any) -> Estimate:
        """The estimate with the interval of drawn readers. `ways` are those of this centre; `how` weights or metric."""
        plain = replace(estimate, se=None, interval=None, statistic=None, df=None, p=None, no_interval=None)
        if estimate.value is None:
            return estimate
        if ways.interchangeable or ratings.n_readers < LEAST_READERS:
            return replace(plain, no_interval=NO_PERSONS if ways.interchangeable else TOO_FEW)
        plan = self._plan(ways)
        values = resampled_readers(plain, ratings, plan, over=ways.over, stratum=stratum, **how)
        found = with_reader_resamples(plain, values, plan, ways.level, over=ways.over)
        self._drawn.append((found, values))
        return found

    def over_centres(self, each: Mapping[str, Figures], level: float) -> Figures:
        """Each figure over the centres, which were drawn together."""
        shared = [key for key in next(iter(each.values())) if all(key in own for own in each.values())]
        return {key: self._whole({f"centre {c}": own[key] for c, own in each.items()}, level) for key in shared}

    def _whole(self, strata: Mapping[str, Estimate], level: float) -> Estimate:
        found = stratified(strata, level)
        used = [estimate for estimate in strata.values() if estimate.n.cases > 0]
        if found.value is None:
            return found
        plain = replace(found, se=None, interval=None, no_interval=None)
        values = [self._values(estimate) for estimate in used]
        parts = [own * estimate.n.cases for own, estimate in zip(values, used, strict=True) if own is not None]
        if len(parts) < len(used):
            reason = next(estimate.no_interval for estimate in used if self._values(estimate) is None)
            return replace(plain, no_interval=reason)
        together = np.sum(parts, axis=0) / found.n.cases
        return with_reader_resamples(plain, together, self._plan(self.ways), level, over=self.ways.over)

    def _values(self, estimate: Estimate) -> Array | None:
        return next((values for own, values in self._drawn if own is estimate), None)

    def _plan(self, ways: Ways) -> Plan:
        patients = None if ways.patients is None else np.array(ways.patients)
        return Plan(seed=ways.seed, resamples=ways.resamples, method="percentile", patients=patients)
