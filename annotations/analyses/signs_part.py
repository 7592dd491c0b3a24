"""Features against the pathology: what each side's answers say of malignancy, by centre.

A category counts as a sign where the form names it suspicious; a feature without such a level has odds ratios only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from annotations.agreement.binary_accuracy import tabulate
from annotations.agreement.result import Estimate
from annotations.agreement.stratified import stratified
from annotations.analyses.accuracy_figures import call_figures, odds_ratio, score_figure
from annotations.analyses.material import Material, Said
from annotations.analyses.question import ways_of
from annotations.features import Feature

Json = dict[str, Any]
Floats = npt.NDArray[np.float64]


def signs_part(material: Material, spec: dict[str, Any]) -> list[Json]:
    """One entry a feature: each side (the reference reading, then the readers) by centre, and stratified."""
    return [_feature(material, material.form.feature(code), spec) for code in spec["features"]]


def _feature(material: Material, feature: Feature, spec: Json) -> Json:
    sides: list[tuple[str, int | None]] = [("reference", None)]
    sides += [(str(reader["number"]), row) for row, reader in enumerate(material.readers)]
    return {
        "code": feature.code,
        "sides": [
            {"side": side, "signs": [_sign(material, feature, row, levels, spec) for levels in levels_of(feature)]}
            for side, row in sides
        ],
    }


def levels_of(feature: Feature) -> list[tuple[str, ...]]:
    """The levels counted together as the sign; without a suspicious one, each that says something on its own."""
    if feature.kind == "continuous":
        return [()]
    if feature.suspicious:
        return [feature.suspicious]
    if feature.kind == "binary" and feature.present:
        return [(feature.present,)]
    return [(code,) for code in feature.value_codes]


def _sign(material: Material, feature: Feature, row: int | None, levels: tuple[str, ...], spec: Json) -> Json:
    level = spec["level"]
    by_centre: dict[str, dict[str, Estimate]] = {}
    counts: Json = {}
    for centre in material.centres():
        columns = [i for i in material.columns(centre) if material.cases[i]["pathology"] is not None]
        truth, values = _values(material, feature, row, columns, levels)
        ways = ways_of(spec, material.patients(columns))
        if feature.kind == "continuous":
            by_centre[str(centre)] = {"auc": score_figure(truth, values, ways)}
            continue
        table = tabulate(truth, values)
        counts[str(centre)] = {"tp": table.tp, "fp": table.fp, "fn": table.fn, "tn": table.tn}
        by_centre[str(centre)] = {"odds_ratio": odds_ratio(table, ways)}
        if feature.suspicious:
            by_centre[str(centre)] |= call_figures(truth, values, ways)
    shared = [name for name in next(iter(by_centre.values())) if name != "odds_ratio"]
    strata = {
        name: stratified({f"centre {c}": found[name] for c, found in by_centre.items()}, level) for name in shared
    }
    return {
        "levels": list(levels),
        "counts": counts,
        "by_centre": {c: {name: e.as_json() for name, e in found.items()} for c, found in by_centre.items()},
        "stratified": {name: e.as_json() for name, e in strata.items()},
    }


def _values(
    material: Material, feature: Feature, row: int | None, columns: list[int], levels: tuple[str, ...]
) -> tuple[npt.NDArray[np.int64], Floats]:
    """truth 0/1 and the sign 0/1 (or the number, higher = more suspicious), NaN where there is no value."""
    truth = np.array([material.cases[i]["pathology"] == "malignant" for i in columns], dtype=np.int64)
    sides = [material.reference.get(i) if row is None else material.said.get((row, i)) for i in columns]
    unit = _unit_of_side(feature, sides)
    sign = -1.0 if feature.higher_is_suspicious is False else 1.0
    values = [sign * _number(said, feature, unit, levels) for said in sides]
    return truth, np.array(values, dtype=np.float64)


def _unit_of_side(feature: Feature, sides: list[Said | None]) -> str:
    """A side is compared with nobody here: a reference in mm counts in mm also where the readers measured in px."""
    if feature.unit != "mm":
        return feature.unit
    return "mm" if any(s is not None and s.answers[feature.code].unit == "mm" for s in sides) else "px"


def _number(said: Said | None, feature: Feature, unit: str, levels: tuple[str, ...]) -> float:
    if said is None or said.answers[feature.code].state != "value":
        return float("nan")
    answer = said.answers[feature.code]
    if feature.kind != "continuous":
        return float(str(answer.value) in levels)
    return float(answer.value or 0.0) if answer.unit == unit else float("nan")
