"""The pages that ask for an analysis, in Chromium: by keyboard, folded and unfolded, refused beside the field."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from annotations.models import Analysis
from tests.analyses.made import closed_study
from tests.analyses.test_tables import SCHEMA, TABLE
from tests.browser.hand import violations
from tests.browser.test_results_page import open_page  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def study():
    return closed_study(n_cases=4, n_readers=3)


def test_the_folded_part_is_opened_and_filled_in_by_keyboard_and_enter_asks(study, open_page):  # noqa: F811
    page = open_page(study.lead)
    page.goto(reverse("study_detail", args=[study.public_id]))
    page.get_by_role("link", name="Choose what is compared").press("Enter")
    assert not page.get_by_label("Seed").is_visible()

    page.locator("summary").press("Enter")
    page.get_by_label("Comparison 1: reader").select_option("1")
    page.get_by_label("Comparison 1: less reader").select_option("3")
    page.get_by_role("button", name="One more comparison").press("Enter")
    page.get_by_label("Comparison 2: reader").wait_for()
    assert page.get_by_label("Comparison 1: less reader").input_value() == "3"
    assert violations(Axe().run(page)) == []
    page.get_by_label("Seed").fill("41")
    page.get_by_label("Seed").press("Enter")

    page.locator("progress").wait_for()
    spec = Analysis.objects.get().spec
    assert (spec["seed"], spec["comparisons"]) == (41, [{"readers": [1, 3], "planned": False}])
    assert page.said == []


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (1024, "dark")])
def test_what_is_refused_stands_beside_its_field_unfolded(study, open_page, width, theme):  # noqa: F811
    page = open_page(study.lead, width=width, theme=theme)
    page.goto(reverse("study_analyse", args=[study.public_id]))
    page.locator("summary").click()
    page.get_by_label("Resamples").fill("10")
    for box in page.locator("input[name=features]").all():
        box.uncheck()
    page.get_by_role("button", name="Analyse").click()

    page.get_by_text("Tick what is compared").wait_for()
    assert page.get_by_label("Resamples").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("Resamples").is_visible()  # refused: unfolded
    assert violations(Axe().run(page)) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_table_is_uploaded_refused_by_cell_and_then_taken(study, open_page, tmp_path):  # noqa: F811
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "ratings.csv").write_text(TABLE.replace("oval,7,", "oval,seven,"))
    page = open_page(study.lead)
    page.goto(reverse("analysis_list"))
    page.get_by_role("link", name="Analyse a table").click()
    files = {"Table": tmp_path / "ratings.csv", "Schema": tmp_path / "schema.json"}
    for label, file in files.items():
        page.get_by_label(label, exact=True).set_input_files(file)
    page.get_by_role("button", name="Analyse").click()
    page.get_by_text("ratings.csv: line 4, column “size”: expected a number, got “seven”.").wait_for()
    assert violations(Axe().run(page)) == []

    (tmp_path / "ratings.csv").write_text(TABLE)
    for label, file in files.items():
        page.get_by_label(label, exact=True).set_input_files(file)
    page.get_by_role("button", name="Analyse").click()

    page.locator("progress").wait_for()
    assert Analysis.objects.get().kind == "table"
