"""The submitted readings of a closed study: what the lead and a data client take away. Nothing before it is closed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from annotations.models import Image, Mask, ReadingRevision
from annotations.problems import NotAllowedNow
from annotations.reading_facts import resolved
from annotations.reading_json import mask_json, resolved_json
from readers.activity import seconds_by_assignment
from readers.exposures import blinded_cases
from readers.models import ActivityInterval, AssignmentReading, Study

BATCH = 200


def closed_readings(study: Study, viewer: Any) -> QuerySet[AssignmentReading]:
    """The readings submitted in the study, in a fixed order, but of cases that the viewer reads blinded elsewhere now.

    Raises NotAllowedNow while it is not closed.
    """
    if study.state not in (Study.State.LOCKED, Study.State.ARCHIVED):
        raise NotAllowedNow(_("The study is not closed: until then there is progress and nothing else."))
    rows = AssignmentReading.objects.filter(assignment__study=study, reading__state="submitted")
    rows = rows.exclude(assignment__case__in=blinded_cases(viewer))
    return rows.order_by("assignment__reader_id", "assignment__period", "assignment__position", "opinion", "pk")


def reading_rows(study: Study, rows: Sequence[AssignmentReading], *, masks: bool = False) -> list[dict[str, Any]]:
    """Those readings as JSON, in five queries however many. `masks` adds the encoded masks."""
    return _rows_of(study, [row.pk for row in rows], masks=masks)


def _rows_of(study: Study, keys: Sequence[int], *, masks: bool) -> list[dict[str, Any]]:
    numbers = dict(study.places.values_list("user_id", "number"))
    full = _loaded(keys, masks=masks)
    seconds = seconds_by_assignment(
        list(
            ActivityInterval.objects.filter(assignment__in=[row.assignment_id for row in full.values()])
            .order_by().values_list("assignment_id", "started_at", "ended_at")
        )
    )  # fmt: skip
    return [_row(full[key], study, numbers[full[key].assignment.reader_id], seconds, masks=masks) for key in keys]


def ndjson(study: Study, rows: QuerySet[AssignmentReading], *, masks: bool) -> Iterator[bytes]:
    """One reading a line, loaded batch by batch: the memory does not grow with the study."""
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        for row in _rows_of(study, keys[start : start + BATCH], masks=masks):
            yield json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _loaded(keys: Sequence[int], *, masks: bool) -> dict[int, Any]:
    """The rows with what belongs to them in lists of their own: a manager a row would cost more than its query."""
    kept = Mask.objects.only("reading_id", "sha256", *(["payload"] if masks else []))
    revisions = ReadingRevision.objects.unscoped().only("reading_id", "number", "sha256").order_by("number")
    images = Image.objects.unscoped().filter(modality="b_mode").order_by("pk")
    scales = images.only("case_id", "spacing_row_mm", "spacing_col_mm", "spacing_source")
    full = AssignmentReading.objects.filter(pk__in=keys)
    full = full.select_related("assignment__arm", "reading__case").prefetch_related(
        Prefetch("reading__masks", queryset=kept, to_attr="kept_masks"),
        Prefetch("reading__revisions", queryset=revisions, to_attr="kept_revisions"),
        Prefetch("reading__case__images", queryset=scales, to_attr="kept_images"),
    )
    return {row.pk: row for row in full}


def _row(row: Any, study: Study, number: int, seconds: dict[int, float], *, masks: bool) -> dict[str, Any]:
    reading, assignment = row.reading, row.assignment
    image = next(iter(reading.case.kept_images), None)
    mask, revision = next(iter(reading.kept_masks), None), reading.kept_revisions[-1]
    worked_out = resolved(reading, spacing=image.spacing if image else None, ask_prominent=study.ask_prominent)
    said = {
        "id": reading.public_id,
        "case": reading.case.public_id,
        "reader": number,
        "arm": assignment.arm.label,
        "period": assignment.period,
        "position": assignment.position,
        "opinion": row.opinion,
        "submitted_at": reading.submitted_at.isoformat() if reading.submitted_at else None,
        "active_seconds": round(seconds.get(assignment.pk, 0.0), 1),
        "form_version": reading.form_version,
        "answers": reading.answers,
        "features": resolved_json(worked_out),
        "score": reading.score,
        "call": reading.call or None,
        "no_node": reading.no_node,
        "remarks": reading.remarks,
        "calibration": reading.calibration,
        "questions": reading.questions,
        "revision": revision.number,
        "revision_sha256": revision.sha256,
        "mask_sha256": mask.sha256 if mask else None,
    }
    return said | {"mask": mask_json(mask)} if masks else said
