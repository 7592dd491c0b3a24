"""What a curator does to a case: leave it out and take it in again, mark what is burned into its image, give its scale.

Each is one transaction and leaves a remark that is never changed: who, when, what, and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.calibration import spacing_of_calibration, validate_calibration
from annotations.floor_above import is_read_now
from annotations.models import Case, Image, Provenance
from annotations.problems import InvalidSpec, NoPermission, NotAllowedNow
from annotations.querysets import is_curator

MARKINGS = {
    "arrow": gettext_lazy("Arrow"),
    "calipers": gettext_lazy("Calipers"),
    "text": gettext_lazy("Text"),
    "other": gettext_lazy("Other"),
}
MAX_REASON = 300


@transaction.atomic
def exclude_case(case: Case, reason: str, *, by: Any) -> None:
    """Leave a case out: of the next version, and of what readers are still to read. Their readings stay.

    Raises InvalidSpec without a reason, NotAllowedNow when it is left out already.
    """
    _ask_curator(by)
    why = _reason(reason)
    _turn(case, Case.State.INCLUDED, Case.State.EXCLUDED, _("This case is left out already."))
    Provenance.objects.filter(case=case).update(excluded_reason=why)
    _remark(case, by, _("Left out: %s") % why)


@transaction.atomic
def include_case(case: Case, reason: str, *, by: Any) -> None:
    """Take a case in again. Raises InvalidSpec without a reason, NotAllowedNow when it is in already."""
    _ask_curator(by)
    why = _reason(reason)
    _turn(case, Case.State.EXCLUDED, Case.State.INCLUDED, _("This case is in already."))
    Provenance.objects.filter(case=case).update(excluded_reason="")
    _remark(case, by, _("Taken in again: %s") % why)


@transaction.atomic
def set_markings(case: Case, markings: Iterable[str], *, by: Any) -> bool:
    """Say what is burned into the image. False, and no remark, when that was said before. Raises InvalidSpec."""
    _ask_curator(by)
    said = set(markings)
    unknown = sorted(said - MARKINGS.keys())
    if unknown:
        raise InvalidSpec(_("“%s” is not a kind of marking.") % unknown[0], field="markings")
    _lock(case)
    ordered = [code for code in MARKINGS if code in said]
    if Case.objects.unscoped().get(pk=case.pk).markings == ordered:
        return False
    Case.objects.unscoped().filter(pk=case.pk).update(markings=ordered)
    case.markings = ordered
    names = ", ".join(str(MARKINGS[code]) for code in ordered) or _("none")
    _remark(case, by, _("Markings: %s") % names)
    return True


@transaction.atomic
def calibrate_image(image: Image, points: Sequence[float], mm: float, *, by: Any) -> None:
    """Give the scale of an image: x1, y1, x2, y2 (image px) on its own ruler and their distance in mm. Pixels are square.

    Raises InvalidAnswer, and NotAllowedNow while a study that reads the case is open: its readers measure by that scale.
    """
    _ask_curator(by)
    calibration = validate_calibration({"points": list(points), "mm": mm}, size=(image.width, image.height))
    assert calibration is not None
    _lock(image.case)
    if is_read_now(image.case_id):
        raise NotAllowedNow(_("An open study reads this case: its scale stays until that study is locked."))
    scale = spacing_of_calibration(calibration, _("calibrated on the image's ruler"))
    Image.objects.unscoped().filter(pk=image.pk).update(
        calibration=calibration, spacing_row_mm=scale.row_mm, spacing_col_mm=scale.col_mm, spacing_source=scale.source,
        spacing_by=by, spacing_at=timezone.now(),
    )  # fmt: skip
    _remark(image.case, by, _("Scale: %(mm).4f mm per px, %(long)g mm on the image's ruler")
            % {"mm": scale.row_mm, "long": mm})  # fmt: skip


def _ask_curator(by: Any) -> None:
    if not is_curator(by):
        raise NoPermission(_("Only a curator changes what is said of a case."))


def _reason(text: str) -> str:
    why = " ".join(text.split())
    if not why:
        raise InvalidSpec(_("Say why, in a few words: it is kept with the case."), field="reason")
    if len(why) > MAX_REASON:
        raise InvalidSpec(_("A reason has at most %d characters.") % MAX_REASON, field="reason")
    return why


def _turn(case: Case, old: str, new: str, refusal: str) -> None:
    """Two curators at once: the UPDATE on the old state decides, the other is told."""
    if not Case.objects.unscoped().filter(pk=case.pk, state=old).update(state=new):
        raise NotAllowedNow(refusal)
    case.state = new


def _lock(case: Case) -> None:
    """An UPDATE locks the row until the transaction ends, on both databases; so no remark of another curator is lost."""
    Case.objects.unscoped().filter(pk=case.pk).update(state=F("state"))


def _remark(case: Case, by: Any, text: str) -> None:
    """Append to the case's remarks. The case's row is locked by now."""
    kept = Provenance.objects.get(case=case)
    kept.remarks = [
        *kept.remarks,
        {"at": timezone.now().isoformat(timespec="seconds"), "by": by.get_username(), "text": text},
    ]
    kept.save(update_fields=["remarks"])
