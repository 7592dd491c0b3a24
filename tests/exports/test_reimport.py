"""What goes out in the LymphUs layout comes back in: every value, every mask pixel, every scale."""

from __future__ import annotations

import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from annotations import mask_codec, pictures, store
from annotations.datasets import publish_version
from annotations.demo.build import make_demo_dataset
from annotations.demo_readers import five_readers
from annotations.exports.forms import write_export
from annotations.exports.gathering import gather_version
from annotations.imports.accept import accept_import
from annotations.imports.lymphus import read_lymphus
from annotations.models import Dataset, Image, Import, Provenance, ReferenceReading
from annotations.revisions import append_revision
from annotations.tasks import ring_for_waiting_jobs
from readers.exports import gather_study
from readers.simulation import read_worklists
from readers.studies import lock_study
from tests.factories import make_study, make_user

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
    reading = read_lymphus(sorted(folder.glob("Center *.zip")), folder / "spacing.csv")
    assert reading.left_out == 0
    dataset = accept_import(reading, slug=slug, synthetic=True).dataset
    publish_version(dataset)
    return dataset


@pytest.fixture
def first(tmp_path) -> Dataset:
    make_demo_dataset(tmp_path / "first", cases=8, seed=4)
    return imported(tmp_path / "first", "first")


@pytest.fixture
def export(first, tmp_path):
    """The dataset as one zip."""
    path = tmp_path / "export.zip"
    write_export(gather_version(first.versions.get()), "lymphus", path)
    return path


def test_an_export_goes_in_again_by_command_as_it_was_published(first, tmp_path):
    """Whatever was said and measured since."""
    published = contents(first)
    reading = ReferenceReading.objects.select_related("reading").first().reading
    reading.answers = {**reading.answers, "necrosis": {"value": "cannot_assess"}}
    reading.save()
    append_revision(reading, by=None, reason="looked again")
    Image.objects.filter(case=reading.case_id).update(spacing_row_mm=0.3, spacing_col_mm=0.3)

    call_command("export_dataset", "first", format="lymphus", out=tmp_path / "export.zip")
    call_command("import_lymphus", tmp_path / "export.zip", dataset="again", synthetic=True, publish=True)

    assert len(published) == 8
    assert contents(first) != published
    assert contents(Dataset.objects.get(slug="again")) == published


def test_an_export_goes_in_again_by_the_page_as_it_is(client, first, export):
    client.force_login(make_user("curator"))
    upload = SimpleUploadedFile("export.zip", export.read_bytes())
    client.post(reverse("import_new"), {"archives": [upload], "dataset": "again", "synthetic": "on"})
    ring_for_waiting_jobs()
    client.post(
        reverse("import_decide", args=[Import.objects.get().public_id]), {"decision": "accept", "publish": "on"}
    )
    ring_for_waiting_jobs()

    assert contents(Dataset.objects.get(slug="again")) == contents(first)


def test_unpacked_it_goes_in_too(first, export, tmp_path):
    zipfile.ZipFile(export).extractall(tmp_path / "again")

    assert contents(imported(tmp_path / "again", "again")) == contents(first)


def test_importing_the_export_into_the_same_dataset_changes_nothing(first, export):
    result = accept_import(read_lymphus([export]), slug="first")

    assert (result.added, result.unchanged, len(result.changed)) == (0, 8, 0)


def test_a_readers_masks_come_back_pixel_for_pixel(tmp_path):
    study = make_study(n_cases=4, n_readers=1, spacing=0.1)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=3)
    lock_study(study, study.lead)
    gathered = gather_study(study)
    write_export(gathered, "lymphus", tmp_path / "study.zip")

    reading = read_lymphus([tmp_path / "study.zip"])

    sent = {(c.centre, c.group.lower(), c.number): r.content["mask_sha256"] for c, r in gathered.rows()}
    came = {(c.key.centre, c.key.group, c.key.number): c.pictures.mask_sha256 for c in reading.cases}
    assert came == sent
