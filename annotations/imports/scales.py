"""`spacing.csv` beside the archives: centre, group, number, mm per px, source. The one way a scale comes in with an import."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.answers import Spacing
from annotations.features import normalise
from annotations.imports import cells, limits
from annotations.imports.findings import Key, Report
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


def read_spacing(path: Path, report: Report) -> dict[Key, Spacing]:
    """Scale by case. Rows that are not understood are refused by file, row, column and value; the others hold."""
    text = _text(path, report)
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
            file=path.name,
            value=", ".join(rows.fieldnames or ())[:100],
            sentence=_("The table of scales needs the columns centre, group, number and mm_per_px (and source)."),
        )
        return {}
    found: dict[Key, Spacing] = {}
    try:
        for row in rows:
            if rows.line_num > limits.MAX_MEMBERS:
                break
            _read_row({c: row.get(h) or "" for c, h in header.items()}, rows.line_num, path.name, found, report)
    except csv.Error:
        report.add(
            "spacing_unreadable",
            "refused",
            file=path.name,
            row=rows.line_num,
            sentence=_("The table of scales is damaged from here on."),
        )
    return found


def _text(path: Path, report: Report) -> str | None:
    try:
        with path.open("rb") as file:
            content = file.read(limits.MAX_SPACING_BYTES + 1)
        if len(content) <= limits.MAX_SPACING_BYTES and b"\0" not in content:
            return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        pass
    report.add(
        "spacing_unreadable",
        "refused",
        file=path.name,
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
