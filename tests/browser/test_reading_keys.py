"""Keys of the reading page in Chromium: held, swapped, remapped, silenced; and the same by pointer alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.fake_server import FakeServer
from tests.browser.hand import at, open_page, outline, pixels, saved, settled, stroke

pytestmark = [pytest.mark.browser]


def tool(page: Any, name: str) -> bool:
    return page.get_attribute(f"[data-action='tool.{name}']", "aria-pressed") == "true"


def brush(page: Any) -> int:
    return int(page.inner_text("#readout-brush").split()[0])


def choose_key(page: Any, action: str, *keys: str) -> None:
    """In the page of keys: change the key of an action, and press these."""
    page.keyboard.press("?") if not page.locator("#help[open]").count() else None
    page.click(f"[data-changes='{action}']")
    for key in keys:
        page.keyboard.press(key)


def test_x_swaps_brush_and_eraser(page: Any) -> None:
    page.keyboard.press("x")
    assert tool(page, "eraser")
    page.keyboard.press("x")
    assert tool(page, "brush")


def test_ctrl_held_erases_for_now(page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (150, 50))
    settled(page, server, 1)
    drawn = pixels(server)
    page.keyboard.down("Control")
    stroke(page, (90, 50), (110, 50))
    page.keyboard.up("Control")
    settled(page, server, 2)
    erased = pixels(server)
    assert erased < drawn - 100
    assert tool(page, "brush")
    stroke(page, (90, 50), (110, 50))
    settled(page, server, 3)
    assert pixels(server) == drawn


def test_brackets_have_alternatives_without_altgr_and_the_wheel(page: Any) -> None:
    size = brush(page)
    for larger, smaller in (("]", "["), ("=", "-"), ("+", "-")):
        page.keyboard.press(larger)
        assert brush(page) > size
        page.keyboard.press(smaller)
        assert brush(page) == size
    page.mouse.move(*at(page, 100, 100))
    page.keyboard.down("Shift")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Shift")
    page.wait_for_function(f"() => parseInt(document.getElementById('readout-brush').textContent) > {size}")


def test_q_held_shows_the_bare_image_until_it_is_let_go_or_the_window_is_left(page: Any) -> None:
    def bare() -> bool:
        return page.get_attribute("[data-action='image.bare']", "aria-pressed") == "true"

    page.keyboard.down("q")
    assert bare()
    page.keyboard.up("q")
    assert not bare()
    page.keyboard.down("q")
    page.evaluate("() => window.dispatchEvent(new Event('blur'))")
    assert not bare()


def test_a_wheel_never_edits_a_number(page: Any, server: FakeServer) -> None:
    page.fill("[data-code=max_diameter_mm] input", "18.2")
    page.keyboard.press("Enter")
    page.fill("[data-code=score] input", "40")
    page.keyboard.press("Enter")
    settled(page, server, 1)
    for code, value in (("max_diameter_mm", "18.2"), ("score", "40")):
        field = page.locator(f"[data-code={code}] input.number")
        field.focus()
        field.hover()
        for step in (120, -120):
            page.mouse.wheel(0, step)
        page.wait_for_timeout(150)
        assert field.input_value() == value
    assert (server.reading["score"], server.reading["answers"]["max_diameter_mm"]) == (40, {"value": {"mm": 18.2}})


def test_arrow_keys_choose_among_a_questions_answers_and_the_light_stays(page: Any, server: FakeServer) -> None:
    page.focus("[data-code=necrosis] .segment-input >> nth=0")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    saved(page)
    assert server.reading["answers"] == {"necrosis": {"value": "cystic"}}
    assert page.evaluate("document.activeElement.name") == "necrosis"
    page.keyboard.press("Digit1")
    assert page.evaluate("document.activeElement.name") == "margin_regularity"


def test_a_key_is_changed_and_the_toolbar_says_so(page: Any, server: FakeServer) -> None:
    choose_key(page, "tool.eraser", "Shift", "g")
    assert "is now on G" in page.inner_text("#help-said")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    assert tool(page, "eraser")
    assert page.get_attribute("[data-action='tool.eraser']", "aria-keyshortcuts") == "G"
    assert "(G)" in str(page.get_attribute("[data-action='tool.eraser']", "title"))


def test_the_keys_of_a_question_back_can_be_changed_while_it_stands(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .segment >> nth=2")
    page.click("[data-code=internal_component] .segment >> nth=0")
    page.wait_for_selector("#dock:visible")
    choose_key(page, "question.keep", "g")
    page.keyboard.press("Escape")
    assert page.locator("#dock kbd").all_inner_texts() == ["G", "A"]
    page.keyboard.press("y")
    assert page.locator("#dock:visible").count() == 1
    page.keyboard.press("g")
    page.wait_for_selector("#dock", state="hidden")


def test_a_key_with_ctrl_is_taken_and_those_the_page_needs_are_refused(page: Any) -> None:
    choose_key(page, "tool.eraser", "Control+e")
    assert "is now on Ctrl + E" in page.inner_text("#help-said")
    for key in ("5", "ArrowLeft", "Enter"):
        choose_key(page, "tool.polygon", key)
        assert "has its use on this page" in page.inner_text("#help-said")
    choose_key(page, "tool.polygon", "b")
    assert "is taken by: Brush" in page.inner_text("#help-said")


def test_the_bare_image_goes_with_its_key_and_q_is_free_for_another(page: Any) -> None:
    choose_key(page, "image.bare", "v")
    choose_key(page, "tool.polygon", "q")
    page.keyboard.press("Escape")
    page.keyboard.down("v")
    assert page.get_attribute("[data-action='image.bare']", "aria-pressed") == "true"
    page.keyboard.up("v")
    page.keyboard.press("q")
    assert tool(page, "polygon")


def test_single_keys_are_silenced_with_shift_and_digits_too_but_where_the_focus_is(
    page: Any, server: FakeServer
) -> None:
    page.keyboard.press("?")
    page.uncheck("#help-single-keys")
    page.keyboard.press("Escape")
    page.focus("#stage")
    theme = page.get_attribute("html", "data-theme")
    for key in ("e", "Shift+T", "Digit1", "-"):
        page.keyboard.press(key)
    assert tool(page, "brush")
    assert page.get_attribute("html", "data-theme") == theme
    page.wait_for_timeout(400)
    assert server.reading["answers"] == {}

    page.focus("[data-code=necrosis] .segment-input >> nth=0")
    page.keyboard.press("Digit1")
    saved(page)
    assert server.reading["answers"] == {"necrosis": {"value": "none"}}
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    saved(page)
    assert server.reading["answers"] == {}


def test_escape_ends_a_stroke_of_the_keyboard_and_arrows_draw_no_more(page: Any, server: FakeServer) -> None:
    page.focus("#stage")
    for key in ("ArrowRight", "Enter", "Shift+ArrowRight", "Escape", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    assert server.behaviour.puts == 0
    assert page.inner_text("#readout-mask") == "–"


def test_calipers_and_ruler_by_two_clicks(context: Any, server: FakeServer) -> None:
    server.spacing = None
    page = open_page(context, server)
    page.keyboard.press("m")
    page.mouse.click(*at(page, 50, 50))
    page.mouse.click(*at(page, 150, 50))
    saved(page)
    x1, _, x2, _ = server.reading["answers"]["max_diameter_mm"]["value"]["points"]
    assert abs(x2 - x1 - 100) < 1
    page.keyboard.press("r")
    page.mouse.click(*at(page, 50, 150))
    page.mouse.click(*at(page, 150, 150))
    page.fill("#dock input", "20")
    page.click("text=Set the scale")
    settled(page, server, 2)
    assert abs(server.reading["calibration"]["points"][2] - 150) < 1


def test_a_vertex_is_moved_by_two_clicks_and_escape_lets_it_lie(page: Any, server: FakeServer) -> None:
    page.keyboard.press("p")
    for point in [(50, 50), (150, 50), (150, 150), (50, 150), (50, 50)]:
        page.mouse.click(*at(page, *point))
    settled(page, server, 1)
    square = pixels(server)
    for point in [(150, 150), (200, 150)]:
        page.mouse.click(*at(page, *point))
    settled(page, server, 2)
    assert abs(pixels(server) - (square + 50 * 100 / 2)) < 250
    page.mouse.click(*at(page, 200, 150))
    page.focus("#stage")
    page.keyboard.press("Escape")
    page.mouse.click(*at(page, 250, 20))
    page.wait_for_timeout(400)
    assert server.behaviour.puts == 2


def test_a_click_of_the_hand_brings_a_place_to_the_middle(page: Any) -> None:
    page.keyboard.press("h")
    for _ in range(6):
        page.keyboard.press(".")
    x, y = (sum(pair) / 2 for pair in zip(at(page, 0, 0), at(page, 300, 200)))
    before = page.screenshot(clip={"x": x + 100, "y": y - 20, "width": 40, "height": 40})
    page.mouse.click(x + 120, y)
    page.mouse.move(x + 300, y + 250)
    page.wait_for_timeout(200)
    after = page.screenshot(clip={"x": x - 20, "y": y - 20, "width": 40, "height": 40})
    assert before == after


def test_brush_zoom_and_grays_by_pointer_alone(page: Any) -> None:
    size, zoom = brush(page), page.inner_text("#readout-zoom")
    page.click("#panel-button")
    page.click("#panel [data-action='brush.grow']")
    page.click("#panel [data-action='zoom.in']")
    page.click("#panel [data-action='window.narrower']")
    page.click("#panel [data-action='window.up']")
    page.click("#panel [data-action='image.invert']")
    assert brush(page) > size and page.inner_text("#panel-brush") == f"{brush(page)} px"
    assert page.inner_text("#readout-zoom") != zoom
    assert (page.inner_text("#panel-window"), page.inner_text("#panel-level")) == ("247", "132")
    assert page.get_attribute("#panel [data-action='image.invert']", "aria-pressed") == "true"
    names = page.locator("#panel button").evaluate_all("all => all.map((b) => b.ariaLabel || b.textContent.trim())")
    assert all(len(name) > 3 for name in names)


def test_escape_with_an_outline_half_drawn_leaves_the_mask_as_it_was(page: Any, server: FakeServer) -> None:
    outline(page)
    settled(page, server, 1)
    before = pixels(server)
    page.mouse.move(*at(page, 20, 20))
    page.mouse.down()
    page.mouse.move(*at(page, 80, 20), steps=3)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.wait_for_timeout(400)
    assert (server.behaviour.puts, pixels(server)) == (1, before)


def test_n_and_the_words_beside_submit_lead_to_the_next_open_question(page: Any, server: FakeServer) -> None:
    def lit() -> str:
        return str(page.locator(".row.is-lit").get_attribute("data-code"))

    page.click("[data-code=centrality] .row-label")
    page.keyboard.press("Digit1")
    page.click("[data-code=fatty_hilum_loss] .row-label")
    page.focus("#stage")
    page.keyboard.press("n")
    assert lit() == "microcalcifications"
    assert page.inner_text("#done-count") == "1 of 16 done"
    assert page.inner_text("#open-link") == "16 open"
    page.click("#open-link")
    assert lit() == "necrosis"
    assert page.evaluate("document.activeElement.name") == "necrosis"
