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
    numbers = dict(study.places.values_list("user_id", "number"))
    full = _loaded(rows, masks=masks)
    seconds = seconds_by_assignment(
        list(
            ActivityInterval.objects.filter(assignment__in=[row.assignment_id for row in rows])
            .order_by().values_list("assignment_id", "started_at", "ended_at")
        )
    )  # fmt: skip
    return [_row(full[row.pk], study, numbers[full[row.pk].assignment.reader_id], seconds, masks=masks) for row in rows]


def ndjson(study: Study, rows: QuerySet[AssignmentReading], *, masks: bool) -> Iterator[bytes]:
    """One reading a line, loaded batch by batch: the memory does not grow with the study."""
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        found = AssignmentReading.objects.in_bulk(batch)
        for row in reading_rows(study, [found[key] for key in batch], masks=masks):
            yield json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _loaded(rows: Sequence[AssignmentReading], *, masks: bool) -> dict[int, AssignmentReading]:
    kept = Mask.objects.all() if masks else Mask.objects.defer("payload")
    revisions = ReadingRevision.objects.unscoped().defer("mask_payload", "content").order_by("number")
    full = AssignmentReading.objects.filter(pk__in=[row.pk for row in rows])
    full = full.select_related("assignment__arm", "reading__case").prefetch_related(
        Prefetch("reading__masks", queryset=kept),
        Prefetch("reading__revisions", queryset=revisions),
        Prefetch("reading__case__images", queryset=Image.objects.unscoped().filter(modality="b_mode").order_by("pk")),
    )
    return {row.pk: row for row in full}


def _row(
    row: AssignmentReading, study: Study, number: int, seconds: dict[int, float], *, masks: bool
) -> dict[str, Any]:
    reading, assignment = row.reading, row.assignment
    image = next(iter(reading.case.images.all()), None)
    mask, revision = next(iter(reading.masks.all()), None), list(reading.revisions.all())[-1]
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
        "revision": revision.number,
        "revision_sha256": revision.sha256,
        "mask_sha256": mask.sha256 if mask else None,
    }
    return said | {"mask": mask_json(mask)} if masks else said
