"""Names of files in archives: made legible, matched in one normal form, tied to (centre, group, number, role)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

GROUPS = {
    "benign": "benign",
    "reactive": "benign",
    "benignreactive": "benign",
    "reactivebenign": "benign",
    "malignant": "malignant",
    "metastatic": "malignant",
    "metastasis": "malignant",
    "malignantmetastatic": "malignant",
}
ROLES = {"image": "image", "mask": "mask", "lesion": "lesion", "fusion": "lesion"}
PICTURES = ("bmp", "png", "tif", "tiff", "jpg", "jpeg")
SHEETS = ("xlsx", "xlsm", "xls", "ods", "csv")

_FILE = re.compile(rf"(\d{{1,6}}) ({'|'.join(GROUPS)}) ({'|'.join(ROLES)})\.({'|'.join(PICTURES)})")
_CENTRE = re.compile(r"cent(?:er|re) ?_?-?(\d{1,3})(?!\d)")
_LAST_NUMBER = re.compile(r"(\d{1,3})\.\w+$")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class FileKey:
    """What a picture's own name says."""

    group: str
    number: int
    role: str
    extension: str


def legible(name: str, *, utf8: bool) -> str:
    """A zip member's name as meant: without the UTF-8 flag many tools write UTF-8 all the same."""
    if utf8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def normal(name: str) -> str:
    """How names are compared: NFC, no case, single spaces, forward slashes."""
    composed = unicodedata.normalize("NFC", name).casefold().replace("\\", "/")
    parts = [" ".join(part.split()) for part in composed.split("/")]
    return "/".join(p for p in parts if p not in ("", "."))


def is_unsafe(name: str) -> bool:
    """A path that would leave the folder it is unpacked to, on any system."""
    path = name.replace("\\", "/")
    return path.startswith("/") or bool(_DRIVE.match(path)) or ".." in path.split("/")


def ignored_as(name: str) -> str:
    """Which kind of file of an operating system this is, or ""."""
    parts = normal(name).split("/")
    last = parts[-1]
    if "__macosx" in parts:
        return "__MACOSX"
    if last.startswith("._"):
        return "._*"
    if last.startswith("~$"):
        return "~$*"
    return {".ds_store": ".DS_Store", "thumbs.db": "Thumbs.db", "desktop.ini": "desktop.ini"}.get(last, "")


def file_key(name: str) -> FileKey | None:
    """What the file's own name ties it to, e.g. `1 Malignant Image.bmp`; None for any other file."""
    match = _FILE.fullmatch(normal(name).rsplit("/", 1)[-1])
    if match is None:
        return None
    number, group, role, extension = match.groups()
    return FileKey(GROUPS[group], int(number), ROLES[role], extension)


def is_published_form(name: str, key: FileKey) -> bool:
    """Whether the name is written just as the archives write it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = f"{key.number} {key.group.capitalize()} {key.role.capitalize()}."
    return last.startswith(stem) and last[len(stem) :] in PICTURES


def folder_group(name: str) -> str:
    """The group that a folder on the way names, or ""."""
    for part in reversed(normal(name).split("/")[:-1]):
        if part in GROUPS:
            return GROUPS[part]
    return ""


def centre_of(path: str) -> int | None:
    """The centre that the innermost folder (or the name) of a path speaks of."""
    for part in reversed(normal(path).split("/")):
        if match := _CENTRE.search(part):
            return int(match.group(1))
    return None


def sheet_centre(name: str) -> int | None:
    """The centre of a sheet: its folder's, else the number at the end of its name."""
    if (centre := centre_of(name)) is not None:
        return centre
    match = _LAST_NUMBER.search(normal(name))
    return int(match.group(1)) if match else None


def extension(name: str) -> str:
    last = normal(name).rsplit("/", 1)[-1]
    return last.rsplit(".", 1)[-1] if "." in last else ""
