"""How the reading page and the feedback page stand in Chromium at three sizes, and what axe finds: nothing."""

from __future__ import annotations

from typing import Any

import pytest

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
    assert page.locator("#curve circle").count() == 7
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


SHIFTS = """window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach((e) => { shifted += e.value; }))
  .observe({type: 'layout-shift', buffered: true});"""


def test_nothing_jumps_while_the_page_loads(context: Any, server: FakeServer) -> None:
    context.add_init_script(SHIFTS)
    page = open_page(context, server)
    page.wait_for_timeout(500)
    assert page.evaluate("() => shifted") <= 0.01
