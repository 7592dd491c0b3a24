"""Accuracy against the truth column: each reader, their average, and the difference between arms."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from annotations.agreement.arm_average import arm_average
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_endpoints import reader_sensitivities, reader_specificities
from annotations.agreement.reader_strata import stratified_values
from annotations.agreement.reader_values import ReaderValues
from annotations.agreement.roc import roc_curve
from annotations.analyses.accuracy_figures import call_figures, score_figure
from annotations.analyses.arms_compared import Endpoint, compare_arms
from annotations.analyses.averages_part import RANDOM_FROM
from annotations.analyses.question import Ways
from annotations.analyses.strata import by_centre
from annotations.analyses.tables.reading import Table
from annotations.analyses.tables.schema import TableFeature

Json = dict[str, Any]
Floats = npt.NDArray[np.float64]
NO_PERSONS = "the readers are interchangeable: no reader has an accuracy of their own"


class Accuracy:
    """One feature against the truth, as numbers that rise towards the positive."""

    def __init__(self, table: Table, feature: TableFeature, ways: Ways, *, pooled: bool) -> None:
        self.table, self.feature, self.ways, self.pooled = table, feature, ways, pooled
        self.truth = table.truth()
        self.called = feature.scale.kind == "binary" and feature.scale.positive is not None
        self.values = np.stack([self._numbers(arm) for arm in table.arms])  # arms x readers x cases
        self.model: Literal["RRRC", "FRRC"] = "RRRC" if len(table.readers) >= RANDOM_FROM else "FRRC"

    @property
    def endpoints(self) -> tuple[str, ...]:
        return ("sensitivity", "specificity") if self.called else ("auc",)

    def _numbers(self, arm: str) -> Floats:
        values = self.table.measurements(self.feature, arm).values
        scale = self.feature.scale
        if self.called:
            positive = float(scale.categories.index(str(scale.positive)))
            return np.where(np.isnan(values), np.nan, (values == positive).astype(np.float64))
        return values if self.feature.higher_is_positive else -values

    def as_json(self) -> list[Json]:
        """One entry an arm."""
        return [
            {
                "code": self.feature.code,
                "arm": arm or None,
                "readers": [self._reader(place, row) for row in range(len(self.table.readers))],
                "average": {"model": self.model} | {name: self._average(name, place) for name in self.endpoints},
            }
            for place, arm in enumerate(self.table.arms)
        ]

    def _centres(self) -> dict[str, list[int]]:
        """Cases whose truth is known, by centre; one group where centres are pooled."""
        known = {c: [i for i in own if self.truth[i] >= 0] for c, own in self.table.centres().items()}
        if self.pooled:
            return {"": sorted(i for own in known.values() for i in own)}
        return known

    def _reader(self, arm: int, row: int) -> Json:
        def figures(columns: list[int]) -> dict[str, Any]:
            truth, values, ways = self.truth[columns], self.values[arm, row, columns], self.ways.of(columns)
            return call_figures(truth, values, ways) if self.called else {"auc": score_figure(truth, values, ways)}

        found = by_centre(self._centres(), figures, pooled=self.pooled, level=self.ways.level)
        return {"reader": self.table.readers[row], **found, "roc": None if self.called else self._curves(arm, row)}

    def _curves(self, arm: int, row: int) -> Json:
        curves = {c: roc_curve(self.truth[own], self.values[arm, row, own]) for c, own in self._centres().items()}
        return {c: curve.points() if curve else None for c, curve in curves.items()}

    def _average(self, name: str, arm: int) -> Json | None:
        values = self.reader_values(name)
        if values is None:
            return None
        return arm_average(values, arm, model=self.model, level=self.ways.level).as_json()

    def reader_values(self, name: str) -> ReaderValues | None:
        """Every reader's figure in every arm with their covariances over cases, stratified; None without such cases."""
        strata = []
        for columns in self._centres().values():
            truth, values = self.truth[columns], self.values[:, :, columns]
            weight = {"auc": len(truth), "sensitivity": truth.sum(), "specificity": (1 - truth).sum()}[name]
            if weight > 0:
                strata.append((float(weight), self._of(name, truth, values, self.ways.of(columns))))
        return stratified_values(strata) if strata else None

    def _of(self, name: str, truth: npt.NDArray[np.int64], values: Floats, ways: Ways) -> ReaderValues:
        patients = np.array(ways.patients)
        if name == "auc":
            return reader_aucs(truth, values, covariance="delong", patients=patients)
        of = reader_sensitivities if name == "sensitivity" else reader_specificities
        return of(truth, values, patients=patients)


def arm_comparisons(accuracies: list[Accuracy], level: float) -> list[Json]:
    """Arms compared with every endpoint of every feature; Holm over the features and endpoints of one comparison."""
    endpoints = [Endpoint(a.feature.code, name, a.reader_values(name)) for a in accuracies for name in a.endpoints]
    return compare_arms(accuracies[0].table.arms, endpoints, model=accuracies[0].model, level=level)
