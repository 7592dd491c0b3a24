"""Members sorted into sheets and pictures, pictures tied to (centre, group, number), and everything else named."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from annotations.imports import names
from annotations.imports.findings import Key, Report
from annotations.imports.members import Archive, Member, Unreadable

OTHER_SHEETS = ("xls", "ods", "csv")


@dataclass
class Sorted:
    """One archive's members by what they are. `pictures`: key -> role -> member."""

    archive: Archive
    sheets: dict[int, Member] = field(default_factory=dict)
    pictures: dict[Key, dict[str, Member]] = field(default_factory=lambda: defaultdict(dict))


def sort_members(archive: Archive, report: Report) -> Sorted:
    """Every member is a sheet, a picture, ignored and counted, or reported."""
    found = Sorted(archive)
    rest: list[Member] = []
    for member in archive.members:
        kind = names.ignored_as(member.name)
        if kind:
            report.ignored[kind] += 1
        else:
            rest.append(member)
    sheets = _sheets(rest)
    _place_sheets(found, sheets, report)
    by_name: dict[str, Member] = {}
    for member in rest:
        key = names.file_key(member.name)
        if member in sheets:
            continue
        if key is None or not _place_picture(found, member, key, by_name, report):
            report.add(
                "unexpected_file",
                "look",
                file=archive.shown(member),
                sentence=_("The file has no place in the layout; it was not opened."),
            )
    return found


def _sheets(members: list[Member]) -> list[Member]:
    """The spreadsheets; of other kinds of table only when there is no xlsx, so that a sentence can be said of them."""
    sheets = [m for m in members if names.extension(m.name) in ("xlsx", "xlsm")]
    return sheets or [m for m in members if names.extension(m.name) in OTHER_SHEETS and "spacing" not in m.normal]


def _archives_inside(archive: Archive) -> str:
    """A bundle inside a bundle, or archives zipped in a folder: one storey too deep to be opened."""
    inside = [m.name for m in archive.members if names.extension(m.name) == "zip"]
    if not inside:
        return ""
    return _("archives packed together; unpack it and import %s, with its spacing.csv if there is one") % ", ".join(
        inside
    )


def _place_sheets(found: Sorted, sheets: list[Member], report: Report) -> None:
    archive = found.archive
    if not sheets:
        report.add(
            "no_sheet",
            "refused",
            archive=archive.name,
            file=archive.name,
            sentence=_(
                "The archive holds no Excel sheet; “Lymphnode US features Database 1.xlsx” or another .xlsx was looked for."
            ),
            probably=_archives_inside(archive),
        )
    for member in sheets:
        centre = names.sheet_centre(member.name) or names.centre_of(archive.name) or _only_centre(archive)
        if centre is None:
            report.add(
                "no_centre",
                "refused",
                archive=archive.name,
                file=archive.shown(member),
                sentence=_(
                    "Neither the folder nor the name of sheet or archive says which centre it is, as in “Center 1”."
                ),
            )
        elif centre in found.sheets:
            report.add(
                "two_sheets",
                "refused",
                archive=archive.name,
                file=archive.shown(member),
                value=found.sheets[centre].name,
                sentence=_("There are two sheets of centre %(n)d: “%(a)s” and “%(b)s”. Which one holds is not known.")
                % {"n": centre, "a": found.sheets[centre].name, "b": member.name},
            )
        else:
            found.sheets[centre] = member


def _only_centre(archive: Archive) -> int | None:
    centres = {c for m in archive.members if (c := names.centre_of(m.name)) is not None}
    return centres.pop() if len(centres) == 1 else None


def _place_picture(
    found: Sorted, member: Member, key: names.FileKey, by_name: dict[str, Member], report: Report
) -> bool:
    archive = found.archive
    centre = names.centre_of(member.name.rpartition("/")[0])
    if centre is None:
        centre = next(iter(found.sheets)) if len(found.sheets) == 1 else names.centre_of(archive.name)
    if centre is None:
        return False
    case = Key(centre, key.group, key.number)
    twin = by_name.setdefault(member.normal, member)
    other = found.pictures[case].get(key.role)
    if twin is not member or other is not None:
        _two_of_one(archive, twin if twin is not member else other or member, member, case, report)
        return True
    found.pictures[case][key.role] = member
    folder = names.folder_group(member.name)
    if folder and folder != key.group:
        report.add(
            "group_contradiction",
            "look",
            file=archive.shown(member),
            value=folder,
            sentence=_("The file says %(file)s and lies in the folder %(folder)s; its name and the row hold.")
            % {"file": case, "folder": folder.capitalize()},
        )
    if not names.is_published_form(member.name, key):
        report.add(
            "name_normalised",
            "note",
            file=archive.shown(member),
            value=str(case),
            sentence=_("The file's name is not written as published; it was taken for %s.") % case,
        )
    return True


def _two_of_one(archive: Archive, first: Member, second: Member, case: Key, report: Report) -> None:
    same = _same_bytes(first, second)
    report.add(
        "duplicate_member",
        "look" if same else "refused",
        archive="" if same else archive.name,
        file=archive.shown(second),
        value=first.name,
        sentence=(
            _("Two files are the same part of %s and hold the same; the first is taken.")
            if same
            else _("Two files are the same part of %s and differ; programs disagree on which one counts.")
        )
        % case,
    )


def _same_bytes(first: Member, second: Member) -> bool:
    try:
        return first.read() == second.read()
    except Unreadable:
        return False
