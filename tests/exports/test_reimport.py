"""What goes out in the LymphUs layout comes back in: every value, every mask pixel, every scale."""

from __future__ import annotations

import zipfile

import pytest

from annotations import mask_codec, pictures, store
from annotations.datasets import publish_version
from annotations.demo.build import make_demo_dataset
from annotations.demo_readers import five_readers
from annotations.exports.forms import write_export
from annotations.exports.gathering import gather_version
from annotations.imports.accept import accept_import
from annotations.imports.lymphus import read_lymphus
from annotations.models import Dataset, Image, Provenance, ReferenceReading
from readers.exports import gather_study
from readers.simulation import read_worklists
from readers.studies import lock_study
from tests.factories import make_study

pytestmark = pytest.mark.django_db


def contents(dataset: Dataset) -> dict:
    """(centre, group, number) → all that was imported of a case."""
    references = {
        r.case_id: r.reading
        for r in ReferenceReading.objects.filter(case__dataset=dataset)
        .select_related("reading")
        .prefetch_related("reading__masks")
    }
    images = {i.case_id: i for i in Image.objects.filter(case__dataset=dataset)}
    found = {}
    for origin in Provenance.objects.filter(case__dataset=dataset).select_related("case__pathology"):
        reading, image = references[origin.case_id], images[origin.case_id]
        mask = reading.masks.get()
        found[origin.centre_number, origin.group, origin.number] = (
            reading.answers,
            pictures.decode_png(store.read(image.file_sha256)).tobytes(),
            mask_codec.decode(bytes(mask.payload)).tobytes(),
            (image.spacing_row_mm, image.spacing_col_mm),
            origin.case.pathology.status,
        )
    return found


def imported(folder, slug: str) -> Dataset:
    reading = read_lymphus(sorted(str(p) for p in folder.glob("Center *.zip")), str(folder / "spacing.csv"))
    assert reading.left_out == 0
    dataset = accept_import(reading, slug=slug, synthetic=True).dataset
    publish_version(dataset)
    return dataset


def test_a_dataset_exported_and_imported_again_is_the_same(tmp_path):
    make_demo_dataset(tmp_path / "first", cases=8, seed=4)
    first = imported(tmp_path / "first", "first")
    write_export(gather_version(first.versions.get()), "lymphus", tmp_path / "export.zip")
    zipfile.ZipFile(tmp_path / "export.zip").extractall(tmp_path / "again")

    again = imported(tmp_path / "again", "again")

    assert len(contents(first)) == 8
    assert contents(again) == contents(first)


def test_importing_the_export_into_the_same_dataset_changes_nothing(tmp_path):
    make_demo_dataset(tmp_path / "first", cases=6, seed=5)
    dataset = imported(tmp_path / "first", "only")
    write_export(gather_version(dataset.versions.get()), "lymphus", tmp_path / "export.zip")
    zipfile.ZipFile(tmp_path / "export.zip").extractall(tmp_path / "again")
    reading = read_lymphus(
        sorted(str(p) for p in (tmp_path / "again").glob("Center *.zip")), str(tmp_path / "again" / "spacing.csv")
    )

    result = accept_import(reading, slug="only")

    assert (result.added, result.unchanged, len(result.changed)) == (0, 6, 0)


def test_a_readers_masks_come_back_pixel_for_pixel(tmp_path):
    study = make_study(n_cases=4, n_readers=1, spacing=0.1)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=3)
    lock_study(study, study.lead)
    gathered = gather_study(study)
    write_export(gathered, "lymphus", tmp_path / "study.zip")
    outer = zipfile.ZipFile(tmp_path / "study.zip")
    for name in outer.namelist():
        if name.startswith("Reader 1/"):
            (tmp_path / name.split("/")[1]).write_bytes(outer.read(name))

    reading = read_lymphus(sorted(str(p) for p in tmp_path.glob("Center *.zip")))

    sent = {(c.centre, c.group.lower(), c.number): r.content["mask_sha256"] for c, r in gathered.rows()}
    came = {(c.key.centre, c.key.group, c.key.number): c.pictures.mask_sha256 for c in reading.cases}
    assert came == sent
