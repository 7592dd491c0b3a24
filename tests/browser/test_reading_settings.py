"""What a reader has set follows them to another machine, and what they keep here is nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.fake_server import FakeServer
from tests.browser.hand import open_page, pixels, settled, stroke

pytestmark = [pytest.mark.browser]


def told(page: Any, server: FakeServer, name: str, value: Any) -> None:
    for _ in range(100):
        if server.settings.get(name) == value:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{name} is {server.settings.get(name)}, not {value}")


def test_settings_follow_the_reader_to_another_machine(chromium: Any, page: Any, server: FakeServer) -> None:
    for key in ("]", "]", "Shift+T"):
        page.keyboard.press(key)
    size = page.inner_text("#readout-brush")
    page.keyboard.press("?")
    page.click("[data-changes='tool.eraser']")
    page.keyboard.press("g")
    page.uncheck("#help-finger")
    page.check("#help-form-left")
    told(page, server, "formLeft", True)

    elsewhere = chromium.new_context(viewport={"width": 1440, "height": 900})
    other = open_page(elsewhere, server)
    assert other.inner_text("#readout-brush") == size
    assert other.get_attribute("html", "data-theme") == "paper"
    other.keyboard.press("g")
    assert other.get_attribute("[data-action='tool.eraser']", "aria-pressed") == "true"
    other.keyboard.press("?")
    assert not other.is_checked("#help-finger")
    form, stage, tools = (other.locator(f"#{name}").bounding_box() for name in ("form", "stage", "tools"))
    assert form["x"] + form["width"] <= stage["x"] <= tools["x"]
    assert stage["width"] >= 0.65 * 1440 - 1
    elsewhere.close()


def test_a_setting_made_offline_is_told_when_the_page_is_opened_again(
    context: Any, page: Any, server: FakeServer
) -> None:
    context.set_offline(True)
    page.keyboard.press("Shift+T")
    page.wait_for_timeout(1300)
    assert server.settings == {}
    context.set_offline(False)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.get_attribute("html", "data-theme") == "paper"
    told(page, server, "theme", "paper")


def test_what_one_reader_left_here_is_never_shown_or_sent_under_another_log_in(
    context: Any, page: Any, server: FakeServer
) -> None:
    server.behaviour.refuse = (503, "down")
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=kept]")
    page.close()
    server.behaviour.refuse = None
    server.user = "u2"
    other = open_page(context, server)
    other.wait_for_timeout(500)
    assert other.locator("#dock:visible, #strip:visible").count() == 0
    assert other.inner_text("#readout-mask") == "–"
    assert pixels(server) == 0
    other.close()

    server.user = "u1"
    mine = open_page(context, server)
    settled(mine, server, 2)
    assert pixels(server) > 500
