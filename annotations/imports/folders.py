"""An unpacked archive: a folder read as a zip is, links never followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.imports import limits
from annotations.imports.bundles import is_bundle, open_bundle
from annotations.imports.findings import Report, printable
from annotations.imports.members import Archive, Member, Unreadable
from annotations.imports.places import file_at
from annotations.imports.zips import open_zip

MAX_DEPTH = 12


def open_paths(paths: list[Path], report: Report) -> tuple[list[Archive], list[tuple[str, Member]]]:
    """Every archive at these paths, and every table of scales packed with them (its name in the report, the file).

    A path is a zip, a bundle of zips, an unpacked folder, or a folder of zips. What cannot be opened is reported.
    """
    archives: list[Archive] = []
    scales: list[tuple[str, Member]] = []
    for path, name in _expanded(paths):
        archive = _open(path, name, report)
        if archive is not None and is_bundle(archive):
            bundle = open_bundle(archive, report)
            archives += bundle.archives
            scales += bundle.scales
        elif archive is not None:
            archives.append(archive)
    return archives, scales


def _expanded(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    seen: dict[str, int] = {}
    for path in paths:
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() == ".zip") if path.is_dir() else []
        for one in inside or [path]:
            name = printable(one.resolve().name, length=200)
            seen[name] = seen.get(name, 0) + 1
            yield one, name if seen[name] == 1 else f"{name} ({seen[name]})"


def _open(path: Path, name: str, report: Report) -> Archive | None:
    if path.is_dir():
        return open_folder(path, name, report)
    if not path.is_file():
        report.add("no_such_file", "refused", archive=name, file=name, sentence=_("There is no such file or folder."))
        return None
    return open_zip(file_at(path), name, report, path)


def open_folder(root: Path, name: str, report: Report) -> Archive | None:
    """The folder as an archive, or None when the report says why not."""
    members: list[Member] = []
    total = 0
    for path in _files(root, root, name, report, 0):
        size = path.stat().st_size
        total += size
        if len(members) >= limits.MAX_MEMBERS:
            report.add(
                "too_many_members",
                "refused",
                archive=name,
                file=name,
                sentence=_("The folder holds more than %d files.") % limits.MAX_MEMBERS,
            )
            return None
        if size > limits.MAX_MEMBER or total > limits.MAX_UNPACKED:
            report.add(
                "archive_too_large",
                "refused",
                archive=name,
                file=f"{name}: {path.name}",
                value=f"{size >> 20} MiB",
                sentence=_("The folder holds more than is read: %(one)d MiB a file, %(all)d MiB in all.")
                % {"one": limits.MAX_MEMBER >> 20, "all": limits.MAX_UNPACKED >> 20},
            )
            return None
        members.append(Member(path.relative_to(root).as_posix(), size, partial(_read, path, size)))
    return Archive(name, "", tuple(members))


def _files(folder: Path, root: Path, name: str, report: Report, depth: int) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        path = Path(entry.path)
        if entry.is_symlink() or not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
            report.add(
                "link_member",
                "refused",
                archive=name,
                file=f"{name}: {path.relative_to(root)}",
                value=entry.name,
                sentence=_("This is a link or a device, not a file. It was not followed."),
            )
        elif entry.is_dir(follow_symlinks=False):
            if depth < MAX_DEPTH:
                yield from _files(path, root, name, report, depth + 1)
        else:
            yield path


def _read(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(size + 1)
    if len(content) != size:
        raise Unreadable("member_corrupt", _("The file changed while it was read."))
    return content
