"""Agreement on one feature of a table in one arm, in the form of `answers_part`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotations.agreement.ratings import MISSING, Ratings
from annotations.analyses.answers_part import pair_cells
from annotations.analyses.coefficients import (
    Figures,
    alpha,
    assessability,
    chosen,
    interval_among,
    measured_pair,
    measured_together,
    rated_pair,
    rated_together,
)
from annotations.analyses.like_readers import LikeReaders
from annotations.analyses.question import Ways
from annotations.analyses.strata import by_centre, over_centres
from annotations.analyses.tables.reading import UNABLE, Table
from annotations.analyses.tables.schema import TableFeature

Json = dict[str, Any]


def table_feature(
    table: Table, feature: TableFeature, arm: str, ways: Ways, *, pooled: bool, statistics: Sequence[str] | None
) -> Json:
    """Everything about one feature in one arm, as JSON. Interchangeable readers have no pairs and no reference."""
    return _Asked(table, feature, arm, ways, pooled, statistics).as_json()


class _Asked:
    def __init__(
        self,
        table: Table,
        feature: TableFeature,
        arm: str,
        ways: Ways,
        pooled: bool,
        statistics: Sequence[str] | None,
    ) -> None:
        self.table, self.feature, self.arm, self.ways, self.pooled = table, feature, arm, ways, pooled
        self.statistics = statistics
        self.like = None if ways.over == "cases" or feature.scale.numeric else LikeReaders(ways)
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
                {
                    "reader": names[row],
                    **self._centres(lambda columns, row=row: self._pair(row, columns)),
                    "points": self._points(row),
                }
                for row in self.rows
            ],
            "among_readers": self._centres(self._together, self.like),
            "pairs": self._pairs(),
            "answered": self._answered(),
        }

    def _centres(self, figures: Any, like: LikeReaders | None = None) -> Json:
        return by_centre(
            self.table.centres(),
            lambda columns: chosen(figures(columns), self.statistics),
            pooled=self.pooled,
            level=self.ways.level,
            over=over_centres if like is None else like.over_centres,
        )

    def _points(self, row: int) -> list[Json] | None:
        """For Bland-Altman: reader's and reference value of each case that has both."""
        if not self.feature.scale.numeric or self.last is None:
            return None
        mine, reference = self.numbers.values[row], self.numbers.values[self.last]
        centre_of = {column: centre for centre, own in self.table.centres().items() for column in own}
        return [
            {"case": self.table.cases[i], "centre": centre_of[i], "reader": float(mine[i]), "reference": float(reference[i])}
            for i in np.flatnonzero(~np.isnan(mine) & ~np.isnan(reference)).tolist()
        ]  # fmt: skip

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
        interval = interval_among(ways, self.like)
        figures = rated_together(ratings, scale, ways, interval)
        unable = self.states[self.rows][:, columns] == UNABLE
        if not unable.any():
            return figures
        codes = np.where(unable, len(scale.categories), ratings.codes)
        own = Ratings(codes, (*ratings.categories, UNABLE), ratings.readers_known)
        able = np.where(unable, 1, np.where(ratings.codes == MISSING, MISSING, 0))
        assessable = Ratings(able, ("assessed", UNABLE), ratings.readers_known)
        return figures | {
            "alpha_with_cannot_assess": alpha(own, ways, interval=interval),
            "assessability": assessability(assessable, ways, interval),
        }

    def _pairs(self) -> Json | None:
        """The reference comes last, as it does in a study's pairs."""
        if self.feature.scale.numeric or self.table.schema.interchangeable:
            return None
        order = [*self.rows, *([] if self.last is None else [self.last])]
        return pair_cells(
            self.ratings.of_readers(*order), [self._side(row) for row in order], self.table.cases, self.ways
        )

    def _side(self, row: int) -> str:
        return "reference" if row == self.last else self.table.readers[row]

    def _answered(self) -> list[Json]:
        rows: list[Json] = []
        for row in [*self.rows, *([] if self.last is None else [self.last])]:
            own = self.states[row]
            count = {state: int(np.count_nonzero(own == state)) for state in ("value", UNABLE, "open")}
            rows.append({"side": self._side(row), "readings": sum(count.values()), **count, "not_applicable": 0})
        return rows
