"""A spreadsheet's parts, looked over before openpyxl opens it.

One pass of expat over each XML part, in pieces: refuses document types and entities (so that none is ever expanded), too
many rows, and huge cells; and notes what openpyxl's streaming reader does not tell: formulas, merged ranges, hidden rows
and columns, and cells far outside the table.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from annotations.imports import limits
from annotations.imports.members import Unreadable

_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_PIECE = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass
class SheetNotes:
    """What one worksheet part says beside its values. Rows and columns count from 1."""

    formulas: dict[tuple[int, int], bool] = field(default_factory=dict)  # (row, column) -> has a cached value
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)
    rows: int = 0
    last_row: int = 0
    last_column: int = 0


def unreadable(why: str) -> Unreadable:
    return Unreadable("sheet_unreadable", why)


def refuse_other_kinds(content: bytes) -> None:
    """Say in a sentence what a file that is no xlsx is. Raises Unreadable."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable("sheet_encrypted", _("The sheet needs a password. Save it without one."))
        raise Unreadable("sheet_is_xls", _("This is an old Excel file (.xls). Save it as .xlsx."))
    if content.startswith(b"PK\x03\x04"):
        return
    head = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table")):
        raise unreadable(_("This is a web page, not a spreadsheet. Save it as .xlsx."))
    if content and b"\0" not in head and (b"," in head or b";" in head or b"\t" in head):
        raise unreadable(_("This is a text table (CSV), not a spreadsheet. Save it as .xlsx."))
    raise unreadable(_("This is no spreadsheet (.xlsx)."))


def look_over(content: bytes) -> dict[str, SheetNotes]:
    """Notes by worksheet part (`xl/worksheets/…`). Raises Unreadable before anything large is inflated."""
    refuse_other_kinds(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            entries = file.infolist()
            _refuse_parts(entries, file)
            notes = {}
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels", ".vml")):
                    with file.open(entry) as part:
                        notes[entry.filename] = _scan(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise unreadable(_("The spreadsheet is cut off or damaged.")) from None
    return {name: n for name, n in notes.items() if name.startswith("xl/worksheets/")}


def _refuse_parts(entries: list[zipfile.ZipInfo], file: zipfile.ZipFile) -> None:
    names = {e.filename for e in entries}
    if "mimetype" in names and b"opendocument" in file.open("mimetype").read(200):
        raise Unreadable("sheet_is_ods", _("This is an OpenDocument file (.ods). Save it as .xlsx."))
    if len(entries) > 1000 or len(names) != len(entries):
        raise unreadable(_("The spreadsheet's container is not as Excel writes it."))
    for entry in entries:
        limit = _limit_of(entry.filename)
        if entry.file_size > limit:
            raise unreadable(
                _("A part of the spreadsheet would unpack to %(n)d MiB; at most %(limit)d MiB are read.")
                % {"n": entry.file_size >> 20, "limit": limit >> 20}
            )
    if not any(n.startswith("xl/worksheets/") for n in names):
        raise unreadable(_("This is no spreadsheet: it holds no worksheet."))


def _limit_of(name: str) -> int:
    if name.startswith("xl/worksheets/") and name.endswith(".xml"):
        return limits.MAX_WORKSHEET_PART
    if name in ("[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml") or name.endswith(".rels"):
        return limits.MAX_OBJECT_PART
    return limits.MAX_SHEET_PART


def _scan(part: Any) -> SheetNotes:
    scanner = _Scanner()
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = scanner.doctype
    parser.EntityDeclHandler = scanner.doctype
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    try:
        while piece := part.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise unreadable(_("A part of the spreadsheet is damaged: its XML cannot be read.")) from None
    return scanner.notes


class _Scanner:
    """Handlers of one part. Unknown elements pass by."""

    def __init__(self) -> None:
        self.notes = SheetNotes()
        self._at: tuple[int, int] | None = None
        self._inside = ""
        self._length = self._text = self._cells = 0
        self._formula = self._value = False

    def doctype(self, *_args: Any) -> None:
        raise unreadable(
            _("The spreadsheet declares XML entities, as no spreadsheet does. Nothing was expanded or fetched.")
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(":", 1)[-1]
        self._length = 0
        if name == "row":
            self._row(attributes)
        elif name == "c":
            self._cell(attributes.get("r", ""))
        elif name in ("f", "v"):
            self._inside = name
            self._formula = self._formula or name == "f"
        elif name == "mergeCell" and len(self.notes.merged) < limits.MAX_NOTES:
            self.notes.merged.append(attributes.get("ref", "")[:40])
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = (int(attributes.get(k, "0") or 0) for k in ("min", "max"))
            hidden = {*self.notes.hidden_columns, *range(max(first, 1), min(last, limits.MAX_COLUMNS) + 1)}
            self.notes.hidden_columns = sorted(hidden)

    def text(self, text: str) -> None:
        self._length += len(text)
        self._text += len(text)
        if self._text > limits.MAX_SHEET_TEXT:
            raise unreadable(
                _("The sheet holds more text than is read: %d million characters.") % (limits.MAX_SHEET_TEXT // 10**6)
            )
        if self._length > limits.MAX_CELL_TEXT:
            raise unreadable(_("A cell holds more text than a cell can hold."))
        if self._inside == "v" and text:
            self._value = True

    def end(self, tag: str) -> None:
        name = tag.rsplit(":", 1)[-1]
        self._length = 0
        self._inside = ""
        if name == "c" and self._at is not None:
            if self._formula:
                self.notes.formulas[self._at] = self._value
            self._at = None

    def _row(self, attributes: dict[str, str]) -> None:
        self.notes.rows += 1
        if self.notes.rows > limits.MAX_ROWS:
            raise Unreadable(
                "too_many_rows", _("The sheet holds more than %d rows; more are not read.") % limits.MAX_ROWS
            )
        if attributes.get("hidden") in ("1", "true") and attributes.get("r", "").isdecimal():
            self.notes.hidden_rows.append(int(attributes["r"]))

    def _cell(self, reference: str) -> None:
        self._formula = self._value = False
        self._cells += 1
        if self._cells > limits.MAX_CELLS:
            raise unreadable(_("The sheet holds more than %d cells; more are not read.") % limits.MAX_CELLS)
        match = _CELL.fullmatch(reference)
        if match is None:
            self._at = None
            return
        column, row = column_index_from_string(match.group(1)), int(match.group(2))
        if row > limits.MAX_ROW_NUMBER or column > limits.MAX_COLUMNS:
            if len(self.notes.stray) < limits.MAX_NOTES:
                self.notes.stray.append(reference)
            self._at = None
            return
        self._at = (row, column)
        self.notes.last_row = max(self.notes.last_row, row)
        self.notes.last_column = max(self.notes.last_column, column)
