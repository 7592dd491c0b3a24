"""The work of an analysis: part by part, finished ones kept every few seconds, then one canonical document.

Runs under a lease (`annotations.jobs`); a worker that takes over a dead one's row goes on after the last finished part.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from annotations import jobs
from annotations.analyses import ENGINE
from annotations.analyses.answers_part import feature_part
from annotations.analyses.averages_part import averages_part
from annotations.analyses.consensus_part import against_consensus, consensus_part
from annotations.analyses.figures import figures_of
from annotations.analyses.mask_figures import MaskFigures
from annotations.analyses.mask_pairs_part import mask_pairs_part
from annotations.analyses.masks_part import masks_part
from annotations.analyses.material import Frozen, Material, load
from annotations.analyses.pathology_part import pathology_part
from annotations.analyses.signs_part import signs_part
from annotations.analyses.spec import upgraded
from annotations.analyses.study_comparisons import study_comparisons
from annotations.canonical import canonical_json, rounded, sha256_of
from annotations.models import Analysis

# finished parts are megabytes in the end: stored this often, a dead worker costs its successor no more than this
KEEP_SECONDS = 3.0
Part = Callable[[], dict[str, Any]]


def run_analysis(pk: int) -> bool:
    """Do the analysis of that row if it waits. False: another worker has it, or it has ended."""
    return jobs.run(Analysis, pk, _work)


def _work(held: jobs.Claim) -> None:
    analysis = held.job
    assert isinstance(analysis, Analysis)
    material = load(analysis.inputs)
    parts = parts_of(material, analysis.spec)
    done, kept_at = dict(analysis.parts), time.monotonic()
    for number, (name, compute) in enumerate(parts.items()):
        held.progress(number, len(parts), name, now=True)
        if name not in done:
            done[name] = rounded(compute())
            if time.monotonic() - kept_at > KEEP_SECONDS:
                held.write(parts=done)
                kept_at = time.monotonic()
    result = canonical_json(document(analysis.spec, analysis.inputs, analysis.inputs_sha256, material, done))
    held.write(
        result=result,
        result_sha256=hashlib.sha256(result).hexdigest(),
        engine_version=ENGINE,
        progress_done=len(parts),
        progress_total=len(parts),
        progress_text="",
        parts={},
    )


def compute(spec: dict[str, Any], inputs: dict[str, Any], kept: Mapping[str, Frozen] | None = None) -> bytes:
    """The result's bytes, computed here and now without a row: what `reproduce` compares with the stored ones.

    `kept` holds the revisions by id where they come from a bundle and not from the database. Raises InputsChanged.
    """
    material = load(inputs, kept)
    parts = {name: rounded(part()) for name, part in parts_of(material, spec).items()}
    return canonical_json(document(spec, inputs, sha256_of(inputs), material, parts))


def _feature(material: Material, code: str, spec: dict[str, Any]) -> dict[str, Any]:
    return feature_part(material, material.form.feature(code), spec)


def _comparisons(material: Material, spec: dict[str, Any]) -> dict[str, Any]:
    return {"comparisons": study_comparisons(material, spec)}


def _signs(material: Material, spec: dict[str, Any]) -> dict[str, Any]:
    return {"features": signs_part(material, spec)}


def parts_of(material: Material, stored: dict[str, Any]) -> dict[str, Part]:
    """What is to be computed, by name. No part depends on another or on their order."""
    spec = upgraded(stored)
    parts: dict[str, Part] = {}
    for code in spec["features"]:
        parts[f"feature:{code}"] = partial(_feature, material, code, spec)
    if spec["comparisons"]:
        parts["comparisons"] = partial(_comparisons, material, spec)
    if spec["masks"]:
        figures = MaskFigures(material, spec)
        for row, reader in enumerate(material.readers):
            parts[f"masks:{reader['number']}"] = partial(masks_part, figures, row)
            parts[f"consensus:{reader['number']}"] = partial(against_consensus, figures, row)
        parts["mask_pairs"] = partial(mask_pairs_part, figures)
        parts["mask_consensus"] = partial(consensus_part, figures)
    if spec["pathology"]:
        parts["pathology"] = partial(pathology_part, material, spec)
        parts["averages"] = partial(averages_part, material, spec)
        parts["signs"] = partial(_signs, material, spec)
    return parts


def document(
    spec: dict[str, Any], inputs: dict[str, Any], inputs_sha256: str, material: Material, parts: dict[str, Any]
) -> dict[str, Any]:
    """The whole result: what was asked, what went in, what came out. No time stamp."""
    status = [case["pathology"] for case in inputs["cases"]]
    numbers = [reader["number"] for reader in material.readers]
    found: dict[str, Any] = {
        "engine": ENGINE,
        "spec": spec,
        "inputs_sha256": inputs_sha256,
        "went_in": {
            "cases": len(status),
            "malignant": status.count("malignant"),
            "benign": status.count("benign"),
            "by_centre": {str(c): len(material.columns(c)) for c in material.centres()},
            "readers": inputs["readers"],
            "readings": len(material.said),
            "references": len(material.reference),
            "scaled": sum(case["spacing"] is not None for case in inputs["cases"]),
            "patients": len(set(material.patients(material.columns()))),
            "notes": inputs["notes"],
        },
        "features": [parts[f"feature:{code}"] for code in spec["features"]],
        "comparisons": parts["comparisons"]["comparisons"] if "comparisons" in parts else [],
        "masks": [parts[f"masks:{number}"] for number in numbers] if spec["masks"] else None,
        "mask_consensus": parts["mask_consensus"] | {"readers": [parts[f"consensus:{number}"] for number in numbers]}
        if spec["masks"]
        else None,
        "mask_pairs": parts["mask_pairs"]["pairs"] if spec["masks"] else None,
        "pathology": parts.get("pathology"),
        "averages": parts.get("averages"),
        "signs": parts["signs"]["features"] if spec["pathology"] else None,
    }
    return found | {"figures": rounded(figures_of(found, material.form))}
