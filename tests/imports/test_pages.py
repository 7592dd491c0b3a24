"""A curator's way: upload, the worker reads, the report, the decision, the worker writes."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from annotations import import_jobs, jobs
from annotations.models import Case, DatasetVersion, Import
from annotations.tasks import ring_for_waiting_jobs
from tests.factories import make_user
from tests.imports.small import archive, rows_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    user = make_user("curator")
    client.force_login(user)
    return user


def words(response):
    return " ".join(response.content.decode().split())


def upload(client, path, **fields):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(reverse("import_new"), {"archives": [file], "dataset": "small", **fields})


def work_folders():
    folder = import_jobs.Path(settings.WORK_ROOT) / "imports"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def test_the_empty_list_says_what_to_do(client, curator):
    assert "Nothing was imported yet." in words(client.get(reverse("import_list")))


def test_an_upload_is_read_reported_accepted_and_published(client, curator, tmp_path):
    answer = upload(client, archive(tmp_path, rows=rows_with(r0_4=0.9, r1_11="<b>peripheral")), title="Small")
    job = Import.objects.get()
    assert answer.url == reverse("import_detail", args=[job.public_id])
    assert 'data-progress-url="/imports/' in words(client.get(answer.url))

    ring_for_waiting_jobs()

    page = words(client.get(answer.url))
    assert Case.objects.count() == 0
    assert "Nothing has been written." in page
    assert "Accept 3 cases, leave 1 out" in page
    assert "&lt;b&gt;peripheral" in page
    assert "<b>peripheral" not in page

    client.post(reverse("import_decide", args=[job.public_id]), {"decision": "accept", "publish": "on"})
    ring_for_waiting_jobs()

    page = words(client.get(answer.url))
    assert "3 cases added to small; 0 were there already, 1 left out. Version 1 is published." in page
    assert (Case.objects.count(), DatasetVersion.objects.count()) == (3, 1)
    assert job.public_id not in work_folders()


def test_refusing_writes_nothing_and_discards_the_upload(client, curator, tmp_path, django_capture_on_commit_callbacks):
    upload(client, archive(tmp_path))
    job = Import.objects.get()
    ring_for_waiting_jobs()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("import_decide", args=[job.public_id]), {"decision": "refuse"})

    assert "Refused. Nothing was written." in words(client.get(reverse("import_detail", args=[job.public_id])))
    assert Case.objects.count() == 0
    assert job.public_id not in work_folders()


def test_a_second_decision_changes_nothing(client, curator, tmp_path):
    upload(client, archive(tmp_path))
    url = reverse("import_decide", args=[Import.objects.get().public_id])
    ring_for_waiting_jobs()
    client.post(url, {"decision": "accept"})
    ring_for_waiting_jobs()

    answer = client.post(url, {"decision": "refuse"}, follow=True)

    assert "This import does not wait for a decision." in words(answer)
    assert Import.objects.get().step == "written"


def test_a_waiting_import_can_be_stopped(client, curator, tmp_path):
    upload(client, archive(tmp_path))
    job = Import.objects.get()

    client.post(reverse("import_decide", args=[job.public_id]), {"decision": "stop"})

    assert ring_for_waiting_jobs() == 0
    assert "Stopped before the end. Nothing was written." in words(
        client.get(reverse("import_detail", args=[job.public_id]))
    )


def test_an_upload_that_changed_in_the_work_folder_is_refused(client, curator, tmp_path):
    upload(client, archive(tmp_path))
    job = Import.objects.get()
    (import_jobs.Path(settings.WORK_ROOT) / job.uploads[0]["path"]).write_bytes(b"other")

    ring_for_waiting_jobs()

    assert "is no longer what was uploaded" in words(client.get(reverse("import_detail", args=[job.public_id])))


def test_a_worker_that_lost_its_lease_while_writing_writes_nothing(client, curator, tmp_path, monkeypatch):
    upload(client, archive(tmp_path))
    job = Import.objects.get()
    ring_for_waiting_jobs()
    client.post(reverse("import_decide", args=[job.public_id]), {"decision": "accept"})
    real = import_jobs.accept_import

    def taken_meanwhile(*args, **kwargs):
        Import.objects.filter(pk=job.pk).update(lease="another worker")
        return real(*args, **kwargs)

    monkeypatch.setattr(import_jobs, "accept_import", taken_meanwhile)
    assert import_jobs.run_import(job.pk) is False

    assert Case.objects.count() == 0
    assert Import.objects.get().step == "write"


def test_a_silent_workers_import_is_taken_up_by_the_next_ring(client, curator, tmp_path):
    upload(client, archive(tmp_path))
    job = Import.objects.get()
    jobs.claim(Import, job.pk)
    assert ring_for_waiting_jobs() == 0
    Import.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert ring_for_waiting_jobs() == 1

    job.refresh_from_db()
    assert (job.step, job.state, job.attempts) == ("reported", "done", 2)


def test_progress_is_the_rows_own_count(client, curator, tmp_path):
    upload(client, archive(tmp_path))
    held = jobs.claim(Import, Import.objects.get().pk)
    held.progress(3, 4, "Reading 3 of 4", now=True)

    answer = client.get(reverse("import_progress", args=[held.job.public_id]))

    assert answer.json() == {"running": True, "done": 3, "total": 4, "text": "Reading 3 of 4"}


def test_the_report_is_a_download(client, curator, tmp_path):
    upload(client, archive(tmp_path))
    ring_for_waiting_jobs()

    answer = client.get(reverse("import_report", args=[Import.objects.get().public_id]))

    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["archives"] == ["Center 1.zip"]


def test_an_upload_keeps_no_path_of_its_own(client, curator, tmp_path):
    file = SimpleUploadedFile("x.zip", b"nothing")
    file._name = "../../.evil\x07.zip"
    client.post(reverse("import_new"), {"archives": [file], "dataset": "small"})

    upload_row = Import.objects.get().uploads[0]
    assert upload_row["path"].startswith(f"imports/{Import.objects.get().public_id}/1/")
    assert ".." not in upload_row["path"]


def test_what_is_missing_is_said_beside_the_field(client, curator):
    page = words(client.post(reverse("import_new"), {"dataset": "not a slug"}))

    assert page.count('<ul class="field-errors"') >= 2
    assert "Not uploaded yet" in page
    assert Import.objects.count() == 0


def test_archives_above_the_limit_are_refused(client, curator, tmp_path, settings):
    settings.MAX_UPLOAD_BYTES = 100

    assert "manage.py import_lymphus" in words(upload(client, archive(tmp_path)))


@pytest.mark.parametrize("role", ["reader", "trainee", "study lead", "data client"])
def test_for_other_roles_no_page_is_there(client, role, tmp_path):
    job = Import.objects.create(dataset_slug="small", report={"findings": []})
    client.force_login(make_user(role))

    pages = [reverse("import_list"), reverse("import_new")]
    pages += [reverse(n, args=[job.public_id]) for n in ("import_detail", "import_progress", "import_report")]
    assert {client.get(p).status_code for p in pages} == {404}
    assert client.post(reverse("import_decide", args=[job.public_id]), {"decision": "accept"}).status_code == 404


def test_the_list_takes_as_many_queries_for_three_as_for_one(client, curator):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("import_list"))
        return len(captured)

    Import.objects.create(dataset_slug="a", requested_by=curator)
    one = queries()
    Import.objects.create(dataset_slug="b", requested_by=curator)
    Import.objects.create(dataset_slug="c", requested_by=curator)
    assert queries() == one
