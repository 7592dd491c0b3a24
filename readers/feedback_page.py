"""The feedback page's words and data: what `feedback_for` found, put as the page says it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from annotations import mask_codec
from annotations.agreement.comparisons import compare_masks
from annotations.answers import Spacing
from annotations.features import form_schema
from readers.assignments import image_of, reading_of
from readers.boot import reading_boot
from readers.feedback import feedback_for
from readers.models import Assignment


def feedback_page(assignment: Assignment, user: Any) -> dict[str, Any]:
    """The context of reading/feedback.html. Raises NoFeedback; the sight is recorded as exposure."""
    found = feedback_for(assignment)
    boot, reading = reading_boot(assignment, user), reading_of(assignment)
    compared = [row for row in found["answers"] if row["differs"] is not None]
    return {
        "feedback": found,
        "feedback_data": {
            "image": boot["image"],
            "own_mask": found["mask"],
            "reference_mask": found["reference_mask"],
        },
        "assignment": boot["assignment"],
        "study": assignment.study,
        "submitted_at": reading and reading.submitted_at,
        "user_name": boot["user"]["name"],
        "summary": {
            "same": found["compared"] - found["differing"],
            "compared": found["compared"],
            "dice": found["dice"],
            "hd95": hd95_text(found, image_of(assignment).spacing),
            **_pathology_words(found),
        },
        "differs": _differing(assignment, [row for row in compared if row["differs"]]),
        "agrees": [{"label": r["label"], "value": r["own"]["text"]} for r in compared if not r["differs"]],
    }


def hd95_text(found: Mapping[str, Any], spacing: Spacing | None) -> str | None:
    """The outlines' distance with its unit, None where a mask is missing or empty."""
    own, reference = found["mask"], found["reference_mask"]
    if own is None or reference is None:
        return None
    scale = (spacing.row_mm, spacing.col_mm) if spacing else None
    result = compare_masks(_pixels(reference), _pixels(own), scale)
    return None if result.hd95 is None else f"{result.hd95:.1f} {result.unit}"


def _pixels(mask: Mapping[str, str]) -> Any:
    return mask_codec.decode(base64.b64decode(mask["data"]))


def _pathology_words(found: Mapping[str, Any]) -> dict[str, str]:
    pathology = found["pathology"]
    if pathology is None:
        return {"pathology": _("unknown"), "pathology_note": _("There is no pathology of this case.")}
    note = _("%(method)s; your call agrees") if pathology["call_agrees"] else _("%(method)s; your call differs")
    return {"pathology": pathology["label"], "pathology_note": note % {"method": _(pathology["method"])}}


def _differing(assignment: Assignment, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    form = form_schema(assignment.study.form_version)
    return [
        {
            "code": row["code"],
            "label": row["label"],
            "yours": row["own"]["text"],
            "reference": row["reference"]["text"],
            "definition": str(form.feature(row["code"]).definition),
        }
        for row in rows
    ]
