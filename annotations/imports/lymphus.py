"""Read LymphUs archives, touching nothing: the cases that could be stored, and everything that was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from annotations.answers import Spacing
from annotations.canonical import sha256_of
from annotations.features import LYMPHUS
from annotations.imports.duplicates import report_duplicates
from annotations.imports.findings import Key, Report
from annotations.imports.folders import open_paths
from annotations.imports.members import Archive, Member, Unreadable
from annotations.imports.pictures import CasePictures, read_pictures
from annotations.imports.rows import SheetRow
from annotations.imports.scales import read_packed_spacing, read_spacing_file
from annotations.imports.sheets import SheetSource, read_sheet
from annotations.imports.ties import Sorted, sort_members

# done, total, what is being read
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class LymphusCase:
    """A case that can be stored. `image` reads the source file again: pixels are never kept."""

    key: Key
    row: SheetRow
    pictures: CasePictures
    archive: Archive
    image: Member = field(repr=False)
    spacing: Spacing | None = None

    @property
    def content_sha256(self) -> str:
        """What a second import compares: key, answers, the image's pixels and the mask, however their files are written."""
        return sha256_of(
            [
                self.key.centre,
                self.key.group,
                self.key.number,
                self.row.answers,
                self.pictures.pixel_sha256,
                self.pictures.mask_sha256,
            ]
        )


@dataclass(frozen=True, slots=True)
class LymphusReading:
    """Everything read: cases that can be stored, how many are left out, and the report."""

    cases: tuple[LymphusCase, ...]
    left_out: int
    report: Report

    def as_json(self) -> dict[str, Any]:
        return {"cases": len(self.cases), "left_out": self.left_out, **self.report.as_json()}


def read_lymphus(
    paths: Iterable[Path | str], spacing: Path | str | None = None, progress: Progress | None = None
) -> LymphusReading:
    """Read zips, bundles of zips or unpacked folders. Whatever they hold, this returns; no row and no image is written.

    `spacing`: a CSV of scales; it holds before one that a bundle brings. `progress(done, total, text)` is called for each
    row. One picture is decoded at a time.
    """
    report = Report()
    given = read_spacing_file(Path(spacing), report) if spacing else {}
    archives, packed = open_paths([Path(p) for p in paths], report)
    scales = read_packed_spacing(packed, report) | given
    sorted_archives = [sort_members(a, report) for a in archives]
    _refuse_second_sheets(sorted_archives, report)
    rows = [(s, row) for s in sorted_archives for row in _rows(s, report)]
    cases = _with_pictures(rows, scales, report, progress or (lambda *_args: None))
    _report_rowless(sorted_archives, rows, report)
    _report_unused_scales(scales, {row.key for _s, row in rows}, report)
    kept = tuple(c for c in cases if c.key not in report.refused_keys and c.archive.name not in report.refused_archives)
    report_duplicates(
        {c.key: (c.pictures.pixel_sha256, c.pictures.thumbnail) for c in kept},
        {c.key: c.archive.shown(c.image) for c in kept},
        report,
    )
    return LymphusReading(kept, max(0, report.counts["rows"] - len(kept) - _repeated(report)), report)


def _repeated(report: Report) -> int:
    """Rows that say the same as another: not a case left out."""
    return sum(1 for f in report.findings if f.code == "duplicate_row" and f.verdict == "look")


def _refuse_second_sheets(archives: list[Sorted], report: Report) -> None:
    """One centre in two archives: keys would meet."""
    first: dict[int, Sorted] = {}
    for one in archives:
        for centre, member in list(one.sheets.items()):
            other = first.setdefault(centre, one)
            if other is not one:
                report.add(
                    "two_sheets",
                    "refused",
                    archive=one.archive.name,
                    file=one.archive.shown(member),
                    value=other.archive.shown(other.sheets[centre]),
                    sentence=_("Centre %(n)d is in two archives, “%(a)s” and “%(b)s”; the first is read.")
                    % {"n": centre, "a": other.archive.name, "b": one.archive.name},
                )
                del one.sheets[centre]


def _rows(one: Sorted, report: Report) -> list[SheetRow]:
    found: list[SheetRow] = []
    for centre, member in sorted(one.sheets.items()):
        shown = one.archive.shown(member)
        try:
            found += read_sheet(member.read(), SheetSource(shown, one.archive.name, centre), LYMPHUS, report)
        except Unreadable as problem:
            report.add(problem.code, "refused", problem.sentence, file=shown, archive=one.archive.name)
    return found


def _with_pictures(
    rows: list[tuple[Sorted, SheetRow]], scales: dict[Key, Spacing], report: Report, progress: Progress
) -> list[LymphusCase]:
    cases = []
    for done, (one, row) in enumerate(rows):
        progress(
            done,
            len(rows),
            _("Reading %(case)s, %(n)d of %(all)d") % {"case": row.key, "n": done + 1, "all": len(rows)},
        )
        members = one.pictures.get(row.key, {})
        pictures = read_pictures(
            row.key, members, one.archive, report, f"{row.key.number} {row.key.group.capitalize()} %s"
        )
        if pictures is not None:
            cases.append(LymphusCase(row.key, row, pictures, one.archive, members["image"], scales.get(row.key)))
    progress(len(rows), len(rows), _("Read %d rows") % len(rows))
    return cases


def _report_rowless(archives: list[Sorted], rows: list[tuple[Sorted, SheetRow]], report: Report) -> None:
    """Pictures that no row of a sheet speaks of. A row that was refused still speaks of its files."""
    spoken = {row.key for _s, row in rows} | report.refused_keys
    read = {(one.archive.name, row.key.centre) for one, row in rows}
    for one in archives:
        for key, members in one.pictures.items():
            # a sheet that gave no row was refused in a sentence of its own
            if key not in spoken and (one.archive.name, key.centre) in read:
                report.add(
                    "no_row",
                    "look",
                    file=one.archive.shown(next(iter(members.values()))),
                    value=str(key),
                    sentence=_("No row of the sheet is %(case)s; its files (%(n)d) are not stored.")
                    % {"case": key, "n": len(members)},
                )


def _report_unused_scales(scales: dict[Key, Spacing], keys: set[Key], report: Report) -> None:
    for key in scales.keys() - keys - report.refused_keys:
        report.add(
            "spacing_row",
            "look",
            value=str(key),
            sentence=_("The table of scales gives one for %s, which no sheet holds.") % key,
        )
