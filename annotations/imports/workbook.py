"""The values of a spreadsheet: looked over first, then streamed by openpyxl within the bounds that were seen."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from annotations.imports import limits
from annotations.imports.members import Unreadable
from annotations.imports.xlsx_guard import SheetNotes, look_over, unreadable

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """One worksheet: its rows from row 1 on (blank ones too), and what the part says beside them."""

    title: str
    hidden: bool
    rows: list[Row]
    notes: SheetNotes


def read_workbook(content: bytes) -> list[Worksheet]:
    """Every worksheet, in the order of the tabs. Raises Unreadable."""
    if len(content) > limits.MAX_SHEET_BYTES:
        raise unreadable(
            _("The spreadsheet is %(n)d MiB; at most %(limit)d MiB are read.")
            % {"n": len(content) >> 20, "limit": limits.MAX_SHEET_BYTES >> 20}
        )
    notes = look_over(content)
    parts = _parts(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        return [
            Worksheet(
                sheet.title,
                sheet.sheet_state != "visible",
                _rows(sheet, notes[parts[sheet.title]]),
                notes[parts[sheet.title]],
            )
            for sheet in book.worksheets
        ]
    except Unreadable:
        raise
    except Exception:  # openpyxl lets through whatever a damaged part makes it meet: KeyError, TypeError, ValueError …
        raise unreadable(
            _("The spreadsheet cannot be read: it is damaged, or not written as Excel writes it.")
        ) from None


def _rows(sheet: Any, notes: SheetNotes) -> list[Row]:
    if not notes.last_row:
        return []
    sheet.reset_dimensions()
    return list(sheet.iter_rows(min_row=1, max_row=notes.last_row, max_col=notes.last_column, values_only=True))


def _parts(content: bytes) -> dict[str, str]:
    """Title of each worksheet -> the name of its part, as the workbook's relations say."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            book = fromstring(file.read("xl/workbook.xml"))
            relations = fromstring(file.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ParseError, ValueError, zipfile.BadZipFile):
        raise unreadable(_("The spreadsheet has no workbook that can be read.")) from None
    targets = {r.get("Id"): posixpath.normpath(posixpath.join("/xl", r.get("Target", "")))[1:] for r in relations}
    return {s.get("name", ""): targets.get(s.get(_REL), "") for s in book.iter(f"{_MAIN}sheet")}
