"""Agreement on one feature: each reader with the reference reading, by centre and stratified, and all readers together.

Said of the reference reading, never of the truth: LymphUs' reference features were read by one radiologist per centre.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from annotations.agreement.measurements import Measurements
from annotations.agreement.ratings import MISSING, Ratings
from annotations.analyses.coefficients import (
    Figures,
    alpha,
    assessability,
    chosen,
    interval_among,
    measured_pair,
    measured_together,
    pair_kappa,
    rated_pair,
    rated_together,
)
from annotations.analyses.like_readers import LikeReaders
from annotations.analyses.material import Material
from annotations.analyses.question import Scale, Ways, ways_of
from annotations.analyses.strata import by_centre, over_centres
from annotations.features import Feature

Json = dict[str, Any]
UNABLE = "cannot_assess"


def feature_part(material: Material, feature: Feature, spec: dict[str, Any]) -> Json:
    """Everything about one feature, as JSON. Of a version with fewer than two other readings nothing is said among them, with
    none there are no pairs either."""
    asked = _Asked(material, feature, spec)
    together, paired = (material.of_study or len(material.readers) >= least for least in (2, 1))
    return {
        "code": feature.code,
        "kind": feature.kind,
        "unit": asked.unit,
        "cannot_assess": asked.handling,
        "against_reference": [asked.against_reference(row) for row in range(len(material.readers))],
        "among_readers": asked.by_centre(asked.together, asked.like) if together else None,
        "pairs": asked.pairs() if paired else None,
        "answered": _answered(material, feature),
    }


class _Asked:
    """One feature with what the spec says of it."""

    def __init__(self, material: Material, feature: Feature, spec: Json) -> None:
        self.material, self.feature, self.spec = material, feature, spec
        self.unit = unit_of(material, feature)
        self.scale = scale_of(feature, spec)
        self.ways = ways_of(spec, [case["patient"] for case in material.cases])
        self.like = None if self.ways.over == "cases" or self.scale.numeric else LikeReaders(self.ways)
        self.handling = spec["cannot_assess"]

    def by_centre(self, figures: Any, like: LikeReaders | None = None) -> Json:
        columns = {str(centre): self.material.columns(centre) for centre in self.material.centres()}
        wanted = self.spec["statistics"]
        return by_centre(
            columns,
            lambda own: chosen(figures(own), wanted),
            pooled=self.spec["strata"] == "none",
            level=self.ways.level,
            over=over_centres if like is None else like.over_centres,
        )

    def against_reference(self, row: int) -> Json:
        """One reader with the reference."""
        last = len(self.material.readers)

        def figures(columns: list[int]) -> Figures:
            ways = self.ways.of(columns)
            if self.scale.numeric:
                data = self.material.measurements(self.feature, columns, self.unit, reference=True)
                return measured_pair(data.of_readers(row, last), ways)
            return rated_pair(self.ratings(columns, reference=True).of_readers(row, last), self.scale, ways)

        return {
            "reader": self.material.readers[row]["number"],
            **self.by_centre(figures),
            "points": _points(self.material, self.feature, self.unit, row),
        }

    def together(self, columns: list[int]) -> Figures:
        """All readers among themselves; assessability is apart from the values."""
        ways = self.ways.of(columns)
        if self.scale.numeric:
            return measured_together(self.material.measurements(self.feature, columns, self.unit), ways)
        interval = interval_among(ways, self.like)
        figures = rated_together(self.ratings(columns), self.scale, ways, interval)
        own, assessable = self._with_cannot_assess(columns, reference=False)
        if own is None or assessable is None:
            return figures
        values = self.material.ratings(self.feature, columns)
        beside = (
            {"alpha_with_cannot_assess": alpha(own, ways, interval=interval)}
            if self.handling == "exclude"
            else {"alpha_without_cannot_assess": alpha(values, ways, interval=interval)}
        )
        return figures | beside | {"assessability": assessability(assessable, ways, interval)}

    def ratings(self, columns: list[int], *, reference: bool = False) -> Ratings:
        """Codes, with "cannot assess" out of the pair or, where the spec says so, as a category of its own."""
        if self.handling == "own_category":
            own, _assessable = self._with_cannot_assess(columns, reference=reference)
            if own is not None:
                return own
        return self.material.ratings(self.feature, columns, reference=reference)

    def _with_cannot_assess(
        self, columns: list[int], *, reference: bool
    ) -> tuple[Ratings, Ratings] | tuple[None, None]:
        """The ratings with a category more, and whether each could assess; None if nobody said so."""
        ratings = self.material.ratings(self.feature, columns, reference=reference)
        states = np.array(self.material.states(self.feature.code, columns, reference=reference))
        unable = states.reshape(ratings.codes.shape) == UNABLE
        if not unable.any():
            return None, None
        codes = np.where(unable, len(ratings.categories), ratings.codes)
        able = np.where(unable, 1, np.where(ratings.codes == MISSING, MISSING, 0))
        return Ratings(codes, (*ratings.categories, UNABLE)), Ratings(able, ("assessed", UNABLE))

    def pairs(self) -> Json | None:
        """Cohen's kappa of every pair, readers and the reference last, each with the columns on which they differ."""
        if self.scale.numeric:
            return None
        columns = self.material.columns()
        ratings, ways = self.ratings(columns, reference=True), self.ways.of(columns)
        labels = [str(reader["number"]) for reader in self.material.readers] + ["reference"]
        ids = [case["id"] for case in self.material.cases]
        return pair_cells(ratings, labels, ids, ways)


def scale_of(feature: Feature, spec: Json) -> Scale:
    """The feature's scale with the spec's weights, which an ordinal one alone has."""
    return Scale(feature.kind, feature.value_codes, feature.present, spec["weights"])


def pair_cells(ratings: Ratings, labels: list[str], ids: list[str], ways: Ways) -> Json:
    """Cohen's kappa of every two rows, and the ids of the cases on which they differ."""
    cells = []
    for first in range(ratings.n_readers):
        for second in range(first):
            pair = ratings.of_readers(second, first)
            both = (pair.codes != MISSING).all(axis=0)
            apart = both & (pair.codes[0] != pair.codes[1])
            cells.append(
                {
                    "readers": [labels[second], labels[first]],
                    "kappa": pair_kappa(pair, ways).as_json(),
                    "apart": [ids[i] for i in np.flatnonzero(apart)],
                }
            )
    return {"labels": labels, "cells": cells}


def unit_of(material: Material, feature: Feature) -> str:
    """mm where any scale is known, else px: a diameter in px says nothing beside one in mm."""
    if feature.unit != "mm":
        return feature.unit
    sides = material.said if material.readers else material.reference
    return "mm" if any(said.answers[feature.code].unit == "mm" for said in sides.values()) else "px"


def _points(material: Material, feature: Feature, unit: str, row: int) -> list[Json] | None:
    """For Bland-Altman: reader's and reference value of each case that has both."""
    if feature.kind != "continuous":
        return None
    data: Measurements = material.measurements(feature, material.columns(), unit, reference=True)
    mine, reference = data.values[row], data.values[-1]
    both = np.flatnonzero(~np.isnan(mine) & ~np.isnan(reference))
    return [
        {"case": case["id"], "centre": case["centre"], "reader": float(mine[i]), "reference": float(reference[i])}
        for i, case in ((i, material.cases[i]) for i in both)
    ]


def _answered(material: Material, feature: Feature) -> list[Json]:
    """How many each side was asked and answered, and how."""
    states = material.states(feature.code, material.columns(), reference=True)
    labels = [str(reader["number"]) for reader in material.readers] + ["reference"]
    rows = []
    for label, own in zip(labels, states, strict=True):
        counts = Counter(own)
        rows.append(
            {
                "side": label,
                "readings": len(own) - counts[""],
                "value": counts["value"],
                "cannot_assess": counts["cannot_assess"],
                "not_applicable": counts["not_applicable"],
                "open": counts["open"],
            }
        )
    return rows
