"""The verbs of a reading: save its draft, submit it, reopen it. Each is one transaction and safe against another tab.

Who may call them is asked on the floor above (`readers.assignments`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations import answers as answering
from annotations import mask_codec
from annotations.answers import Resolved, Spacing
from annotations.calibration import spacing_of_calibration, validate_calibration
from annotations.features import form_schema
from annotations.models import Image, Mask, Reading
from annotations.payloads import Payload, check_payload
from annotations.problems import AlreadySubmitted, HashMismatch, Incomplete, InvalidAnswer, InvalidMask, StaleReading
from annotations.revisions import append_revision


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A mask that was decoded and checked, ready to be stored."""

    payload: bytes
    sha256: str
    area_px: int


def save_draft(reading: Reading, *, payload: Payload, expected_version: int, write_id: str, image: Image,
               spacing: Spacing | None) -> Reading:  # fmt: skip
    """Store a reader's unfinished reading, answers and mask together, and return it as stored.

    The same `write_id` again changes nothing and returns the same. `spacing` is the image's scale; without one the reader's
    own calibration gives it. Raises StaleReading, AlreadySubmitted, InvalidAnswer, InvalidMask, HashMismatch; then nothing
    is stored.
    """
    earlier = _as_stored(reading)
    if write_id and earlier.write_id == write_id:
        return earlier
    values = _checked_values(earlier, payload, image=image, spacing=spacing)
    drawn = _checked_mask(payload, image)
    with transaction.atomic():
        won = _rows(reading).drafts().filter(version=expected_version).update(
            version=F("version") + 1, write_id=write_id, saved_at=timezone.now(), **values
        )  # fmt: skip
        if not won:
            return _lost(reading, expected_version, write_id)
        _store_mask(reading, image, payload, drawn)
        return _as_stored(reading)


def submit_reading(reading: Reading, *, expected_version: int, mask_sha256: str | None, write_id: str, image: Image,
                   spacing: Spacing | None, by: Any, ask_prominent: str = "heterogeneous") -> Reading:  # fmt: skip
    """Close a draft that answers every question and append its revision. Pressed ten times, it is submitted once.

    Raises Incomplete (with the codes), InvalidAnswer, HashMismatch, StaleReading, AlreadySubmitted.
    """
    earlier = _as_stored(reading)
    if earlier.state == Reading.State.SUBMITTED:
        return _submitted_before(earlier, expected_version, write_id)
    if earlier.version != expected_version:
        raise _stale(earlier, expected_version)
    stored = stored_mask_sha256(earlier)
    if stored != mask_sha256:
        raise HashMismatch(_("The server holds another mask than the page: reload the case."), current=stored)
    _check_complete(earlier, spacing=reading_spacing(earlier, spacing), ask_prominent=ask_prominent)
    with transaction.atomic():
        won = _rows(reading).drafts().filter(version=expected_version).update(
            version=F("version") + 1, state=Reading.State.SUBMITTED, write_id=write_id, submitted_at=timezone.now()
        )  # fmt: skip
        if not won:  # another click or tab came between the look and the write
            return _submitted_before(_as_stored(reading), expected_version, write_id)
        if earlier.no_node:  # an outline left over from before "no node can be delineated" is not part of what was said
            Mask.objects.filter(reading=reading).delete()
        fresh = _as_stored(reading)
        append_revision(fresh, by=by)
        return fresh


def reopen_reading(reading: Reading, by: Any, reason: str) -> Reading:
    """Make a submitted reading a draft again; both stay, as revisions. Raises InvalidAnswer without a reason, StaleReading."""
    reason = reason.strip()
    if not reason or len(reason) > 300:
        raise InvalidAnswer(
            _("Say in a sentence (up to 300 characters) why the reading is reopened."), feature="reason"
        )
    with transaction.atomic():
        won = _rows(reading).submitted().update(
            version=F("version") + 1, state=Reading.State.DRAFT, submitted_at=None, write_id=""
        )  # fmt: skip
        if not won:
            raise StaleReading(_("Only a submitted reading can be reopened."), current=_as_stored(reading).version)
        fresh = _as_stored(reading)
        append_revision(fresh, by=by, reason=reason)
        return fresh


def reading_spacing(reading: Reading, spacing: Spacing | None) -> Spacing | None:
    """The scale this reading is measured by: the image's if known, else the reader's own calibration, else None."""
    if spacing is None and reading.calibration:
        return spacing_of_calibration(reading.calibration, "reader")
    return spacing


def resolved(reading: Reading, *, spacing: Spacing | None, ask_prominent: str = "heterogeneous") -> dict[str, Resolved]:
    """Every feature of the reading, worked out. `spacing` is the image's."""
    return answering.resolve(
        form_schema(reading.form_version), reading.answers, spacing=reading_spacing(reading, spacing),
        ask_prominent=ask_prominent, node=not reading.no_node,
    )  # fmt: skip


def missing(reading: Reading, *, spacing: Spacing | None, ask_prominent: str = "heterogeneous") -> list[str]:
    """What a submission still lacks: codes of features in the form's order, then "mask", "score", "call"."""
    worked_out = resolved(reading, spacing=spacing, ask_prominent=ask_prominent)
    codes = answering.missing(form_schema(reading.form_version), worked_out)
    if not reading.no_node and not _has_mask(reading):
        codes.append("mask")
    if reading.score is None:
        codes.append("score")
    if not reading.call:
        codes.append("call")
    return codes


def stored_mask_sha256(reading: Reading) -> str | None:
    """The hash of the stored mask of the node, None without one."""
    return Mask.objects.filter(reading=reading, structure=Mask.Structure.NODE).values_list("sha256", flat=True).first()


def _has_mask(reading: Reading) -> bool:
    return reading.pk is not None and Mask.objects.filter(reading=reading, area_px__gt=0).exists()


def _rows(reading: Reading) -> Any:
    return Reading.objects.unscoped().filter(pk=reading.pk)


def _as_stored(reading: Reading) -> Reading:
    return _rows(reading).get()


def _checked_values(reading: Reading, payload: Payload, *, image: Image, spacing: Spacing | None) -> dict[str, Any]:
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
        "calibration": calibration,
        "questions": [dict(q) for q in payload.questions],
    }


def _checked_mask(payload: Payload, image: Image) -> _Drawn | None:
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
    return _Drawn(payload.mask, sha256, int(mask.sum()))


def _store_mask(reading: Reading, image: Image, payload: Payload, drawn: _Drawn | None) -> None:
    if payload.mask_unchanged:
        stored = stored_mask_sha256(reading)
        if stored != payload.mask_sha256:
            raise HashMismatch(_("The server holds another mask than the page."), current=stored)
        return
    if drawn is None:
        Mask.objects.filter(reading=reading).delete()
        return
    values = {"payload": drawn.payload, "sha256": drawn.sha256, "area_px": drawn.area_px}
    Mask.objects.update_or_create(reading=reading, image=image, structure=Mask.Structure.NODE, defaults=values)


def _lost(reading: Reading, expected_version: int, write_id: str) -> Reading:
    """The conditional write met no row: the same write from a retry, a submission, or another tab."""
    current = _as_stored(reading)
    if write_id and current.write_id == write_id:
        return current
    if current.state == Reading.State.SUBMITTED:
        raise AlreadySubmitted(_("This reading was submitted; it can be reopened with a reason."))
    raise _stale(current, expected_version)


def _stale(current: Reading, expected_version: int) -> StaleReading:
    text = _("Another tab or machine saved this reading in the meantime. Nothing was overwritten.")
    return StaleReading(text, current=current.version, expected=expected_version)


def _submitted_before(current: Reading, expected_version: int, write_id: str) -> Reading:
    """The same submission again gives the same answer; anything else is told what happened."""
    if current.state != Reading.State.SUBMITTED:
        raise _stale(current, expected_version)
    if current.write_id == write_id or current.version == expected_version + 1:
        return current
    raise AlreadySubmitted(_("This reading was submitted; it can be reopened with a reason."))


def _check_complete(reading: Reading, *, spacing: Spacing | None, ask_prominent: str) -> None:
    codes = missing(reading, spacing=spacing, ask_prominent=ask_prominent)
    if codes:
        text = ngettext("%d question is still open.", "%d questions are still open.", len(codes)) % len(codes)
        raise Incomplete(text, missing=codes)
    _check_diameters(resolved(reading, spacing=spacing, ask_prominent=ask_prominent))


def _check_diameters(worked_out: Mapping[str, Resolved]) -> None:
    longest, shortest = worked_out.get("max_diameter_mm"), worked_out.get("min_diameter_mm")
    if longest is None or shortest is None or longest.unit != shortest.unit:
        return
    if isinstance(longest.value, float) and isinstance(shortest.value, float) and shortest.value > longest.value:
        raise InvalidAnswer(_("The min. diameter is longer than the max. diameter."), feature="min_diameter_mm")
