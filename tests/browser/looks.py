"""A page at every size and in both themes: axe, the width, and its pictures where LYMPHUS_SHOTS names a folder for them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.hand import violations

COLOURS = "color-contrast"


@dataclass(frozen=True)
class Look:
    width: int
    height: int
    theme: str = "light"

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"


LOOKS = (Look(1440, 900), Look(1440, 900, "dark"), Look(1024, 768))


def faults(page: Any, name: str, looks: tuple[Look, ...] = LOOKS) -> list[str]:
    """What is wrong with the page that is open, look by look. Of axe's rules another theme can break that of the colours
    alone, and another size all but that one; the first look is held to all of them."""
    found = []
    for number, look in enumerate(looks):
        wear(page, look)
        picture(page, f"{name}-{look}")
        own = violations(Axe().run(page, options=_rules(looks[:number], look)))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            own.append("wider than the window")
        found += [f"{look}: {fault}" for fault in own]
    wear(page, looks[0])
    return found


def wear(page: Any, look: Look) -> None:
    page.set_viewport_size({"width": look.width, "height": look.height})
    page.emulate_media(color_scheme=look.theme)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def picture(page: Any, name: str) -> None:
    """The whole page as LYMPHUS_SHOTS/NAME.png, to be looked at; nothing where no folder is named."""
    folder = os.environ.get("LYMPHUS_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def _rules(before: tuple[Look, ...], look: Look) -> dict[str, Any]:
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if before and look.theme not in {other.theme for other in before}:
        options["runOnly"] = [COLOURS]
    elif before:
        options["rules"] = {COLOURS: {"enabled": False}}
    return options
