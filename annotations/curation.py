"""What a curator does to a case: leave it out and take it in again, mark what is burned into its image, give its scale.

Each is one transaction and leaves a remark that is never changed: who, when, what, and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from annotations.calibration import spacing_of_calibration, validate_calibration
from annotations.floor_above import is_read_now
from annotations.models import Case, Image, Provenance
from annotations.payloads import is_storable
from annotations.problems import InvalidSpec, NoPermission, NotAllowedNow
from annotations.querysets import is_curator

MARKINGS = {
    "arrow": gettext_lazy("Arrow"),
    "calipers": gettext_lazy("Calipers"),
    "text": gettext_lazy("Text"),
    "other": gettext_lazy("Other"),
}
SAYINGS = {
    "left_out": gettext_lazy("Left out: %(reason)s"),
    "taken_in": gettext_lazy("Taken in again: %(reason)s"),
    "marked": gettext_lazy("Markings: %(markings)s"),
    "scaled": gettext_lazy("Scale: %(mm).4f mm per px, %(long)g mm on the image's ruler"),
}
# kept with the image and frozen into analyses, so the same bytes in every language; pages translate it
BY_RULER = gettext_noop("calibrated on the image's ruler")
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
    _remark(case, by, "left_out", reason=why)


@transaction.atomic
def include_case(case: Case, reason: str, *, by: Any) -> None:
    """Take a case in again. Raises InvalidSpec without a reason, NotAllowedNow when it is in already."""
    _ask_curator(by)
    why = _reason(reason)
    _turn(case, Case.State.EXCLUDED, Case.State.INCLUDED, _("This case is in already."))
    Provenance.objects.filter(case=case).update(excluded_reason="")
    _remark(case, by, "taken_in", reason=why)


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
    _remark(case, by, "marked", markings=ordered)
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
    scale = spacing_of_calibration(calibration, BY_RULER)
    Image.objects.unscoped().filter(pk=image.pk).update(
        calibration=calibration, spacing_row_mm=scale.row_mm, spacing_col_mm=scale.col_mm, spacing_source=scale.source,
        spacing_by=by, spacing_at=timezone.now(),
    )  # fmt: skip
    _remark(image.case, by, "scaled", mm=scale.row_mm, long=mm)


def _ask_curator(by: Any) -> None:
    if not is_curator(by):
        raise NoPermission(_("Only a curator changes what is said of a case."))


def _reason(text: str) -> str:
    why = " ".join(text.split())
    if not why:
        raise InvalidSpec(_("Say why, in a few words: it is kept with the case."), field="reason")
    if len(why) > MAX_REASON:
        raise InvalidSpec(_("A reason has at most %d characters.") % MAX_REASON, field="reason")
    if not is_storable(why):
        raise InvalidSpec(_("A reason holds a character that is no text."), field="reason")
    return why


def _turn(case: Case, old: str, new: str, refusal: str) -> None:
    """Two curators at once: the UPDATE on the old state decides, the other is told."""
    if not Case.objects.unscoped().filter(pk=case.pk, state=old).update(state=new):
        raise NotAllowedNow(refusal)
    case.state = new


def _lock(case: Case) -> None:
    """An UPDATE locks the row until the transaction ends, on both databases; so no remark of another curator is lost."""
    Case.objects.unscoped().filter(pk=case.pk).update(state=F("state"))


def remark_in_words(remark: Mapping[str, Any]) -> str:
    """A remark in the language of who reads it; one of a kind this program does not know, as it was kept."""
    saying = SAYINGS.get(remark.get("code", ""))
    if saying is None:
        return str(remark["text"])
    facts = dict(remark["facts"])
    if "markings" in facts:
        facts["markings"] = ", ".join(str(MARKINGS.get(code, code)) for code in facts["markings"]) or _("none")
    return str(saying) % facts


def _remark(case: Case, by: Any, code: str, **facts: Any) -> None:
    """Append to the case's remarks, in facts and in the installation's language. The case's row is locked by now."""
    remark = {"at": timezone.now().isoformat(timespec="seconds"), "by": by.get_username(), "code": code, "facts": facts}
    with override(settings.LANGUAGE_CODE):
        remark["text"] = remark_in_words(remark)
    kept = Provenance.objects.get(case=case)
    kept.remarks = [*kept.remarks, remark]
    kept.save(update_fields=["remarks"])
