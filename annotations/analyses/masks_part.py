"""One reader's masks against the reference masks: figures of every case, summaries by centre, nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotations.agreement.mask_summaries import range_of, summarise
from annotations.agreement.result import Estimate
from annotations.analyses.mask_figures import MaskFigures

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


def masks_part(figures: MaskFigures, row: int) -> dict[str, Any]:
    """Figures of one reader, by case and in sum. Every reading with a reference mask is counted."""
    compared = figures.compared("reference", row)
    return {
        "reader": figures.material.readers[row]["number"],
        "cases": list(compared.values()),
        "by_centre": mask_summaries(figures, compared),
    }


def mask_summaries(figures: MaskFigures, compared: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    """Summaries of these cases (column → figures), by centre."""
    material = figures.material
    numbers = material.patient_numbers(list(compared))
    patients: list[int | None] = [None] * len(compared) if numbers is None else list(numbers)
    found = {}
    for centre in material.centres():
        pairs = zip(compared.values(), patients, strict=True)
        own = [(case, patient) for case, patient in pairs if case["centre"] == centre]
        found[str(centre)] = _summaries(own, figures.spec)
    return found


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
        within=range_of(name),
    )
    return estimate.as_json()
