"""A hand at the reading page in Chromium: what it opens, draws and answers, and what the stand-in server then holds."""

from __future__ import annotations

import io
import math
from typing import Any

from PIL import Image

from tests.browser.fake_server import FakeServer

SPACING = {"row_mm": 0.1, "col_mm": 0.1, "source": "from the archive"}
WIDTH, HEIGHT = 300, 200


def gradient() -> bytes:
    picture = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def open_page(context: Any, server: FakeServer) -> Any:
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda m: page.problems.append(m.text) if "Content Security" in m.text else None)
    page.goto(server.url)
    page.wait_for_selector("html[data-ready]")
    return page


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


def judge(page: Any) -> None:
    """A score of 12 and the call benign."""
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit1")


def pixels(server: FakeServer) -> int:
    return sum(server.mask_pixels())


def middle(page: Any, selector: str) -> tuple[float, float]:
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def violations(result: Any) -> list[str]:
    return [
        f"{v['id']}: {node['html'][:120]} {node['failureSummary'][:160]}"
        for v in result.response["violations"]
        for node in v["nodes"]
    ]
