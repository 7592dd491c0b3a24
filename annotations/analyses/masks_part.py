"""One reader's masks against the reference masks: figures of every case, summaries by centre, nothing dropped in silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotations.agreement.comparisons import MaskComparison, compare_masks
from annotations.agreement.mask_summaries import summarise
from annotations.agreement.outlines import Outline
from annotations.agreement.result import Estimate
from annotations.analyses.material import Material

# figure → its estimator's words; the distances are summarised apart in mm and in px
OVERLAPS = {"dice": "Dice similarity coefficient", "iou": "intersection over union"}
DISTANCES = {
    "hd95": "95th percentile of the Hausdorff distance, larger direction, surface_pixel",
    "assd": "average symmetric surface distance, surface_pixel",
    "nsd": "normalised surface distance, surface_pixel",
}
PERCENT = {
    "hd95_percent": "95th percentile of the Hausdorff distance, % of the reference's longest axis",
    "assd_percent": "average symmetric surface distance, % of the reference's longest axis",
}
NOT_DRAWN = "the reader said that no node can be delineated"


def masks_part(material: Material, row: int, spec: dict[str, Any]) -> dict[str, Any]:
    """Figures of one reader, by case and in sum. Every reading with a reference mask is counted."""
    columns = [
        column
        for column in sorted(material.row(row))
        if column in material.reference and material.reference[column].mask_payload
    ]
    cases = [mask_case(material, row, column, material.outline(None, column), spec) for column in columns]
    return {
        "reader": material.readers[row]["number"],
        "cases": cases,
        "by_centre": mask_summaries(material, columns, cases, spec),
    }


def mask_case(material: Material, row: int, column: int, target: Outline, spec: dict[str, Any]) -> dict[str, Any]:
    """One reader's mask of one case against a target."""
    case = material.cases[column]
    spacing = material.spacing(column)
    scale = (spacing.row_mm, spacing.col_mm) if spacing else None
    tolerance = spec["nsd_tolerance_mm"] if scale else None
    # the target's boundary and hull serve every reader; a reader's are needed once, so a copy forgets them
    found = compare_masks(target, replace(material.outline(row, column)), scale, tolerance)
    return {
        "case": case["id"],
        "centre": case["centre"],
        "unit": found.unit,
        **_figures(found),
        "not_drawn": NOT_DRAWN if material.said[row, column].no_node else None,
        "undefined": dict(found.undefined),
    }


def mask_summaries(
    material: Material, columns: list[int], cases: list[dict[str, Any]], spec: dict[str, Any]
) -> dict[str, Any]:
    """Summaries of the figures of these columns, by centre."""
    numbers = material.patient_numbers(columns)
    patients: list[int | None] = [None] * len(columns) if numbers is None else list(numbers)
    found = {}
    for centre in material.centres():
        own = [(case, patient) for case, patient in zip(cases, patients, strict=True) if case["centre"] == centre]
        found[str(centre)] = _summaries(own, spec)
    return found


def _figures(found: MaskComparison) -> dict[str, float | None]:
    names = (*OVERLAPS, *DISTANCES, *PERCENT, "relative_area_difference")
    return {name: getattr(found, name) for name in names}


Row = tuple[dict[str, Any], int | None]  # a case's figures, and whose node it is where a patient has several


def _summaries(cases: list[Row], spec: dict[str, Any]) -> dict[str, Any]:
    """Means with bootstrap intervals; medians and quartiles in `extra`. Distances in mm and in px never share a mean."""
    out: dict[str, Any] = {name: _summary(name, words, cases, "", spec) for name, words in OVERLAPS.items()}
    for unit in ("mm", "px"):
        of_unit = [(case, patient) for case, patient in cases if case["unit"] == unit]
        if of_unit:
            figures = DISTANCES if unit == "mm" else {**DISTANCES, **PERCENT}
            out[unit] = {name: _summary(name, words, of_unit, unit, spec) for name, words in figures.items()}
    return out


def _summary(name: str, words: str, cases: list[Row], unit: str, spec: dict[str, Any]) -> dict[str, Any]:
    patients = [patient for _case, patient in cases if patient is not None]
    estimate: Estimate = summarise(
        name if not unit else f"{name}, {unit}",
        # a mask that was not drawn has Dice 0, which counts; its distances are undefined, which is counted as missing
        [case[name] for case, _patient in cases],
        estimator=words,
        patients=patients or None,
        resamples=spec["resamples"],
        level=spec["level"],
        seed=spec["seed"],
    )
    return estimate.as_json()
