"""A whole case read by fingers alone and by pen alone, through the browser's own touch and pen input."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.fake_server import FEATURES, FakeServer
from tests.browser.hand import WIDTH, ellipse, open_page, pixels, saved

pytestmark = [pytest.mark.browser]

ANSWERS = {f["code"]: 2 if f["code"] == "homogeneity" else 1 for f in FEATURES if f["values"]}


@pytest.fixture
def page(chromium: Any, server: FakeServer) -> Iterator[Any]:
    """A tablet: 1024x768, fingers, no mouse is ever moved on it."""
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, has_touch=True)
    context.set_default_timeout(40_000)
    yield open_page(context, server)
    context.close()


class Hand:
    """Input by the devtools protocol, which goes the way of the real device: hit test, touch-action, capture."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.line = page.context.new_cdp_session(page)

    def middle(self, locator: Any) -> tuple[float, float]:
        locator.scroll_into_view_if_needed()
        self.page.wait_for_timeout(120)  # the question before folds up, and a scroll comes to rest
        box = locator.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def tap(self, selector: str) -> None:
        self.draw([self.middle(self.page.locator(selector).first)])

    def draw(self, points: list[tuple[float, float]]) -> None:
        raise NotImplementedError


class Fingers(Hand):
    def draw(self, points: list[tuple[float, float]]) -> None:
        self.touch("touchStart", points[0])
        for point in points[1:]:
            self.touch("touchMove", point)
        self.touch("touchEnd")

    def touch(self, kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y, "id": number, "radiusX": 8, "radiusY": 8} for number, (x, y) in enumerate(places)]
        self.line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def spread(self, centre: tuple[float, float], start: float, end: float) -> None:
        """Two fingers apart, from `start` to `end` CSS px."""
        x, y = centre
        self.touch("touchStart", (x - start / 2, y))
        self.touch("touchStart", (x - start / 2, y), (x + start / 2, y))
        for step in range(1, 9):
            gap = start + (end - start) * step / 8
            self.touch("touchMove", (x - gap / 2, y), (x + gap / 2, y))
        self.touch("touchEnd")


class Pen(Hand):
    def draw(self, points: list[tuple[float, float]]) -> None:
        self.press("mouseMoved", points[0], buttons=0)
        self.press("mousePressed", points[0])
        for point in points[1:]:
            self.press("mouseMoved", point)
        self.press("mouseReleased", points[-1], buttons=0)

    def press(self, kind: str, place: tuple[float, float], buttons: int = 1) -> None:
        event = {"type": kind, "x": place[0], "y": place[1], "pointerType": "pen", "button": "left", "buttons": buttons}
        if kind == "mouseMoved" and not buttons:
            event["button"] = "none"
        self.line.send("Input.dispatchMouseEvent", {**event, "clickCount": 1, "force": 0.5})


def around(hand: Hand, share: float) -> list[tuple[float, float]]:
    """A loop in the middle of the stage, on the screen."""
    box = hand.page.locator("#stage").bounding_box()
    cx, cy = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return ellipse(cx, cy, share * box["height"], share * box["height"] * 0.6)


def take(hand: Hand, selector: str) -> None:
    """Tap until it is taken: Chromium spends a tap on the end of a stroke's fling, as it does for people."""
    button = hand.page.locator(selector)
    button.wait_for(state="visible")
    for _ in range(5):
        hand.tap(selector)
        hand.page.wait_for_timeout(400)
        if not button.is_visible():
            return
    raise AssertionError(f"{selector} was tapped five times and is still offered")


def read_by(hand: Hand, server: FakeServer) -> None:
    """Outline, diameters, answers, score, call and Submit; nothing but this hand."""
    hand.tap("[aria-keyshortcuts=L]")
    hand.draw(around(hand, 0.3))
    saved(hand.page)
    assert pixels(server) > 500
    hand.page.wait_for_timeout(500)  # Chromium takes a tap right after a quick stroke for the end of its fling
    for code in ("max_diameter_mm", "min_diameter_mm"):
        take(hand, f"[data-code={code}] .propose")
    for code, number in ANSWERS.items():
        hand.tap(f"[data-code={code}] .segment >> nth={number - 1}")
    x, y = hand.middle(hand.page.locator("#judgement .scale-line"))
    hand.draw([(x, y)])
    hand.page.wait_for_selector("[data-code=call].is-lit")
    hand.page.wait_for_timeout(500)  # a click that follows the finger would be here by now
    assert hand.page.locator("[data-code=call] input:checked").count() == 0
    hand.tap("[data-code=call] .segment >> nth=1")
    hand.page.wait_for_selector("#open-link:has-text('complete')")
    saved(hand.page)
    hand.page.wait_for_timeout(300)
    saved(hand.page)
    said = server.reading
    assert len(said["answers"]) == 15
    assert 45 <= said["score"] <= 55 and said["call"] == "malignant"
    hand.tap("#submit")
    hand.page.wait_for_url("**/next/")
    assert (server.reading["state"], server.behaviour.submits) == ("submitted", 1)
    assert hand.page.problems == []


def test_a_whole_case_by_touch(page: Any, server: FakeServer) -> None:
    read_by(Fingers(page), server)


def test_a_whole_case_by_pen(page: Any, server: FakeServer) -> None:
    read_by(Pen(page), server)


def test_two_fingers_zoom_and_draw_nothing(page: Any, server: FakeServer) -> None:
    hand = Fingers(page)
    before = int(page.inner_text("#readout-zoom").split()[0])
    hand.spread(hand.middle(page.locator("#stage")), 80, 240)
    page.wait_for_timeout(500)
    after = int(page.inner_text("#readout-zoom").split()[0])
    assert 2.5 * before <= after <= 3.5 * before
    assert server.behaviour.puts == 0

    hand.tap("[aria-keyshortcuts=L]")
    loop = around(hand, 0.3)
    hand.draw(loop)
    saved(page)
    wide = max(x for x, _ in loop) - min(x for x, _ in loop)
    mask = server.mask_pixels()
    columns = {i % WIDTH for i, value in enumerate(mask) if value}
    ratio = page.evaluate("() => devicePixelRatio")
    assert abs(len(columns) - wide * ratio / (after / 100)) <= 2


def test_one_finger_draws_or_pans_as_the_reader_chooses(page: Any, server: FakeServer) -> None:
    hand = Fingers(page)
    hand.tap("#help-button")
    hand.tap("#help-finger")
    page.wait_for_function("() => !document.getElementById('help-finger').checked")
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    page.keyboard.press(".")
    x, y = hand.middle(page.locator("#stage"))
    before = page.screenshot(clip={"x": x - 20, "y": y - 20, "width": 40, "height": 40})
    hand.draw([(x, y), (x, y + 40), (x, y + 80)])
    page.wait_for_timeout(400)
    after = page.screenshot(clip={"x": x - 20, "y": y + 60, "width": 40, "height": 40})
    assert before == after
    assert server.behaviour.puts == 0


def test_brush_and_window_by_finger_alone(page: Any, server: FakeServer) -> None:
    hand = Fingers(page)
    size = page.inner_text("#readout-brush")
    hand.tap("#panel-button")
    hand.tap("#panel [data-action='brush.grow']")
    hand.tap("#panel [data-action='window.narrower']")
    assert page.inner_text("#readout-brush") != size
    assert page.inner_text("#readout-window") == "247"


def test_the_palm_beside_a_pen_draws_nothing(page: Any, server: FakeServer) -> None:
    pen, palm = Pen(page), Fingers(page)
    loop = around(pen, 0.2)
    pen.draw(loop[:6])
    x, y = loop[0]
    for away in itertools.repeat((x, y + 150), 2):
        palm.draw([away, (away[0] + 60, away[1])])
    saved(page)
    page.wait_for_timeout(400)
    assert server.behaviour.puts == 1
