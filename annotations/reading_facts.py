"""What follows from a reading as it stands: its scale, its features worked out, what a submission still lacks."""

from __future__ import annotations

from annotations import answers as answering
from annotations.answers import Resolved, Spacing
from annotations.calibration import spacing_of_calibration
from annotations.features import form_schema
from annotations.models import Mask, Reading


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
