"""Sheets that are small on the disk and large in memory, beyond those of the shared material."""

import io
import tracemalloc
import zipfile

import pytest

from annotations.imports.members import Unreadable
from annotations.imports.workbook import read_workbook
from tests.imports.small import row, sheet

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
MB = 1 << 20


def with_part(name, text):
    """A good sheet, one part of it replaced."""
    source, out = zipfile.ZipFile(io.BytesIO(sheet([row("Benign", 1)]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for entry in source.namelist():
            file.writestr(entry, text if entry == name else source.read(entry))
    return out.getvalue()


def worksheet(inside):
    return f"<worksheet {NS}><sheetData>{inside}</sheetData></worksheet>"


def text_cells(count):
    long = "x" * 30_000
    return "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{long}</t></is></c></row>' for n in range(1, count + 1)
    )


BOMBS = {
    "styles": ("xl/styles.xml", f"<styleSheet {NS}><cellXfs>{'<xf/>' * 400_000}</cellXfs></styleSheet>"),
    "text": ("xl/worksheets/sheet1.xml", worksheet(text_cells(1_000))),
    "one cell": ("xl/worksheets/sheet1.xml", worksheet(f'<row r="1"><c r="A1"><v>{"1" * 40_000}</v></c></row>')),
    "cells": ("xl/worksheets/sheet1.xml", worksheet('<row r="1">' + '<c r="A1"><v>1</v></c>' * 700_000 + "</row>")),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_it_is_refused_in_bounded_memory(bomb):
    content = with_part(*BOMBS[bomb])

    tracemalloc.start()
    with pytest.raises(Unreadable) as refused:
        read_workbook(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert refused.value.code == "sheet_unreadable"
    assert peak < 30 * MB


def test_many_merged_and_hidden_cells_cost_no_memory_and_the_sheet_is_read():
    extra = "<cols>" + '<col min="1" max="16384" hidden="1"/>' * 20_000 + "</cols>"
    merged = "<mergeCells>" + '<mergeCell ref="A2:A3"/>' * 20_000 + "</mergeCells>"
    text = f'<worksheet {NS}>{extra}<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>{merged}</worksheet>'

    (read,) = read_workbook(with_part("xl/worksheets/sheet1.xml", text))

    assert (len(read.notes.merged), len(read.notes.hidden_columns)) == (1_000, 128)
