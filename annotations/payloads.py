"""What a page or a program sends as a reading, checked for form before anything is compared with the image."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from annotations.models import Reading
from annotations.problems import InvalidAnswer, InvalidMask

MAX_REMARKS = 10_000
MAX_QUESTIONS = 100
ENDINGS = (None, "kept", "changed")


@dataclass(frozen=True, slots=True)
class Payload:
    """All that one write of a reading says.

    mask            encoded by `mask_codec`; None is no mask, unless `mask_unchanged`
    mask_sha256     what the sender takes the mask's hash to be; None is not compared for a mask that was sent
    mask_unchanged  the stored mask stays, and must have that hash
    calibration     the reader's own: {"points": [x1, y1, x2, y2], "mm": distance}
    questions       contradictions put back to the reader: [{"code", "shown_at", "ended", "ended_at"}], where `ended` is
                    "kept" (by choice), "changed" (the answers were, after it was shown) or None (left as it was)
    """

    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    score: int | None = None
    call: str = ""
    remarks: str = ""
    no_node: bool = False
    mask: bytes | None = None
    mask_sha256: str | None = None
    mask_unchanged: bool = False
    calibration: Mapping[str, Any] | None = None
    questions: list[Mapping[str, Any]] = field(default_factory=list)
    form_version: str = ""


def payload_from_json(body: Any) -> Payload:
    """The payload of a PUT's body. Raises InvalidAnswer or InvalidMask, naming the field."""
    if not isinstance(body, Mapping):
        raise InvalidAnswer(_("A reading is sent as an object."), feature=None)
    return Payload(
        answers=_kind(body, "answers", Mapping, {}),
        score=_kind(body, "score", int, None),
        call=_kind(body, "call", str, None) or "",
        remarks=_kind(body, "remarks", str, ""),
        no_node=_kind(body, "no_node", bool, False),
        mask=_mask(body.get("mask")),
        mask_sha256=_kind(body, "mask_sha256", str, None),
        mask_unchanged=_kind(body, "mask_unchanged", bool, False),
        calibration=_kind(body, "calibration", Mapping, None),
        questions=_kind(body, "questions", list, []),
        form_version=_kind(body, "form_version", str, ""),
    )


def check_payload(payload: Payload) -> None:
    """Score, call, remarks and questions within their bounds. Raises InvalidAnswer."""
    if payload.score is not None and not (_is_int(payload.score) and 0 <= payload.score <= 100):
        raise InvalidAnswer(_("The malignancy score is a whole number from 0 to 100."), feature="score")
    if payload.call not in ("", *Reading.Call.values):
        raise InvalidAnswer(_("The call is benign or malignant."), feature="call", value=payload.call)
    if len(payload.remarks) > MAX_REMARKS:
        raise InvalidAnswer(_("Remarks hold %d characters at most.") % MAX_REMARKS, feature="remarks")
    if not is_storable(payload.remarks):
        raise InvalidAnswer(_("Remarks hold a character that is no text."), feature="remarks")
    check_questions(payload.questions)


def check_questions(questions: Sequence[Any]) -> None:
    """Raises InvalidAnswer."""
    if len(questions) > MAX_QUESTIONS or not all(_is_question(q) for q in questions):
        raise InvalidAnswer(
            _("A question back has a code, the time it was shown, and how it ended."), feature="questions"
        )


def is_storable(text: str) -> bool:
    """Whether both databases can keep the text: PostgreSQL has no place for NUL, UTF-8 none for half a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)


def _kind(body: Mapping[str, Any], name: str, kind: type, default: Any) -> Any:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or (kind is int and not _is_int(value)):
        raise InvalidAnswer(_("“%s” is not of the expected kind.") % name, feature=name)
    return value


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_question(value: Any) -> bool:
    if not isinstance(value, Mapping) or len(value) > 8 or value.get("ended") not in ENDINGS:
        return False
    if not isinstance(value.get("code"), str) or not isinstance(value.get("shown_at"), str):
        return False
    return all(is_storable(str(k)) and _is_short(v) for k, v in value.items())


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= 100 and is_storable(value)
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53)


def _mask(value: Any) -> bytes | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or not isinstance(value.get("data"), str):
        raise InvalidMask(_("A mask is sent as {“data”: base64 of its encoded form}."))
    try:
        return base64.b64decode(value["data"], validate=True)
    except (binascii.Error, ValueError):
        raise InvalidMask(_("The mask's data is not base64.")) from None
