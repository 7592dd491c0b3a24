"""The Excel sheet of a centre in the published form: 18 columns, bare picture numbers, a few blank rows
inside.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from annotations.demo.codes import HEADERS, worded
from annotations.demo.plan import CaseSpec

# every date in these archives: the same arguments give the same bytes
STAMP = (2026, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_BLANK_EVERY = 17

Row = Sequence[str | int | float | None]


def sheet_bytes(cases: Iterable[CaseSpec]) -> bytes:
    """The .xlsx of one centre's cases; a blank row ends each group and falls between some cases."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Sheet1"
    for row in _rows(list(cases)):
        page.append(list(row))
    raw = io.BytesIO()
    book.save(raw)
    return _undated(raw.getvalue())


def stamped(name: str) -> zipfile.ZipInfo:
    """A deflated member of fixed date and system, so that only its content makes its bytes."""
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0x20
    return info


def _rows(cases: list[CaseSpec]) -> Iterable[Row]:
    blank: Row = [None] * (2 + len(HEADERS))
    yield ["Group", "Image name", *HEADERS.values()]
    for i, case in enumerate(cases):
        if i and (case.group != cases[i - 1].group or i % _BLANK_EVERY == 0):
            yield blank
        yield [case.group, case.number, *(worded(case.values[code]) for code in HEADERS)]


def _undated(xlsx: bytes) -> bytes:
    """The same workbook without the moment of its writing. openpyxl stamps it into the properties and every
    member.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as source, zipfile.ZipFile(out, "w") as target:
        # readers expect the list of content types first
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _WRITTEN.sub(b"2026-01-01T00:00:00Z", data)
            target.writestr(stamped(name), data)
    return out.getvalue()
