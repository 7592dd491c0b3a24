"""The published LymphUs layout: `Center N.zip` with a sheet and three files a case. Importing it again gives the same values.

What the layout has no place for ("cannot assess", a reading without a node, questions back) is left out of the sheet and
stands in the manifest. Diameters in px have no column either: the sheet's are mm.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt
from openpyxl import Workbook
from PIL import Image as Pillow

from annotations.answers import Resolved
from annotations.exports.bundle import STAMP, Bundle
from annotations.exports.cells import cell
from annotations.exports.gathering import ExportedCase, ExportedReading, Gathered
from annotations.features import Feature

HEADERS = {
    "max_diameter_mm": "Max diameter (mm)",
    "min_diameter_mm": "Min diameter (mm)",
    "aspect_ratio": "Aspect ratio",
    "hypoechoic": "Hypoechoic",
    "hyperechoic": "Hyperechoic",
    "isoechoic": "Isoechoic",
    "homogeneity": "Homogeneity",
    "prominent_echogenicity": "Prominent Echogenicty (For Heterogeneous nodes)",
    "fatty_hilum_loss": "Fatty hilum loss",
    "centrality": "Centrality",
    "microcalcifications": "Microcalcifications",
    "necrosis": "Necrosis",
    "margin_regularity": "Margin1",
    "margin_definition": "Margin2",
    "internal_component": "Internal component",
    "intranodal_cystic_lesion": "Intranodal cystic lesion",
}
_WRITTEN = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def write_lymphus(gathered: Gathered, out: Bundle) -> None:
    """One folder a reader (none for a reference alone), in each one archive a centre, and one spacing.csv."""
    by_reader: dict[str, list[tuple[ExportedCase, ExportedReading]]] = defaultdict(list)
    for case, reading in gathered.rows():
        by_reader[reading.reader].append((case, reading))
    not_told: list[dict[str, str]] = []
    for reader, rows in by_reader.items():
        folder = "" if reader == "reference" else f"{reader}/"
        for centre in sorted({case.centre for case, _ in rows}):
            members = [(case, reading) for case, reading in rows if case.centre == centre]
            name = f"{folder}Center {centre}.zip"
            content = _archive(gathered, centre, members, not_told)
            out.add(name, content, reader=reader, readings=[_tie(case, reading) for case, reading in members])
    out.add("spacing.csv", _spacing(gathered))
    out.note(no_place_in_this_layout=not_told)


def _tie(case: ExportedCase, reading: ExportedReading) -> dict[str, Any]:
    return {"case": case.public_id, "group": case.group, "number": case.number, **reading.tie()}


def _archive(
    gathered: Gathered, centre: int, members: list[tuple[ExportedCase, ExportedReading]], not_told: list[dict[str, str]]
) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        rows = []
        for case, reading in members:
            resolved = case.resolved(reading, gathered.form, gathered.ask_prominent)
            rows.append([case.group, case.number, *(_word(gathered, code, resolved[code]) for code in HEADERS)])
            not_told += _not_told(case, reading, resolved)
            pixels, mask = case.pixels(), reading.mask()
            stem = f"Center {centre}/{case.group}/{case.number} {case.group}"
            _write(archive, f"{stem} Image.bmp", _bmp(pixels))
            if mask is not None:
                _write(archive, f"{stem} Mask.tif", _tiff(mask))
                _write(archive, f"{stem} Lesion.bmp", _bmp(pixels * mask))
        _write(archive, f"Center {centre}/Lymphnode US features Database {centre}.xlsx", _sheet(rows))
    return raw.getvalue()


def _not_told(case: ExportedCase, reading: ExportedReading, resolved: dict[str, Resolved]) -> list[dict[str, str]]:
    base = {"case": case.public_id, "reader": reading.reader}
    found = [{**base, "feature": code, "state": r.state} for code, r in resolved.items() if r.state != "value"]
    return found + ([{**base, "feature": "mask", "state": "no node"}] if reading.content["no_node"] else [])


def _word(gathered: Gathered, code: str, resolved: Resolved) -> object:
    """The cell: a number in mm (or the ratio), or the value's English label."""
    feature: Feature = gathered.form.feature(code)
    if resolved.state != "value" or (feature.unit == "mm" and resolved.unit != "mm"):
        return None
    if feature.kind == "continuous":
        return resolved.value
    return cell(str(resolved.value).replace("_", " ").capitalize())


def _sheet(rows: list[list[object]]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Sheet1"
    page.append(["Group", "Image name", *HEADERS.values()])
    for row in rows:
        page.append(row)
    raw = io.BytesIO()
    book.save(raw)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw.getvalue())) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = source.read(name)
            # openpyxl writes the moment of saving into the properties
            _write(target, name, _WRITTEN.sub(b"2026-01-01T00:00:00Z", data) if name == "docProps/core.xml" else data)
    return out.getvalue()


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, content, compresslevel=6)


def _bmp(pixels: npt.NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(pixels).save(out, "BMP")
    return out.getvalue()


def _tiff(mask: npt.NDArray[np.uint8]) -> bytes:
    out = io.BytesIO()
    Pillow.fromarray(mask.astype(bool)).save(out, "TIFF")
    return out.getvalue()


def _spacing(gathered: Gathered) -> bytes:
    lines = ["centre,group,number,mm_per_px,source"]
    for case in gathered.cases:
        spacing = case.spacing
        # the file has one number a case: an image with two scales is not written rather than written wrongly
        if spacing and spacing.row_mm == spacing.col_mm:
            source = str(cell(spacing.source)).replace('"', '""')
            lines.append(f'{case.centre},{case.group},{case.number},{spacing.row_mm!r},"{source}"')
    return ("\r\n".join(lines) + "\r\n").encode()
