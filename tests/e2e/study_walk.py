"""The steps of a study as its people take them on the pages: made, read, locked, analysed, pulled."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path
from typing import Any

from tests.e2e.walk import Person, read_case, submit_case


def make_study(lead: Person, title: str, cases: int) -> str:
    """The lead makes a study of a few cases with one reader and opens it; its address."""
    lead.go("/studies/new/")
    page = lead.page
    page.fill("[name=title]", title)
    page.locator("[name=version]").first.check()
    page.check("[name=take][value=sample]")
    page.fill("[name=sample_size]", str(cases))
    page.fill("[name=seed]", "11")
    page.get_by_role("checkbox", name="Reader 1", exact=True).check()
    lead.picture("study-new")
    lead.press_button("Make the study", "**/studies/*/")
    assert "/new/" not in page.url
    lead.picture("study-draft")
    page.get_by_role("button", name="Open study", exact=True).click()
    page.get_by_text("Lock study…").first.wait_for()
    return str(page.url)


def read_all(reader: Person, title: str, cases: int, var: Path) -> None:
    """The reader reads the study's cases one after the other, by the way that leads from case to case."""
    reader.go("/worklist/")
    reader.picture("worklist")
    page = reader.page
    page.locator("li.work", has_text=title).get_by_role("link").click()
    for number in range(cases):
        page.wait_for_selector("html[data-ready]")
        assert page.inner_text(".position") == f"Case {number + 1} of {cases}"
        if number == 0:
            reader.picture("reading-new")
        read_case(page, var, score=20 + 15 * number, malignant=number % 2 == 1)
        if number == 0:
            reader.picture("reading-complete")
            page.keyboard.press("?")
            reader.picture("reading-keys")
            page.keyboard.press("Escape")
        submit_case(page)
    reader.go("/worklist/")
    assert f"{cases} of {cases} cases" in page.locator("li.work", has_text=title).inner_text()


def lock(lead: Person, study_url: str) -> None:
    """Locked after the second question."""
    lead.go(study_url)
    lead.picture("study-open")
    page = lead.page
    page.get_by_text("Lock study…").first.click()
    page.locator("[name=sure]:visible").check()
    lead.picture("study-lock")
    page.locator("button:visible", has_text="Lock for good").click()
    page.get_by_role("heading", name="Analyses", exact=True).wait_for()


def analyse(lead: Person, study_url: str) -> str:
    """Ask for the analysis and wait until the worker is done; the result's address."""
    lead.go(study_url)
    lead.picture("study-locked")
    lead.press_button("Analyse", "**/analyses/*/")
    lead.page.get_by_role("heading", name="Tables to take away").wait_for()
    return str(lead.page.url)


def new_token(lead: Person) -> str:
    """A key to the API from the person's own page, seen once."""
    page = lead.page
    lead.go("/account/")
    lead.picture("account")
    page.fill("[name=name]", "walk")
    for box in page.locator("[name=scopes]").all():
        box.check()
    page.get_by_role("button", name="Make the key", exact=True).click()
    return str(page.locator("output.key").inner_text()).strip()


def pull(base: str, path: str, token: str) -> Any:
    """The JSON of an address of the API."""
    request = urllib.request.Request(f"{base}/api/v1{path}", headers={"Authorization": f"Token {token}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def id_of(url: str) -> str:
    return url.rstrip("/").rsplit("/", 1)[-1]
