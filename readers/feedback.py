"""What a trainee is shown after a submission: the reference beside one's own, what differed, and the case's pathology.

The only module of the reading side that knows the pathology; whatever it shows is recorded as exposure.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotations import mask_codec
from annotations.agreement.outlines import outline
from annotations.agreement.overlap import overlap
from annotations.answers import Resolved
from annotations.features import Feature, form_schema
from annotations.models import Mask, Pathology, Reading
from annotations.problems import NotAllowedNow
from annotations.reading_facts import resolved
from annotations.reading_json import mask_json
from readers.assignments import gives_feedback, image_of, reading_of
from readers.exposures import reads_blinded_elsewhere, record_exposure
from readers.models import Assignment, Exposure


class NoFeedback(NotAllowedNow):
    """This study gives none, or not yet, or the case is not submitted."""

    code = "no_feedback"


@transaction.atomic
def feedback_for(assignment: Assignment) -> dict[str, Any]:
    """Own and reference answers, masks, Dice, call and pathology. Records the exposure. Raises NoFeedback.

    answers   [{code, label, group, own, reference: {state, value, text}, differs: bool | None}]; None: not comparable
    """
    own = _submitted(assignment)
    reference = reference_reading(assignment)
    pathology = Pathology.objects.filter(case_id=assignment.case_id).first()
    _record(assignment, reference=reference is not None, pathology=pathology is not None)
    own_mask, reference_mask = _mask(own), _mask(reference)
    rows = _answer_rows(assignment, own, reference)
    return {
        "answers": rows,
        "differing": sum(row["differs"] is True for row in rows),
        "compared": sum(row["differs"] is not None for row in rows),
        "own": {"call": own.call, "score": own.score, "remarks": own.remarks, "no_node": own.no_node},
        "pathology": pathology and _pathology_json(pathology, own),
        "mask": mask_json(own_mask),
        "reference_mask": mask_json(reference_mask),
        "dice": _dice(own_mask, reference_mask),
        "reference_name": reference.source.name if reference else None,
    }


def reference_mask_for(assignment: Assignment) -> Mask | None:
    """The reference reading's mask, where feedback may be shown. Records the exposure. Raises NoFeedback."""
    _submitted(assignment)
    mask = _mask(reference_reading(assignment))
    if mask is not None:
        record_exposure(assignment.reader, assignment.case, Exposure.What.REFERENCE, _where(assignment))
    return mask


def reference_reading(assignment: Assignment) -> Reading | None:
    """The reading of this case in the study's reference set."""
    chosen = Reading.objects.unscoped().filter(
        reference_in__reference_set_id=assignment.study.reference_set_id, reference_in__case_id=assignment.case_id
    )
    return chosen.select_related("source").first()


def _submitted(assignment: Assignment) -> Reading:
    own = reading_of(assignment)
    if own is None or own.state != Reading.State.SUBMITTED or not gives_feedback(assignment):
        raise NoFeedback(_("There is no feedback on this case now."))
    if reads_blinded_elsewhere(assignment):
        raise NoFeedback(
            _("You read this case in a study that is still open: there is no feedback before it is closed.")
        )
    return own


def _record(assignment: Assignment, *, reference: bool, pathology: bool) -> None:
    shown = [Exposure.What.FEEDBACK]
    shown += [Exposure.What.REFERENCE] if reference else []
    shown += [Exposure.What.PATHOLOGY] if pathology else []
    for what in shown:
        record_exposure(assignment.reader, assignment.case, what, _where(assignment))


def _where(assignment: Assignment) -> str:
    return f"feedback of assignment {assignment.public_id}"


def _mask(reading: Reading | None) -> Mask | None:
    return None if reading is None else Mask.objects.filter(reading=reading, structure=Mask.Structure.NODE).first()


def _dice(own: Mask | None, reference: Mask | None) -> float | None:
    if own is None or reference is None or own.image_id != reference.image_id:
        return None
    drawn, expected = (outline(mask_codec.decode(bytes(mask.payload))) for mask in (own, reference))
    return overlap(expected, drawn).dice


def _pathology_json(pathology: Pathology, own: Reading) -> dict[str, Any]:
    return {
        "status": pathology.status,
        "label": pathology.get_status_display(),
        "method": pathology.method,
        "call_agrees": pathology.status == own.call,
    }


def _answer_rows(assignment: Assignment, own: Reading, reference: Reading | None) -> list[dict[str, Any]]:
    spacing, asked = image_of(assignment).spacing, assignment.study.ask_prominent
    mine = resolved(own, spacing=spacing, ask_prominent=asked)
    theirs = resolved(reference, spacing=spacing, ask_prominent=asked) if reference else {}
    form = form_schema(own.form_version)
    groups = {group.code: str(group.label) for group in form.groups}
    return [
        {
            "code": feature.code,
            "label": str(feature.label),
            "group": groups[feature.group],
            "own": _answer_json(feature, mine[feature.code]),
            "reference": _answer_json(feature, theirs.get(feature.code, Resolved("open"))),
            "differs": _differs(feature, mine[feature.code], theirs.get(feature.code)),
        }
        for feature in form.features
    ]


def _answer_json(feature: Feature, answer: Resolved) -> dict[str, Any]:
    return {"state": answer.state, "value": answer.value, "unit": answer.unit, "text": _text(feature, answer)}


def _text(feature: Feature, answer: Resolved) -> str:
    """The answer in words, as the page shows it."""
    if answer.state == "cannot_assess":
        return _("Cannot assess")
    if answer.state == "not_applicable":
        return answer.reason
    if answer.state == "open":
        return _("No answer")
    if isinstance(answer.value, float):
        return f"{answer.value:.2f}" if feature.derived else f"{answer.value:.1f} {answer.unit}"
    return next(str(v.label) for v in feature.values if v.code == answer.value)


def _differs(feature: Feature, own: Resolved, reference: Resolved | None) -> bool | None:
    """Whether two categories differ; None for lengths, whose difference is a matter of degree, and for what is no value."""
    if reference is None or feature.kind == "continuous" or {own.state, reference.state} != {"value"}:
        return None
    return own.value != reference.value
