"""Verbs of datasets: a version is published once, and never changed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from annotations.canonical import sha256_of
from annotations.models import (
    Case,
    Dataset,
    DatasetVersion,
    Image,
    Reading,
    ReadingRevision,
    ReferenceReading,
    ReferenceSet,
    Source,
    VersionCase,
)
from annotations.payloads import is_storable
from annotations.problems import InvalidSpec, Problem

log = logging.getLogger(__name__)


class NothingToPublish(Problem):
    code = "nothing_to_publish"


@transaction.atomic
def publish_version(dataset: Dataset, *, by: AbstractBaseUser | None = None, note: str = "") -> DatasetVersion:
    """Freeze the included cases, their images and their reference readings as the next version.

    If nothing changed since the last version, that one is returned and nothing is written. Raises NothingToPublish, InvalidSpec.
    """
    if not is_storable(note):
        raise InvalidSpec(_("A note holds a character that is no text."), field="note")
    # an UPDATE locks the row on both databases: two that publish at once come one after the other
    Dataset.objects.unscoped().filter(pk=dataset.pk).update(title=F("title"))
    cases = list(
        Case.objects.unscoped().filter(dataset=dataset).included().select_related("centre").order_by("public_id")
    )
    if not cases:
        raise NothingToPublish(_("The dataset has no case to publish."))
    references = _reference_readings(cases)
    manifest = _manifest(dataset, cases, references)
    sha256 = sha256_of(manifest)
    last = DatasetVersion.objects.unscoped().filter(dataset=dataset).order_by("-number").first()
    if last is not None and last.sha256 == sha256:
        return last
    version = DatasetVersion.objects.create(
        dataset=dataset, number=last.number + 1 if last else 1, manifest=manifest, sha256=sha256,
        reference_set=_reference_set(dataset, references), note=note[:300],
    )  # fmt: skip
    VersionCase.objects.bulk_create(VersionCase(version=version, case=case) for case in cases)
    log.info(
        "dataset %s: version %d published by %s, %d cases",
        dataset.slug,
        version.number,
        by.pk if by else "a command",
        len(cases),
    )
    return version


def _reference_readings(cases: Sequence[Case]) -> dict[int, Reading]:
    """Case id -> the reference panel's latest submitted reading."""
    readings = Reading.objects.unscoped().submitted().filter(case__in=cases, source__kind=Source.Kind.PANEL)
    return {r.case_id: r for r in readings.order_by("submitted_at", "pk")}


def _manifest(dataset: Dataset, cases: Sequence[Case], references: dict[int, Reading]) -> dict[str, Any]:
    """Says which case, image and reference reading by id and hash; never a pathology, so that it may be shown to anyone."""
    images: dict[int, list[Image]] = {}
    for image in Image.objects.unscoped().filter(case__in=cases).order_by("public_id"):
        images.setdefault(image.case_id, []).append(image)
    revisions = {
        r.reading_id: r
        for r in ReadingRevision.objects.unscoped()
        .filter(reading__in=list(references.values()))
        .order_by("number")
        .defer("mask_payload")
    }
    return {
        "format": 1,
        "dataset": dataset.slug,
        "form_version": dataset.form_version,
        "cases": [
            {
                "case": case.public_id,
                "centre": case.centre.number,
                "images": [_image_entry(i) for i in images.get(case.pk, [])],
                "reference": _reference_entry(references.get(case.pk), revisions),
            }
            for case in cases
        ],
    }


def _image_entry(image: Image) -> dict[str, Any]:
    scale = image.spacing
    return {
        "image": image.public_id, "width": image.width, "height": image.height, "file_sha256": image.file_sha256,
        "pixel_sha256": image.pixel_sha256, "spacing_mm": [scale.row_mm, scale.col_mm] if scale else None,
    }  # fmt: skip


def _reference_entry(reading: Reading | None, revisions: dict[int, ReadingRevision]) -> dict[str, Any] | None:
    revision = revisions.get(reading.pk) if reading else None
    if reading is None or revision is None:
        return None
    return {
        "reading": reading.public_id,
        "revision": revision.number,
        "revision_sha256": revision.sha256,
        "mask_sha256": revision.mask_sha256,
    }


def _reference_set(dataset: Dataset, references: dict[int, Reading]) -> ReferenceSet:
    """The latest set if it names the same readings, else the next one."""
    last = ReferenceSet.objects.filter(dataset=dataset).order_by("-number").first()
    wanted = {case: reading.pk for case, reading in references.items()}
    if last is not None and dict(last.members.values_list("case_id", "reading_id")) == wanted:
        return last
    number = last.number + 1 if last else 1
    made = ReferenceSet.objects.create(dataset=dataset, name=f"Reference radiologists, set {number}", number=number)
    ReferenceReading.objects.bulk_create(
        ReferenceReading(reference_set=made, case_id=case, reading_id=reading)
        for case, reading in sorted(wanted.items())
    )
    return made
