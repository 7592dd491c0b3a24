"""A zip, opened as if it meant harm: everything that its directory can say is decided before a byte is inflated.

Nothing of it is unpacked to the disk. A zip inside is opened only if it is an archive in a bundle (`bundles`).
"""

from __future__ import annotations

import hashlib
import stat
import struct
import zipfile
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.imports import limits, names
from annotations.imports.findings import Report, printable
from annotations.imports.inflating import place_of_member, read_member
from annotations.imports.members import Archive, Member
from annotations.imports.places import Place, file_at

_UTF8, _ENCRYPTED = 0x800, 0x1
KNOWN_MAGIC = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "RAR", b"\x1f\x8b": "gzip"}


def sha256_of_file(path: Path) -> str:
    return _sha256(file_at(path))


def _sha256(place: Place) -> str:
    with place() as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def open_zip(place: Place, name: str, report: Report, path: Path | None = None) -> Archive | None:
    """The archive, or None when the report says why it cannot be opened.

    `path`: the zip is this file, not a part of one, so that zips in it may be archives of a bundle.
    """
    try:
        with place() as file, zipfile.ZipFile(file) as directory:
            entries = directory.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, OverflowError):
        _say_what_it_is(place, name, report)
        return None
    if not _fits(entries, name, report):
        return None
    encrypted = [e for e in entries if e.flag_bits & _ENCRYPTED]
    if encrypted:
        report.add(
            "archive_encrypted",
            "refused",
            archive=name,
            file=name,
            value=printable(encrypted[0].filename),
            sentence=_("The archive needs a password. Unpack it and import the folder, or zip it again without one."),
        )
        return None
    members = [m for e in entries if (m := _member(place, path, e, name, report)) is not None]
    if any("\\" in e.filename for e in entries) and name not in report.refused_archives:
        report.add(
            "backslash_paths",
            "look",
            file=name,
            sentence=_("Paths are written with backslashes, as old Windows tools do; they are read as folders."),
        )
    return Archive(name, _sha256(place), tuple(members))


def _say_what_it_is(place: Place, name: str, report: Report) -> None:
    with place() as file:
        head = file.read(512)
    if head.startswith(b"PK\x03\x04"):
        report.add(
            "archive_corrupt",
            "refused",
            archive=name,
            file=name,
            sentence=_("The archive is cut off or damaged: its directory cannot be read. Download it again."),
        )
        return
    kind = next((k for magic, k in KNOWN_MAGIC.items() if head.startswith(magic)), "")
    if not kind and head.lstrip().lower().startswith((b"<!doctype", b"<html")):
        kind = _("a web page: perhaps a log-in page saved in place of the download")
    report.add(
        "not_a_zip",
        "refused",
        archive=name,
        file=name,
        value=kind,
        probably=kind,
        sentence=_("This is not a zip archive."),
    )


def holds_too_much(members: int, unpacked: int, name: str, report: Report) -> bool:
    """Whether so many files, or so many bytes unpacked, are more than is read; the report says which."""
    if members > limits.MAX_MEMBERS:
        code, value = "too_many_members", str(members)
        sentence = _("The archive holds %(n)d files; at most %(limit)d are read.")
        facts = {"n": members, "limit": limits.MAX_MEMBERS}
    elif unpacked > limits.MAX_UNPACKED:
        code, value = "archive_too_large", f"{unpacked >> 20} MiB"
        sentence = _("Unpacked, the archive would hold %(n)d MiB; at most %(limit)d MiB are read.")
        facts = {"n": unpacked >> 20, "limit": limits.MAX_UNPACKED >> 20}
    else:
        return False
    report.add(code, "refused", sentence % facts, archive=name, file=name, value=value)
    return True


def _fits(entries: list[zipfile.ZipInfo], name: str, report: Report) -> bool:
    if holds_too_much(len(entries), sum(e.file_size for e in entries), name, report):
        return False
    for entry in entries:
        bomb = entry.file_size > limits.RATIO_FROM and entry.file_size > limits.MAX_RATIO * max(1, entry.compress_size)
        limit = limits.MAX_INNER if names.extension(entry.filename) == "zip" else limits.MAX_MEMBER
        if entry.file_size > limit or bomb:
            report.add(
                "archive_too_large",
                "refused",
                archive=name,
                file=f"{name}: {printable(entry.filename)}",
                value=f"{entry.file_size >> 20} MiB",
                sentence=_("One file would unpack to %(n)d MiB; at most %(limit)d MiB are read.")
                % {"n": entry.file_size >> 20, "limit": limit >> 20},
            )
            break
    return name not in report.refused_archives


def _member(place: Place, path: Path | None, entry: zipfile.ZipInfo, archive: str, report: Report) -> Member | None:
    shown = names.legible(entry.filename, utf8=bool(entry.flag_bits & _UTF8))
    if _refused(entry, shown, archive, report) or entry.is_dir() or shown.endswith("\\"):
        return None
    inside = partial(place_of_member, path, entry) if path and names.extension(shown) == "zip" else None
    return Member(shown.replace("\\", "/"), entry.file_size, partial(read_member, place, entry), inside)


def _refused(entry: zipfile.ZipInfo, shown: str, archive: str, report: Report) -> bool:
    file = f"{archive}: {shown}"
    mode = entry.external_attr >> 16
    kind = stat.S_IFMT(mode) if entry.create_system == 3 else 0
    if "\0" in entry.orig_filename:
        report.add(
            "bad_name",
            "refused",
            archive=archive,
            file=f"{archive}: {entry.orig_filename}",
            value=entry.orig_filename,
            sentence=_("A file's name holds a NUL character."),
        )
    elif names.is_unsafe(shown):
        report.add(
            "unsafe_path",
            "refused",
            archive=archive,
            file=file,
            value=shown,
            sentence=_("A file's path leads out of the archive. Nothing was unpacked; do not trust this archive."),
        )
    elif kind and kind not in (stat.S_IFREG, stat.S_IFDIR):
        report.add(
            "link_member",
            "refused",
            archive=archive,
            file=file,
            value=shown,
            sentence=_("This is a link or a device, not a file. It was not followed; do not trust this archive."),
        )
    else:
        return False
    return True
