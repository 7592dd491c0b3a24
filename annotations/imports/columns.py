"""Which column of a sheet is which feature: the header row found, each header mapped through the table of synonyms."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from annotations.features import FormSchema, normalise
from annotations.imports.cells import clean
from annotations.imports.findings import Report
from annotations.imports.workbook import Worksheet

GROUP, NUMBER = "group", "image_name"
KEY_HEADERS = {
    GROUP: ("group", "groups", "pathology", "class", "diagnosis"),
    NUMBER: ("imagename", "image", "imagenumber", "imageno", "imagenames", "imageid", "name"),
}
# a header row is looked for so far down
SEARCHED_ROWS = 20
# so many known headers make a row the header row
ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Columns:
    """Header row (from 1), code -> column (from 0), code -> the header as written."""

    header_row: int
    index: dict[str, int]
    header: dict[str, str]


def known_headers(schema: FormSchema) -> dict[str, str]:
    """Normalised header -> code, for the two keys and every feature."""
    known = {h: code for code, headers in KEY_HEADERS.items() for h in headers}
    for feature in schema.features:
        known |= dict.fromkeys((*feature.headers, normalise(feature.code)), feature.code)
    return known


def find_columns(sheet: Worksheet, schema: FormSchema, file: str, report: Report) -> Columns | None:
    """The columns, or None when the report says what is missing."""
    known = known_headers(schema)
    at = header_row(sheet, schema)
    if at is None:
        return None
    if any(any(clean(v) for v in row) for row in sheet.rows[: at - 1]):
        report.add("header_row_found", "look", file=file, row=at,
                   sentence=_("Other rows stand above the headers; row %d was taken for the header.") % at)  # fmt: skip
    columns = _mapped(sheet, at, known, schema, file, report)
    missing = [c for c in (GROUP, NUMBER, *schema.codes) if c not in columns.index]
    unknown = [clean(v) for v in sheet.rows[at - 1] if clean(v) and normalise(clean(v)) not in known]
    shown = ", ".join(unknown)[:100]
    for code in missing:
        report.add("missing_column", "refused", file=file, row=at, column=code, value=shown,
                   probably=_("one of the headers that are not known: %s") % shown if shown else "",
                   sentence=_("No column is known to be “%s”; without it the sheet is not read.")
                   % _called(schema, code))  # fmt: skip
    return None if missing or columns.header_row < 0 else columns


def _called(schema: FormSchema, code: str) -> str:
    return {GROUP: "Group", NUMBER: "Image name"}.get(code) or str(schema.feature(code).label)


def header_row(sheet: Worksheet, schema: FormSchema) -> int | None:
    """The first row, from 1, that holds enough known headers; None when no row does."""
    known = known_headers(schema)
    for at, row in enumerate(sheet.rows[:SEARCHED_ROWS], 1):
        if len({known[n] for v in row if (n := normalise(clean(v))) in known}) >= ENOUGH:
            return at
    return None


def _mapped(sheet: Worksheet, at: int, known: dict[str, str], schema: FormSchema, file: str, report: Report) -> Columns:
    columns = Columns(at, {}, {})
    for place, raw in enumerate(sheet.rows[at - 1]):
        text = clean(raw)
        if not text:
            _note_headless(sheet, at, place, file, report)
            continue
        code = known.get(normalise(text))
        if code is None:
            report.add("unknown_column", "look", file=file, row=at, column=text,
                       sentence=_("The column is not known. What it holds was not read and is not stored."))  # fmt: skip
        elif code in columns.index:
            report.add("duplicate_column", "refused", file=file, row=at, column=text,
                       value=f"{get_column_letter(columns.index[code] + 1)}, {get_column_letter(place + 1)}",
                       sentence=_("Two columns are “%s”; which one holds is not known.") % _called(schema, code))  # fmt: skip
            columns = Columns(-1, columns.index, columns.header)
        else:
            columns.index[code] = place
            columns.header[code] = text
            if normalise(text) not in (_first_header(schema, code), normalise(code)):
                report.synonyms["", text, _called(schema, code)] += 1
    return columns


def _first_header(schema: FormSchema, code: str) -> str:
    return KEY_HEADERS[code][0] if code in KEY_HEADERS else schema.feature(code).headers[0]


def _note_headless(sheet: Worksheet, at: int, place: int, file: str, report: Report) -> None:
    filled = next((r for r, row in enumerate(sheet.rows[at:], at + 1) if place < len(row) and clean(row[place])), None)
    if filled is not None:
        report.add("unknown_column", "look", file=file, row=filled, column=get_column_letter(place + 1),
                   sentence=_("The column has no header. What it holds was not read and is not stored."))  # fmt: skip
