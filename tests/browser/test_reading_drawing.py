"""What is drawn on the reading page in Chromium is what a stand-in server gets: to the pixel, by mouse, pen and keys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.fake_server import FakeServer
from tests.browser.hand import HEIGHT, WIDTH, answer_all, at, judge, open_page, outline, pixels, saved, settled, stroke

pytestmark = [pytest.mark.browser]


def test_a_click_of_the_one_pixel_brush_stores_that_pixel(page: Any, server: FakeServer) -> None:
    for _ in range(12):
        page.keyboard.press("[")
    page.mouse.click(*at(page, 123.5, 45.5))
    saved(page)

    mask = server.mask_pixels()
    assert [i for i, value in enumerate(mask) if value] == [45 * WIDTH + 123]
    assert page.problems == []


@pytest.mark.parametrize("ratio", [0.75, 1.25, 1.5, 2, 3])
def test_a_pixel_is_that_pixel_at_every_screen_and_page_zoom(chromium: Any, server: FakeServer, ratio: float) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, device_scale_factor=ratio)
    context.set_default_timeout(40_000)
    page = open_page(context, server)
    for _ in range(12):
        page.keyboard.press("[")
    for x, y in ((0.5, 0.5), (123.5, 45.5), (WIDTH - 0.5, HEIGHT - 0.5)):
        page.mouse.click(*at(page, x, y))
    settled(page, server, 1)
    page.wait_for_timeout(400)
    saved(page)

    mask = server.mask_pixels()
    assert [i for i, value in enumerate(mask) if value] == [0, 45 * WIDTH + 123, WIDTH * HEIGHT - 1]
    context.close()


def test_a_stroke_let_go_outside_the_image_or_taken_by_the_browser_is_whole_and_ended(
    page: Any, server: FakeServer
) -> None:
    page.mouse.move(*at(page, 250, 50))
    page.mouse.down()
    page.mouse.move(*at(page, 299, 50), steps=4)
    page.mouse.move(1400, 300)
    page.mouse.up()
    settled(page, server, 1)
    drawn = pixels(server)
    page.mouse.move(*at(page, 100, 100), steps=4)
    page.wait_for_timeout(300)
    assert (server.behaviour.puts, pixels(server)) == (1, drawn)

    page.mouse.down()
    page.mouse.move(*at(page, 140, 100), steps=4)
    page.evaluate(
        """() => document.getElementById('stage').dispatchEvent(
        new PointerEvent('pointercancel', {pointerId: 1, pointerType: 'mouse', bubbles: true}))"""
    )
    settled(page, server, 2)
    assert pixels(server) > drawn + 40 * 10
    page.mouse.up()


def test_a_stroke_paints_nothing_of_the_page_but_its_canvas(chromium: Any, page: Any) -> None:
    page.focus("#stage")
    stroke(page, (40, 40), (60, 60), steps=4)
    page.mouse.move(*at(page, 100, 50))
    page.mouse.down()
    page.wait_for_timeout(300)
    chromium.start_tracing(page=page, categories=["devtools.timeline"])
    page.mouse.move(*at(page, 130, 90), steps=30)
    events = json.loads(chromium.stop_tracing())["traceEvents"]
    page.mouse.up()

    frames = sum(e["name"] == "FireAnimationFrame" for e in events)
    painted = sum(e["name"] == "Paint" for e in events)
    # the figures beside the image follow a few times a second
    assert frames >= 20
    assert painted <= frames / 2


def test_a_fast_stroke_and_a_slow_one_store_the_same_mask(page: Any, server: FakeServer) -> None:
    stroke(page, (40, 40), (200, 150), steps=1)
    settled(page, server, 1)
    fast = server.mask_pixels()
    page.keyboard.press("Control+z")
    stroke(page, (40, 40), (200, 150), steps=40)
    settled(page, server, 2)

    slow = server.mask_pixels()
    # pointer positions are whole CSS pixels, so the two paths differ by a fraction of an image pixel
    assert sum(a != b for a, b in zip(fast, slow)) <= 0.02 * sum(fast)
    assert sum(fast) > 1000


def test_the_mask_reaches_the_last_row_and_column(page: Any, server: FakeServer) -> None:
    page.keyboard.press("l")
    page.keyboard.press(",")
    page.keyboard.press(",")
    box = page.locator("#stage").bounding_box()
    left, top = box["x"] + 3, box["y"] + 3
    right, bottom = left + box["width"] - 6, top + box["height"] - 6
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner)
    page.mouse.up()
    saved(page)
    assert pixels(server) == WIDTH * HEIGHT


def test_a_polygon_is_filled_and_its_vertex_moves_as_one_step(page: Any, server: FakeServer) -> None:
    page.keyboard.press("p")
    for point in [(50, 50), (150, 50), (150, 150), (50, 150), (50, 50)]:
        page.mouse.click(*at(page, *point))
    settled(page, server, 1)
    square = pixels(server)
    assert abs(square - 100 * 100) < 250

    stroke(page, (150, 150), (200, 150), steps=4)
    settled(page, server, 2)
    assert abs(pixels(server) - (square + 50 * 100 / 2)) < 250

    page.keyboard.press("Control+z")
    settled(page, server, 3)
    assert pixels(server) == square


def test_a_polygon_that_undo_and_redo_went_over_moves_by_its_vertices_still(page: Any, server: FakeServer) -> None:
    page.keyboard.press("p")
    for point in [(50, 50), (150, 50), (150, 150), (50, 150), (50, 50)]:
        page.mouse.click(*at(page, *point))
    settled(page, server, 1)
    square = pixels(server)
    stroke(page, (150, 150), (200, 150), steps=4)
    settled(page, server, 2)
    wide = pixels(server)
    page.keyboard.press("Control+z")
    settled(page, server, 3)
    page.keyboard.press("Control+Shift+z")
    settled(page, server, 4)
    assert pixels(server) == wide

    stroke(page, (200, 150), (150, 150), steps=4)

    settled(page, server, 5)
    assert abs(pixels(server) - square) < 250


def test_undo_and_redo_survive_a_reload(page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    first = server.mask_pixels()
    stroke(page, (50, 120), (100, 120))
    settled(page, server, 2)
    both = server.mask_pixels()

    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("Control+z")
    settled(page, server, 3)
    assert server.mask_pixels() == first
    page.keyboard.press("Control+Shift+z")
    settled(page, server, 4)
    assert server.mask_pixels() == both


def test_a_brush_stroke_by_keyboard(page: Any, server: FakeServer) -> None:
    page.focus("#stage")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    settled(page, server, 1)
    assert pixels(server) > 12 * 20


def test_pen_draws_and_the_palm_does_not(page: Any, server: FakeServer) -> None:
    draw = """([kind, x0, y0, x1, y1]) => {
      const stage = document.getElementById('stage');
      const fire = (type, x, y) => stage.dispatchEvent(new PointerEvent(type, {
        pointerId: kind === 'pen' ? 7 : 8, pointerType: kind, clientX: x, clientY: y,
        button: type === 'pointermove' ? -1 : 0, bubbles: true, cancelable: true}));
      stage.setPointerCapture = () => {};
      fire('pointerdown', x0, y0); fire('pointermove', x1, y1); fire('pointerup', x1, y1);
    }"""
    page.evaluate(draw, ["pen", *at(page, 50, 50), *at(page, 100, 50)])
    page.evaluate(draw, ["touch", *at(page, 50, 150), *at(page, 100, 150)])
    saved(page)
    mask = server.mask_pixels()
    assert mask[50 * WIDTH + 75] == 1
    assert mask[150 * WIDTH + 75] == 0


def test_two_parts_are_asked_about_before_submission(page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    judge(page)
    page.keyboard.press("b")
    for _ in range(12):
        page.keyboard.press("[")
    page.mouse.click(*at(page, 20.5, 20.5))
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#dock:visible")
    assert "2 parts, the smallest of 1 px" in page.inner_text("#dock")
    assert server.behaviour.submits == 0
    page.keyboard.press("Digit1")
    page.wait_for_url("**/next/", wait_until="commit")
    assert server.mask_pixels()[20 * WIDTH + 20] == 0


def test_without_a_scale_lengths_are_px_until_a_ruler_gives_one(page: Any, server: FakeServer, context: Any) -> None:
    server.spacing = None
    page = open_page(context, server)
    page.click("text=Continue here") if page.locator("#strip:visible").count() else None
    page.wait_for_timeout(300)
    page.wait_for_selector("html[data-ready]")
    assert "px" in page.inner_text("#readout-scale")
    page.keyboard.press("r")
    stroke(page, (50, 50), (150, 50), steps=3)
    page.wait_for_selector("#dock input")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    saved(page)
    assert server.reading["calibration"]["mm"] == 20
    assert page.inner_text("#readout-scale").startswith("0.20")


def test_calipers_measure_in_mm_where_the_scale_is_known(page: Any, server: FakeServer) -> None:
    page.keyboard.press("m")
    stroke(page, (50, 50), (150, 50), steps=3)
    saved(page)
    points = server.reading["answers"]["max_diameter_mm"]["value"]["points"]
    assert abs(points[2] - points[0] - 100) < 1
    value = page.input_value("[data-code=max_diameter_mm] input")
    assert abs(float(value) - 10.0) <= 0.1
