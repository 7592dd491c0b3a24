"""`manage.py import_lymphus`, as a curator types it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from annotations.models import Case, Dataset, DatasetVersion, Import
from annotations.tasks import ring_for_waiting_jobs
from tests.factories import make_user
from tests.imports.small import archive, rows_with
from tests.pages.test_curation import words

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


def the_list(client):
    client.force_login(make_user("curator"))
    return words(client.get(reverse("import_list")))


def test_an_import_by_command_stands_in_the_curators_list_with_its_report(client, tmp_path):
    odd = archive(tmp_path, rows=rows_with(r1_11="peripheral"))

    call_command("import_lymphus", odd, dataset="small", accept_warnings=True, publish=True)

    job = Import.objects.get()
    assert (job.step, job.state, job.result["added"], job.result["version"]) == ("written", "done", 3, 1)
    assert job.report["stored"]["new"] == 3
    assert job.uploads == [{"kind": "archive", "name": "Center 1.zip"}]  # no folder of this machine
    listed = the_list(client)
    assert "Center 1.zip small written" in listed
    assert "by command" in listed
    page = words(client.get(reverse("import_detail", args=[job.public_id])))
    assert "3 cases added to small" in page
    assert "peripheral" in page
    assert "Version 1 is published." in page
    assert json.loads(client.get(reverse("import_report", args=[job.public_id])).content)["left_out"] == 1


def test_the_flowchart_counts_what_the_command_refused(client, tmp_path):
    call_command(
        "import_lymphus", archive(tmp_path, rows=rows_with(r1_11="peripheral")), dataset="small", accept_warnings=True
    )
    client.force_login(make_user("curator"))

    page = words(client.get(reverse("dataset_description", args=["small"])))

    assert "4 rows found in the sheets" in page
    assert "1 refused or left out at the import" in page
    assert "without a report" not in page


def test_rows_that_came_before_under_another_name_or_differ_are_counted_as_that(client, tmp_path):
    call_command("import_lymphus", archive(tmp_path), dataset="small")
    for name, rows in (("again", None), ("differing", rows_with(r0_2=11.0, r0_3=5.0, r0_4=0.45))):
        renamed = archive(tmp_path, rows=rows).rename(tmp_path / f"Center 1 {name}.zip")
        call_command("import_lymphus", renamed, dataset="small", accept_warnings=True)
    client.force_login(make_user("curator"))

    page = words(client.get(reverse("dataset_description", args=["small"])))

    assert "12 rows found in the sheets 1 refused or left out at the import 1 there already with other content" in page
    assert "7 rows said twice 4 cases stored 4 cases in" in page


def test_a_command_that_wrote_nothing_is_kept_with_its_sentence_and_a_dry_run_is_not(client, tmp_path):
    odd = archive(tmp_path, rows=rows_with(r1_11="peripheral"))
    call_command("import_lymphus", odd, dataset="small", dry_run=True)
    assert Import.objects.count() == 0

    with pytest.raises(CommandError):
        call_command("import_lymphus", odd, dataset="small")
    with pytest.raises(CommandError):
        call_command("import_lymphus", tmp_path / "nowhere.zip", dataset="small", accept_warnings=True)

    nowhere, refused = Import.objects.all()
    assert (refused.state, refused.report["left_out"]) == ("failed", 1)
    assert refused.error.startswith("Nothing was written. Look at the report; --accept-warnings writes the 3 cases")
    assert nowhere.error == "No case could be read, so nothing was written."
    assert "nothing was written" in the_list(client)
    page = words(client.get(reverse("import_detail", args=[refused.public_id])))
    assert refused.error in page
    assert "peripheral" in page


def test_a_row_of_a_command_is_never_taken_up_by_a_worker(tmp_path):
    call_command("import_lymphus", archive(tmp_path), dataset="small")

    assert ring_for_waiting_jobs() == 0
