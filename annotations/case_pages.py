"""What a case's page shows a curator beyond the case itself: outline, answers beside the sheet's words, neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotations import mask_codec
from annotations.answers import Resolved, resolve
from annotations.features import Feature, FormSchema, Text, normalise
from annotations.models import Case, Image, Mask, Reading
from annotations.outline_paths import outline_path


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One feature of the reference reading: what it holds, in words, and what the cell of the sheet said."""

    label: Text
    definition: Text
    said: str
    raw_header: str
    raw: str


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    label: Text
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class ReferenceShown:
    """The latest reference reading of a case. `path`: its outline in image px, "" when it has no mask."""

    reading: Reading
    groups: tuple[AnswerGroup, ...]
    path: str
    mask_sha256: str
    area_px: int


def reference_of(
    user: Any, case: Case, image: Image, schema: FormSchema, raw: Mapping[str, str]
) -> ReferenceShown | None:
    """The reference panel's latest submitted reading, as a version would take it."""
    shown = Reading.objects.visible_to(user).submitted().filter(case=case, source__kind="panel")
    reading = shown.select_related("source").order_by("-submitted_at", "-pk").first()
    if reading is None:
        return None
    mask = mask_of(reading, image)
    return ReferenceShown(
        reading, _groups(schema, reading, image, raw), outline_path(mask_codec.decode(bytes(mask.payload))) if mask else "",
        mask.sha256 if mask else "", mask.area_px if mask else 0,
    )  # fmt: skip


def mask_of(reading: Reading, image: Image) -> Mask | None:
    return Mask.objects.filter(reading=reading, image=image, structure=Mask.Structure.NODE).first()


def _groups(schema: FormSchema, reading: Reading, image: Image, raw: Mapping[str, str]) -> tuple[AnswerGroup, ...]:
    resolved = resolve(schema, reading.answers, spacing=image.spacing, ask_prominent="every_node")
    headers = {normalise(header): header for header in raw}
    return tuple(
        AnswerGroup(
            group.label,
            tuple(_line(f, resolved[f.code], headers, raw) for f in schema.features if f.group == group.code),
        )
        for group in schema.groups
    )


def _line(feature: Feature, one: Resolved, headers: Mapping[str, str], raw: Mapping[str, str]) -> AnswerLine:
    known = (*feature.headers, normalise(feature.code))
    header = next((headers[name] for name in known if name in headers), "")
    return AnswerLine(
        feature.label, feature.definition, words_of(feature, one.value, one.unit), header, str(raw.get(header, ""))
    )


def words_of(feature: Feature, value: str | float | None, unit: str = "") -> str:
    """A value as pages write it; "" for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return next((str(v.label) for v in feature.values if v.code == value), value)
    digits = f"{value:.2f}" if feature.derived else f"{value:.1f}"
    return f"{digits}\u2009{unit}" if unit else digits


def neighbours(ids: Sequence[str], public_id: str) -> tuple[str, str]:
    """The cases before and after in that order, "" at an end or when the case is not among them."""
    if public_id not in ids:
        return "", ""
    at = ids.index(public_id)
    return (ids[at - 1] if at else ""), (ids[at + 1] if at + 1 < len(ids) else "")
