"""Agreement on one feature: each reader with the reference reading, by centre and stratified, and all readers together.

Said of the reference reading, never of the truth: LymphUs' reference features were read by one radiologist per centre.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from annotations.agreement.alpha import krippendorff_alpha
from annotations.agreement.bland_altman import bland_altman
from annotations.agreement.concordance import lin_ccc
from annotations.agreement.icc import icc
from annotations.agreement.kappa import cohen_kappa
from annotations.agreement.many_readers import fleiss_kappa, gwet_ac1, percent_agreement
from annotations.agreement.measurements import Measurements
from annotations.agreement.ratings import MISSING, Ratings
from annotations.agreement.result import Estimate
from annotations.agreement.stratified import stratified
from annotations.agreement.two_readers import specific_agreement
from annotations.analyses.material import Material
from annotations.features import Feature

Figures = dict[str, Estimate]
Json = dict[str, Any]


def feature_part(material: Material, feature: Feature, spec: dict[str, Any]) -> Json:
    """Everything about one feature, as JSON."""
    level = spec["level"]
    unit = unit_of(material, feature)
    return {
        "code": feature.code,
        "kind": feature.kind,
        "unit": unit,
        "against_reference": [
            _against_reference(material, feature, unit, row, spec) for row in range(len(material.readers))
        ],
        "among_readers": _by_centre(material, spec, lambda columns: _together(material, feature, unit, columns, level)),
        "pairs": _pairs(material, feature, level),
        "answered": _answered(material, feature),
    }


def _against_reference(material: Material, feature: Feature, unit: str, row: int, spec: Json) -> Json:
    def figures(columns: list[int]) -> Figures:
        return _pair(material, feature, unit, row, columns, spec["level"])

    return {
        "reader": material.readers[row]["number"],
        **_by_centre(material, spec, figures),
        "points": _points(material, feature, unit, row),
    }


def unit_of(material: Material, feature: Feature) -> str:
    """mm where any scale is known, else px: a diameter in px says nothing beside one in mm."""
    if feature.unit != "mm":
        return feature.unit
    return "mm" if any(s.answers[feature.code].unit == "mm" for s in material.said.values()) else "px"


def _by_centre(material: Material, spec: dict[str, Any], figures: Callable[[list[int]], Figures]) -> Json:
    """The figures of each centre, and one over them: stratified, pooled only where the spec asks for it."""
    centres = material.centres()
    each = {str(centre): figures(material.columns(centre)) for centre in centres}
    by_centre = {centre: _json(found) for centre, found in each.items()}
    if len(centres) == 1:
        return {"overall": by_centre[str(centres[0])], "overall_is": "one centre", "by_centre": by_centre}
    if spec["strata"] == "none":
        return {"overall": _json(figures(material.columns())), "overall_is": "pooled", "by_centre": by_centre}
    # a figure that one centre has no use for ("cannot assess" was never said there) has no stratified form
    shared = [key for key in each[str(centres[0])] if all(key in found for found in each.values())]
    combined = {k: stratified({_centre_label(c): f[k] for c, f in each.items()}, spec["level"]) for k in shared}
    return {"overall": _json(combined), "overall_is": "stratified", "by_centre": by_centre}


def _centre_label(number: str) -> str:
    return f"centre {number}"


def _pair(material: Material, feature: Feature, unit: str, row: int, columns: list[int], level: float) -> Figures:
    """One reader with the reference."""
    last = len(material.readers)
    if feature.kind == "continuous":
        data = material.measurements(feature, columns, unit, reference=True).of_readers(row, last)
        return {"bland_altman": bland_altman(data, level), "ccc": lin_ccc(data, level)}
    ratings = material.ratings(feature, columns, reference=True).of_readers(row, last)
    figures = {"percent": percent_agreement(ratings, level)}
    figures |= _specific(feature, ratings, level)
    return figures | {"kappa": cohen_kappa(ratings, level), "ac1": gwet_ac1(ratings, level)}


def _specific(feature: Feature, ratings: Ratings, level: float) -> Figures:
    """Positive and negative agreement of a binary feature; that of each category of a nominal one."""
    if feature.kind == "binary" and feature.present:
        absent = next(code for code in feature.value_codes if code != feature.present)
        return {
            "positive": specific_agreement(ratings, feature.present, level, name="positive agreement"),
            "negative": specific_agreement(ratings, absent, level, name="negative agreement"),
        }
    return {
        f"specific:{code}": specific_agreement(ratings, code, level, name=f"specific agreement, {code}")
        for code in feature.value_codes
    }


def _together(material: Material, feature: Feature, unit: str, columns: list[int], level: float) -> Figures:
    """All readers among themselves."""
    if feature.kind == "continuous":
        return {"icc": icc(material.measurements(feature, columns, unit), level, form="ICC(2,1)")}
    ratings = material.ratings(feature, columns)
    figures = {
        "percent": percent_agreement(ratings, level),
        "alpha": krippendorff_alpha(ratings, level),
        "fleiss": fleiss_kappa(ratings, level),
        "ac1": gwet_ac1(ratings, level),
    }
    own, assessable = _with_cannot_assess(material, feature, columns, ratings)
    if own is not None and assessable is not None:
        figures["alpha_with_cannot_assess"] = krippendorff_alpha(own, level)
        figures["assessability"] = percent_agreement(assessable, level)
    return figures


def _with_cannot_assess(
    material: Material, feature: Feature, columns: list[int], ratings: Ratings
) -> tuple[Ratings, Ratings] | tuple[None, None]:
    """The ratings with "cannot assess" as a category of its own, and whether each could assess; None if nobody said so."""
    states = np.array(material.states(feature.code, columns)).reshape(ratings.codes.shape)
    unable = states == "cannot_assess"
    if not unable.any():
        return None, None
    codes = np.where(unable, len(ratings.categories), ratings.codes)
    able = np.where(unable, 1, np.where(ratings.codes == MISSING, MISSING, 0))
    own = Ratings(codes, (*ratings.categories, "cannot_assess"))
    return own, Ratings(able, ("assessed", "cannot_assess"))


def _pairs(material: Material, feature: Feature, level: float) -> Json | None:
    """Cohen's kappa of every pair, readers and the reference last, each with the columns on which they differ."""
    if feature.kind == "continuous":
        return None
    ratings = material.ratings(feature, material.columns(), reference=True)
    labels = [str(reader["number"]) for reader in material.readers] + ["reference"]
    cells = []
    for first in range(ratings.n_readers):
        for second in range(first):
            pair = ratings.of_readers(second, first)
            both = (pair.codes != MISSING).all(axis=0)
            apart = both & (pair.codes[0] != pair.codes[1])
            cells.append(
                {
                    "readers": [labels[second], labels[first]],
                    "kappa": cohen_kappa(pair, level).as_json(),
                    "apart": [material.cases[i]["id"] for i in np.flatnonzero(apart)],
                }
            )
    return {"labels": labels, "cells": cells}


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


def _json(figures: Figures) -> Json:
    return {key: estimate.as_json() for key, estimate in figures.items()}
