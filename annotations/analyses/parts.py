"""What is to be computed of a study's readings, by name, and the document that the finished parts make.

A study of one arm has its findings at the top of the document; of several, each arm has its own in `arms`, and
`arm_comparisons` stands beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from annotations.analyses import ENGINE
from annotations.analyses.answers_part import feature_part
from annotations.analyses.arms_part import arms_part
from annotations.analyses.averages_part import averages_part
from annotations.analyses.consensus_part import against_consensus, consensus_part
from annotations.analyses.figures import figures_of
from annotations.analyses.intra_part import intra_part
from annotations.analyses.mask_figures import MaskFigures
from annotations.analyses.mask_pairs_part import mask_pairs_part
from annotations.analyses.masks_part import masks_part
from annotations.analyses.material import Material
from annotations.analyses.pathology_part import pathology_part
from annotations.analyses.signs_part import signs_part
from annotations.analyses.spec import upgraded
from annotations.analyses.study_comparisons import study_comparisons
from annotations.canonical import rounded

Json = dict[str, Any]
Part = Callable[[], Json]
ALONE = "There is no other reading than the reference: nothing to agree with."
ONE_OTHER = "There is one other reading than the reference: nothing to agree with among the others."
NOT_JUDGED = "No other reading has a score or a call: none is compared with the pathology but by its features."


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm at work. `masks` makes all figures of masks in one pass, when the first is asked for; None if none is."""

    material: Material
    masks: MaskFigures | None
    prefix: str

    def mask_part_names(self) -> list[str]:
        """The parts that rest on the pass."""
        if self.masks is None:
            return []
        numbers = [reader["number"] for reader in self.material.readers]
        each = [f"{kind}:{number}" for number in numbers for kind in ("masks", "consensus")]
        return [self.prefix + name for name in (*each, "mask_pairs", "mask_consensus")]


def arms_at_work(materials: list[Material], stored: Json) -> list[Arm]:
    """Each arm with what its masks are compared with."""
    spec, several = upgraded(stored), len(materials) > 1
    return [
        Arm(
            m,
            MaskFigures(m, spec) if spec["masks"] and m.readers else None,
            f"arm {m.arm['number']}/" if several else "",
        )
        for m in materials
    ]


def parts_of(arms: list[Arm], stored: Json) -> dict[str, Part]:
    """What is to be computed, by name. No part depends on another or on their order."""
    spec = upgraded(stored)
    parts: dict[str, Part] = {}
    for arm in arms:
        parts |= {arm.prefix + name: part for name, part in _of_arm(arm, spec).items()}
    if len(arms) > 1 and spec["pathology"]:
        parts["arms"] = partial(arms_part, [arm.material for arm in arms], spec)
    return parts


def _of_arm(arm: Arm, spec: Json) -> dict[str, Part]:
    material = arm.material
    parts: dict[str, Part] = {}
    for code in spec["features"]:
        parts[f"feature:{code}"] = partial(_feature, material, code, spec)
    if material.before or material.again:
        parts["intra"] = partial(intra_part, material, spec)
    if spec["comparisons"]:
        parts["comparisons"] = partial(_comparisons, material, spec)
    if arm.masks is not None:
        for row, reader in enumerate(material.readers):
            parts[f"masks:{reader['number']}"] = partial(masks_part, arm.masks, row)
            parts[f"consensus:{reader['number']}"] = partial(against_consensus, arm.masks, row)
        parts["mask_pairs"] = partial(mask_pairs_part, arm.masks)
        parts["mask_consensus"] = partial(consensus_part, arm.masks)
    if spec["pathology"] and material.judged():
        parts["pathology"] = partial(pathology_part, material, spec)
        parts["averages"] = partial(averages_part, material, spec)
    if spec["pathology"]:
        parts["signs"] = partial(_signs, material, spec)
    return parts


def _feature(material: Material, code: str, spec: Json) -> Json:
    return feature_part(material, material.form.feature(code), spec)


def _comparisons(material: Material, spec: Json) -> Json:
    return {"comparisons": study_comparisons(material, spec)}


def _signs(material: Material, spec: Json) -> Json:
    return {"features": signs_part(material, spec)}


def document(spec: Json, inputs: Json, inputs_sha256: str, arms: list[Arm], parts: Mapping[str, Json]) -> Json:
    """The whole result: what was asked, what went in, what came out. No time stamp."""
    found: Json = {
        "engine": ENGINE,
        "spec": spec,
        "inputs_sha256": inputs_sha256,
        "went_in": _went_in(inputs, [arm.material for arm in arms]),
    }
    if inputs.get("of") == "version":
        found |= {"of": "version", "absent": _absent(arms[0].material, spec)}
    each = [_findings(spec, arm, parts) for arm in arms]
    if len(arms) == 1:
        found |= each[0]
    else:
        found["arms"] = [{"arm": dict(arm.material.arm), **own} for arm, own in zip(arms, each, strict=True)]
        found["arm_comparisons"] = parts["arms"]["comparisons"] if "arms" in parts else []
    return found | {"figures": rounded(figures_of(found, arms[0].material.form))}


def _went_in(inputs: Json, materials: list[Material]) -> Json:
    material = materials[0]
    status = [case["pathology"] for case in inputs["cases"]]
    return {
        "cases": len(status),
        "malignant": status.count("malignant"),
        "benign": status.count("benign"),
        "by_centre": {str(c): len(material.columns(c)) for c in material.centres()},
        "readers": inputs["readers"],
        "arms": [dict(m.arm) for m in materials],
        "readings": sum(len(m.said) for m in materials),
        "references": len(material.reference),
        "scaled": sum(case["spacing"] is not None for case in inputs["cases"]),
        "patients": len(set(material.patients(material.columns()))),
        "notes": inputs["notes"],
    }


def _absent(material: Material, spec: Json) -> list[str]:
    """Why what another analysis would say is not here."""
    reasons = [ALONE] if not material.readers else []
    if len(material.readers) == 1:
        reasons.append(ONE_OTHER)
    if material.readers and spec["pathology"] and not material.judged():
        reasons.append(NOT_JUDGED)
    return reasons


def _findings(spec: Json, arm: Arm, parts: Mapping[str, Json]) -> Json:
    """What came out of one arm."""
    own = {name.removeprefix(arm.prefix): part for name, part in parts.items() if name.startswith(arm.prefix)}
    numbers = [reader["number"] for reader in arm.material.readers]
    masks = arm.masks is not None
    return {
        "features": [own[f"feature:{code}"] for code in spec["features"]],
        "intra": own["intra"]["repeated"] if "intra" in own else [],
        "comparisons": own["comparisons"]["comparisons"] if "comparisons" in own else [],
        "masks": [own[f"masks:{number}"] for number in numbers] if masks else None,
        "mask_consensus": own["mask_consensus"] | {"readers": [own[f"consensus:{number}"] for number in numbers]}
        if masks
        else None,
        "mask_pairs": own["mask_pairs"]["pairs"] if masks else None,
        "pathology": own.get("pathology"),
        "averages": own.get("averages"),
        "signs": own["signs"]["features"] if spec["pathology"] else None,
    }
