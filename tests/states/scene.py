"""A reader at the reading page of the real server, on demo data, brought into one state after the other."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from tests.drills.reader import at
from tests.drills.running import Server
from tests.e2e.outlines import node_outline
from tests.e2e.walk import draw

SAVES = "**/api/v1/assignments/*/reading/"


@dataclass
class Scene:
    """`browser` opens contexts, `server` the real thing; a study is made when a state asks for one."""

    browser: Any
    server: Server
    study: dict[str, Any] = field(default_factory=dict)
    contexts: list[Any] = field(default_factory=list)

    def begin(self, **protocol: Any) -> Any:
        """A fresh study of three cases, and its reader at the first of them; `unscaled` takes the image's scale away."""
        unscaled = protocol.pop("unscaled", False)
        self.study = self.server.desk.ask("study", title="Neck nodes", cases=3, **protocol)
        if unscaled:
            self.server.desk.ask("unscale", assignment=self.assignment)
        return self.open()

    @property
    def assignment(self) -> str:
        return str(self.study["assignments"][0])

    def sit(self) -> Any:
        """The reader's session in a browser of its own."""
        context = self.browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(60_000)
        cookie = {"name": "sessionid", "url": self.server.base, "httpOnly": True, "sameSite": "Lax"}
        context.add_cookies([{**cookie, "value": self.study["session"]}])
        self.contexts.append(context)
        return context

    def open(self, context: Any = None, path: str = "") -> Any:
        page = (context or self.sit()).new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda m: page.problems.append(m.text) if "Content Security" in m.text else None)
        page.goto(self.server.base + (path or f"/read/{self.assignment}/"))
        page.wait_for_selector("html[data-ready]")
        return page

    def outline(self, page: Any) -> None:
        """The node drawn around, and its diameters proposed."""
        draw(page, *node_outline(self.server.var, self.assignment))
        page.wait_for_selector("[data-code=max_diameter_mm] .propose:visible")

    def over_the_rim(self, page: Any) -> None:
        """A short stroke from the node's rim outwards: it changes the mask, however large the node is."""
        points, (width, height) = node_outline(self.server.var, self.assignment)
        x, y = max(points)
        page.mouse.move(*at(page, x / width, y / height))
        page.mouse.down()
        page.mouse.move(*at(page, min(x / width + 0.05, 0.99), y / height), steps=4)
        page.mouse.up()

    def dab_beside_the_node(self, page: Any) -> None:
        """One pixel of the smallest brush, as far from the node as one of four places of the image lies."""
        points, (width, height) = node_outline(self.server.var, self.assignment)
        places = [(x, y) for x in (0.18, 0.82) for y in (0.22, 0.78)]
        place = max(places, key=lambda p: min(math.dist((p[0] * width, p[1] * height), point) for point in points))
        page.keyboard.press("b")
        for _ in range(14):
            page.keyboard.press("[")
        page.mouse.click(*at(page, *place))

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def press(page: Any, digits: str) -> None:
    for digit in digits:
        page.keyboard.press(f"Digit{digit}")


def complete(scene: Scene, page: Any) -> None:
    """Mask, two diameters, thirteen answers, score and call; saved."""
    scene.outline(page)
    press(page, "11" + "211" + "22" + "1211" + "1111")
    page.keyboard.type("34")
    page.keyboard.press("Enter")
    press(page, "1")
    page.wait_for_selector("#open-link:has-text('complete')")
    saved(page)


def saved(page: Any) -> None:
    page.wait_for_selector("#save-state[data-state=saved]")


def in_state(page: Any, name: str) -> Any:
    page.wait_for_selector(f"#save-state[data-state={name}]")
    return page
