"""Many strokes: the 300th against the first, undo and redo, what is kept and what is sent."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

from bench.drawing_rows import Row
from bench.drawing_rows.stand import Stand
from bench.drawing_rows.traces import median, traced
from tests.drills.reader import at, wait_state

STROKES, STEPS, PACED = 300, 500, 10
KEPT = """() => new Promise((done) => { const r = indexedDB.open('lymphus-reading', 1); r.onsuccess = () => {
  const all = r.result.transaction('steps').objectStore('steps').getAll();
  all.onsuccess = () => { r.result.close(); done(all.result.map((step) => step.value.byteLength)); }; }; })"""


def rows(stand: Stand, browser: Any) -> list[Row]:
    study = stand.study(826)
    with stand.seat(browser, study["session"]) as page:
        stand.open(page, study["assignments"][0])
        sent: list[bytes] = []
        page.on("request", lambda request: request.method == "PUT" and sent.append(request.post_data_buffer))
        upload, requests = outlined(page, sent)
        lifted = traced(browser, page, lambda: many(page, 0, STROKES)).handlers("pointerup")
        assert len(lifted) == STROKES
        settled(page)
        reopened = reopen(page)
        many(page, STROKES, STEPS)
        settled(page)
        kept = page.evaluate(KEPT)
        assert len(kept) > STEPS, "a stroke that changed nothing is none"
        undo, redo = (
            traced(browser, page, lambda k=key: again(page, k)).handlers("keydown") for key in ("z", "Shift+z")
        )
        # the modifiers' own keydown events do next to nothing: only the slowest of each press counts
        undo, redo = slowest(undo, 2), slowest(redo, 3)
    ratio = f"{median(lifted[-20:]):.2f} / {median(lifted[:20]):.2f}"
    return [
        ("the 300th stroke against the first, ms at pointer-up", "", ratio, "as fast"),
        ("reopen after 300 strokes, s", "", f"{reopened:.2f}", "<= 1"),
        ("undo / redo, ms, the whole key handler", "", f"{median(undo):.2f} / {median(redo):.2f}", "<= 0.5"),
        ("steps kept, and their bytes in the browser's store", "", f"{len(kept)}, {sum(kept) / 1000:.0f} kB", ">= 500, <= 4 MB"),
        ("mask upload, kB", "", f"{upload / 1000:.2f}", "<= 2"),
        ("requests a stroke", "", f"{requests:.1f}", "1"),
    ]  # fmt: skip


def outlined(page: Any, sent: list[bytes]) -> tuple[int, float]:
    """Bytes of an oval node's mask as sent, and saves for each of ten strokes that were waited for."""
    page.keyboard.press("l")
    corners = [(0.3, 0.5), (0.35, 0.4), (0.5, 0.35), (0.65, 0.4), (0.7, 0.5), (0.65, 0.6), (0.5, 0.65), (0.35, 0.6)]
    page.mouse.move(*at(page, *corners[0]))
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*at(page, *corner), steps=5)
    page.mouse.up()
    settled(page)
    upload = len(base64.b64decode(json.loads(sent[-1])["mask"]["data"]))
    page.keyboard.press("b")
    before = len(sent)
    for n in range(PACED):
        dab(page, 0.1 + 0.05 * n, 0.15)
        settled(page)
    return upload, (len(sent) - before) / PACED


def many(page: Any, start: int, end: int) -> None:
    """Short strokes of brush and eraser in turn, in a grid over the node: each changes pixels."""
    for n in range(start, end):
        if n % 100 == 0:
            page.keyboard.press("e" if n // 100 % 2 == 0 else "b")
        dab(page, 0.4 + 0.02 * (n % 10), 0.42 + 0.016 * (n % 100 // 10))


def dab(page: Any, across: float, down: float) -> None:
    x, y = at(page, across, down)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 3)
    page.mouse.up()


def again(page: Any, key: str) -> None:
    for _time in range(100):
        page.keyboard.press(f"Control+{key}")


def slowest(times: list[float], each: int) -> list[float]:
    return [max(times[i : i + each]) for i in range(0, len(times), each)]


def settled(page: Any) -> None:
    page.wait_for_timeout(400)
    wait_state(page, "saved")


def reopen(page: Any) -> float:
    start = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_selector("html[data-ready]")
    return time.perf_counter() - start
