"""A bundle: all that an analysis came from, in one ZIP, so that it can be computed again far from its database.

spec.json, inputs.json, result.json (the stored bytes), revisions.json (what every frozen revision says, with the hash of
the one before it), masks/ID.bin (packed masks), versions.json and manifest.json with the hashes. Reading checks them all:
each revision's content against its hash, each mask against the content that names it, the inputs and the result.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from annotations import mask_codec
from annotations.analyses.frozen_inputs import inputs_sha256
from annotations.analyses.material import Frozen, frozen_revisions
from annotations.canonical import canonical_json, sha256_of
from annotations.models import Analysis
from annotations.problems import Problem

FORMAT = 1
_NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same analysis gives the same ZIP


class BadBundle(Problem):
    """The file is no bundle, or an entry of it is not what its hash says."""

    code = "bad_bundle"


@dataclass(frozen=True, slots=True)
class Kept:
    """A revision as a bundle keeps it."""

    content: Any
    mask_payload: bytes | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was asked, what went in, what came out, and what it was computed with."""

    analysis: str
    spec: dict[str, Any]
    inputs: dict[str, Any]
    revisions: Mapping[str, Kept]
    result: bytes
    versions: dict[str, str]


def write_bundle(analysis: Analysis, path: Path) -> None:
    """Write the finished analysis to `path`. Raises Problem while it has no result, InputsChanged."""
    if analysis.result is None:
        raise BadBundle(f"The analysis {analysis.public_id} has no result: it is {analysis.get_state_display()}.")
    found: Mapping[str, Any] = frozen_revisions(analysis.inputs)
    result = bytes(analysis.result)
    said = {
        name: {"content": row.content, "sha256": row.sha256, "previous_sha256": row.previous_sha256}
        for name, row in found.items()
    }
    entries = {
        "manifest.json": canonical_json({
            "format": FORMAT, "analysis": analysis.public_id, "inputs_sha256": analysis.inputs_sha256,
            "result_sha256": hashlib.sha256(result).hexdigest(), "spec_sha256": sha256_of(analysis.spec),
        }),
        "spec.json": canonical_json(analysis.spec),
        "inputs.json": canonical_json(analysis.inputs),
        "revisions.json": canonical_json(said),
        "result.json": result,
        "versions.json": canonical_json(analysis.made_with),
        **{f"masks/{name}.bin": bytes(found[name].mask_payload) for name in sorted(found) if found[name].mask_payload},
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            info = zipfile.ZipInfo(name, _NO_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def read_bundle(path: Path) -> Bundle:
    """The bundle of that file. Raises BadBundle with what is wrong."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = {name: archive.read(name) for name in archive.namelist()}
        part = {n: json.loads(entries[f"{n}.json"]) for n in ("manifest", "spec", "inputs", "revisions", "versions")}
        if part["manifest"]["format"] != FORMAT:
            raise BadBundle(f"{path.name}: format {part['manifest']['format']}, known is {FORMAT}.")
        _check_hashes(part, entries["result.json"])
        kept = {name: _kept(name, facts, entries.get(f"masks/{name}.bin")) for name, facts in part["revisions"].items()}
        return Bundle(part["manifest"]["analysis"], part["spec"], part["inputs"], kept, entries["result.json"],
                      part["versions"])  # fmt: skip
    except (OSError, zipfile.BadZipFile) as error:
        raise BadBundle(f"{path.name}: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise BadBundle(f"{path.name} is no bundle of an analysis: {type(error).__name__} {error}") from None


def _check_hashes(part: Mapping[str, Any], result: bytes) -> None:
    manifest = part["manifest"]
    found = {
        "inputs": (manifest["inputs_sha256"], inputs_sha256(part["inputs"])),
        "spec": (manifest["spec_sha256"], sha256_of(part["spec"])),
        "result": (manifest["result_sha256"], hashlib.sha256(result).hexdigest()),
    }
    for name, (stated, own) in found.items():
        if stated != own:
            raise BadBundle(f"{name}.json is not what its hash says.")


def _kept(name: str, facts: Mapping[str, Any], payload: bytes | None) -> Kept:
    content = facts["content"]
    if sha256_of({"previous": facts["previous_sha256"], "content": content}) != facts["sha256"]:
        raise BadBundle(f"Revision {name} is not what its hash says.")
    stated = content["mask_sha256"]
    if bool(stated) != (payload is not None):
        raise BadBundle(f"Revision {name}: a mask is missing, or is there for a reading that drew none.")
    if payload is not None and mask_codec.mask_sha256(mask_codec.decode(payload)) != stated:
        raise BadBundle(f"Revision {name}: the mask is not what its hash says.")
    return Kept(content, payload, facts["sha256"])


def frozen(bundle: Bundle) -> Mapping[str, Frozen]:
    """Its revisions as an analysis reads them."""
    return dict(bundle.revisions)
