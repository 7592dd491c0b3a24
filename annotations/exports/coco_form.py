"""COCO: one JSON with run-length masks of whole images, column by column as COCO counts, and the pictures beside it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from annotations import mask_codec, store
from annotations.exports.bundle import Bundle
from annotations.exports.gathering import ExportedCase, ExportedReading, Gathered


def write_coco(gathered: Gathered, out: Bundle) -> None:
    """annotations.json and images/<case>.png. Several readings of one image are several annotations, told apart by reader."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for number, case in enumerate(gathered.cases, start=1):
        name = f"images/{case.public_id}.png"
        out.add(name, store.read(case.image.file_sha256), case=case.public_id)
        images.append(_image(number, name, case))
        for reading in case.readings:
            found = _annotation(len(annotations) + 1, number, gathered, case, reading)
            if found:
                annotations.append(found)
    document = {
        "info": {"description": gathered.about["title"], "version": "1.0", **gathered.about},
        "licenses": [{"id": 1, "name": gathered.about.get("licence", ""), "url": ""}],
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 1, "name": "node", "supercategory": "lymph node"}],
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    out.add("annotations.json", text, readings=gathered.ties())


def _image(number: int, name: str, case: ExportedCase) -> dict[str, Any]:
    spacing = case.spacing
    return {
        "id": number,
        "file_name": name,
        "width": case.image.width,
        "height": case.image.height,
        "license": 1,
        "case": case.public_id,
        "centre": case.centre,
        "pathology": case.pathology,
        "spacing_mm": [spacing.row_mm, spacing.col_mm] if spacing else None,
    }


def _annotation(
    number: int, image: int, gathered: Gathered, case: ExportedCase, reading: ExportedReading
) -> dict[str, Any] | None:
    mask = reading.mask()
    if mask is None:
        return None
    rows, columns = np.nonzero(mask)
    left, top = int(columns.min()), int(rows.min())
    resolved = case.resolved(reading, gathered.form, gathered.ask_prominent)
    rle = mask_codec.coco_rle(mask)
    return {
        "id": number,
        "image_id": image,
        "category_id": 1,
        "segmentation": {"size": list(rle.size), "counts": rle.compressed},
        "area": int(mask.sum()),
        "bbox": [left, top, int(columns.max()) - left + 1, int(rows.max()) - top + 1],
        "iscrowd": 1,  # COCO's word for a mask given by run lengths
        "case": case.public_id,
        "reader": reading.reader,
        "revision": reading.revision,
        "score": reading.content["score"],
        "call": reading.content["call"] or None,
        "asked_back": reading.asked_back(),
        "answers": {code: r.value if r.state == "value" else r.state for code, r in resolved.items()},
    }
