"""One state looked at in two themes and at three sizes: what stands wrong on the page, and its picture."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.hand import violations

THEMES = {"dark": "room", "light": "paper"}


@dataclass(frozen=True)
class Size:
    """CSS px, and device px per CSS px: 200 % is what a reader sees who enlarges a 1440x900 window twice."""

    name: str
    width: int
    height: int
    ratio: int = 1


SIZES = (Size("1440", 1440, 900), Size("1024", 1024, 768), Size("200", 720, 450, 2))

# texts cut off at their box, buttons smaller than 24x24 px, and what lies over Submit
WRONG = """() => {
  const seen = (e) => e.checkVisibility({visibilityProperty: true}) && getComputedStyle(e).clipPath === 'none';
  const name = (e) => `${e.tagName.toLowerCase()}${e.id && `#${e.id}`}.${e.className.baseVal ?? e.className}: `
    + `${e.textContent.trim().slice(0, 50)}`;
  const open = document.querySelector('dialog[open]');
  const inside = [...(open ?? document.body).querySelectorAll('*')];
  const cut = inside.filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && seen(e)
    && !e.closest('textarea, .cells, script') && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1);
  const small = inside.filter((e) => e.matches('button, a[href], input:not([type=radio]), textarea, .segment, .cannot')
    && seen(e) && !e.matches('.skip') && getComputedStyle(e).pointerEvents !== 'none').filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && (box.width < 23.5 || box.height < 23.5) && e.type !== 'checkbox';
    });
  return [...cut.map((e) => `cut off: ${name(e)}`), ...small.map((e) => `small: ${name(e)}`)];
}"""


def resize(line: Any, size: Size) -> None:
    """The window at that size; `line` is a devtools session of the page, which knows a ratio of pixels too."""
    metrics = {"width": size.width, "height": size.height, "deviceScaleFactor": size.ratio, "mobile": False}
    line.send("Emulation.setDeviceMetricsOverride", metrics)


def wear(page: Any, theme: str) -> None:
    page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", THEMES[theme])
    page.wait_for_timeout(250)


def faults(page: Any, size: Size) -> list[str]:
    """What axe finds, what is cut off or too small, an image of less than its share, a page wider than its window."""
    found = violations(Axe().run(page)) + page.evaluate(WRONG)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the window")
    stage = page.locator("#stage")
    if page.locator("#form").count() and size.width >= 1024:
        share = stage.bounding_box()["width"] / size.width
        if share < 0.649:
            found.append(f"the image has {share:.3f} of the width")
    return found


def keep(line: Any, path: Path) -> None:
    """WebP at the size of the screen: speckle does not compress as PNG, and a state has six pictures."""
    shot = base64.b64decode(line.send("Page.captureScreenshot", {"format": "png"})["data"])
    Image.open(io.BytesIO(shot)).convert("RGB").save(path.with_suffix(".webp"), quality=50, method=6)
