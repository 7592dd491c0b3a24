"""Each export is read back by the tool it is for, pixel for pixel and value for value."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import numpy as np
import pandas
import pytest
from django.core.management import CommandError, call_command
from PIL import Image as Pillow
from pycocotools.coco import COCO

from annotations import mask_codec
from annotations.curation import calibrate_image, exclude_case
from annotations.datasets import publish_version
from annotations.demo_readers import five_readers
from annotations.exports.cells import safe_text
from annotations.exports.forms import FORMS, write_export
from annotations.exports.gathering import gather_version
from annotations.exports.verbs import export_path, request_export, run_export
from annotations.imports.lymphus import read_lymphus
from annotations.models import DatasetVersion, Mask, Reading, ReadingRevision
from annotations.problems import InputsChanged, NotAllowedNow
from annotations.revisions import append_revision
from readers.exports import gather_study, request_study_export
from readers.simulation import read_worklists
from readers.studies import lock_study
from tests.factories import ellipse, make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    study = make_study(n_cases=4, n_readers=2, spacing=0.1)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=3)
    return lock_study(study, study.lead)


def exported(gathered, form, tmp_path) -> zipfile.ZipFile:
    path = tmp_path / f"{form}.zip"
    write_export(gathered, form, path)
    return zipfile.ZipFile(path)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_manifest_ties_every_file_and_every_reading(study, tmp_path, form):
    gathered = gather_study(study)

    archive = exported(gathered, form, tmp_path)

    manifest = json.loads(archive.read("manifest.json"))
    assert {f["file"] for f in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
    for file in manifest["files"]:
        assert hashlib.sha256(archive.read(file["file"])).hexdigest() == file["sha256"]
    tied = {r["revision"] for f in manifest["files"] for r in f.get("readings", [f]) if "revision" in r}
    assert tied == {reading.revision for _, reading in gathered.rows()}


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_same_readings_give_the_same_bytes(study, tmp_path, form):
    write_export(gather_study(study), form, tmp_path / "a.zip")
    write_export(gather_study(study), form, tmp_path / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_pycocotools_reads_every_mask_pixel_back(study, tmp_path):
    gathered = gather_study(study)
    archive = exported(gathered, "coco", tmp_path)
    archive.extractall(tmp_path / "coco")
    coco = COCO(tmp_path / "coco" / "annotations.json")

    found = {(a["case"], a["reader"]): coco.annToMask(a) for a in coco.loadAnns(coco.getAnnIds())}

    expected = {(case.public_id, reading.reader): reading.mask() for case, reading in gathered.rows()}
    assert found.keys() == expected.keys()
    assert all((found[key] == expected[key]).all() for key in expected)


def test_pandas_reads_the_table_with_numbers_as_numbers(study, tmp_path):
    archive = exported(gather_study(study), "csv", tmp_path)

    table = pandas.read_csv(io.BytesIO(archive.read("readings.csv")), keep_default_na=False, na_values=[""])

    assert len(table) == 8
    assert sorted(set(table.reader)) == ["Reader 1", "Reader 2"]
    assert table.score.between(0, 100).all()
    assert (table.aspect_ratio <= 1).all()
    assert set(table.necrosis.dropna()) <= {"none", "coagulative", "cystic"}
    dictionary = pandas.read_csv(io.BytesIO(archive.read("data_dictionary.csv")))
    assert set(dictionary.column) == set(table.columns)


def test_every_form_tells_what_was_asked_back_and_how_it_ended(study, tmp_path):
    gathered = gather_study(study)
    _, reading = next(gathered.rows())
    at = {"shown_at": "2026-11-25T10:00:00Z"}
    endings = {"isoechoic_with_parts": "changed", "cystic_necrosis_solid": "kept", "min_over_max": None}
    reading.content["questions"] = [{"code": code, "ended": ended, **at} for code, ended in endings.items()]

    table = pandas.read_csv(io.BytesIO(exported(gathered, "csv", tmp_path).read("readings.csv")))

    row = table[table.revision == reading.revision].iloc[0]
    assert row.asked_back == "isoechoic_with_parts=changed cystic_necrosis_solid=kept min_over_max=open"
    assert table.asked_back.notna().sum() == 1
    said = [{"code": code, "ended": ended or "open"} for code, ended in endings.items()]
    for form in FORMS:
        archive = exported(gathered, form, tmp_path)
        files = json.loads(archive.read("manifest.json"))["files"]
        ties = [tie for file in files for tie in file.get("readings", [file]) if "revision" in tie]
        assert {tie["revision"] for tie in ties if tie["asked_back"] == said} == {reading.revision}, form
        assert {tie["revision"] for tie in ties if not tie["asked_back"]} == {
            r.revision for _, r in gathered.rows()
        } - {reading.revision}, form
    assert row.asked_back.encode() in exported(gathered, "png", tmp_path).read("masks.csv")
    annotations = json.loads(exported(gathered, "coco", tmp_path).read("annotations.json"))["annotations"]
    assert [a["revision"] for a in annotations if a["asked_back"] == said] == [reading.revision]


def test_a_remark_that_a_spreadsheet_would_run_is_made_harmless_and_can_be_restored():
    for text in ["=1+1", "+1", "-0.5 mm", "@x", "'quoted", "\tx", "plain", "a=b"]:
        safe = safe_text(text)
        assert not safe.startswith(("=", "+", "-", "@", "\t"))
        assert (safe[1:] if safe.startswith("'") else safe) == text


def test_a_mask_as_png_has_every_pixel(study, tmp_path):
    gathered = gather_study(study)
    archive = exported(gathered, "png", tmp_path)

    for case, reading in gathered.rows():
        name = f"masks/{case.public_id}__{reading.reader.replace(' ', '_')}.png"
        pixels = np.asarray(Pillow.open(io.BytesIO(archive.read(name))))
        assert (pixels == reading.mask() * 255).all()


def test_an_open_study_gives_nothing():
    open_study = make_study(n_cases=2)

    with pytest.raises(NotAllowedNow):
        gather_study(open_study)
    with pytest.raises(NotAllowedNow):
        request_study_export(open_study, "csv", by=open_study.lead)


def test_an_export_job_leaves_its_file_and_its_hash(study):
    export = request_study_export(study, "csv", by=study.lead)

    assert run_export(export.pk)

    export.refresh_from_db()
    assert export.state == "done", export.error
    assert hashlib.sha256(export_path(export).read_bytes()).hexdigest() == export.file_sha256


def test_a_dataset_version_exports_its_reference_readings(tmp_path):
    version = make_dataset(3).versions.get()

    archive = exported(gather_version(version), "lymphus", tmp_path)

    assert {"Center 1.zip", "Center 2.zip", "spacing.csv", "manifest.json"} == set(archive.namelist())
    export = request_export(version, "png", by=make_user("curator"))
    assert run_export(export.pk)


CODE = "margin_regularity"


def figures_of(archive, form, case):
    """What an export in that form says of a case, as far as it has a place for it: pixels of the mask, an answer, a scale."""
    if form == "png":
        return (int((np.asarray(Pillow.open(archive.open(f"masks/{case}__reference.png"))) > 0).sum()),)
    if form == "csv":
        rows = csv.DictReader(io.StringIO(archive.read("readings.csv").decode()))
        row = next(r for r in rows if r["case"] == case)
        return (
            int(row["mask_area_px"]),
            row[CODE],
            float(row["spacing_row_mm"]),
            round(float(row["max_diameter_mm"]), 6),
        )
    if form == "coco":
        document = json.loads(archive.read("annotations.json"))
        image = next(i for i in document["images"] if i["case"] == case)
        found = next(a for a in document["annotations"] if a["case"] == case)
        answers = found["answers"]
        return found["area"], answers[CODE], image["spacing_mm"][0], round(answers["max_diameter_mm"], 6)
    manifest = json.loads(archive.read("manifest.json"))
    number = next(r["number"] for f in manifest["files"] for r in f.get("readings", ()) if r["case"] == case)
    found = next(c for c in read_lymphus([archive.filename]).cases if c.key.number == number)
    area = int(mask_codec.decode(found.pictures.mask_payload).sum())
    answers = found.row.answers
    return area, answers[CODE]["value"], found.spacing.row_mm, round(answers["max_diameter_mm"]["value"]["mm"], 6)


def revised(version):
    """A reference reading of the version says something else since, its image has another scale, and another case is left out:
    the case's id and both readings' figures, before and since."""
    reading, other = Reading.objects.order_by("pk")[:2]
    curator, case = make_user("curator"), reading.case
    was = reading.answers[CODE]["value"]
    now = "irregular" if was == "regular" else "regular"
    mask = ellipse(60, 40, grow=1.2)
    before = (int(ellipse(60, 40).sum()), was, 0.1, 3.6)
    reading.answers = {**reading.answers, CODE: {"value": now}}
    reading.save()
    Mask.objects.filter(reading=reading).update(
        payload=mask_codec.encode(mask), sha256=mask_codec.mask_sha256(mask), area_px=int(mask.sum())
    )
    append_revision(reading, by=curator, reason="looked again")
    calibrate_image(case.images.get(), [0, 0, 10, 0], 2.5, by=curator)
    exclude_case(other.case, "motion", by=curator)
    return case.public_id, other.case.public_id, before, (int(mask.sum()), now, 0.25, 9.0)


def test_a_version_is_exported_as_it_was_published_and_the_next_one_as_it_is(tmp_path):
    dataset = make_dataset(3, spacing=0.1)
    first = dataset.versions.get()
    older = {form: exported(gather_version(first), form, tmp_path / "older") for form in FORMS}
    case, left_out, was, now = revised(first)
    since = {form: exported(gather_version(first), form, tmp_path / "since") for form in FORMS}
    second = publish_version(dataset)
    newer = {form: exported(gather_version(second), form, tmp_path / "newer") for form in FORMS}

    for form in FORMS:
        many = len(figures_of(since[form], form, case))
        assert figures_of(older[form], form, case) == figures_of(since[form], form, case) == was[:many], form
        assert figures_of(newer[form], form, case) == now[:many], form
        assert since[form].namelist() == older[form].namelist()
        for name in set(since[form].namelist()) - {"manifest.json", "spacing.csv"}:
            assert since[form].read(name) == older[form].read(name), name
        told = [json.loads(archive[form].read("manifest.json")) for archive in (older, since, newer)]
        revisions = [
            {r["revision"] for f in m["files"] for r in f.get("readings", [f]) if "revision" in r} for m in told
        ]
        assert (
            revisions[0]
            == revisions[1]
            == set(ReadingRevision.objects.filter(number=1).values_list("public_id", flat=True))
        )
        assert len(revisions[2] - revisions[0]) == 1
        nothing = {"cases_left_out": [], "references_revised": [], "scales_changed": []}
        changed = {"cases_left_out": [left_out], "references_revised": [case], "scales_changed": [case]}
        assert [m["changed_since_published"] for m in told] == [nothing, changed, nothing]
    assert b"as published with the version" in since["lymphus"].read("spacing.csv")


def test_a_version_whose_reference_is_gone_is_refused_and_leaves_no_file(tmp_path):
    dataset = make_dataset(2)
    version = dataset.versions.get()
    revision = ReadingRevision.objects.first()
    ReadingRevision.objects.filter(pk=revision.pk).update(sha256="0" * 64)
    sentence = f"The reference reading of case {revision.reading.case.public_id} is not as this version names it."

    with pytest.raises(InputsChanged, match=sentence):
        gather_version(version)
    with pytest.raises(CommandError, match=sentence):
        call_command("export_dataset", dataset.slug, format="csv", out=tmp_path / "out.zip")
    export = request_export(version, "csv", by=make_user("curator"))
    run_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", sentence)
    assert not export_path(export).exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("n", [2, 7])
def test_a_version_takes_the_same_number_of_queries(django_assert_num_queries, n):
    make_dataset(n)
    version = DatasetVersion.objects.select_related("dataset").get()

    with django_assert_num_queries(8):
        gather_version(version)
