"""The rows of new cases, table by table, in the order given. Called inside the one transaction of an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from annotations.imports.findings import printable
from annotations.imports.lymphus import LymphusCase
from annotations.models import (
    Case,
    Centre,
    Dataset,
    Image,
    Mask,
    Pathology,
    Patient,
    Provenance,
    Reading,
    ReadingRevision,
    Source,
)
from annotations.revisions import next_revision


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An image's file in the content-addressed store."""

    sha256: str
    size: int


def insert_cases(
    dataset: Dataset, new: Sequence[LymphusCase], files: dict[str, StoredFile], *, by: AbstractBaseUser | None
) -> None:
    """`files`: by SHA-256 of the pixels."""
    if not new:
        return
    centres = {n: _centre(dataset, n) for n in sorted({c.key.centre for c in new})}
    sources = {n: _panel(dataset, n) for n in centres}
    patients = Patient.objects.bulk_create(Patient(dataset=dataset) for _case in new)
    cases = Case.objects.bulk_create(
        Case(dataset=dataset, centre=centres[c.key.centre], patient=patient) for c, patient in zip(new, patients)
    )
    Pathology.objects.bulk_create(Pathology(case=case, status=c.key.group) for c, case in zip(new, cases))
    Provenance.objects.bulk_create(_provenance(c, case) for c, case in zip(new, cases))
    images = Image.objects.bulk_create(
        _image(c, case, files[c.pictures.pixel_sha256], by) for c, case in zip(new, cases)
    )
    _insert_readings(dataset, new, cases, images, sources, by)


def _insert_readings(dataset: Dataset, new: Sequence[LymphusCase], cases: list[Case], images: list[Image],
                     sources: dict[int, Source], by: AbstractBaseUser | None) -> None:  # fmt: skip
    """The reference readings: submitted, and each with its first revision."""
    now = timezone.now()
    readings = Reading.objects.bulk_create(
        Reading(
            case=case, source=sources[c.key.centre], form_version=dataset.form_version, state=Reading.State.SUBMITTED, version=1,
            answers=c.row.answers, saved_at=now, submitted_at=now,
        )
        for c, case in zip(new, cases)
    )  # fmt: skip
    masks = Mask.objects.bulk_create(
        Mask(
            reading=reading,
            image=image,
            payload=c.pictures.mask_payload,
            sha256=c.pictures.mask_sha256,
            area_px=c.pictures.mask_area_px,
        )
        for c, reading, image in zip(new, readings, images)
    )
    ReadingRevision.objects.bulk_create(
        next_revision(reading, mask, None, by=by) for reading, mask in zip(readings, masks)
    )


def _centre(dataset: Dataset, number: int) -> Centre:
    return Centre.objects.get_or_create(dataset=dataset, number=number, defaults={"name": f"Centre {number}"})[0]


def _panel(dataset: Dataset, number: int) -> Source:
    """Each dataset has reference radiologists of its own: centre 1 of another one is another person."""
    name = f"Reference radiologist, centre {number}"
    known = Source.objects.filter(kind=Source.Kind.PANEL, name=name, readings__case__dataset=dataset).first()
    return known or Source.objects.create(kind=Source.Kind.PANEL, name=name, simulated=dataset.synthetic)


def _provenance(case: LymphusCase, row: Case) -> Provenance:
    return Provenance(
        case=row, centre_number=case.key.centre, group=case.key.group, number=case.key.number, archive=case.archive.name[:200],
        archive_sha256=case.archive.sha256, sheet=printable(case.row.file, length=300),
        sheet_row=case.row.row, files=case.pictures.files,
        raw_values=case.row.raw, content_sha256=case.content_sha256,
    )  # fmt: skip


def _image(case: LymphusCase, row: Case, file: StoredFile, by: AbstractBaseUser | None) -> Image:
    image = Image(
        case=row, width=case.pictures.width, height=case.pictures.height, file_sha256=file.sha256, file_size=file.size,
        pixel_sha256=case.pictures.pixel_sha256,
    )  # fmt: skip
    if case.spacing is not None:
        image.spacing_row_mm, image.spacing_col_mm = case.spacing.row_mm, case.spacing.col_mm
        image.spacing_source, image.spacing_at = case.spacing.source, timezone.now()
        image.spacing_by = by  # type: ignore[assignment]
    return image
