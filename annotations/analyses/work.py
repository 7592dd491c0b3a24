"""The work of an analysis: part by part, finished ones kept every few seconds, then one canonical document.

Runs under a lease (`annotations.jobs`); a worker that takes over a dead one's row goes on after the last finished part.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from annotations import jobs
from annotations.analyses import ENGINE
from annotations.analyses.answers_part import feature_part
from annotations.analyses.averages_part import averages_part
from annotations.analyses.figures import figures_of
from annotations.analyses.mask_pairs_part import mask_pairs_part
from annotations.analyses.masks_part import masks_part
from annotations.analyses.material import Material, load
from annotations.analyses.pathology_part import pathology_part
from annotations.analyses.signs_part import signs_part
from annotations.canonical import canonical_json, rounded, sha256_of
from annotations.models import Analysis
from annotations.problems import Problem

# finished parts are megabytes in the end: stored this often, a dead worker costs its successor no more than this
KEEP_SECONDS = 3.0
Part = Callable[[], dict[str, Any]]


class Clustered(Problem):
    """Several nodes of one patient: an interval that takes cases for independent would be too narrow."""

    code = "clustered"


def run_analysis(pk: int) -> bool:
    """Do the analysis of that row if it waits. False: another worker has it, or it has ended."""
    return jobs.run(Analysis, pk, _work)


def _work(held: jobs.Claim) -> None:
    analysis = held.job
    assert isinstance(analysis, Analysis)
    material = load(analysis.inputs)
    refuse_clusters(material)
    parts = _parts(material, analysis.spec)
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


def compute(spec: dict[str, Any], inputs: dict[str, Any]) -> bytes:
    """The result's bytes, computed here and now without a row: what `reproduce` compares with the stored ones."""
    material = load(inputs)
    refuse_clusters(material)
    parts = {name: rounded(part()) for name, part in _parts(material, spec).items()}
    return canonical_json(document(spec, inputs, sha256_of(inputs), material, parts))


def refuse_clusters(material: Material) -> None:
    """Raises Clustered when a patient has several cases: none of the intervals below is made for that."""
    patients = [case["patient"] for case in material.cases]
    if len(set(patients)) != len(patients):
        raise Clustered(
            "Some patients have several nodes here; these intervals take cases for independent. Choose one node each."
        )


def _feature(material: Material, code: str, spec: dict[str, Any]) -> dict[str, Any]:
    return feature_part(material, material.form.feature(code), spec)


def _signs(material: Material, spec: dict[str, Any]) -> dict[str, Any]:
    return {"features": signs_part(material, spec)}


def _parts(material: Material, spec: dict[str, Any]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for code in spec["features"]:
        parts[f"feature:{code}"] = partial(_feature, material, code, spec)
    if spec["masks"]:
        for row, reader in enumerate(material.readers):
            parts[f"masks:{reader['number']}"] = partial(masks_part, material, row, spec)
        parts["mask_pairs"] = partial(mask_pairs_part, material, spec)
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
            "notes": inputs["notes"],
        },
        "features": [parts[f"feature:{code}"] for code in spec["features"]],
        "masks": [parts[name] for name in parts if name.startswith("masks:")] if spec["masks"] else None,
        "mask_pairs": parts["mask_pairs"]["pairs"] if spec["masks"] else None,
        "pathology": parts.get("pathology"),
        "averages": parts.get("averages"),
        "signs": parts["signs"]["features"] if spec["pathology"] else None,
    }
    return found | {"figures": rounded(figures_of(found, material.form))}
