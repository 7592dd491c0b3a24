"""The results page in Chromium: clean console, no fault axe knows, popovers by keyboard, figures without eval, paper."""

from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import TimeoutError

from annotations.models import Analysis
from readers.analyses import analyse_study
from tests.analyses.made import QUICK, closed_study, finished_analysis, finished_version_analysis
from tests.browser.hand import violations
from tests.browser.looks import faults
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def analysis():
    return finished_analysis(closed_study(n_cases=12, n_readers=3))


@pytest.fixture
def open_page(chromium, live_server):
    """A page of the study's lead; what the console said and which answers were errors is kept in `said`."""
    contexts = []

    def opened(user, *, width: int = 1440, height: int = 900, theme: str = "light"):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, color_scheme=theme
        )
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(reverse("login"))
        page.get_by_label("Username").fill(user.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield opened
    for context in contexts:
        context.close()


def addresses(analysis, of_version) -> dict[str, str]:
    case = json.loads(bytes(analysis.result))["masks"][0]["cases"][0]["case"]
    own = reverse("analysis_detail", args=[analysis.public_id])
    return {
        "results": own,
        "version": reverse("analysis_detail", args=[of_version.public_id]),
        "reference": f"{own}?with=reference&of=1",
        "ask": reverse("study_analyse", args=[analysis.of_study.study.public_id]),
        "ask-table": reverse("table_analyse"),
        "masks": reverse("analysis_masks", args=[analysis.public_id]),
        "case": reverse("analysis_case", args=[analysis.public_id, case]),
        "differing": reverse("analysis_differing", args=[analysis.public_id, "margin_regularity"]),
        "analyses": reverse("analysis_list"),
        "exports": reverse("export_list"),
    }


def test_every_page_of_a_result_stands_without_a_fault(analysis, open_page):
    lead = analysis.of_study.study.lead
    lead.groups.add(Group.objects.get(name="curator"))
    page = open_page(lead)
    found: dict[str, list[str]] = {}
    for name, url in addresses(analysis, finished_version_analysis(analysis.dataset_version)).items():
        page.said.clear()
        page.goto(url)
        page.wait_for_load_state("networkidle")
        problems = faults(page, name) + page.said
        if problems:
            found[name] = problems
    assert found == {}


def test_a_value_opens_how_it_was_computed_by_keyboard_and_escape_closes_it(analysis, open_page):
    page = open_page(analysis.of_study.study.lead)
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    value = page.locator("[popovertarget=a-margin_regularity]")
    value.focus()
    page.keyboard.press("Enter")
    popover = page.locator("#a-margin_regularity")
    popover.wait_for(state="visible")
    assert "How was this computed?" in popover.inner_text()

    page.keyboard.press("Escape")

    popover.wait_for(state="hidden")
    assert value.evaluate("node => node === document.activeElement")


def test_a_figure_is_copied_as_a_sentence(analysis, open_page):
    page = open_page(analysis.of_study.study.lead)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    page.locator("[popovertarget=a-margin_regularity]").press("Enter")
    popover = page.locator("#a-margin_regularity")

    popover.get_by_role("button", name="Copy as text").press("Enter")

    popover.get_by_text("Copied").wait_for()
    sentence = popover.locator("[data-copy-text]").inner_text()
    assert "n" in sentence and page.evaluate("navigator.clipboard.readText()") == sentence


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_how_a_value_was_computed_is_all_in_the_window_wherever_the_value_stands(analysis, open_page, width, height):
    page = open_page(analysis.of_study.study.lead, width=width, height=height)
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    outside = []
    for code in ("max_diameter_mm", "necrosis", "margin_regularity", "intranodal_cystic_lesion"):
        page.locator(f"[popovertarget=a-{code}]").click()
        popover = page.locator(f"#a-{code}")
        popover.wait_for(state="visible")
        page.wait_for_function("box => box.style.top", arg=popover.element_handle())
        box = popover.bounding_box()
        if box["y"] < 0 or box["y"] + box["height"] > height or box["x"] < 0 or box["x"] + box["width"] > width:
            outside.append((code, box))
        page.keyboard.press("Escape")
    assert outside == []


def test_where_the_browser_refuses_the_clipboard_the_sentence_stays_selected(analysis, open_page):
    page = open_page(analysis.of_study.study.lead)
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    page.locator("[popovertarget=a-margin_regularity]").press("Enter")
    popover = page.locator("#a-margin_regularity")

    popover.get_by_role("button", name="Copy as text").press("Enter")

    sentence = popover.locator("[data-copy-text]").inner_text()
    page.wait_for_function("words => getSelection().toString().trim() === words", arg=sentence.strip())
    assert popover.get_by_text("Copied").count() == 0
    assert page.said == []


def test_a_figure_answers_to_the_pointer_without_eval(analysis, open_page):
    page = open_page(analysis.of_study.study.lead)
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    figure = page.locator("[data-figure]").filter(has_text="Max. diameter")
    figure.locator("[data-look-closer]").click()
    figure.locator(".stored-drawing[data-drawn]").wait_for(timeout=60_000)

    said = figure.locator("[role=status]").filter(has_text="difference")
    point = figure.locator(".stored-drawing svg path[aria-roledescription=point]").first
    point_at(page, point, until=said)

    assert page.said == []


def point_at(page, target, *, until, tries: int = 40) -> None:
    """Move the pointer onto the target until the page answers: pictures above it that arrive late may move it away."""
    for _ in range(tries):
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
        try:
            return until.wait_for(timeout=1_000)
        except TimeoutError:
            page.mouse.move(0, 0)
    raise AssertionError(f"the page did not answer to the pointer in {tries} tries")


def test_a_whole_table_is_copied_a_figure_a_line(analysis, open_page):
    page = open_page(analysis.of_study.study.lead)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    table = page.locator(".result-table").filter(has=page.locator("#t1"))

    table.locator("[data-copy-table]").press("Enter")

    table.get_by_text("Copied").wait_for()
    title, heads, *lines = (line.split("\t") for line in page.evaluate("navigator.clipboard.readText()").splitlines())
    assert title[0].startswith("Table 1. Agreement of the 3 readers")
    assert {"Feature", "Statistic", "n", "Value", "From", "Interval", "Method"} <= set(heads)
    assert {len(line) for line in lines} == {len(heads)}
    stored = json.loads(bytes(analysis.result))["features"]
    assert len(lines) == len(stored)
    row = dict(zip(heads, lines[0], strict=True))
    estimate = stored[0]["among_readers"]["overall"]["icc"]
    assert row["Value"].startswith(f"{estimate['value']:.3f} [".replace("-", "\u2212"))
    assert row["Method"] == estimate["estimator"] and "95 %" in row["Interval"]


def test_without_a_clipboard_the_text_of_a_table_stands_below_it(analysis, open_page):
    page = open_page(analysis.of_study.study.lead)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    pairs = page.locator(".result-figure#pairs")

    pairs.locator("[data-copy-table]").click()

    text = pairs.locator("textarea").input_value()
    assert text.startswith("Figure 3.") and len(text.splitlines()) == 2 + 6  # three readers and the reference


WATCH_SHIFTS = """
window.shifted = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const nodes = entry.sources.map((source) => source.node?.outerHTML?.slice(0, 90) ?? "gone");
    window.shifted.push([entry.value, nodes]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [1440, 1024])
def test_nothing_moves_while_figures_come_and_are_drawn(analysis, open_page, width):
    """Cumulative layout shift, of scrolling through the whole page and drawing every figure, is nil."""
    page = open_page(analysis.of_study.study.lead, width=width)
    page.add_init_script(WATCH_SHIFTS)
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    page.wait_for_load_state("networkidle")
    for figure in page.locator("figure.stored").all():
        figure.scroll_into_view_if_needed()
        box = figure.locator(".stored-picture").bounding_box()
        figure.locator("img").evaluate("image => image.decode()")
        assert figure.locator(".stored-picture").bounding_box() == box
        page.wait_for_timeout(600)  # beyond the half second in which a press excuses what moves
        figure.locator("[data-look-closer]").evaluate("button => button.click()")
        figure.locator(".stored-drawing[data-drawn]").wait_for(timeout=60_000)
        assert figure.locator(".stored-picture").bounding_box() == box
    page.wait_for_timeout(300)

    shifts = page.evaluate("window.shifted")

    assert sum(value for value, _nodes in shifts) < 0.001, shifts


def test_on_paper_the_bar_and_buttons_are_gone_and_the_notes_are_there(analysis, open_page):
    page = open_page(analysis.of_study.study.lead)
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    page.emulate_media(media="print")

    assert not page.locator("header.bar").is_visible()
    assert not page.locator("[data-print]").is_visible()
    assert page.locator(".method-notes li").count() > 10
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


def test_the_page_turns_into_the_result_when_the_worker_is_done(open_page):
    study = closed_study(n_cases=4, n_readers=2)
    analysis = analyse_study(study, by=study.lead, spec=QUICK)
    page = open_page(study.lead)
    page.goto(reverse("analysis_detail", args=[analysis.public_id]))
    assert page.locator("progress").is_visible()
    assert violations(Axe().run(page)) == []

    from annotations.analyses.work import run_analysis

    run_analysis(Analysis.objects.get().pk)

    page.locator("#t1").wait_for(timeout=40_000)
