"""What a file is, by its first bytes, never by its name."""

from __future__ import annotations

import struct

# what Pillow may open, and the extensions that say so
READ = {"BMP": ("bmp",), "PNG": ("png",), "TIFF": ("tif", "tiff"), "JPEG": ("jpg", "jpeg")}
_MAGIC = (
    (b"BM", "BMP"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0", "OLE"),
    (b"RIFF", "RIFF"),
)


def kind_of(content: bytes) -> str:
    """BMP, PNG, TIFF, JPEG; or the name of what it is instead; or "" when unknown."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[128:132] == b"DICM":
        return "DICOM"
    head = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if b"<svg" in head:
        return "SVG"
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        return "HTML" if b"<html" in head or b"<!doctype" in head or b"<table" in head else "XML"
    return ""


def declared_size(content: bytes, kind: str) -> tuple[int, int] | None:
    """(width, height) from the header of a PNG or BMP, so that a bomb is named without being opened."""
    try:
        if kind == "PNG":
            width, height = struct.unpack_from(">II", content, 16)
        elif kind == "BMP":
            width, height = struct.unpack_from("<ii", content, 18)
        else:
            return None
    except struct.error:
        return None
    return abs(width), abs(height)


def bmp_is_cut_off(content: bytes) -> bool:
    """Whether an uncompressed BMP holds fewer bytes than its header needs (Pillow fills some of them with grey)."""
    try:
        (offset,) = struct.unpack_from("<I", content, 10)
        header, width, height, _planes, bits, compression = struct.unpack_from("<IiiHHI", content, 14)
    except struct.error:
        return True
    if header < 40 or compression != 0:
        return False
    return len(content) < offset + (abs(width) * bits + 31) // 32 * 4 * abs(height)


def png_chunks(content: bytes) -> list[bytes]:
    """Types of a PNG's chunks, as far as they can be followed."""
    found: list[bytes] = []
    at = 8
    while at + 8 <= len(content) and len(found) < 100_000:
        length, kind = struct.unpack_from(">I4s", content, at)
        found.append(kind)
        at += 12 + length
    return found
