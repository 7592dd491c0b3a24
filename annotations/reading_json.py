"""A reading as JSON: the one form that pages, the API and the browser's conflict view share."""

from __future__ import annotations

import base64
from typing import Any

from annotations.answers import Resolved, Spacing
from annotations.models import Mask, Reading
from annotations.reading_facts import missing


def reading_json(reading: Reading, *, spacing: Spacing | None, ask_prominent: str = "heterogeneous") -> dict[str, Any]:
    """What the reading says now, its mask encoded. An unsaved `Reading` is one nobody has begun. `spacing` is the image's."""
    mask = _mask_of(reading)
    return {
        "version": reading.version,
        "state": reading.state,
        "form_version": reading.form_version,
        "answers": reading.answers,
        "score": reading.score,
        "call": reading.call or None,
        "remarks": reading.remarks,
        "no_node": reading.no_node,
        "mask": mask_json(mask),
        "mask_sha256": mask.sha256 if mask else None,
        "calibration": reading.calibration,
        "questions": reading.questions,
        "missing": missing(reading, spacing=spacing, ask_prominent=ask_prominent),
        "saved_at": reading.saved_at.isoformat() if reading.saved_at else None,
    }


def mask_json(mask: Mask | None) -> dict[str, str] | None:
    """{"data": base64 of the encoded mask}, None without one."""
    return {"data": base64.b64encode(bytes(mask.payload)).decode()} if mask else None


def resolved_json(worked_out: dict[str, Resolved]) -> dict[str, dict[str, Any]]:
    """Each feature with its state, value, unit, length in px and reason."""
    return {
        code: {"state": r.state, "value": r.value, "unit": r.unit, "px": r.px, "reason": r.reason}
        for code, r in worked_out.items()
    }


def _mask_of(reading: Reading) -> Mask | None:
    if reading.pk is None:
        return None
    return Mask.objects.filter(reading=reading, structure=Mask.Structure.NODE).first()
