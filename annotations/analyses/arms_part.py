"""The arms of a study compared: AUC of the score, sensitivity and specificity of the call, stratified by centre."""

from __future__ import annotations

from typing import Any

import numpy as np

from annotations.agreement.reader_strata import stratified_values
from annotations.agreement.reader_values import ReaderValues
from annotations.analyses.arms_compared import Endpoint, compare_arms
from annotations.analyses.averages_part import VALUES, Judgements, judgements, model_of, weight_of
from annotations.analyses.material import Material

# which of a reading's judgements each endpoint is said of
JUDGEMENT = {"auc": "score", "sensitivity": "call", "specificity": "call"}


def arms_part(materials: list[Material], spec: dict[str, Any]) -> dict[str, Any]:
    """Every pair of arms, with each arm's average and the difference; Holm over the endpoints of a pair."""
    judged = [_arms(materials, centre) for centre in materials[0].centres()]
    endpoints = [Endpoint(judgement, name, _values(judged, name)) for name, judgement in JUDGEMENT.items()]
    numbers = [material.arm["number"] for material in materials]
    model, primary = model_of(materials[0]), spec["primary"]
    return {"comparisons": compare_arms(numbers, endpoints, model=model, level=spec["level"], primary=primary)}


def _arms(materials: list[Material], centre: int) -> Judgements:
    """One centre's truth and patients, calls and scores of all arms (arms x readers x cases)."""
    each = [judgements(material, centre) for material in materials]
    truth, _calls, _scores, patients = each[0]
    return truth, np.array([own[1] for own in each]), np.array([own[2] for own in each]), patients


def _values(judged: list[Judgements], name: str) -> ReaderValues | None:
    """Of all readers in all arms: the centres' figures weighted by their cases of that class."""
    strata = [(weight, VALUES[name](*own)) for own in judged if (weight := weight_of(name, own[0])) > 0]
    return stratified_values(strata) if strata else None
