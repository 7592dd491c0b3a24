"""The main job as a new user does it: import, make a study, read five cases, lock, analyse, look, pull by REST.

Once on the real images of the shared material (no picture of them is kept) and once on demo data, which leaves screenshots of
every page where LYMPHUS_SCREENSHOTS says (`make screenshots`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.served import manage, serving
from tests.e2e.walk import Person, read_case, submit_case

pytestmark = [pytest.mark.browser, pytest.mark.e2e]
LEAD, READER, CURATOR = (
    ("lead", "demo lead of studies"),
    ("reader1", "demo reader one"),
    ("curator", "demo curator of data"),
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("LYMPHUS_SCREENSHOTS") or tmp_path / "pictures").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def make_study(lead: Person, title: str, cases: int) -> str:
    """The lead makes a study of a few cases with one reader and opens it; its address."""
    lead.go("/studies/new/")
    page = lead.page
    page.fill("[name=title]", title)
    page.locator("[name=version]").first.check()
    page.check("[name=take][value=sample]")
    page.fill("[name=sample_size]", str(cases))
    page.fill("[name=seed]", "11")
    page.locator("label", has_text="Reader 1").locator("input").check()
    lead.picture("study-new")
    page.get_by_role("button", name="Make the study").click()
    page.wait_for_url("**/studies/*/")
    page.get_by_role("button", name="Open study").click()
    page.wait_for_load_state("networkidle")
    assert "Open" in page.inner_text("main")
    return page.url


def read_all(reader: Person, title: str, cases: int) -> None:
    """The reader reads the study's cases one after the other, by the next-case way."""
    reader.go("/worklist/")
    reader.picture("worklist")
    page = reader.page
    row = page.locator("main").get_by_text(title).first
    row.wait_for()
    link = page.locator("main a[href*='/read/']")
    link.first.click()
    for number in range(cases):
        page.wait_for_url("**/read/**")
        page.wait_for_selector("html[data-ready]")
        if number == 0:
            reader.picture("reading-new")
        read_case(page, score=20 + 15 * number, malignant=number % 2 == 1)
        if number == 0:
            reader.picture("reading-complete")
        submit_case(page)


def lock(lead: Person, study_url: str) -> None:
    lead.go(study_url)
    lead.picture("study-open")
    page = lead.page
    page.get_by_role("link", name="Lock study").or_(page.get_by_role("button", name="Lock study")).first.click()
    page.locator("[name=sure]:visible").check()
    page.get_by_role("button", name="Lock for good").click()
    page.wait_for_load_state("networkidle")
    assert "ocked" in page.inner_text("main")


def analyse(lead: Person, study_url: str) -> str:
    """Ask for the analysis and wait until the worker is done; the result's address."""
    page = lead.page
    lead.go(study_url)
    page.get_by_role("button", name="Analyse").click()
    page.wait_for_url("**/analyses/*/")
    page.get_by_text("Agreement", exact=False).first.wait_for(timeout=60_000)
    page.wait_for_selector("main table", timeout=60_000)
    return page.url


def new_token(lead: Person) -> str:
    """A key to the API from the person's own page, seen once."""
    page = lead.page
    lead.go("/account/")
    lead.picture("account")
    page.fill("[name=name]", "walk")
    for box in page.locator("[name=scopes]").all():
        box.check()
    page.get_by_role("button", name="Make").first.click()
    page.wait_for_load_state("networkidle")
    return page.locator("#new-key, code.key, output").first.inner_text().strip()


def pull(base: str, path: str, token: str) -> Any:
    request = urllib.request.Request(f"{base}/api/v1{path}", headers={"Authorization": f"Token {token}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def walk(browser: Any, base: str, *, cases: int, pictures: Path | None) -> None:
    lead = Person(browser, base, *LEAD, pictures=pictures)
    lead.picture("studies")
    study_url = make_study(lead, "Five cases", cases)
    reader = Person(browser, base, *READER, pictures=pictures)
    read_all(reader, "Five cases", cases)
    lock(lead, study_url)
    lead.picture("study-locked")
    result_url = analyse(lead, study_url)
    lead.picture("results")
    token = new_token(lead)
    study_id = study_url.rstrip("/").split("/")[-1]
    readings = pull(base, f"/studies/{study_id}/readings/", token)
    assert readings["count"] == cases
    assert {r["score"] for r in readings["results"]} == {20 + 15 * n for n in range(cases)}
    analysis = pull(base, f"/analyses/{result_url.rstrip('/').split('/')[-1]}/", token)
    assert analysis["state"] == "done"
    assert analysis["result"]["went_in"]["readings"] == cases
    assert reader.problems == []
    assert lead.problems == []
    reader.close()
    lead.close()


def test_the_main_job_on_real_images(chromium: Any, shared: Path, tmp_path: Path) -> None:
    archives = tmp_path / "archives"
    script = shared / "data" / "layout_as_lymphus.py"
    subprocess.run(
        [sys.executable, str(script), "--out", str(archives), "--cases", "12"], check=True, capture_output=True
    )
    # an address with a space in it, unquoted, as a user types it
    data = f"{archives / 'Center 1.zip'} {archives / 'Center 2.zip'}"
    with serving(tmp_path, "--data", data) as base:
        walk(chromium, base, cases=5, pictures=None)


def test_the_main_job_on_demo_data(chromium: Any, tmp_path: Path, pictures: Path) -> None:
    with serving(tmp_path, "--cases", os.environ.get("LYMPHUS_SCREENSHOT_CASES", "12")) as base:
        walk(chromium, base, cases=3, pictures=pictures)


def test_a_second_start_keeps_the_data_and_says_the_log_ins(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-data"):
        pass
    first = manage(tmp_path, "dumpdata", "auth.user", "--format", "json")
    with serving(tmp_path, "--no-data"):
        pass

    assert json.loads(manage(tmp_path, "dumpdata", "auth.user", "--format", "json")) == json.loads(first)
    said = (tmp_path / "serve.log").read_text()
    for name in ("lead /", "reader1 /", "reader2 /", "trainee /", "curator /"):
        assert name in said
    assert said.rstrip().endswith("Stopped.")
