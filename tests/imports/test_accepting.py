"""Accepting: one transaction, nothing twice, nothing overwritten; and the version published from it."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from annotations import store
from annotations.canonical import sha256_of
from annotations.datasets import NothingToPublish, publish_version
from annotations.imports import accept
from annotations.imports.accept import ArchiveChanged, NothingToImport, accept_import
from annotations.imports.lymphus import read_lymphus
from annotations.models import (
    Case,
    Dataset,
    DatasetVersion,
    Image,
    Mask,
    Pathology,
    Patient,
    Provenance,
    Reading,
    ReadingRevision,
    ReferenceSet,
    Source,
)
from annotations.pictures import decode_png
from tests.imports.small import archive, encoded, picture, rows_with, seed_of

pytestmark = pytest.mark.django_db
TABLES = (Dataset, Case, Patient, Pathology, Provenance, Image, Reading, Mask, ReadingRevision, Source)


def counts():
    return {t.__name__: t.objects.count() for t in TABLES}


def test_everything_of_a_case_is_stored(tmp_path):
    result = accept_import(read_lymphus([archive(tmp_path)]), slug="small", title="Small", synthetic=True)

    assert (result.added, result.unchanged, result.left_out) == (4, 0, 0)
    case = Provenance.objects.get(group="malignant", number=2).case
    image, reading = case.images.get(), case.readings.get()
    assert (decode_png(store.read(image.file_sha256)) == picture(seed_of(1, "Malignant", 2))).all()
    assert (image.width, image.height, image.spacing) == (64, 48, None)
    assert case.pathology.status == "malignant"
    assert (reading.source.kind, reading.source.name, reading.source.simulated) == (
        "panel",
        "Reference radiologist, centre 1",
        True,
    )
    assert (reading.state, reading.form_version) == ("submitted", "lymphus-1.0")
    revision = reading.revisions.get()
    assert (revision.number, revision.previous_sha256) == (1, "")
    assert revision.sha256 == sha256_of({"previous": "", "content": revision.content})
    assert bytes(revision.mask_payload) == bytes(reading.masks.get().payload)
    assert case.provenance.raw_values["Necrosis"] == "None"


def test_a_second_import_of_the_same_archive_changes_nothing_and_says_so(tmp_path):
    accept_import(read_lymphus([archive(tmp_path)]), slug="small")
    before = counts()

    result = accept_import(read_lymphus([archive(tmp_path)]), slug="small")

    assert counts() == before
    assert result.nothing_changed
    assert result.sentence() == "Nothing changed in small: 4 cases were there already."


def test_a_mended_row_is_added_and_a_changed_one_is_told_and_left(tmp_path):
    accept_import(read_lymphus([archive(tmp_path, rows=rows_with(r0_11="peripheral"))]), slug="small")

    result = accept_import(read_lymphus([archive(tmp_path, rows=rows_with(r1_5="No"))]), slug="small")

    assert (result.added, result.unchanged) == (1, 2)
    assert [(str(c.key), c.differs) for c in result.changed] == [("2 Benign, centre 1", ("Hypoechoic",))]
    kept = Provenance.objects.get(group="benign", number=2).case.readings.get()
    assert kept.answers["hypoechoic"] == {"value": "yes"}


def test_a_changed_picture_is_told_and_left(tmp_path):
    accept_import(read_lymphus([archive(tmp_path)]), slug="small")
    other = encoded(picture(999), "BMP")

    result = accept_import(read_lymphus([archive(tmp_path, Benign_1_Image=other)]), slug="small")

    assert [c.differs for c in result.changed] == [("image",)]


def test_a_crash_in_the_middle_writes_nothing(tmp_path, monkeypatch):
    def die(*_args, **_kwargs):
        raise IntegrityError("the disk is full")

    monkeypatch.setattr("annotations.imports.insert.ReadingRevision.objects.bulk_create", die)

    with pytest.raises(IntegrityError):
        accept_import(read_lymphus([archive(tmp_path)]), slug="small")

    assert set(counts().values()) == {0}


def test_a_worker_that_lost_its_lease_writes_nothing(tmp_path):
    def lost(_result):
        raise RuntimeError("another worker has it")

    with pytest.raises(RuntimeError):
        accept_import(read_lymphus([archive(tmp_path)]), slug="small", also=lost)

    assert set(counts().values()) == {0}


def test_an_archive_that_changes_after_it_was_read_is_refused(tmp_path, monkeypatch):
    reading = read_lymphus([archive(tmp_path)])
    monkeypatch.setattr(accept, "read_grey", lambda content, name: (picture(999), []))

    with pytest.raises(ArchiveChanged):
        accept_import(reading, slug="small")

    assert set(counts().values()) == {0}


def test_nothing_readable_makes_no_dataset(tmp_path):
    (tmp_path / "Center 1.zip").write_bytes(b"")

    with pytest.raises(NothingToImport):
        accept_import(read_lymphus([tmp_path / "Center 1.zip"]), slug="small")

    assert Dataset.objects.count() == 0


def test_the_order_of_insertion_is_shuffled(tmp_path, monkeypatch):
    shuffled = []
    monkeypatch.setattr(
        accept.secrets.SystemRandom, "shuffle", lambda self, cases: (shuffled.append(len(cases)), cases.reverse())
    )

    accept_import(read_lymphus([archive(tmp_path)]), slug="small")

    assert shuffled == [4]
    groups = [p.group for p in Provenance.objects.order_by("case_id")]
    assert groups == ["malignant", "malignant", "benign", "benign"]


def test_two_datasets_have_reference_radiologists_of_their_own(tmp_path):
    accept_import(read_lymphus([archive(tmp_path)]), slug="one")
    accept_import(read_lymphus([archive(tmp_path)]), slug="two", synthetic=True)

    assert sorted(Source.objects.values_list("name", "simulated")) == [
        ("Reference radiologist, centre 1", False),
        ("Reference radiologist, centre 1", True),
    ]


def test_scales_that_come_later_are_added_to_images_without_one(tmp_path):
    accept_import(read_lymphus([archive(tmp_path)]), slug="small")
    table = tmp_path / "spacing.csv"
    table.write_text("centre,group,number,mm_per_px,source\n1,Benign,1,0.06,ruler\n")

    result = accept_import(read_lymphus([archive(tmp_path)], table), slug="small")

    assert (result.added, result.scales_added) == (0, 1)
    assert Provenance.objects.get(group="benign", number=1).case.images.get().spacing_row_mm == 0.06


def test_a_version_freezes_cases_images_and_references_and_names_no_pathology(tmp_path):
    dataset = accept_import(read_lymphus([archive(tmp_path)]), slug="small").dataset

    version = publish_version(dataset, note="first")

    assert (version.number, version.members.count(), version.reference_set.members.count()) == (1, 4, 4)
    assert [c["case"] for c in version.manifest["cases"]] == sorted(Case.objects.values_list("public_id", flat=True))
    assert {c["reference"]["revision"] for c in version.manifest["cases"]} == {1}
    assert "malignant" not in str(version.manifest).lower()


def test_publishing_again_without_a_change_makes_no_version(tmp_path):
    dataset = accept_import(read_lymphus([archive(tmp_path)]), slug="small").dataset

    first, second = publish_version(dataset), publish_version(dataset)

    assert first == second
    assert (DatasetVersion.objects.count(), ReferenceSet.objects.count()) == (1, 1)


def test_a_case_left_out_makes_the_next_version_without_it(tmp_path):
    dataset = accept_import(read_lymphus([archive(tmp_path)]), slug="small").dataset
    publish_version(dataset)
    Case.objects.filter(pk=Case.objects.first().pk).update(state="excluded")

    version = publish_version(dataset)

    assert (version.number, version.members.count(), version.reference_set.number) == (2, 3, 2)


def test_an_empty_dataset_is_not_published():
    with pytest.raises(NothingToPublish):
        publish_version(Dataset.objects.create(slug="empty", title="Empty"))


def test_an_import_takes_the_same_number_of_queries_for_one_case_and_for_four(tmp_path):
    few = read_lymphus([archive(tmp_path, rows=rows_with()[:1])])
    many = read_lymphus([archive(tmp_path)])

    with CaptureQueriesContext(connection) as first:
        accept_import(few, slug="few")
    with CaptureQueriesContext(connection) as second:
        accept_import(many, slug="many")
    assert len(first) == len(second)
