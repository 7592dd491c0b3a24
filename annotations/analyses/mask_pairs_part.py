"""Masks among the readers: how far each two cover each other, by centre. A pair in which one drew nothing has Dice 0."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from annotations.agreement.mask_summaries import summarise
from annotations.agreement.overlap import overlap
from annotations.analyses.material import Material


def mask_pairs_part(material: Material, spec: dict[str, Any]) -> dict[str, Any]:
    """Dice and IoU of every two readers over the cases that both read."""
    return {
        "pairs": [
            {
                "readers": [material.readers[one]["number"], material.readers[two]["number"]],
                "by_centre": {str(c): _summaries(material, one, two, c, spec) for c in material.centres()},
            }
            for one, two in combinations(range(len(material.readers)), 2)
        ]
    }


def _summaries(material: Material, one: int, two: int, centre: int, spec: dict[str, Any]) -> dict[str, Any]:
    columns = [i for i in material.columns(centre) if (one, i) in material.said and (two, i) in material.said]
    found = [overlap(material.outline(one, i), material.outline(two, i)) for i in columns]
    figures = {"dice": [o.dice for o in found], "iou": [o.iou for o in found]}
    words = {"dice": "Dice similarity coefficient", "iou": "intersection over union"}
    return {
        name: summarise(
            name, values, estimator=words[name], readers=2, patients=material.patient_numbers(columns),
            resamples=spec["resamples"], level=spec["level"], seed=spec["seed"],
        ).as_json()
        for name, values in figures.items()
    }  # fmt: skip
