"""Accuracy, which is said of the pathology alone: the call's sensitivity and specificity, the score's AUC, by reader."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from annotations.agreement.binary_accuracy import tabulate
from annotations.agreement.result import Estimate
from annotations.agreement.roc import roc_curve
from annotations.agreement.stratified import stratified
from annotations.analyses.accuracy_figures import call_figures, score_figure
from annotations.analyses.material import Material
from annotations.analyses.question import ways_of

Floats = npt.NDArray[np.float64]
Figures = dict[str, Estimate]


def pathology_part(material: Material, spec: dict[str, Any]) -> dict[str, Any]:
    """Each reader by centre and stratified: centre and device cannot be told apart, so nothing is pooled. Cases
    without pathology are left out and counted.
    """
    known = [i for i, case in enumerate(material.cases) if case["pathology"] is not None]
    return {
        "positive": "malignant",
        "direction": "a higher score points to malignancy",
        "without_pathology": len(material.cases) - len(known),
        "readers": [_reader(material, row, known, spec) for row in range(len(material.readers))],
    }


def _reader(material: Material, row: int, known: list[int], spec: dict[str, Any]) -> dict[str, Any]:
    by_centre: dict[str, dict[str, Any]] = {}
    estimates: dict[str, Figures] = {}
    for centre in material.centres():
        own = [i for i in known if material.cases[i]["centre"] == centre]
        figures = estimates[str(centre)] = _figures(material, row, own, spec)
        truth, _calls, scores = arrays_of(material, row, own)
        curve = roc_curve(truth, scores)
        by_centre[str(centre)] = {
            **{name: estimate.as_json() for name, estimate in figures.items()},
            "roc": curve.points() if curve else None,
            "operating_point": _operating_point(material, row, own),
        }
    combined = {
        name: stratified({f"centre {c}": figures[name] for c, figures in estimates.items()}, spec["level"]).as_json()
        for name in ("sensitivity", "specificity", "auc")
    }
    return {"reader": material.readers[row]["number"], "by_centre": by_centre, "stratified": combined}


def _figures(material: Material, row: int, columns: list[int], spec: dict[str, Any]) -> Figures:
    truth, calls, scores = arrays_of(material, row, columns)
    ways = ways_of(spec, material.patients(columns))
    return {**call_figures(truth, calls, ways), "auc": score_figure(truth, scores, ways)}


def _operating_point(material: Material, row: int, columns: list[int]) -> dict[str, float] | None:
    """Where the reader's call lies in ROC space."""
    truth, calls, _scores = arrays_of(material, row, columns)
    table = tabulate(truth, calls)
    if table.without_a_class:
        return None
    return {"sensitivity": table.tp / table.diseased, "specificity": table.tn / table.healthy}


def arrays_of(material: Material, row: int, columns: list[int]) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """truth 0/1, call 0/1/NaN, score 0-100/NaN."""
    truth = np.array([material.cases[i]["pathology"] == "malignant" for i in columns], dtype=np.int64)
    calls = np.full(len(columns), np.nan)
    scores = np.full(len(columns), np.nan)
    for at, column in enumerate(columns):
        said = material.said.get((row, column))
        if said is None:
            continue
        if said.call:
            calls[at] = float(said.call == "malignant")
        if said.score is not None:
            scores[at] = said.score
    return truth, calls, scores
