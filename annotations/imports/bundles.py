"""Archives packed together: one zip with `Center N.zip` in it, their scales and a manifest, as an export is written.

One storey deep: a zip in an archive that is itself inside a bundle is never opened. The archives inside have together the
limits of one.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from annotations.imports import limits, names
from annotations.imports.findings import Report
from annotations.imports.members import Archive, Member, Unreadable
from annotations.imports.zips import holds_too_much, open_zip

SHEETS = ("xlsx", "xlsm")
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds: its archives, and its tables of scales with the names that the report gives them."""

    archives: tuple[Archive, ...]
    scales: tuple[tuple[str, Member], ...]


def is_bundle(archive: Archive) -> bool:
    """Whether archives are all that it holds of use: no sheet of its own, no picture, and a zip."""
    mine = [m for m in archive.members if not names.ignored_as(m.name)]
    own = any(names.extension(m.name) in SHEETS or names.file_key(m.name) for m in mine)
    return not own and any(_is_archive(m) for m in mine)


def open_bundle(outer: Archive, report: Report) -> Bundle:
    """The archives inside. What cannot be opened, or belongs nowhere, is reported."""
    inside: list[Member] = []
    scales: list[tuple[str, Member]] = []
    for member in outer.members:
        last = member.normal.rsplit("/", 1)[-1]
        if kind := names.ignored_as(member.name):
            report.ignored[kind] += 1
        elif _is_archive(member):
            inside.append(member)
        elif last == MANIFEST:
            report.ignored[MANIFEST] += 1
        elif names.extension(last) == "csv" and "spacing" in last:
            scales.append((outer.shown(member), member))
        else:
            _report_stranger(outer, member, report)
    if _too_many(outer, inside, report) or _of_several_readers(outer, inside, report):
        return Bundle((), ())
    opened = [a for m in inside if (a := _open(outer, m, report)) is not None]
    return Bundle((), ()) if _too_large(outer, opened, report) else Bundle(tuple(opened), tuple(scales))


def _is_archive(member: Member) -> bool:
    return names.extension(member.name) == "zip" and member.place is not None


def _open(outer: Archive, member: Member, report: Report) -> Archive | None:
    name = f"{outer.name}/{member.name}"
    assert member.place is not None
    try:
        return open_zip(member.place(), name, report)
    except Unreadable as problem:
        report.add(problem.code, "refused", problem.sentence, archive=name, file=outer.shown(member))
        return None


def _report_stranger(outer: Archive, member: Member, report: Report) -> None:
    report.add(
        "unexpected_file",
        "look",
        file=outer.shown(member),
        sentence=_("The file has no place in the layout; it was not opened."),
    )


def _too_many(outer: Archive, inside: list[Member], report: Report) -> bool:
    if len(inside) <= limits.MAX_INSIDE:
        return False
    report.add(
        "too_many_members",
        "refused",
        archive=outer.name,
        file=outer.name,
        value=len(inside),
        sentence=_("%(n)d archives are packed together; at most %(limit)d are read.")
        % {"n": len(inside), "limit": limits.MAX_INSIDE},
    )
    return True


def _of_several_readers(outer: Archive, inside: list[Member], report: Report) -> bool:
    """An export of a study has the same archive once for each reader: which of them is the reference, it cannot say."""
    last = [m.normal.rsplit("/", 1)[-1] for m in inside]
    twice = next((m for m, name in zip(inside, last) if last.count(name) > 1), None)
    if twice is None:
        return False
    report.add(
        "several_readers",
        "refused",
        archive=outer.name,
        file=outer.name,
        value=twice.name.rsplit("/", 1)[-1],
        sentence=_(
            "The same archive is packed here once for each reader. Unpack it and import the archives of one of them."
        ),
    )
    return True


def _too_large(outer: Archive, opened: list[Archive], report: Report) -> bool:
    """Together the archives inside may hold what one may: decided from their directories."""
    sizes = [m.size for archive in opened for m in archive.members]
    return holds_too_much(len(sizes), sum(sizes), outer.name, report)
