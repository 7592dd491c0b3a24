"""The average over readers of AUC, sensitivity and specificity: single-arm MRMC, by centre and stratified."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from annotations.agreement.arm_average import arm_average
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_endpoints import reader_sensitivities, reader_specificities
from annotations.agreement.reader_strata import stratified_values
from annotations.agreement.reader_values import ReaderValues
from annotations.analyses.material import Material
from annotations.analyses.pathology_part import arrays_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
# truth (cases,), calls and scores (… x readers x cases), patients (cases,)
Judgements = tuple[Ints, Floats, Floats, list[str]]
# fewer readers say too little of others: the average is then of these readers
RANDOM_FROM = 5


def averages_part(material: Material, spec: dict[str, Any]) -> dict[str, Any]:
    """Readers are random from five up, else fixed; cases are random. Weights of the strata: their cases of that class."""
    model = model_of(material)
    found: dict[str, Any] = {"model": model}
    judged = {centre: judgements(material, centre) for centre in material.centres()}
    for name in VALUES:
        by_centre: dict[str, Any] = {}
        strata: list[tuple[float, ReaderValues]] = []
        for centre, (truth, calls, scores, patients) in judged.items():
            values = VALUES[name](truth, calls, scores, patients)
            by_centre[str(centre)] = arm_average(values, model=model, level=spec["level"]).as_json()
            strata.append((weight_of(name, truth), values))
        strata = [(weight, values) for weight, values in strata if weight > 0]
        overall = arm_average(stratified_values(strata), model=model, level=spec["level"]) if strata else None
        found[name] = {"by_centre": by_centre, "stratified": overall and overall.as_json()}
    return found


def model_of(material: Material) -> Literal["RRRC", "FRRC"]:
    """Random readers and cases, or these readers and random cases."""
    return "RRRC" if len(material.readers) >= RANDOM_FROM else "FRRC"


def judgements(material: Material, centre: int) -> Judgements:
    """Truth of the centre's cases, calls and scores of all readers (readers x cases), and whose the cases are."""
    columns = [i for i in material.columns(centre) if material.cases[i]["pathology"] is not None]
    each = [arrays_of(material, row, columns) for row in range(len(material.readers))]
    calls, scores = np.array([calls for _t, calls, _s in each]), np.array([scores for _t, _c, scores in each])
    return each[0][0], calls, scores, material.patients(columns)


def _aucs(truth: Ints, calls: Floats, scores: Floats, patients: list[str]) -> ReaderValues:
    return reader_aucs(truth, scores, covariance="delong", patients=patients)


def _sensitivities(truth: Ints, calls: Floats, scores: Floats, patients: list[str]) -> ReaderValues:
    return reader_sensitivities(truth, calls, patients=patients)


def _specificities(truth: Ints, calls: Floats, scores: Floats, patients: list[str]) -> ReaderValues:
    return reader_specificities(truth, calls, patients=patients)


VALUES: dict[str, Callable[[Ints, Floats, Floats, list[str]], ReaderValues]] = {
    "auc": _aucs,
    "sensitivity": _sensitivities,
    "specificity": _specificities,
}


def weight_of(name: str, truth: Ints) -> float:
    """Of a centre in the average over centres: its cases of the class that the figure is of."""
    malignant = float(truth.sum())
    return {"auc": float(len(truth)), "sensitivity": malignant, "specificity": len(truth) - malignant}[name]
