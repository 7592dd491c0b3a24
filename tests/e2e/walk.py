"""What a person does in a browser: log in, look at a page, read a case with mouse and keys."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from PIL import Image

from tests.e2e.outlines import Points, node_outline

LEAD = ("lead", "demo lead of studies")
READER = ("reader1", "demo reader one")
TRAINEE = ("trainee", "demo trainee one")
CURATOR = ("curator", "demo curator of data")
# a slow machine under load is no failure; what is never there is one
PATIENCE = 90_000
SIZES = ((1440, 900), (1024, 768))


class Person:
    """A browser context with a log-in; every console error and every refused resource is kept in `problems`."""

    def __init__(self, browser: Any, base: str, log_in: tuple[str, str], pictures: Path | None = None) -> None:
        self.base, self.pictures = base, pictures
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda m: self.problems.append(m.text) if m.type == "error" else None)
        self.page.on("response", lambda r: self.problems.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        self.go("/login/")
        self.picture("log-in")
        self.page.fill("input[name=username]", log_in[0])
        self.page.fill("input[name=password]", log_in[1])
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def go(self, path: str) -> None:
        """To an address of the application, or a whole one."""
        self.page.goto(path if path.startswith("http") else self.base + path)

    def press_button(self, name: str, address: str) -> None:
        """Press a button and wait until its page has come."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_url(address)
        self.page.wait_for_load_state()

    def words(self) -> str:
        return str(self.page.inner_text("main"))

    def picture(self, name: str, *, whole: bool = False) -> None:
        """A screenshot at both sizes, of the whole page where asked, when screenshots are wanted."""
        if self.pictures is None:
            return
        for width, height in SIZES:
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.wait_for_load_state("networkidle")
            self.page.wait_for_timeout(400)
            keep_small(self.page.screenshot(full_page=whole), self.pictures / f"{name}-{width}.png")
        self.page.set_viewport_size({"width": 1440, "height": 900})
        self.page.wait_for_timeout(400)

    def close(self) -> None:
        """Ends the session; raises AssertionError where the console said anything on the way."""
        self.context.close()
        assert self.problems == []


def keep_small(screenshot: bytes, path: Path) -> None:
    """In 255 colours a page looks the same and weighs a third."""
    Image.open(io.BytesIO(screenshot)).convert("RGB").quantize(255, dither=Image.Dither.NONE).save(path, optimize=True)


def draw(page: Any, points: Points, size: tuple[int, int]) -> None:
    """A freehand outline through image points, the image of that width and height fitted to the stage."""
    box = page.locator("#stage").bounding_box()
    scale = min(box["width"] / size[0], box["height"] / size[1])
    left = box["x"] + (box["width"] - size[0] * scale) / 2
    top = box["y"] + (box["height"] - size[1] * scale) / 2
    page.keyboard.press("l")
    page.mouse.move(left + points[0][0] * scale, top + points[0][1] * scale)
    page.mouse.down()
    for x, y in points[1:]:
        page.mouse.move(left + x * scale, top + y * scale)
    page.mouse.up()


def read_case(page: Any, var: Path, *, score: int, malignant: bool) -> None:
    """Mask, two diameters proposed from it, thirteen answers by digits, score and call; saved, not yet submitted."""
    page.wait_for_selector("html[data-ready]")
    draw(page, *node_outline(var, page.url.rstrip("/").rsplit("/", 1)[-1]))
    page.wait_for_selector("[data-code=max_diameter_mm] .propose:visible")
    for key in "11" + "111" + "22" + "1111" + "1111":
        page.keyboard.press(f"Digit{key}")
    page.keyboard.type(str(score))
    page.keyboard.press("Enter")
    page.keyboard.press("Digit2" if malignant else "Digit1")
    page.wait_for_selector("#save-state[data-state=saved]")
    assert page.inner_text("#open-link") == "complete"


def submit_case(page: Any) -> None:
    """Submit by key and wait for the page that comes after it."""
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)
