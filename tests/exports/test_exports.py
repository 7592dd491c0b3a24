"""Each export is read back by the tool it is for, pixel for pixel and value for value."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import numpy as np
import pandas
import pytest
from PIL import Image as Pillow
from pycocotools.coco import COCO

from annotations.demo_readers import five_readers
from annotations.exports.cells import safe_text
from annotations.exports.forms import FORMS, write_export
from annotations.exports.gathering import gather_version
from annotations.exports.verbs import export_path, request_export, run_export
from annotations.problems import NotAllowedNow
from readers.exports import gather_study, request_study_export
from readers.simulation import read_worklists
from readers.studies import lock_study
from tests.factories import make_dataset, make_study, make_user

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
