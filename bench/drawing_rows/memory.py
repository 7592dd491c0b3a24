"""What Chromium holds in memory for a page: the proportional share (PSS) of its renderers and of the process that draws."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from bench.drawing_rows.cases import SIZES
from bench.drawing_rows.stand import VIEWPORT

DRAWING = {"renderer", "GPU"}


def used_mb(browser: Any) -> float:
    """All renderers together: open nothing else meanwhile."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return sum(_pss_kb(process["id"]) for process in processes if process["type"] in DRAWING) / 1000


def floor_mb(browser: Any, width: int) -> float:
    """The same for the floor's page: one canvas of the image's size, and the browser's own processes."""
    height = next(h for w, h in SIZES if w == width)
    with contextlib.closing(browser.new_page(viewport=VIEWPORT)) as page:
        page.goto(f"{Path(__file__).with_name('floor.html').as_uri()}?width={width}&height={height}")
        page.mouse.move(300, 300)
        page.mouse.move(320, 310)
        page.wait_for_timeout(300)
        return used_mb(browser)


def _pss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
