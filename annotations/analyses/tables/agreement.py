"""Agreement on one feature of a table in one arm, in the form of `answers_part`."""

from __future__ import annotations

from typing import Any

import numpy as np

from annotations.agreement.many_readers import percent_agreement
from annotations.agreement.moments import coefficient_moments
from annotations.agreement.ratings import MISSING, Ratings
from annotations.analyses.answers_part import pair_cells
from annotations.analyses.coefficients import (
    Figures,
    alpha,
    measured_pair,
    measured_together,
    over_patients,
    rated_pair,
    rated_together,
)
from annotations.analyses.question import Ways
from annotations.analyses.strata import by_centre
from annotations.analyses.tables.reading import UNABLE, Table
from annotations.analyses.tables.schema import TableFeature

Json = dict[str, Any]


def table_feature(table: Table, feature: TableFeature, arm: str, ways: Ways, *, pooled: bool) -> Json:
    """Everything about one feature in one arm, as JSON. Interchangeable readers have no pairs and no reference."""
    return _Asked(table, feature, arm, ways, pooled).as_json()


class _Asked:
    def __init__(self, table: Table, feature: TableFeature, arm: str, ways: Ways, pooled: bool) -> None:
        self.table, self.feature, self.arm, self.ways, self.pooled = table, feature, arm, ways, pooled
        names = table.readers
        reference = table.schema.reference
        self.last = names.index(reference) if reference is not None else None
        self.rows = [row for row, name in enumerate(names) if name != reference]
        self.states = table.states(feature, arm)
        if feature.scale.numeric:
            self.numbers = table.measurements(feature, arm)
        else:
            self.ratings = table.ratings(feature, arm)

    def as_json(self) -> Json:
        feature, names = self.feature, self.table.readers
        return {
            "code": feature.code,
            "arm": self.arm or None,
            "label": feature.label,
            "kind": feature.scale.kind,
            "unit": feature.unit,
            "cannot_assess": "exclude",
            "against_reference": []
            if self.last is None
            else [
                {"reader": names[row], **self._centres(lambda columns, row=row: self._pair(row, columns))}
                for row in self.rows
            ],
            "among_readers": self._centres(self._together),
            "pairs": self._pairs(),
            "answered": self._answered(),
        }

    def _centres(self, figures: Any) -> Json:
        return by_centre(self.table.centres(), figures, pooled=self.pooled, level=self.ways.level)

    def _pair(self, row: int, columns: list[int]) -> Figures:
        ways, last = self.ways.of(columns), self.last or 0
        if self.feature.scale.numeric:
            return measured_pair(type(self.numbers)(self.numbers.values[[row, last]][:, columns]), ways)
        return rated_pair(self.ratings.of_readers(row, last).of_cases(columns), self.feature.scale, ways)

    def _together(self, columns: list[int]) -> Figures:
        ways, scale = self.ways.of(columns), self.feature.scale
        if scale.numeric:
            return measured_together(type(self.numbers)(self.numbers.values[self.rows][:, columns]), ways)
        ratings = self.ratings.of_readers(*self.rows).of_cases(columns)
        figures = rated_together(ratings, scale, ways)
        unable = self.states[self.rows][:, columns] == UNABLE
        if not unable.any():
            return figures
        codes = np.where(unable, len(scale.categories), ratings.codes)
        own = Ratings(codes, (*ratings.categories, UNABLE), ratings.readers_known)
        able = np.where(unable, 1, np.where(ratings.codes == MISSING, MISSING, 0))
        assessable = Ratings(able, ("assessed", UNABLE), ratings.readers_known)
        share = percent_agreement(assessable, ways.level)
        moments = coefficient_moments(assessable, "percent agreement")
        return figures | {
            "alpha_with_cannot_assess": alpha(own, ways),
            "assessability": over_patients(share, moments, ways),
        }

    def _pairs(self) -> Json | None:
        if self.feature.scale.numeric or self.table.schema.interchangeable:
            return None
        return pair_cells(self.ratings, self.table.readers, self.table.cases, self.ways)

    def _answered(self) -> list[Json]:
        rows: list[Json] = []
        for name, own in zip(self.table.readers, self.states, strict=True):
            count = {state: int(np.count_nonzero(own == state)) for state in ("value", UNABLE, "open")}
            rows.append({"side": name, "readings": sum(count.values()), **count})
        return rows
