"""Simulated readers: what a reader of given skill might say of a case whose reference reading is known.

For demo studies, benches and tests, always marked as simulated. Nothing here is drawn from real readers' behaviour: each
answer is the reference's with a stated probability, each outline the reference's moved by a smooth random field.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from annotations.features import FormSchema

Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SimulatedReader:
    """skill: probability that an answer is the reference's; boundary_px: SD of the outline's displacement; separation: d'
    of the malignancy score; criterion: score from which the call is malignant; unsure: probability of "cannot assess".
    """

    number: int
    skill: float
    boundary_px: float
    separation: float
    criterion: int = 50
    unsure: float = 0.01


def five_readers() -> list[SimulatedReader]:
    return [
        SimulatedReader(1, 0.92, 2.0, 1.9),
        SimulatedReader(2, 0.88, 2.6, 1.5, criterion=45),
        SimulatedReader(3, 0.85, 3.2, 1.2, unsure=0.02),
        SimulatedReader(4, 0.81, 4.0, 0.9, criterion=60),
        SimulatedReader(5, 0.90, 2.3, 1.6, criterion=40),
    ]


def say(
    reader: SimulatedReader,
    form: FormSchema,
    reference: Mapping[str, Mapping[str, Any]],
    mask: Mask,
    malignant: bool,
    rng: np.random.Generator,
    *,
    scaled: bool,
) -> dict[str, Any]:
    """answers, score, call and mask of one case. `reference` holds stored answers (diameters in mm)."""
    answers: dict[str, Any] = {}
    for feature in form.features:
        if feature.derived:
            continue
        if feature.kind != "continuous":
            answers[feature.code] = _category(reader, feature.value_codes, reference.get(feature.code), rng)
    drawn = displaced(mask, reader.boundary_px, rng)
    answers |= _diameters(drawn, reference, rng, scaled=scaled)
    if answers["homogeneity"].get("value") != "heterogeneous":
        answers.pop("prominent_echogenicity", None)
    latent = rng.normal(reader.separation if malignant else 0.0)
    score = int(np.clip(np.rint(100 / (1 + np.exp(-1.6 * (latent - reader.separation / 2)))), 0, 100))
    return {
        "answers": answers,
        "score": score,
        "call": "malignant" if score >= reader.criterion else "benign",
        "mask": drawn,
    }


def _category(
    reader: SimulatedReader, codes: tuple[str, ...], known: Mapping[str, Any] | None, rng: np.random.Generator
) -> dict[str, Any]:
    truth = (known or {}).get("value", codes[0])
    roll = rng.random()
    if roll < reader.unsure:
        return {"cannot_assess": True}
    if roll < reader.unsure + (1 - reader.unsure) * reader.skill:
        return {"value": truth}
    others = [code for code in codes if code != truth]
    return {"value": others[int(rng.integers(len(others)))]}


def _diameters(
    drawn: Mask, reference: Mapping[str, Mapping[str, Any]], rng: np.random.Generator, *, scaled: bool
) -> dict[str, Any]:
    known = [reference.get(code, {}).get("value", {}).get("mm") for code in ("max_diameter_mm", "min_diameter_mm")]
    if scaled and None not in known:
        longest = known[0] * float(np.exp(rng.normal(0, 0.05)))
        shortest = min(known[1] * float(np.exp(rng.normal(0, 0.07))), longest)
        return {
            "max_diameter_mm": {"value": {"mm": round(longest, 1)}},
            "min_diameter_mm": {"value": {"mm": round(shortest, 1)}},
        }
    rows, columns = np.nonzero(drawn)
    left, right, top, bottom = columns.min(), columns.max() + 1, rows.min(), rows.max() + 1
    across = [float(left), float(top + bottom) / 2, float(right), float(top + bottom) / 2]
    down = [float(left + right) / 2, float(top), float(left + right) / 2, float(bottom)]
    longest_first = [across, down] if right - left >= bottom - top else [down, across]
    return {
        "max_diameter_mm": {"value": {"points": longest_first[0]}},
        "min_diameter_mm": {"value": {"points": longest_first[1]}},
    }


def displaced(mask: Mask, sd_px: float, rng: np.random.Generator) -> Mask:
    """The outline moved by a smooth random field of that SD: the largest part of {signed distance > field}."""
    rows, columns = np.nonzero(mask)
    margin = int(4 * sd_px) + 4
    top, left = max(rows.min() - margin, 0), max(columns.min() - margin, 0)
    bottom, right = min(rows.max() + margin + 1, mask.shape[0]), min(columns.max() + margin + 1, mask.shape[1])
    crop = mask[top:bottom, left:right].astype(bool)
    inside = ndimage.distance_transform_edt(crop)
    outside = ndimage.distance_transform_edt(~crop)
    field = ndimage.gaussian_filter(rng.standard_normal(crop.shape), max(crop.shape) / 10)
    spread = field.std()
    field = field / spread * sd_px if spread > 0 else field
    moved = (inside - outside) > field + rng.normal(0, sd_px / 3)
    labels, parts = ndimage.label(moved)
    if parts == 0:
        return mask.copy()
    largest = 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))
    out = np.zeros_like(mask)
    out[top:bottom, left:right] = labels == largest
    return out
