"""CSV: one row a reading, one column a feature and one for how it was answered, and a dictionary of every column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from django.utils import translation

from annotations.exports.bundle import Bundle
from annotations.exports.cells import cell
from annotations.exports.gathering import ExportedCase, ExportedReading, Gathered

BEFORE = {
    "case": "opaque id of the case",
    "centre": "number of the centre",
    "group": "folder of the published archive",
    "number": "number in that folder",
    "pathology": "reference standard: benign or malignant (FNA cytology)",
    "reader": "who read: “Reader n”, or “reference”",
    "revision": "id of the revision that says this",
    "revision_sha256": "its hash",
    "submitted_at": "when it was submitted, UTC",
    "form_version": "form under which it was read",
    "spacing_row_mm": "mm per px, down; empty: unknown",
    "spacing_col_mm": "mm per px, across; empty: unknown",
}
AFTER = {
    "score": "malignancy score, 0-100, higher points to malignant",
    "call": "forced call: benign or malignant",
    "no_node": "1: the reader said that no node can be delineated",
    "mask_sha256": "hash of the mask; empty: none",
    "mask_area_px": "pixels in the mask",
    "asked_back": "contradictions put back to the reader before submission, in order: code=kept (by choice), code=changed "
    "(the answers, after it was shown) or code=open (left as it was); empty: none",
    "remarks": "the reader's words; an apostrophe before text that a spreadsheet would run is not the reader's",
}
STATES = "value, cannot_assess, not_applicable (worked out) or open (not answered)"


def write_csv(gathered: Gathered, out: Bundle) -> None:
    """readings.csv and data_dictionary.csv, UTF-8, comma, header in the first row."""
    columns = _columns(gathered)
    rows = ([row[name] for name in columns] for row in _rows(gathered))
    out.add("readings.csv", table(list(columns), rows), readings=gathered.ties())
    out.add("data_dictionary.csv", table(["column", "meaning", "values"], _dictionary(gathered)))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file; text is made safe for spreadsheets, numbers are left alone."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    return text.getvalue().encode()


def asked_back(reading: ExportedReading) -> str | None:
    """The questions back in one cell, as the dictionary says."""
    return " ".join(f"{asked['code']}={asked['ended']}" for asked in reading.asked_back()) or None


def _columns(gathered: Gathered) -> list[str]:
    features = []
    for code in gathered.form.codes:
        features += [code, f"{code}__state"]
        if gathered.form.feature(code).unit == "mm":
            features.append(f"{code[:-3]}_px")
    return [*BEFORE, *features, *AFTER]


def _rows(gathered: Gathered) -> Iterable[dict[str, object]]:
    for case, reading in gathered.rows():
        yield _row(gathered, case, reading)


def _row(gathered: Gathered, case: ExportedCase, reading: ExportedReading) -> dict[str, object]:
    content, spacing, mask = reading.content, case.spacing, reading.mask()
    row: dict[str, object] = {
        "case": case.public_id,
        "centre": case.centre,
        "group": case.group,
        "number": case.number,
        "pathology": case.pathology,
        "reader": reading.reader,
        "revision": reading.revision,
        "revision_sha256": reading.revision_sha256,
        "submitted_at": reading.submitted_at,
        "form_version": content["form_version"],
        "spacing_row_mm": spacing.row_mm if spacing else None,
        "spacing_col_mm": spacing.col_mm if spacing else None,
        "score": content["score"],
        "call": content["call"] or None,
        "no_node": int(content["no_node"]),
        "mask_sha256": content["mask_sha256"] or None,
        "mask_area_px": int(mask.sum()) if mask is not None else None,
        "asked_back": asked_back(reading),
        "remarks": content["remarks"] or None,
    }
    for code, resolved in case.resolved(reading, gathered.form, gathered.ask_prominent).items():
        in_mm = gathered.form.feature(code).unit == "mm"
        row[code] = resolved.value if not in_mm or resolved.unit == "mm" else None
        row[f"{code}__state"] = resolved.state
        if in_mm:
            row[f"{code[:-3]}_px"] = resolved.px
    return row


def _plain(columns: Mapping[str, str]) -> Iterable[list[object]]:
    for name, meaning in columns.items():
        yield [name, meaning, ""]


def _dictionary(gathered: Gathered) -> Iterable[list[object]]:
    yield from _plain(BEFORE)
    with translation.override("en"):
        for feature in gathered.form.features:
            values = "; ".join(f"{v.code}: {v.label}" for v in feature.values) or f"number, {feature.unit or 'no unit'}"
            yield [feature.code, f"{feature.label}. {feature.definition}", values]
            yield [f"{feature.code}__state", f"{feature.label}: how it was answered", STATES]
            if feature.unit == "mm":
                yield [f"{feature.code[:-3]}_px", f"{feature.label}, from the caliper ends", "number, px"]
    yield from _plain(AFTER)
