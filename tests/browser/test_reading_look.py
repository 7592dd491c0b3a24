"""How the reading page and the feedback page stand in Chromium at three sizes, and what axe finds: nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageStat

from tests.browser.fake_server import FakeServer
from tests.browser.hand import open_page, outline, violations

pytestmark = [pytest.mark.browser]


@pytest.mark.parametrize("theme", ["room", "paper"])
@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (720, 450)])
def test_axe_finds_nothing(page: Any, theme: str, size: tuple[int, int]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if theme == "paper":
        page.keyboard.press("Shift+t")
    outline(page) if size[0] > 800 else None
    page.click("[data-code=necrosis] .row-label")
    page.wait_for_timeout(200)
    assert violations(axe.run(page)) == []
    page.keyboard.press("?")
    assert violations(axe.run(page)) == []


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (720, 450)])
def test_submit_stays_in_view_and_the_image_keeps_its_share(page: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(150)
    submit = page.locator("#submit").bounding_box()
    assert submit["y"] + submit["height"] <= size[1]
    stage = page.locator("#stage").bounding_box()
    assert stage["width"] >= (0.65 if size[0] >= 1024 else 0.9) * size[0] - 1


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (720, 450)])
def test_the_feedback_page_shows_both_masks_measured(context: Any, server: FakeServer, size: tuple[int, int]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(server.url.replace("reading", "feedback"))
    page.wait_for_selector("html[data-ready]")

    assert page.inner_text("#own-area") == "70 mm²"
    assert page.inner_text("#reference-area") == "77 mm²"
    page.keyboard.press("r")
    assert page.get_attribute("[data-shows=reference]", "aria-pressed") == "false"
    assert violations(axe.run(page)) == []
    page.click("#next")
    page.wait_for_url("**/next/", wait_until="commit")


@pytest.mark.parametrize("width", [1440, 1024, 720])
def test_help_and_theme_stand_in_the_bar_at_every_width(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 450})
    bar = page.locator("header.bar").bounding_box()
    for name in ("help-button", "theme-button"):
        button = page.locator(f"#{name}").bounding_box()
        assert bar["y"] <= button["y"] and button["y"] + button["height"] <= bar["y"] + bar["height"] + 1
        assert button["x"] + button["width"] <= width


# WCAG 1.4.12: what a reader may set, on top of the page's own sheet
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }"""


@pytest.mark.parametrize("asking", [False, True])
@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (720, 450)])
def test_what_has_the_focus_is_never_hidden_under_something_else(
    page: Any, server: FakeServer, size: tuple[int, int], asking: bool
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    if asking:
        page.focus("[data-code=necrosis] .segment-input >> nth=2")
        page.keyboard.press("Digit3")
        page.focus("[data-code=internal_component] .segment-input >> nth=0")
        page.keyboard.press("Digit1")
        page.wait_for_selector("#dock:visible")
    page.focus("#stage")
    hidden, seen = [], 0
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_timeout(20)
        what, free = page.evaluate(
            """() => { const e = document.activeElement; const box = (e.closest('label') ?? e).getBoundingClientRect();
            const places = [0.1, 0.5, 0.9].map((s) => [box.left + box.width / 2, box.top + box.height * s]);
            const over = ([x, y]) => { const top = document.elementFromPoint(x, y);
              return Boolean(top && (top.contains(e) || e.contains(top) || top.closest('.row') === e.closest('.row'))); };
            return [`${e.tagName} ${e.id} ${e.name ?? ''}`, e === document.body || places.some(over)]; }"""
        )
        seen += 1
        hidden += [] if free else [what]
    assert seen == 40
    assert hidden == []


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (720, 450)])
def test_wider_text_cuts_nothing_off_that_is_not_said_elsewhere(page: Any, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets.push(s); }", SPACED
    )
    page.wait_for_timeout(200)
    submit = page.locator("#submit").bounding_box()
    assert submit["x"] + submit["width"] <= size[0] and submit["y"] + submit["height"] <= size[1]
    cut = page.evaluate(
        """() => [...document.querySelectorAll('#form .row-label, #form .segment, #form .button, #form .link, .bar .position')]
        .filter((e) => e.checkVisibility() && e.clientWidth > 1 && (e.scrollWidth > e.clientWidth + 1
          || e.scrollHeight > e.clientHeight + 2)).map((e) => e.textContent)"""
    )
    assert cut == []


def test_a_click_on_a_folded_answer_unfolds_it_and_takes_nothing_back(page: Any, server: FakeServer) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    page.click("[data-code=necrosis] .row-label")
    page.keyboard.press("Digit2")
    page.wait_for_selector("#save-state[data-state=saved]")
    chosen = page.locator("[data-code=necrosis] .segment:has(:checked)").bounding_box()
    page.mouse.click(chosen["x"] + chosen["width"] / 2, chosen["y"] + chosen["height"] / 2)
    page.wait_for_selector("[data-code=necrosis].is-lit")
    page.wait_for_timeout(400)
    assert server.reading["answers"] == {"necrosis": {"value": "coagulative"}}


def test_the_room_is_dark_around_the_image(page: Any) -> None:
    outline(page)
    for part in (".bar", "#tools", "#form", ".readout"):
        shot = Image.open(io.BytesIO(page.locator(part).screenshot())).convert("L")
        assert ImageStat.Stat(shot).mean[0] < 40, part


SHIFTS = """window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => { shifted += e.value; }))
  .observe({type: 'layout-shift', buffered: true});"""


def test_nothing_jumps_while_the_page_loads(context: Any, server: FakeServer) -> None:
    context.add_init_script(SHIFTS)
    page = open_page(context, server)
    page.wait_for_timeout(500)
    assert page.evaluate("() => shifted") <= 0.01
