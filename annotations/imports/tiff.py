"""The first directory of a TIFF, read by ourselves: Pillow turns a picture by its Orientation tag without a word."""

from __future__ import annotations

import struct

ORIENTATION = 274
# tags that may hold a person's name or a note: DocumentName, ImageDescription, PageName, Artist, HostComputer, XMP, IPTC,
# Photoshop, EXIF, GPS
PERSONAL = frozenset({269, 270, 285, 315, 316, 700, 33723, 34377, 34665, 34853})
MAX_ENTRIES = 200


class CutOff(Exception):
    """The directory lies beyond the end of the file."""


def first_directory(content: bytes) -> dict[int, int]:
    """Tag -> its value if it is a short or a long of its own, else 0. Raises CutOff."""
    order = "<" if content[:2] == b"II" else ">"
    try:
        (at,) = struct.unpack_from(order + "I", content, 4)
        (count,) = struct.unpack_from(order + "H", content, at)
        tags = {}
        for k in range(min(count, MAX_ENTRIES)):
            tag, kind, number = struct.unpack_from(order + "HHI", content, at + 2 + 12 * k)
            value = 0
            if number == 1 and kind in (3, 4):
                (value,) = struct.unpack_from(order + ("H" if kind == 3 else "I"), content, at + 10 + 12 * k)
            tags[tag] = value
    except struct.error:
        raise CutOff from None
    return tags
