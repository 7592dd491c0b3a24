"""Masks among the readers: how far each two cover each other, by centre. A pair in which one drew nothing has Dice 0."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from annotations.agreement.mask_summaries import range_of, summarise
from annotations.analyses.mask_figures import MaskFigures, Overlaps


def mask_pairs_part(figures: MaskFigures) -> dict[str, Any]:
    """Dice and IoU of every two readers over the cases that both read."""
    material = figures.material
    return {
        "pairs": [
            {
                "readers": [material.readers[one]["number"], material.readers[two]["number"]],
                "by_centre": _by_centre(figures, one, two),
            }
            for one, two in combinations(range(len(material.readers)), 2)
        ]
    }


def _by_centre(figures: MaskFigures, one: int, two: int) -> dict[str, Any]:
    found, material = figures.pairs(one, two), figures.material
    columns_of = {centre: [c for c in material.columns(centre) if c in found] for centre in material.centres()}
    return {str(centre): _summaries(figures, found, columns) for centre, columns in columns_of.items()}


def _summaries(figures: MaskFigures, found: Mapping[int, Overlaps], columns: list[int]) -> dict[str, Any]:
    material, spec = figures.material, figures.spec
    values_of = {"dice": [found[c][0] for c in columns], "iou": [found[c][1] for c in columns]}
    words = {"dice": "Dice similarity coefficient", "iou": "intersection over union"}
    return {
        name: summarise(
            name, values, estimator=words[name], readers=2, patients=material.patient_numbers(columns),
            resamples=spec["resamples"], level=spec["level"], seed=spec["seed"], within=range_of(name),
        ).as_json()
        for name, values in values_of.items()
    }  # fmt: skip
