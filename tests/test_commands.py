"""Commands that end a study's way: analyse and export by command, and what they say when it cannot be."""

import hashlib
import socket
import zipfile

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Analysis
from lymphus_web import embedded
from tests.analyses.made import closed_study
from tests.factories import make_dataset, make_study
from tests.imports.small import archive

pytestmark = pytest.mark.django_db


def test_a_study_is_analysed_and_its_bytes_are_those_that_are_stored(tmp_path, capsys):
    study, out = closed_study(6), tmp_path / "result.json"

    call_command("analyse", study.public_id, out=out, resamples=200, seed=5)

    stored = Analysis.objects.get()
    assert (stored.state, bytes(stored.result)) == ("done", out.read_bytes())
    assert stored.result_sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert stored.result_sha256 in capsys.readouterr().out


@pytest.mark.parametrize("form", ["lymphus", "csv", "coco", "png"])
def test_a_study_and_a_dataset_are_exported_in_every_form(tmp_path, form):
    study = closed_study(4)
    readings, dataset = tmp_path / "readings.zip", tmp_path / "dataset.zip"

    call_command("export_readings", study.public_id, format=form, out=readings)
    call_command("export_dataset", study.dataset_version.dataset.slug, format=form, out=dataset)

    for path in (readings, dataset):
        with zipfile.ZipFile(path) as made:
            assert made.testzip() is None
            assert "manifest.json" in made.namelist()


def test_an_open_study_an_unknown_one_and_an_unpublished_dataset_are_refused_in_a_sentence(tmp_path):
    study, out = make_study(2), tmp_path / "x.zip"
    make_dataset(2, slug="raw", publish=False)

    for words, said in [
        (("analyse", study.public_id), "The study is not closed"),
        (("analyse", "nowhere"), "There is no study “nowhere”."),
        (("export_readings", study.public_id, "--format", "csv", "--out", str(out)), "The study is not closed"),
        (("export_readings", "nowhere", "--format", "csv", "--out", str(out)), "There is no study “nowhere”."),
        (("export_dataset", "raw", "--format", "csv", "--out", str(out)), "no published version of “raw”"),
    ]:
        with pytest.raises(CommandError, match=said):
            call_command(*words)
    assert not out.exists()


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    study, nowhere = closed_study(4), tmp_path / "no folder" / "x"
    nowhere.parent.write_text("a file")

    with pytest.raises(CommandError, match=r"is stored; .* cannot be written: Not a directory\."):
        call_command("analyse", study.public_id, out=nowhere, resamples=200)
    with pytest.raises(CommandError, match=r"x cannot be written: "):
        call_command("export_readings", study.public_id, format="csv", out=nowhere)
    with pytest.raises(CommandError, match=r"x cannot be written: "):
        call_command("export_dataset", study.dataset_version.dataset.slug, format="csv", out=nowhere)
    with pytest.raises(CommandError, match=r"Nothing was written\. The report .* cannot be written"):
        call_command("import_lymphus", archive(tmp_path), dataset="small", report=str(nowhere))


def test_a_taken_port_is_said_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(embedded.PortTaken, match=f"Port {port} is taken. Choose another: make run PORT={port + 1}"):
            embedded.probe("127.0.0.1", port)
        with pytest.raises(CommandError, match="is taken"):
            call_command("serve", port=port)


@pytest.mark.parametrize("port", [-1, 65536, 99999])
def test_a_port_that_is_none_is_said_in_a_sentence(port):
    with pytest.raises(CommandError, match=f"{port} is no port: 1 to 65535."):
        call_command("serve", port=port)
