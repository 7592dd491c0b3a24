"""A draft compared with its image and form before anything is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations import answers as answering
from annotations import mask_codec
from annotations.answers import Spacing
from annotations.calibration import spacing_of_calibration, timed, validate_calibration
from annotations.features import form_schema
from annotations.models import Image, Reading
from annotations.payloads import Payload, check_payload, check_questions
from annotations.problems import HashMismatch, InvalidAnswer, InvalidMask


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mask that was decoded and checked, ready to be stored."""

    payload: bytes
    sha256: str
    area_px: int


def checked_values(reading: Reading, payload: Payload, *, image: Image, spacing: Spacing | None) -> dict[str, Any]:
    check_payload(payload)
    if payload.form_version and payload.form_version != reading.form_version:
        raise InvalidAnswer(_("This case is read under another version of the form."), feature="form_version",
                            value=payload.form_version)  # fmt: skip
    size = (image.width, image.height)
    calibration = validate_calibration(payload.calibration, size=size)
    if spacing is None and calibration:
        spacing = spacing_of_calibration(calibration, "reader")
    answers = answering.validate(form_schema(reading.form_version), payload.answers, size=size, spacing=spacing)
    return {
        "answers": answers,
        "score": payload.score,
        "call": payload.call,
        "remarks": payload.remarks,
        "no_node": payload.no_node,
        "calibration": timed(calibration, reading.calibration),
        "questions": _with_asked(reading.questions, payload.questions),
    }


def _with_asked(before: list[dict[str, Any]], sent: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The questions back that were sent, and those before that a sender left out: that one was asked is never lost.

    In the order of being asked. Raises InvalidAnswer where there are more together than a reading holds.
    """
    asked = [dict(q) for q in sent]
    keys = {(q["code"], q["shown_at"]) for q in asked}
    left_out = [q for q in before if (q["code"], q["shown_at"]) not in keys]
    if not left_out:
        return asked
    asked += left_out
    check_questions(asked)
    return sorted(asked, key=lambda q: str(q["shown_at"]))


def checked_mask(payload: Payload, image: Image) -> Drawn | None:
    if payload.mask is None or payload.mask_unchanged:
        return None
    try:
        mask = mask_codec.decode(payload.mask, max_pixels=image.width * image.height)
    except mask_codec.MaskCodecError as error:
        raise InvalidMask(str(error)) from error
    if mask.shape != (image.height, image.width):
        facts = {"w": mask.shape[1], "h": mask.shape[0], "iw": image.width, "ih": image.height}
        raise InvalidMask(_("The mask is %(w)d × %(h)d, its image %(iw)d × %(ih)d.") % facts)
    sha256 = mask_codec.mask_sha256(mask)
    if payload.mask_sha256 is not None and payload.mask_sha256 != sha256:
        raise HashMismatch(_("The mask that arrived is not the mask that was sent."), current=sha256)
    return Drawn(payload.mask, sha256, int(mask.sum()))
