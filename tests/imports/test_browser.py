"""A curator's import in Chromium: the page follows the worker by itself, under the strict policy."""

import datetime

import pytest

from annotations.models import Case
from annotations.tasks import ring_for_waiting_jobs
from tests.factories import PASSWORD, make_user
from tests.imports.small import archive, rows_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_upload_report_and_decision(chromium, live_server, tmp_path):
    make_user("curator", username="curator")
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/login/?next=/imports/new/")
    page.fill("[name=username]", "curator")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")

    first = archive(tmp_path, rows=rows_with(r0_3=datetime.datetime(2026, 10, 9), r2_4=0.9))
    page.set_input_files("[name=archives]", [str(first), str(archive(tmp_path, 2))])
    page.fill("[name=dataset]", "small")
    page.click("text=Upload and read")
    page.wait_for_selector("progress")
    ring_for_waiting_jobs()
    page.wait_for_selector("text=What needs you", timeout=15_000)
    assert page.inner_text(".import-value >> nth=0") == "2026-10-09"
    assert page.inner_text("button[value=accept]") == "Accept 7 cases, leave 1 out"

    page.click("button[value=accept]")
    page.wait_for_selector("progress")
    ring_for_waiting_jobs()
    page.wait_for_selector("text=Version 1 is published.", timeout=15_000)

    assert Case.objects.count() == 7
    assert complaints == []
    page.close()
