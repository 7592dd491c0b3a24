"""The three pictures of one case, read one at a time and checked against each other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from annotations.imports.decoding import Remark
from annotations.imports.duplicates import thumbnail
from annotations.imports.findings import Key, Report, printable
from annotations.imports.greys import Grey, read_grey
from annotations.imports.masks import Bits, read_mask
from annotations.imports.members import Archive, Member, Unreadable
from annotations.mask_codec import encode, mask_sha256
from annotations.pictures import pixel_sha256

T = TypeVar("T", bound=npt.NDArray[Any])


@dataclass(frozen=True, slots=True)
class CasePictures:
    """What is kept of a case's pictures while the rest is read: hashes and the coded mask, never the image's pixels."""

    width: int
    height: int
    pixel_sha256: str
    thumbnail: npt.NDArray[np.float32]
    mask_payload: bytes
    mask_sha256: str
    mask_area_px: int
    # role -> {"name", "sha256"} of the source file
    files: dict[str, dict[str, str]]


def read_pictures(
    key: Key, members: dict[str, Member], archive: Archive, report: Report, looked_for: str
) -> CasePictures | None:
    """The case's pictures, or None when the report says why the case is left out."""
    files: dict[str, dict[str, str]] = {}
    before = report.counts["refused"]
    for role in ("image", "mask"):
        if role not in members:
            report.add(
                f"missing_{role}",
                "refused",
                file=archive.name,
                value=str(key),
                case=key,
                sentence=_("The %(role)s of %(case)s is not in the archive; “%(name)s” was looked for.")
                % {"role": _(role), "case": key, "name": looked_for % role.capitalize()},
            )
    image = _read(read_grey, "image", key, members, archive, files, report)
    mask = _read(read_mask, "mask", key, members, archive, files, report)
    if image is not None and mask is not None and image.shape != mask.shape:
        report.add(
            "mask_size",
            "refused",
            file=archive.shown(members["mask"]),
            column=_("size"),
            value=_size(mask),
            case=key,
            probably=_size_guess(image, mask),
            sentence=_("The mask is %(mask)s and its image %(image)s. It is never resized.")
            % {"mask": _size(mask), "image": _size(image)},
        )
        mask = None
    if image is None or mask is None or report.counts["refused"] > before:
        return None
    _check_lesion(image, mask, key, members, archive, files, report)
    return CasePictures(
        width=image.shape[1],
        height=image.shape[0],
        pixel_sha256=pixel_sha256(image),
        thumbnail=thumbnail(image),
        mask_payload=encode(mask),
        mask_sha256=mask_sha256(mask),
        mask_area_px=int(mask.sum()),
        files=files,
    )


def _size(pixels: npt.NDArray[Any]) -> str:
    return f"{pixels.shape[1]} × {pixels.shape[0]}"


def _size_guess(image: Grey, mask: Bits) -> str:
    if image.shape == mask.shape[::-1]:
        return _("width and height exchanged")
    if mask.shape[0] * image.shape[1] == mask.shape[1] * image.shape[0]:
        return _("drawn on an enlarged or reduced copy")
    return _("from another crop")


def _read(
    reader: Callable[[bytes, str], tuple[T, list[Remark]]],
    role: str,
    key: Key,
    members: dict[str, Member],
    archive: Archive,
    files: dict[str, dict[str, str]],
    report: Report,
) -> T | None:
    member = members.get(role)
    if member is None:
        return None
    try:
        content = member.read()
        files[role] = {"name": printable(member.name, length=300), "sha256": hashlib.sha256(content).hexdigest()}
        pixels, remarks = reader(content, member.name)
    except Unreadable as problem:
        report.add(
            problem.code,
            "refused",
            problem.sentence,
            file=archive.shown(member),
            case=key,
            archive=archive.name if problem.archive_wide else "",
        )
        return None
    for remark in remarks:
        report.add(
            remark.code,
            "look",
            remark.sentence,
            file=archive.shown(member),
            value=remark.value,
            probably=remark.probably,
            case=key,
        )
    return pixels


def _check_lesion(
    image: Grey,
    mask: Bits,
    key: Key,
    members: dict[str, Member],
    archive: Archive,
    files: dict[str, dict[str, str]],
    report: Report,
) -> None:
    """The lesion file is image x mask, exactly; it is never stored, so whatever it is costs no case."""
    member = members.get("lesion")
    if member is None:
        report.add(
            "missing_lesion",
            "look",
            file=archive.name,
            value=str(key),
            case=key,
            sentence=_("The lesion file of %s is not in the archive; it is derived from image and mask.") % key,
        )
        return
    where: dict[str, Any] = {"file": archive.shown(member), "case": key}
    try:
        content = member.read()
        lesion, _remarks = read_grey(content, member.name)
    except Unreadable as problem:
        derived = _("It is derived from image and mask.")
        report.add("lesion_unreadable", "look", f"{problem.sentence} {derived}", **where)
        return
    files["lesion"] = {"name": printable(member.name, length=300), "sha256": hashlib.sha256(content).hexdigest()}
    if lesion.shape != image.shape:
        report.add(
            "lesion_differs",
            "look",
            column=_("size"),
            value=_size(lesion),
            sentence=_("The lesion file has another size than its image, %s.") % _size(image),
            **where,
        )
        return
    differ = int((lesion != image * mask).sum())
    if differ:
        report.add(
            "lesion_differs",
            "look",
            column=_("pixels"),
            value=f"{differ} px",
            sentence=_("%d pixels of the lesion file are not image × mask.") % differ,
            **where,
        )
