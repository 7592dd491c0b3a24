"""A sheet's rows as keys and answers in stored form, everything odd reported by row, column and value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter, range_boundaries

from annotations.features import FormSchema
from annotations.imports.columns import GROUP, Columns, find_columns, header_row
from annotations.imports.findings import Key, Report
from annotations.imports.rows import Place, SheetRow, is_blank, read_row
from annotations.imports.workbook import Worksheet, read_workbook


@dataclass(frozen=True, slots=True)
class SheetSource:
    """Whose sheet it is: as the report names it, the archive that a refusal leaves out, and the centre of its rows."""

    shown: str
    archive: str
    centre: int


def read_sheet(content: bytes, source: SheetSource, schema: FormSchema, report: Report) -> list[SheetRow]:
    """The rows that can be used, each key once. Raises Unreadable when the file is no sheet."""
    chosen = _choose(read_workbook(content), schema, source, report)
    if chosen is None:
        return []
    sheet, columns = chosen
    _note_hidden(sheet, source, report)
    rows = _carried_down(sheet, columns, source, report)
    found: list[SheetRow] = []
    filled = 0
    for number, values in enumerate(rows, columns.header_row + 1):
        if is_blank(values):
            report.counts["blank_rows"] += 1
            continue
        filled += 1
        place = Place(source.shown, number, columns, sheet.notes.formulas)
        if (row := read_row(values, place, source.centre, schema, report)) is not None:
            found.append(row)
    report.counts["rows"] += filled
    if not filled:
        report.add(
            "no_rows", "refused", file=source.shown, value=sheet.title, sentence=_("The sheet has headers and no row.")
        )
    _check_whole_columns(found, columns, source, report)
    return _each_once(found, columns, source, report)


def _choose(
    book: list[Worksheet], schema: FormSchema, source: SheetSource, report: Report
) -> tuple[Worksheet, Columns] | None:
    filled = [s for s in book if any(not is_blank(r) for r in s.rows)]
    if not filled:
        report.add("no_rows", "refused", file=source.shown, sentence=_("The workbook is empty."))
        return None
    visible = [s for s in filled if not s.hidden] or filled
    sheet = next((s for s in visible if header_row(s, schema) is not None), None)
    if sheet is None:
        report.add(
            "missing_column",
            "refused",
            file=source.shown,
            column="Group, Image name",
            value=visible[0].title,
            sentence=_("No row with the headers Group, Image name and the features was found."),
        )
        return None
    columns = find_columns(sheet, schema, source.shown, report)
    if columns is None:
        return None
    if len(filled) > 1:
        others = ", ".join(s.title + (_(" (hidden)") if s.hidden else "") for s in filled if s is not sheet)
        report.add(
            "several_sheets",
            "look",
            file=source.shown,
            value=sheet.title,
            sentence=_("The workbook has several sheets; “%(read)s” was read, not: %(others)s.")
            % {"read": sheet.title, "others": others},
        )
    return sheet, columns


def _note_hidden(sheet: Worksheet, source: SheetSource, report: Report) -> None:
    notes = sheet.notes
    if notes.hidden_rows or notes.hidden_columns:
        said = [_("row %d") % r for r in notes.hidden_rows[:20]]
        said += [_("column %s") % get_column_letter(c) for c in notes.hidden_columns[:20]]
        report.add(
            "hidden_cells",
            "look",
            file=source.shown,
            value=", ".join(said),
            sentence=_("Parts of the sheet are hidden; they were read like the rest."),
        )
    for reference in notes.stray[:10]:
        report.add(
            "unknown_column",
            "look",
            file=source.shown,
            column=reference,
            sentence=_("A cell lies far outside the table; it was not read."),
        )


def _carried_down(sheet: Worksheet, columns: Columns, source: SheetSource, report: Report) -> list[tuple[Any, ...]]:
    """The rows below the header; a group merged over several rows counts for each of them."""
    rows = [list(r) for r in sheet.rows]
    for reference in sheet.notes.merged:
        try:
            left, top, right, bottom = range_boundaries(reference)
        except (ValueError, TypeError):
            continue
        if bottom <= columns.header_row or None in (left, top, right, bottom):
            continue
        is_group = left == right == columns.index[GROUP] + 1
        if is_group:
            for row in rows[top:bottom]:
                row[left - 1] = rows[top - 1][left - 1]
        report.add(
            "merged_cells",
            "look",
            file=source.shown,
            row=top,
            column=reference,
            value=rows[top - 1][left - 1] if is_group else "",
            sentence=_("Cells are merged; the group was taken for each of their rows.")
            if is_group
            else _("Cells are merged; only the first of them has a value."),
        )
    return [tuple(r) for r in rows[columns.header_row :]]


def _check_whole_columns(rows: list[SheetRow], columns: Columns, source: SheetSource, report: Report) -> None:
    """Diameters in cm under a heading of mm: no single cell shows it, the column does."""
    longest = sorted(a["value"]["mm"] for r in rows if (a := r.answers.get("max_diameter_mm")))
    if len(longest) >= 3 and longest[len(longest) // 2] < 3.0:
        report.add(
            "implausible_value",
            "look",
            file=source.shown,
            column=columns.header["max_diameter_mm"],
            value=f"{longest[0]:g} … {longest[-1]:g}",
            probably=_("cm, not mm"),
            sentence=_("Half of all nodes would be shorter than 3 mm."),
        )


def _each_once(rows: list[SheetRow], columns: Columns, source: SheetSource, report: Report) -> list[SheetRow]:
    once: dict[Key, SheetRow] = {}
    conflicting: set[Key] = set()
    for row in rows:
        first = once.setdefault(row.key, row)
        if first is row:
            continue
        differ = [
            columns.header[c]
            for c in columns.header
            if first.raw.get(columns.header[c]) != row.raw.get(columns.header[c])
        ]
        where = {"first": first.row, "second": row.row, "case": row.key}
        if first.answers == row.answers:
            report.add(
                "duplicate_row",
                "look",
                file=source.shown,
                row=row.row,
                value=str(row.key),
                sentence=_("Rows %(first)d and %(second)d are both %(case)s and say the same; it is taken once.")
                % where,
            )
        else:
            conflicting.add(row.key)
            report.add(
                "duplicate_row",
                "refused",
                file=source.shown,
                row=row.row,
                column=", ".join(differ),
                value=str(row.key),
                case=row.key,
                sentence=_("Rows %(first)d and %(second)d are both %(case)s and differ; which one holds is not known.")
                % where,
            )
    return [r for key, r in once.items() if key not in conflicting]
