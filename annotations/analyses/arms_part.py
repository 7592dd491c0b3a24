"""The arms of a study compared: AUC of the score, sensitivity and specificity of the call, stratified by centre."""

from __future__ import annotations

from typing import Any

import numpy as np

from annotations.agreement.reader_strata import stratified_values
from annotations.agreement.reader_values import ReaderValues
from annotations.analyses.arms_compared import Endpoint, compare_arms
from annotations.analyses.averages_part import VALUES, model_of, weight_of
from annotations.analyses.material import Material
from annotations.analyses.pathology_part import arrays_of

# which of a reading's judgements each endpoint is said of
JUDGEMENT = {"auc": "score", "sensitivity": "call", "specificity": "call"}


def arms_part(materials: list[Material], spec: dict[str, Any]) -> dict[str, Any]:
    """Every pair of arms, with each arm's average and the difference; Holm over the endpoints of a pair."""
    endpoints = [Endpoint(judgement, name, _values(materials, name)) for name, judgement in JUDGEMENT.items()]
    numbers = [material.arm["number"] for material in materials]
    model, primary = model_of(materials[0]), spec["primary"]
    return {"comparisons": compare_arms(numbers, endpoints, model=model, level=spec["level"], primary=primary)}


def _values(materials: list[Material], name: str) -> ReaderValues | None:
    """Of all readers in all arms: the centres' figures weighted by their cases of that class."""
    first, strata = materials[0], []
    for centre in first.centres():
        columns = [i for i in first.columns(centre) if first.cases[i]["pathology"] is not None]
        rows = range(len(first.readers))
        each = [[arrays_of(material, row, columns) for row in rows] for material in materials]
        truth = each[0][0][0]
        calls = np.array([[calls for _truth, calls, _scores in arm] for arm in each])
        scores = np.array([[scores for _truth, _calls, scores in arm] for arm in each])
        weight = weight_of(name, truth)
        if weight > 0:
            strata.append((weight, VALUES[name](truth, calls, scores, first.patients(columns))))
    return stratified_values(strata) if strata else None
