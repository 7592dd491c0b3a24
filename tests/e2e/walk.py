"""What a person does, in words: log in, read a case with mouse and keys, make a study, lock it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any


class Person:
    """A browser context with a log-in; every console error and every refused resource is kept in `problems`."""

    def __init__(self, browser: Any, base: str, username: str, password: str, *, pictures: Path | None = None,
                 size: tuple[int, int] = (1440, 900)) -> None:  # fmt: skip
        self.base, self.pictures = base, pictures
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        self.go("/login/")
        self.picture("log-in")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.base + path)

    def picture(self, name: str) -> None:
        """A screenshot at both sizes, when screenshots are wanted."""
        if self.pictures is None:
            return
        for width, height in ((1440, 900), (1024, 768)):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_timeout(150)
            self.page.screenshot(path=self.pictures / f"{name}-{width}.png")
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.page.wait_for_timeout(150)

    def close(self) -> None:
        self.context.close()


def stage_point(page: Any, x: float, y: float) -> tuple[float, float]:
    """A point of the stage, in shares of its width and height, on the screen."""
    box = page.locator("#stage").bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def draw_outline(page: Any, *, rx: float = 0.14, ry: float = 0.10) -> None:
    """A freehand ellipse in the middle of the image."""
    page.keyboard.press("l")
    turns = [2 * math.pi * i / 40 for i in range(41)]
    points = [stage_point(page, 0.5 + rx * math.cos(t), 0.45 + ry * math.sin(t)) for t in turns]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


def wait_saved(page: Any) -> None:
    page.wait_for_selector("#save-state[data-state=saved]", timeout=15_000)


def read_case(page: Any, *, score: int, malignant: bool) -> None:
    """Mask, two diameters proposed from it, thirteen answers by digits, score and call; saved, not yet submitted."""
    page.wait_for_selector("html[data-ready]")
    draw_outline(page)
    page.wait_for_selector("[data-code=max_diameter_mm] .propose:visible")
    for key in "11" + "111" + "22" + "1111" + "1111":
        page.keyboard.press(f"Digit{key}")
    page.keyboard.type(str(score))
    page.keyboard.press("Enter")
    page.keyboard.press("Digit2" if malignant else "Digit1")
    wait_saved(page)
    assert page.inner_text("#open-link") == "complete"


def submit_case(page: Any) -> None:
    """Submit by key; where a question comes back, the answers are kept."""
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before, timeout=15_000)
