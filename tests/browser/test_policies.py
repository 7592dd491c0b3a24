"""Pages that are not ours (site administration, the API's pages) stand under our Content-Security-Policy, content and all."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests.factories import PASSWORD, make_study, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visit(chromium, live_server):
    """A page of a person, logged in; `said` keeps every error, warning and failed request of it."""
    contexts = []

    def open_as(username: str):
        context = chromium.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
        contexts.append(context)
        context.set_default_timeout(90_000)
        page = context.new_page()
        page.said = []
        page.on("console", lambda m: page.said.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("response", lambda r: page.said.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.goto(reverse("login"))
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield open_as
    for context in contexts:
        context.close()


def test_site_administration_stands_under_the_policy(visit):
    get_user_model().objects.create_superuser("root", password=PASSWORD)
    study = make_study(2, title="Two nodes")
    page = visit("root")
    dataset = study.dataset_version.dataset

    page.goto(reverse("admin:index"))
    assert "Datasets" in page.inner_text("#content")
    page.goto(reverse("admin:annotations_dataset_changelist"))
    assert dataset.title in page.inner_text("#result_list")
    page.goto(reverse("admin:annotations_dataset_change", args=[dataset.pk]))
    assert dataset.slug in page.inner_text("#content")
    page.goto(reverse("admin:auth_user_change", args=[study.lead.pk]))
    # the two-column chooser is made by a script
    page.locator("select#id_groups_to option", has_text="study lead").wait_for(state="attached")
    assert page.said == []


def test_the_api_as_pages_stands_under_the_policy(visit):
    make_user("curator", username="curator")
    dataset = make_study(3).dataset_version.dataset
    page = visit("curator")

    page.goto(reverse("api:datasets"))
    assert page.locator("h1").inner_text() == "Dataset List"
    assert f'"slug": "{dataset.slug}"' in page.inner_text("pre")
    page.goto(reverse("api:cases") + "?page_size=2")
    page.locator("nav[aria-label=Pages] a", has_text="2").first.click()
    page.wait_for_url("**page=2**")
    assert '"count": 3' in page.inner_text("pre")
    page.goto(reverse("api:dataset", args=[dataset.slug]))
    assert dataset.title in page.inner_text("pre")
    assert page.said == []


def test_the_interactive_description_lists_and_tries_operations_under_the_policy(visit):
    make_user("curator", username="curator")
    page = visit("curator")

    page.goto(reverse("api:docs"))
    page.wait_for_selector(".opblock", timeout=60_000)
    paths = page.locator(".opblock-summary-path").all_inner_texts()
    assert len(paths) > 25
    row = page.locator(".opblock", has=page.locator("[data-path='/api/v1/features/']"))
    row.locator("button.opblock-summary-control").click()
    row.get_by_role("button", name="Try it out").click()
    row.get_by_role("button", name="Execute").click()
    row.locator(".live-responses-table .response-col_status", has_text="200").wait_for(timeout=30_000)
    assert page.said == []
