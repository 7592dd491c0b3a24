"""From a file's bytes to pixels, with nothing believed: kind by its first bytes, size before pixels, one picture at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image as Pillow

from annotations.imports import kinds, limits, tiff
from annotations.imports.members import Unreadable
from annotations.imports.names import extension

PNG_PERSONAL = frozenset({b"tEXt", b"iTXt", b"zTXt", b"eXIf"})
EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd of a picture that can be stored all the same."""

    code: str
    sentence: str
    value: str = ""
    probably: str = ""


@contextmanager
def opened(content: bytes, name: str, remarks: list[Remark]) -> Iterator[Pillow.Image]:
    """The decoded picture, as its file holds it, unturned. Raises Unreadable; adds what is odd to `remarks`."""
    kind = _kind(content, name, remarks)
    _refuse_size(kinds.declared_size(content, kind))
    directory = _tiff_directory(content) if kind == "TIFF" else {}
    if kind == "BMP" and kinds.bmp_is_cut_off(content):
        raise _cut_off()
    if directory.get(tiff.ORIENTATION, 1) > 1:
        raise _turned(directory[tiff.ORIENTATION])
    try:
        image = Pillow.open(io.BytesIO(content), formats=[kind])
    except Pillow.DecompressionBombError:
        raise Unreadable("image_too_large", _("The picture claims more pixels than are read.")) from None
    except (
        Exception
    ):  # a hostile header makes Pillow raise nearly anything (SyntaxError, struct.error, OverflowError …)
        raise Unreadable("image_unreadable", _("The picture cannot be opened: its header is damaged.")) from None
    with image:
        _refuse_size(image.size)
        _refuse_pages(image, kind)
        _note_metadata(image, kind, content, directory, remarks)
        _load(image)
        yield image


def _kind(content: bytes, name: str, remarks: list[Remark]) -> str:
    if not content:
        raise Unreadable("image_unreadable", _("The file is empty."))
    kind = kinds.kind_of(content)
    if kind not in kinds.READ:
        said = _("This is no picture but %s.") % kind if kind else _("This is no picture that is known.")
        raise Unreadable("not_an_image", said + " " + _("BMP, PNG, TIFF and JPEG are read."))
    if extension(name) not in kinds.READ[kind]:
        remarks.append(
            Remark(
                "wrong_extension",
                _("The file is called .%(name)s and is a %(kind)s; it was read as that.")
                % {"name": extension(name), "kind": kind},
                kind,
            )
        )
    if kind == "JPEG":
        remarks.append(
            Remark("lossy_picture", _("A JPEG is not what the scanner showed: its pixels were changed when saved."))
        )
    return kind


def _refuse_size(size: tuple[int, int] | None) -> None:
    if size is None:
        return
    shown = f"{size[0]} × {size[1]}"
    if size[0] * size[1] > limits.MAX_PIXELS or max(size) > limits.MAX_SIDE:
        raise Unreadable(
            "image_too_large",
            _("The picture claims %(size)s pixels; at most %(n)d million are read.")
            % {"size": shown, "n": limits.MAX_PIXELS // 1_000_000},
        )
    if min(size) < limits.MIN_SIDE:
        raise Unreadable(
            "image_too_small", _("The picture is %(size)s pixels: too small for an ultrasound image.") % {"size": shown}
        )


def _tiff_directory(content: bytes) -> dict[int, int]:
    try:
        return tiff.first_directory(content)
    except tiff.CutOff:
        raise _cut_off() from None


def _cut_off() -> Unreadable:
    return Unreadable("image_truncated", _("The picture is cut off: pixels are missing. Nothing of it is stored."))


def _turned(orientation: int) -> Unreadable:
    return Unreadable(
        "orientation_tag",
        _(
            "The file asks to be turned (orientation %d), its mask does not. Turn and save it, so that both have one geometry."
        )
        % orientation,
    )


def _refuse_pages(image: Pillow.Image, kind: str) -> None:
    pages = 1
    try:
        while kind == "TIFF" and pages < 10:
            image.seek(pages)
            pages += 1
    except Exception:  # EOFError at the last page; a damaged directory raises others, and is no page either
        pass
    if pages > 1:
        said = str(pages) if pages < 10 else _("10 or more")
        raise Unreadable("many_pages", _("The file holds %s pages; which one is meant is not known.") % said)
    if kind == "TIFF":
        image.seek(0)


def _note_metadata(
    image: Pillow.Image, kind: str, content: bytes, directory: dict[int, int], remarks: list[Remark]
) -> None:
    """Say that notes inside the file are not stored, never what they say: it may be a patient's name."""
    held = False
    if kind == "TIFF":
        held = bool(tiff.PERSONAL & directory.keys())
    elif kind == "PNG":
        held = bool(PNG_PERSONAL & set(kinds.png_chunks(content)))
    elif kind == "JPEG":
        exif = image.getexif()
        if exif.get(EXIF_ORIENTATION, 1) not in (0, 1):
            raise _turned(int(exif[EXIF_ORIENTATION]))
        held = bool(exif) or "comment" in image.info
    if held:
        remarks.append(
            Remark(
                "metadata_removed",
                _("The file holds notes beside the pixels (they may name a patient); they are not stored."),
            )
        )


def _load(image: Pillow.Image) -> None:
    try:
        image.load()
    except Exception as broken:  # as above: decoders raise nearly anything on hostile bytes
        if "truncated" in str(broken).lower() or isinstance(broken, EOFError):
            raise _cut_off() from None
        raise Unreadable("image_unreadable", _("The picture cannot be decoded: its pixels are damaged.")) from None
