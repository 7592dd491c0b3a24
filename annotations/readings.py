"""The verbs of a reading: save its draft, submit it, reopen it. Each is one transaction and safe against another tab.

Who may call them is asked on the floor above (`readers.assignments`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.answers import Resolved, Spacing
from annotations.draft_checks import Drawn, checked_mask, checked_values
from annotations.models import Image, Mask, Reading
from annotations.payloads import Payload
from annotations.problems import AlreadySubmitted, HashMismatch, Incomplete, InvalidAnswer, StaleReading
from annotations.reading_facts import missing, reading_spacing, resolved, stored_mask_sha256
from annotations.revisions import append_revision


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
    values = checked_values(earlier, payload, image=image, spacing=spacing)
    drawn = checked_mask(payload, image)
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


def _rows(reading: Reading) -> Any:
    return Reading.objects.unscoped().filter(pk=reading.pk)


def _as_stored(reading: Reading) -> Reading:
    return _rows(reading).get()


def _store_mask(reading: Reading, image: Image, payload: Payload, drawn: Drawn | None) -> None:
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
