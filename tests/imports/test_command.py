"""`manage.py import_lymphus`, as a curator types it."""

import json

import pytest
from django.core.management import CommandError, call_command

from annotations.models import Case, Dataset, DatasetVersion
from tests.imports.small import archive, rows_with

pytestmark = pytest.mark.django_db


def test_a_good_archive_is_imported_and_published(tmp_path, capsys):
    call_command("import_lymphus", archive(tmp_path), dataset="small", title="Small", publish=True)

    said = capsys.readouterr().out
    assert "4 cases added to small; 0 were there already, 0 left out." in said
    assert "Version 1 of small" in said
    assert Dataset.objects.get().title == "Small"


def test_warnings_write_nothing_unless_accepted(tmp_path, capsys):
    odd = archive(tmp_path, rows=rows_with(r0_4=0.9, r1_11="peripheral"))

    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("import_lymphus", odd, dataset="small")

    said = capsys.readouterr().out
    assert Case.objects.count() == 0
    assert "look: Center 1.zip: Center 1/Lymphnode US features Database 1.xlsx, row 2, Aspect ratio [0.9]" in said
    assert (
        "refused: Center 1.zip: Center 1/Lymphnode US features Database 1.xlsx, row 3, Centrality [peripheral]" in said
    )


def test_accepted_warnings_leave_refused_rows_out(tmp_path):
    odd = archive(tmp_path, rows=rows_with(r0_4=0.9, r1_11="peripheral"))

    call_command("import_lymphus", odd, dataset="small", accept_warnings=True)

    assert Case.objects.count() == 3


def test_a_dry_run_writes_the_report_and_nothing_else(tmp_path, capsys):
    report = tmp_path / "report.json"

    call_command("import_lymphus", archive(tmp_path), dataset="small", dry_run=True, report=str(report))

    assert (Dataset.objects.count(), DatasetVersion.objects.count()) == (0, 0)
    assert json.loads(report.read_text())["cases"] == 4
    assert "Dry run, nothing was written. New: 4" in capsys.readouterr().out


def test_a_path_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match=r"No case could be read|Nothing was written"):
        call_command("import_lymphus", tmp_path / "nowhere.zip", dataset="small")


def test_a_slug_that_is_none_is_refused(tmp_path):
    with pytest.raises(CommandError, match="slug"):
        call_command("import_lymphus", str(archive(tmp_path)), "--dataset", "not a slug")
