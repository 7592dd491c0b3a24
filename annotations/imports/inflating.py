"""A zip's member, inflated by ourselves: never more than its directory declares, its checksum looked at.

`zipfile` stops silently at the declared size, and a member that holds more than it declares is a lie worth telling.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from annotations.imports import limits, places
from annotations.imports.members import Unreadable
from annotations.imports.places import Place

_LOCAL = struct.Struct("<4s22xHH")
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_member(place: Place, entry: zipfile.ZipInfo) -> bytes:
    """The member's bytes, at most as many as declared. Raises Unreadable."""
    with place() as file:
        _go_to(file, entry)
        packed = file.read(min(entry.compress_size, limits.MAX_MEMBER + limits.MIB))
    content = packed if entry.compress_type == zipfile.ZIP_STORED else _deflated(packed, entry.file_size)
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise _damaged()
    return content


def place_of_member(path: Path, entry: zipfile.ZipInfo) -> Place:
    """Where a member too large for the memory lies: in the zip itself if it is stored, else inflated. Raises Unreadable."""
    with path.open("rb") as file:
        _go_to(file, entry)
        if entry.compress_type == zipfile.ZIP_STORED:
            place = places.run_of(path, file.tell(), min(entry.compress_size, entry.file_size))
        else:
            place = places.nameless(_chunks(file, entry))
    if places.length_and_crc(place) != (entry.file_size, entry.CRC):
        raise _damaged()
    return place


def _go_to(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """To the first packed byte: the local header's names may have other lengths than the directory's."""
    if entry.compress_type not in METHODS:
        raise Unreadable(
            "member_unreadable",
            _("The file is compressed by method %d, which is not read; only stored and deflated files are.")
            % entry.compress_type,
        )
    file.seek(entry.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise Unreadable("member_corrupt", _("The file's place in the archive is damaged."))
    _magic, name_length, extra_length = _LOCAL.unpack(head)
    file.seek(name_length + extra_length, 1)


def _deflated(packed: bytes, size: int) -> bytes:
    stream = zlib.decompressobj(-15)
    try:
        content = stream.decompress(packed, size + 1)
    except zlib.error:
        raise _cannot_be_unpacked() from None
    if len(content) > size:
        raise _holds_more(size)
    return content


def _chunks(file: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The same, piece by piece."""
    stream, left, done = zlib.decompressobj(-15), entry.compress_size, 0
    while not stream.eof:
        packed = stream.unconsumed_tail
        if not packed:
            packed = file.read(min(places.CHUNK, left))
            left -= len(packed)
        try:
            chunk = stream.decompress(packed, places.CHUNK)
        except zlib.error:
            raise _cannot_be_unpacked() from None
        if not packed and not chunk:
            return
        done += len(chunk)
        if done > entry.file_size:
            raise _holds_more(entry.file_size)
        yield chunk


def _damaged() -> Unreadable:
    return Unreadable("member_corrupt", _("The file is damaged: its checksum or its length is not as declared."))


def _cannot_be_unpacked() -> Unreadable:
    return Unreadable("member_corrupt", _("The file is damaged: it cannot be unpacked."))


def _holds_more(size: int) -> Unreadable:
    return Unreadable(
        "member_corrupt",
        _("The file holds more than the %d bytes it declares. Reading stopped there; do not trust this archive.")
        % size,
        archive_wide=True,
    )
