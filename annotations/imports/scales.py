"""`spacing.csv`, beside the archives or packed with them: centre, group, number, mm per px, source.

The one way a scale comes in with an import.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.answers import Spacing
from annotations.features import normalise
from annotations.imports import cells, limits
from annotations.imports.findings import Key, Report
from annotations.imports.members import Member, Unreadable
from annotations.imports.names import GROUPS

# mm per px of any ultrasound image there is
PLAUSIBLE_MM = (0.005, 2.0)
_HEADERS = {
    "centre": ("centre", "center", "centrenumber", "centernumber"),
    "group": ("group", "pathology"),
    "number": ("number", "imagename", "image", "n"),
    "mm": ("mmperpx", "mmperpixel", "spacing", "spacingmm", "pixelspacing", "pixelspacingmm"),
    "row_mm": ("mmperpxdown", "rowmm", "spacingrowmm", "mmperpxrow"),
    "col_mm": ("mmperpxacross", "colmm", "spacingcolmm", "mmperpxcol"),
    "source": ("source", "from"),
}


def read_spacing_file(path: Path, report: Report) -> dict[Key, Spacing]:
    """`read_spacing` of a file that was given."""
    try:
        with path.open("rb") as file:
            content = file.read(limits.MAX_SPACING_BYTES + 1)
    except OSError:
        content = None
    return read_spacing(content, path.name, report)


def read_packed_spacing(packed: Iterable[tuple[str, Member]], report: Report) -> dict[Key, Spacing]:
    """`read_spacing` of those that were packed with their archives; the first says what holds."""
    found: dict[Key, Spacing] = {}
    for name, member in packed:
        try:
            content = member.read() if member.size <= limits.MAX_SPACING_BYTES else None
        except Unreadable as problem:
            report.add(problem.code, "refused", problem.sentence, file=name)
            continue
        found = read_spacing(content, name, report) | found
    return found


def read_spacing(content: bytes | None, name: str, report: Report) -> dict[Key, Spacing]:
    """Scale by case. Rows that are not understood are refused by file, row, column and value; the others hold."""
    text = _text(content, name, report)
    if text is None:
        return {}
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in text.split("\n", 1)[0] else ",")
    known = {h: code for code, headers in _HEADERS.items() for h in headers}
    header = {code: name for name in rows.fieldnames or () if (code := known.get(normalise(name or "")))}
    if not {"centre", "group", "number"} <= header.keys() or not (
        {"mm"} <= header.keys() or {"row_mm", "col_mm"} <= header.keys()
    ):
        report.add(
            "spacing_unreadable",
            "refused",
            file=name,
            value=", ".join(rows.fieldnames or ())[:100],
            sentence=_("The table of scales needs the columns centre, group, number and mm_per_px (and source)."),
        )
        return {}
    found: dict[Key, Spacing] = {}
    try:
        for row in rows:
            if rows.line_num > limits.MAX_MEMBERS:
                break
            _read_row({c: row.get(h) or "" for c, h in header.items()}, rows.line_num, name, found, report)
    except csv.Error:
        report.add(
            "spacing_unreadable",
            "refused",
            file=name,
            row=rows.line_num,
            sentence=_("The table of scales is damaged from here on."),
        )
    return found


def _text(content: bytes | None, name: str, report: Report) -> str | None:
    if content is not None and len(content) <= limits.MAX_SPACING_BYTES and b"\0" not in content:
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    report.add(
        "spacing_unreadable",
        "refused",
        file=name,
        sentence=_("The table of scales is no CSV text (UTF-8) of at most 4 MiB."),
    )
    return None


def _read_row(row: dict[str, str], line: int, file: str, found: dict[Key, Spacing], report: Report) -> None:
    centre, number = cells.case_number(row["centre"]), cells.case_number(row["number"])
    group = GROUPS.get(normalise(row["group"]))
    if centre is None or number is None or group is None:
        report.add(
            "spacing_row",
            "refused",
            file=file,
            row=line,
            value=", ".join(row.values())[:100],
            sentence=_("The row names no case: centre, group and number are needed."),
        )
        return
    key = Key(centre, group, number)
    sizes = [cells.number(row.get(c) or row.get("mm", "")).value for c in ("row_mm", "col_mm")]
    low, high = PLAUSIBLE_MM
    if not all(isinstance(s, float) and low <= s <= high for s in sizes):
        report.add(
            "spacing_row",
            "refused",
            file=file,
            row=line,
            column=_("mm per px"),
            value=row.get("mm", ""),
            case=None,
            sentence=_("The scale of %(case)s is no size of a pixel: %(low)g to %(high)g mm are expected.")
            % {"case": key, "low": low, "high": high},
        )
    elif key in found:
        report.add(
            "spacing_row",
            "refused",
            file=file,
            row=line,
            sentence=_("The scale of %s stands here a second time; the first holds.") % key,
        )
    else:
        down, across = sizes
        assert isinstance(down, float) and isinstance(across, float)
        found[key] = Spacing(down, across, cells.clean(row.get("source", ""))[:200] or file)
