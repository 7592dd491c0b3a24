"""The reading page in Chromium against a stand-in server: it gets what is drawn and answered."""

from __future__ import annotations

import io
import math
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.browser.fake_server import FakeServer

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
SPACING = {"row_mm": 0.1, "col_mm": 0.1, "source": "from the archive"}
WIDTH, HEIGHT = 300, 200

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


def gradient() -> bytes:
    picture = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def browser(chromium: Any) -> Any:
    """The session's one browser: a second Playwright beside it finds its event loop taken."""
    return chromium


@pytest.fixture
def server() -> Iterator[FakeServer]:
    running = FakeServer(gradient(), WIDTH, HEIGHT, spacing=SPACING).start()
    yield running
    running.stop()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(40_000)
    yield context
    context.close()


def open_page(context: Any, server: FakeServer) -> Any:
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda m: page.problems.append(m.text) if "Content Security" in m.text else None)
    page.goto(server.url)
    page.wait_for_selector("html[data-ready]")
    return page


@pytest.fixture
def page(context: Any, server: FakeServer) -> Any:
    return open_page(context, server)


def saved(page: Any) -> None:
    page.wait_for_selector("#save-state[data-state=saved]", timeout=40_000)


def settled(page: Any, server: FakeServer, puts: int) -> None:
    """Wait until the server has had so many saves and the page says Saved."""
    for _ in range(800):
        if server.behaviour.puts >= puts and page.get_attribute("#save-state", "data-state") == "saved":
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{server.behaviour.puts} saves, {page.get_attribute('#save-state', 'data-state')}")


def at(page: Any, x: float, y: float) -> tuple[float, float]:
    """Where on the screen an image point is, the image fitted to the stage."""
    box = page.locator("#stage").bounding_box()
    scale = min(box["width"] / WIDTH, box["height"] / HEIGHT)
    left = box["x"] + round((box["width"] - WIDTH * scale) / 2)
    top = box["y"] + round((box["height"] - HEIGHT * scale) / 2)
    return left + x * scale, top + y * scale


def stroke(page: Any, *points: tuple[float, float], steps: int = 1) -> None:
    page.mouse.move(*at(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*at(page, *point), steps=steps)
    page.mouse.up()


def ellipse(cx: float, cy: float, rx: float, ry: float) -> list[tuple[float, float]]:
    turns = [2 * math.pi * i / 24 for i in range(25)]
    return [(cx + rx * math.cos(t), cy + ry * math.sin(t)) for t in turns]


def outline(page: Any) -> None:
    page.keyboard.press("l")
    stroke(page, *ellipse(150, 100, 60, 30))


def answer_all(page: Any) -> None:
    """Two diameters from the mask and thirteen answers: fifteen keys."""
    page.wait_for_selector("[data-code=max_diameter_mm] .propose:visible")
    for key in "11" + "111" + "22" + "1111" + "1111":
        page.keyboard.press(f"Digit{key}")


def pixels(server: FakeServer) -> int:
    return sum(server.mask_pixels())


def test_a_click_of_the_one_pixel_brush_stores_that_pixel(page: Any, server: FakeServer) -> None:
    for _ in range(12):
        page.keyboard.press("[")
    page.mouse.click(*at(page, 123.5, 45.5))
    saved(page)

    mask = server.mask_pixels()
    assert [i for i, value in enumerate(mask) if value] == [45 * WIDTH + 123]
    assert page.problems == []


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


def test_a_whole_case_in_seventeen_keys_and_a_score(page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit1")
    page.wait_for_selector("#open-link:has-text('complete')")
    saved(page)

    reading = server.reading
    assert len(reading["answers"]) == 15
    assert reading["answers"]["homogeneity"] == {"value": "heterogeneous"}
    assert reading["answers"]["max_diameter_mm"]["mask_sha256"] == reading["mask_sha256"]
    assert (reading["score"], reading["call"]) == (12, "benign")
    assert page.inner_text("#open-link") == "complete"

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/next/", wait_until="commit")
    assert server.reading["state"] == "submitted"


def test_the_same_digit_takes_an_answer_back(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .row-label")
    page.keyboard.press("Digit3")
    settled(page, server, 1)
    assert server.reading["answers"] == {"necrosis": {"value": "cystic"}}
    page.click("[data-code=necrosis] .row-label")
    page.keyboard.press("Digit3")
    settled(page, server, 2)
    assert server.reading["answers"] == {}


def test_a_click_on_the_chosen_radio_takes_it_back(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .segment >> nth=1")
    settled(page, server, 1)
    page.click("[data-code=necrosis] .segment >> nth=1")
    settled(page, server, 2)
    assert server.reading["answers"] == {}


def test_nothing_is_preselected_and_the_scale_has_no_thumb(page: Any) -> None:
    assert page.locator("input[type=radio]:checked").count() == 0
    assert page.locator(".thumb:visible").count() == 0
    page.mouse.move(*_middle(page, "#judgement .scale-line"))
    page.mouse.wheel(0, 300)
    assert page.locator(".thumb:visible").count() == 0


def _middle(page: Any, selector: str) -> tuple[float, float]:
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_letters_in_the_remarks_draw_nothing_and_are_saved(page: Any, server: FakeServer) -> None:
    page.fill("#remarks", "")
    page.click("#remarks")
    page.keyboard.type("beep 12 [q]")
    settled(page, server, 1)
    assert server.reading["remarks"] == "beep 12 [q]"
    assert server.reading["answers"] == {}
    assert page.get_attribute("[aria-keyshortcuts=B]", "aria-pressed") == "true"


def test_a_whole_case_by_keyboard_alone(page: Any, server: FakeServer) -> None:
    page.focus("#stage")
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")

    def go(key: str, tens: int) -> None:
        for _ in range(tens):
            page.keyboard.press(f"Shift+{key}")

    page.keyboard.press("Enter")
    for key, tens in [("ArrowRight", 6), ("ArrowDown", 4), ("ArrowLeft", 6)]:
        go(key, tens)
        page.keyboard.press("Enter")
    go("ArrowUp", 4)
    page.keyboard.press("Enter")
    settled(page, server, 1)
    assert abs(pixels(server) - 60 * 40) <= 60 + 40

    answer_all(page)
    page.keyboard.type("73")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit2")
    settled(page, server, 2)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/next/", wait_until="commit")
    assert (server.reading["score"], server.reading["call"]) == (73, "malignant")


def test_a_brush_stroke_by_keyboard(page: Any, server: FakeServer) -> None:
    page.focus("#stage")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    settled(page, server, 1)
    assert pixels(server) > 12 * 20


def test_offline_in_the_middle_of_a_case_and_back(context: Any, page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    context.set_offline(True)
    stroke(page, (50, 120), (100, 120))
    page.wait_for_selector("#save-state[data-state=kept]")
    assert "Offline since" in page.inner_text("#strip")
    page.click("[data-code=necrosis] .segment >> nth=0")
    context.set_offline(False)
    saved(page)
    assert page.locator("#strip:visible").count() == 0
    assert server.reading["answers"] == {"necrosis": {"value": "none"}}
    assert pixels(server) > 1000


def test_an_answer_lost_after_the_commit_is_no_conflict(page: Any, server: FakeServer) -> None:
    server.behaviour.lose = 99  # Chromium itself tries a lost PUT again a few times
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=kept]")
    server.behaviour.lose = 0
    saved(page)
    assert server.reading["version"] == 1


def test_a_reload_after_a_lost_answer_goes_on_where_it_was(page: Any, server: FakeServer) -> None:
    server.behaviour.lose = 99  # Chromium itself tries a lost PUT again a few times
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=kept]")
    server.behaviour.lose = 0
    page.reload()
    page.wait_for_selector("html[data-ready]")
    saved(page)
    assert page.locator("#strip:visible, #dock:visible").count() == 0
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    saved(page)
    assert pixels(server) == 0


def test_work_done_offline_survives_the_tab(context: Any, page: Any, server: FakeServer) -> None:
    server.behaviour.refuse = (503, "down")
    stroke(page, (50, 50), (100, 50))
    page.click("[data-code=necrosis] .segment >> nth=0")
    page.wait_for_selector("#save-state[data-state=kept]")
    page.close()
    server.behaviour.refuse = None

    again = open_page(context, server)
    saved(again)
    assert server.reading["answers"] == {"necrosis": {"value": "none"}}
    assert pixels(server) > 500


def test_an_older_offline_draft_is_offered_never_applied(context: Any, page: Any, server: FakeServer) -> None:
    server.behaviour.refuse = (503, "down")
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=kept]")
    page.close()
    server.behaviour.refuse = None
    server.reading = {**server.reading, "version": 5, "answers": {"necrosis": {"value": "cystic"}}}

    again = open_page(context, server)
    again.wait_for_selector("#dock:visible")
    assert "older draft" in again.inner_text("#dock")
    again.wait_for_timeout(500)
    assert (server.reading["version"], pixels(server)) == (5, 0)
    again.click("#dock button >> nth=1")
    saved(again)
    assert pixels(server) > 500


def test_a_newer_state_from_elsewhere_is_told_and_neither_is_lost(page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    server.reading = {**server.reading, "version": 9, "answers": {"necrosis": {"value": "cystic"}}}
    stroke(page, (50, 120), (100, 120))
    page.wait_for_selector("#save-state[data-state=conflict]")
    assert server.reading["version"] == 9

    page.click("button:has-text('Take theirs')")
    saved(page)
    assert server.reading["answers"] == {"necrosis": {"value": "cystic"}}
    page.focus("#stage")
    page.keyboard.press("Control+z")
    page.wait_for_timeout(400)
    saved(page)
    assert pixels(server) > 1000


def test_a_second_tab_is_told_and_can_take_over(context: Any, page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    second = open_page(context, server)
    second.wait_for_selector("#save-state[data-state=passive]")
    stroke(second, (50, 120), (100, 120))
    second.wait_for_timeout(400)
    assert server.behaviour.puts == 1

    second.click("text=Continue here")
    page.wait_for_selector("#save-state[data-state=passive]")
    second.wait_for_selector("#save-state[data-state=idle]")
    stroke(second, (50, 120), (100, 120))
    saved(second)
    assert server.reading["version"] == 2


def test_a_session_that_ended_is_renewed_in_place(page: Any, server: FakeServer) -> None:
    server.behaviour.refuse = (401, "not_authenticated")
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#login[open]")
    page.fill("#login [name=username]", "reader")
    page.fill("#login [name=password]", "wrong")
    page.click("#login button")
    page.wait_for_selector("#login-said:has-text('do not fit')")
    page.fill("#login [name=password]", "right")
    page.click("#login button")
    saved(page)
    assert pixels(server) > 500


@pytest.mark.parametrize("code", ["study_closed", "case_excluded", "assignment_withdrawn"])
def test_what_is_not_accepted_any_more_is_said_and_kept(page: Any, server: FakeServer, code: str) -> None:
    server.behaviour.refuse = (409, code)
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=locked]")
    assert "does not count" in page.inner_text("#strip")


def test_a_half_drawn_polygon_survives_back_and_forward(page: Any, server: FakeServer) -> None:
    page.keyboard.press("p")
    for point in [(50, 50), (150, 50), (150, 150)]:
        page.mouse.click(*at(page, *point))
    page.wait_for_timeout(200)
    page.goto(server.url.replace("reading", "worklist"))
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    page.mouse.click(*at(page, 50, 150))
    page.mouse.click(*at(page, 50, 50))
    saved(page)
    assert abs(pixels(server) - 100 * 100) < 250


def test_submit_pressed_ten_times_hands_in_once(page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit1")
    page.evaluate("() => { for (let i = 0; i < 10; i += 1) document.getElementById('submit').click(); }")
    page.wait_for_url("**/next/", wait_until="commit")
    assert server.behaviour.submits == 1


def test_two_parts_are_asked_about_before_submission(page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit1")
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


def test_a_contradiction_is_a_question_that_blocks_nothing_and_is_recorded(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .segment >> nth=2")
    page.click("[data-code=internal_component] .segment >> nth=0")
    page.wait_for_selector("#dock:visible")
    page.click("text=Keep as it is")
    page.wait_for_selector("#dock", state="hidden")
    saved(page)
    assert [q["code"] for q in server.reading["questions"]] == ["cystic_necrosis_solid"]
    assert page.locator("#dock:visible").count() == 0


def test_no_node_is_an_answer_of_its_own(page: Any, server: FakeServer) -> None:
    outline(page)
    settled(page, server, 1)
    page.click("text=No node to delineate")
    settled(page, server, 2)
    assert server.reading["no_node"] is True
    assert server.reading["mask"] is None
    page.focus("#stage")
    page.keyboard.press("Control+z")
    settled(page, server, 3)
    assert server.reading["no_node"] is False
    assert pixels(server) > 1000


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
    page.fill("#dock input", "20")
    page.click("text=Set the scale")
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


def test_a_diameter_is_typed_where_the_scale_is_known(page: Any, server: FakeServer) -> None:
    page.fill("[data-code=min_diameter_mm] input", "6,1")
    page.keyboard.press("Enter")
    saved(page)
    assert server.reading["answers"]["min_diameter_mm"] == {"value": {"mm": 6.1}}


def test_typed_diameters_go_on_by_enter(page: Any, server: FakeServer) -> None:
    page.focus("[data-code=max_diameter_mm] input")
    page.keyboard.type("18.2")
    page.keyboard.press("Enter")
    page.keyboard.type("9.1")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit2")
    saved(page)
    assert server.reading["answers"]["max_diameter_mm"] == {"value": {"mm": 18.2}}
    assert server.reading["answers"]["min_diameter_mm"] == {"value": {"mm": 9.1}}
    assert server.reading["answers"]["hypoechoic"] == {"value": "yes"}
    page.keyboard.press("Control+z")  # one step each: Enter is not counted twice
    page.keyboard.press("Control+z")
    saved(page)
    assert "min_diameter_mm" not in server.reading["answers"]


def test_without_a_node_no_feature_is_asked(page: Any, server: FakeServer) -> None:
    page.get_by_role("button", name="No node to delineate").click()
    assert page.inner_text("#open-link") == "2 open"
    assert "Not asked" in page.inner_text("[data-code=necrosis]")
    assert page.locator("[data-code=necrosis] input").first.is_disabled()
    assert page.locator("[data-code=max_diameter_mm] .cannot").is_disabled()
    page.get_by_role("button", name="No node to delineate").click()
    assert page.locator("[data-code=necrosis] input").first.is_enabled()


def test_an_incomplete_submission_says_what_is_missing(page: Any, server: FakeServer) -> None:
    page.click("[data-code=hypoechoic] .row-label")
    for key in "111" + "22" + "1111" + "1111":
        page.keyboard.press(f"Digit{key}")
    saved(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#dock:visible")
    said = page.inner_text("#dock")
    assert "Submit waits" in said and "Mask" in said and "Malignancy" in said and "Call" in said
    assert "Necrosis" not in said
    assert server.behaviour.submits == 0
    page.click("[data-code=max_diameter_mm] .cannot")
    page.wait_for_selector("#dock", state="hidden")


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


def test_azerty_digits_answer_by_their_place(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .row-label")
    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent('keydown',
        {key: 'é', code: 'Digit2', bubbles: true, cancelable: true}))"""
    )
    saved(page)
    assert server.reading["answers"] == {"necrosis": {"value": "coagulative"}}


def test_time_on_task_is_sent_as_raw_intervals(page: Any, server: FakeServer) -> None:
    page.mouse.move(300, 300)
    page.wait_for_timeout(400)
    page.mouse.move(320, 300)
    page.evaluate(
        """() => { Object.defineProperty(document, 'visibilityState', {value: 'hidden'});
        document.dispatchEvent(new Event('visibilitychange')); }"""
    )
    page.wait_for_timeout(300)
    assert server.activity
    assert all(i["start_ms_ago"] > i["end_ms_ago"] >= 0 for i in server.activity)


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
    assert _violations(axe.run(page)) == []
    page.keyboard.press("?")
    assert _violations(axe.run(page)) == []


def _violations(result: Any) -> list[str]:
    return [
        f"{v['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for v in result.response["violations"]
        for node in v["nodes"]
    ]


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
    assert _violations(axe.run(page)) == []
    page.click("#next")
    page.wait_for_url("**/next/", wait_until="commit")


def test_a_submission_begun_offline_is_seen_through(context: Any, page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit1")
    page.wait_for_selector("#open-link:has-text('complete')")
    saved(page)
    context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#strip:visible")
    assert server.behaviour.submits == 0
    context.set_offline(False)
    page.wait_for_url("**/next/", wait_until="commit")
    assert server.behaviour.submits == 1


def test_logging_out_wipes_what_the_server_has_and_keeps_what_it_has_not(
    context: Any, page: Any, server: FakeServer
) -> None:
    wipe = """async () => (await import('/static/reading/drafts.js')).wipeAcknowledged('u1')"""
    kept = """async () => {
      const { openDrafts } = await import('/static/reading/drafts.js');
      return Boolean(await (await openDrafts('u1', 'a1')).load());
    }"""
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    page.wait_for_timeout(100)
    assert page.evaluate(kept) is True
    assert page.evaluate(wipe) == 0
    assert page.evaluate(kept) is False

    server.behaviour.refuse = (503, "down")
    stroke(page, (50, 120), (100, 120))
    page.wait_for_selector("#save-state[data-state=kept]")
    assert page.evaluate(wipe) == 1
    assert page.evaluate(kept) is True
