"""Each reader with themselves: a case read a second time, or a second opinion on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from annotations.agreement.intra_reader import intra_reader_icc, intra_reader_kappa
from annotations.agreement.measurements import Measurements
from annotations.agreement.ratings import Ratings
from annotations.agreement.result import Estimate
from annotations.analyses.accuracy_figures import NO_CLUSTERED_FORM
from annotations.analyses.answers_part import scale_of, unit_of
from annotations.analyses.coefficients import Figures, measured_together, pair_kappa
from annotations.analyses.material import Material, Said, code_of, number_of
from annotations.analyses.question import Scale, Ways, ways_of
from annotations.analyses.strata import by_centre
from annotations.features import Feature

Json = dict[str, Any]
Sides = Mapping[tuple[int, int], Said]


def intra_part(material: Material, spec: Json) -> Json:
    """One entry a kind of repetition: "times" (a case read twice) and "opinions" (two at one time); none where there is none."""
    kinds: list[tuple[str, Sides, Sides]] = [
        ("times", material.said, material.again),
        ("opinions", material.before, material.said),
    ]
    found = []
    for kind, first, second in kinds:
        twice = sorted(first.keys() & second.keys())
        if twice:
            features = [
                _Twice(material, material.form.feature(c), spec, first, second).as_json() for c in spec["features"]
            ]
            cases = len({column for _row, column in twice})
            found.append({"kind": kind, "cases": cases, "pairs": len(twice), "features": features})
    return {"repeated": found}


class _Twice:
    """One feature, first and second time, readers x cases in both."""

    def __init__(self, material: Material, feature: Feature, spec: Json, first: Sides, second: Sides) -> None:
        self.material, self.feature, self.spec = material, feature, spec
        self.scale: Scale = scale_of(feature, spec)
        self.unit = unit_of(material, feature)
        both = first.keys() & second.keys()
        self.first, self.second = (self._values({key: side[key] for key in both}) for side in (first, second))

    def _values(self, said: Sides) -> np.ndarray:
        material, feature = self.material, self.feature
        rows, columns = range(len(material.readers)), range(len(material.cases))
        if self.scale.numeric:
            return np.array([[number_of(said.get((r, c)), feature.code, self.unit) for c in columns] for r in rows])
        index = {code: i for i, code in enumerate(feature.value_codes)}
        return np.array([[code_of(said.get((r, c)), feature.code, index) for c in columns] for r in rows], np.int16)

    def as_json(self) -> Json:
        readers = [
            {"reader": reader["number"], **self._centres(partial(self._own, row))}
            for row, reader in enumerate(self.material.readers)
        ]
        return {"code": self.feature.code, "kind": self.feature.kind, **self._centres(self._mean), "readers": readers}

    def _centres(self, figures: Callable[[list[int]], Figures]) -> Json:
        columns = {str(centre): self.material.columns(centre) for centre in self.material.centres()}
        return by_centre(columns, figures, pooled=self.spec["strata"] == "none", level=self.spec["level"])

    def _ways(self, columns: list[int]) -> Ways:
        return ways_of(self.spec, self.material.patients(columns))

    def _mean(self, columns: list[int]) -> Figures:
        one, two = self.first[:, columns], self.second[:, columns]
        if self.scale.numeric:
            found = intra_reader_icc(Measurements(one), Measurements(two), self.spec["level"])
        else:
            codes = self.feature.value_codes
            found = intra_reader_kappa(Ratings(one, codes), Ratings(two, codes), self.spec["level"])
        return {"intra": _over_patients(found, self._ways(columns))}

    def _own(self, row: int, columns: list[int]) -> Figures:
        two, ways = np.stack([self.first[row, columns], self.second[row, columns]]), self._ways(columns)
        if self.scale.numeric:
            return {"intra": measured_together(Measurements(two), ways)["icc"]}
        return {"intra": pair_kappa(Ratings(two, self.feature.value_codes), ways)}


def _over_patients(estimate: Estimate, ways: Ways) -> Estimate:
    """The mean's interval takes cases for independent: where some patients have several, the value stands alone."""
    if not ways.clustered or estimate.value is None:
        return estimate
    return replace(estimate, se=None, interval=None, no_interval=NO_CLUSTERED_FORM)
