"""The main job as its people do it in a browser, on demo data in a really served application.

With LYMPHUS_SCREENSHOTS set (`make screenshots`) the walks leave a picture of every page they pass.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.served import Served, manage
from tests.e2e.study_walk import analyse, id_of, lock, make_study, new_token, pull, read_all
from tests.e2e.walk import CURATOR, LEAD, READER, TRAINEE, Person, read_case, submit_case

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def walk(browser: Any, served: Served, *, cases: int, pictures: Path | None) -> None:
    """A study from its making to its readings and result, pulled by REST."""
    lead = Person(browser, served.base, LEAD, pictures)
    lead.picture("studies")
    study_url = make_study(lead, "Five cases", cases)
    reader = Person(browser, served.base, READER, pictures)
    read_all(reader, "Five cases", cases, served.var)
    lock(lead, study_url)
    result_url = analyse(lead, study_url)
    token = new_token(lead)
    readings = pull(served.base, f"/studies/{id_of(study_url)}/readings/", token)
    assert readings["count"] == cases
    assert {r["score"] for r in readings["results"]} == {20 + 15 * n for n in range(cases)}
    analysis = pull(served.base, f"/analyses/{id_of(result_url)}/", token)
    assert analysis["state"] == "done"
    assert analysis["result"]["went_in"]["readings"] == cases
    reader.close()
    lead.close()


def test_a_study_from_its_making_to_rest(chromium: Any, demo: Served, pictures: Path | None) -> None:
    walk(chromium, demo, cases=3, pictures=pictures)


def test_the_finished_study_of_simulated_readers_can_be_looked_at_at_once(
    chromium: Any, demo: Served, pictures: Path | None
) -> None:
    lead = Person(chromium, demo.base, LEAD, pictures)
    page = lead.page
    page.get_by_role("link", name="Five simulated readers").click()
    lead.picture("study-finished")
    lead.go("/analyses/")
    lead.picture("analyses")
    page.locator("main a[href^='/analyses/']").last.click()
    page.get_by_role("heading", name="Tables to take away").wait_for()
    assert "Simulated readers" in lead.words() and "Synthetic images" in lead.words()
    lead.picture("results")
    lead.picture("results-whole", whole=True)
    page.locator("#worst .thumbs a").first.click()
    page.wait_for_url(lambda url: "/cases/" in url)
    lead.picture("result-case")
    lead.go("/exports/")
    page.locator("[name=format]").select_option("csv")
    page.get_by_role("button", name="Make the export", exact=True).click()
    file = page.locator("main a[href$='/file/']").first
    file.wait_for()
    lead.picture("exports")
    with page.expect_download() as download:
        file.click()
    with zipfile.ZipFile(download.value.path()) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["synthetic"]) == ("csv", True)
    lead.close()


def test_a_trainee_sees_what_differed_after_each_case(chromium: Any, demo: Served, pictures: Path | None) -> None:
    trainee = Person(chromium, demo.base, TRAINEE, pictures)
    page = trainee.page
    trainee.go("/training/")
    trainee.picture("training")
    page.locator("li.work", has_text="Mask practice").get_by_role("link").click()
    read_case(page, demo.var, score=30, malignant=False)
    submit_case(page)
    page.wait_for_url("**/feedback/")
    said = page.inner_text("dl.summary")
    assert "answers as the reference" in said and "Dice of the mask" in said and "your call" in said
    assert "Synthetic" in page.inner_text("header")
    trainee.picture("feedback")
    page.get_by_role("link", name="Next case").click()
    page.wait_for_selector("html[data-ready]")
    assert page.inner_text(".position").startswith("Case 2 of ")
    trainee.close()


def test_a_curator_imports_looks_and_publishes(
    chromium: Any, demo: Served, pictures: Path | None, tmp_path: Path
) -> None:
    manage(tmp_path, "make_demo_dataset", "--out", str(tmp_path / "small"), "--cases", "6", "--seed", "3")
    curator = Person(chromium, demo.base, CURATOR, pictures)
    page = curator.page
    curator.go("/imports/new/")
    page.set_input_files("[name=archives]", sorted((tmp_path / "small").glob("Center *.zip")))
    page.set_input_files("[name=spacing]", tmp_path / "small" / "spacing.csv")
    page.fill("[name=dataset]", "small")
    page.fill("[name=title]", "Small demo data")
    page.check("[name=synthetic]")
    curator.picture("import-new")
    page.get_by_role("button", name="Upload and read", exact=True).click()
    accept = page.get_by_role("button", name="Accept 6 cases")
    accept.wait_for()
    curator.picture("import-report")
    accept.click()
    page.get_by_text("Version 1 is published").wait_for()
    curator.go("/imports/")
    curator.picture("imports")
    look_at_the_dataset(curator)
    analyse_the_version(curator)
    curator.go("/api/v1/datasets/small/")
    curator.picture("api")
    curator.go("/api/v1/docs/")
    page.wait_for_selector(".opblock")
    curator.picture("api-docs")
    curator.close()


def look_at_the_dataset(curator: Person) -> None:
    """List, gallery, a case left out and taken in again, description."""
    page = curator.page
    curator.go("/datasets/")
    assert "Small demo data" in curator.words()
    curator.picture("datasets")
    curator.go("/datasets/demo/")
    curator.picture("gallery")
    page.locator("[data-thumbs] a").first.click()
    page.get_by_role("link", name="Open", exact=True).wait_for()
    curator.picture("gallery-picked")
    page.get_by_role("link", name="Open", exact=True).click()
    page.wait_for_url(lambda url: "/cases/" in url)
    curator.picture("case")
    curator.go("/datasets/demo/description/")
    assert "Table 1" in curator.words()
    curator.picture("dataset-description")


def analyse_the_version(curator: Person) -> None:
    """The published version without a study: its reference against the pathology, by the real worker."""
    page = curator.page
    curator.go("/datasets/small/description/")
    page.get_by_role("link", name="Analyse version 1").click()
    page.wait_for_url("**/analyse/")
    curator.picture("version-analyse")
    curator.press_button("Analyse", "**/analyses/*/")
    page.get_by_role("heading", name="Tables to take away").wait_for()
    assert "What went in" in curator.words()
    curator.picture("version-results")
