"""The tables of a result as files: CSV, or XLSX, one table or all of them.

Text that a spreadsheet would run as a formula is made harmless in both. Numbers are numbers with all digits of the result;
where there is none, a workbook says why in its place (a CSV keeps the reason in its own column).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from annotations.exports.cells import cell
from annotations.features import FormSchema
from annotations.results.tables import Undefined, table_rows

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDE, NARROW = 28, 13


def table_file(name: str, form_of_file: str, document: Mapping[str, Any], form: FormSchema) -> bytes:
    """The table of that name; `form_of_file` is a key of TYPES. Lines of a CSV end in CR LF."""
    if form_of_file == "xlsx":
        return workbook([name], document, form)
    out = io.StringIO()
    writer = csv.writer(out)
    for row in table_rows(name, document, form):
        writer.writerow([None if isinstance(value, Undefined) else cell(value) for value in row])
    return out.getvalue().encode()


def workbook(names: Sequence[str], document: Mapping[str, Any], form: FormSchema) -> bytes:
    """A sheet a table, headings frozen, and first a sheet that says what the result is of."""
    book = Workbook(write_only=True)
    for name in names:
        _fill(book.create_sheet(name), table_rows(name, document, form))
    _fill(book.create_sheet("about"), _about(document))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: WriteOnlyWorksheet, rows: Iterable[list[Any]]) -> None:
    for number, row in enumerate(rows):
        if number == 0:
            sheet.freeze_panes = "A2"
            for column, head in enumerate(row, start=1):
                wide = head in ("estimator", "interval_method", "undefined", "warnings", "statistic", "feature", "says")
                sheet.column_dimensions[get_column_letter(column)].width = WIDE if wide else NARROW
        sheet.append([_cell(sheet, value, head=number == 0) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: Any, *, head: bool) -> WriteOnlyCell:
    """openpyxl takes text that begins with “=” for a formula: the type is said, and the text kept as `exports` keeps it."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", str(cell(str(value))))
    made = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        made.data_type = "s"
    if head:
        made.font = Font(bold=True)
    return made


def _about(document: Mapping[str, Any]) -> Iterable[list[Any]]:
    yield ["what", "says"]
    yield ["engine", document["engine"]]
    yield ["inputs_sha256", document["inputs_sha256"]]
    for entry, value in sorted(document["spec"].items()):
        plain = value is None or isinstance(value, str | int | float)
        yield [f"spec.{entry}", value if plain else str(value)]
    notes = document["went_in"].get("notes", {})
    yield ["readers simulated", str(bool(notes.get("simulated")))]
