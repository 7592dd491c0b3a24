"""Many strokes at either size of image: the 300th against the first, undo and redo, a save's size and time, memory, and the
case handed in after them. Peers are measured in the same run."""

from __future__ import annotations

import base64
import io
import json
import time
from typing import Any

from PIL import Image

from annotations import mask_codec
from bench.drawing_rows import Row
from bench.drawing_rows.following import HANDED_IN, WATCH
from bench.drawing_rows.memory import floor_mb, used_mb
from bench.drawing_rows.stand import Stand
from bench.drawing_rows.traces import median, p95, traced
from tests.drills.reader import answer_all, at, judge, wait_state

STROKES, STEPS, PACED = 300, 500, 10
OWN = (0x5C, 0xC8, 0xF2, 255)
KEPT = """() => new Promise((done) => { const r = indexedDB.open('lymphus-reading', 1); r.onsuccess = () => {
  const all = r.result.transaction('steps').objectStore('steps').getAll();
  all.onsuccess = () => { r.result.close(); done(all.result.map((step) => step.value.byteLength)); }; }; })"""
# each of the last hundred steps put on a mask of that size, as an undo or a redo does; the clock ticks in 0.1 ms, so ten times
FLIPPED = """async ([width, height]) => {
  const { flip, unpackSpans } = await import('/static/reading/spans.js');
  const steps = await new Promise((done) => { const r = indexedDB.open('lymphus-reading', 1); r.onsuccess = () => {
    const all = r.result.transaction('steps').objectStore('steps').getAll();
    all.onsuccess = () => { r.result.close(); done(all.result.filter((step) => step.key[1] === 'mask')); }; }; });
  const mask = { data: new Uint8Array(width * height), width, height };
  return steps.slice(-100).map(({ value }) => {
    const spans = unpackSpans(value);
    const began = performance.now();
    for (let i = 0; i < 10; i += 1) flip(mask, spans);
    return (performance.now() - began) / 10;
  });
}"""
SAVED = """
window.saves = [];
let lifted = 0;
addEventListener('pointerup', () => { lifted = performance.now(); }, true);
new MutationObserver((changes) => changes.forEach(({ target }) => {
  if (target.id !== 'save-state' || target.dataset.state !== 'saved' || !lifted) return;
  saves.push(performance.now() - lifted);
  lifted = 0;
})).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-state']});
"""
LEAST = """async () => { const times = [];
  for (let i = 0; i < 10; i += 1) {
    const began = performance.now();
    await fetch('/health/');
    times.push(performance.now() - began);
  }
  return times; }"""


def small(stand: Stand, browser: Any) -> list[Row]:
    return rows(stand, browser, 826, STEPS)


def large(stand: Stand, browser: Any) -> list[Row]:
    return rows(stand, browser, 4096, STROKES + 20)


def rows(stand: Stand, browser: Any, width: int, steps: int) -> list[Row]:
    """On images of that width; so many strokes in all before undo and redo."""
    least_mb = floor_mb(browser, width)
    study = stand.study(width, cases=2)
    with stand.seat(browser, study["session"]) as page:
        page.add_init_script(WATCH + SAVED)
        stand.open(page, study["assignments"][0])
        sent: list[bytes] = []
        page.on("request", lambda request: request.method == "PUT" and sent.append(request.post_data_buffer))
        saves = outlined(page, sent)
        lifted = traced(browser, page, lambda: many(page, 0, STROKES)).handlers("pointerup")
        assert len(lifted) == STROKES
        settled(page)
        mb = used_mb(browser)
        reopened = reopen(page)
        many(page, STROKES, steps)
        settled(page)
        kept = page.evaluate(KEPT)
        flipped = page.evaluate(FLIPPED, [width, 724 if width == 826 else width])
        assert len(kept) > steps, "a stroke that changed nothing is none"
        undo, redo = (
            traced(browser, page, lambda k=key: again(page, k)).handlers("keydown") for key in ("z", "Shift+z")
        )
        # the modifiers' own keydown events do next to nothing: only the slowest of each press counts
        undo, redo = slowest(undo, 2), slowest(redo, 3)
        settled(page)
        handed_in = submitted(page, stand.address(study["assignments"][1]))
    where = f"{width} px wide"
    ratio = f"{median(lifted[-20:]):.2f} / {median(lifted[:20]):.2f}"
    return [
        (f"the 300th stroke against the first, ms at pointer-up, {where}", "", ratio, "as fast"),
        (f"undo or redo, ms, the step on the mask alone, {where}", "", f"{sum(flipped) / len(flipped):.3f}", "<= 0.5"),
        (f"undo / redo, ms, the whole key handler, {where}", "", f"{median(undo):.2f} / {median(redo):.2f}", "<= 0.5"),
        (f"steps kept, and their bytes in the browser's store, {where}", "", f"{len(kept)}, {sum(kept) / 1000:.0f} kB",
         ">= 500, <= 4 MB" if steps >= STEPS else "<= 4 MB"),
        *saves_said(saves, where),
        (f"reopen after 300 strokes, s, {where}", "", f"{reopened:.2f}", "<= 1"),
        (f"Submit after {steps} strokes until the next case is shown, s, {where}", "", f"{handed_in:.2f}", "<= 1"),
        (f"memory after 300 strokes, MB, {where}", f"{least_mb:.0f}", f"{mb:.0f}", ""),
    ]  # fmt: skip


def outlined(page: Any, sent: list[bytes]) -> dict[str, Any]:
    """An oval node and ten strokes, each waited for: the node's save as sent, saves a stroke, and their times."""
    page.keyboard.press("l")
    corners = [(0.3, 0.5), (0.35, 0.4), (0.5, 0.35), (0.65, 0.4), (0.7, 0.5), (0.65, 0.6), (0.5, 0.65), (0.35, 0.6)]
    page.mouse.move(*at(page, *corners[0]))
    page.mouse.down()
    for corner in [*corners[1:], corners[0]]:
        page.mouse.move(*at(page, *corner), steps=5)
    page.mouse.up()
    settled(page)
    body = sent[-1]
    page.keyboard.press("b")
    before = len(sent)
    page.evaluate("() => { saves = []; }")
    for n in range(PACED):
        dab(page, 0.1 + 0.05 * n, 0.15)
        settled(page)
    return {
        "body": body,
        "each": (len(sent) - before) / PACED,
        "times": page.evaluate("() => saves"),
        "least": page.evaluate(LEAST),
    }


def saves_said(saves: dict[str, Any], where: str) -> list[Row]:
    """The mask beside the same mask as a 1-bit PNG and as a PNG of the coloured layer, as other tools send it."""
    payload = base64.b64decode(json.loads(saves["body"])["mask"]["data"])
    mask = mask_codec.decode(payload)
    plain, coloured = io.BytesIO(), io.BytesIO()
    Image.fromarray(mask * 255).convert("1").save(plain, "PNG", optimize=True)
    layer = Image.new("RGBA", mask.shape[::-1])
    layer.paste(OWN, mask=Image.fromarray(mask * 255))
    layer.save(coloured, "PNG")
    peers = f"{len(plain.getvalue()) / 1000:.2f} as 1-bit PNG, {len(coloured.getvalue()) / 1000:.2f} as the layer"
    times = saves["times"]
    return [
        (f"mask upload, kB, {where}", peers, f"{len(payload) / 1000:.2f}", "<= 2"),
        (f"a whole save as sent, with answers, kB, {where}", "", f"{len(saves['body']) / 1000:.2f}", ""),
        (f"requests a stroke, {where}", "", f"{saves['each']:.1f}", "1"),
        (f"from pointer-up until “Saved”, ms, p50 / p95, {where}", f"{median(saves['least']):.0f} (the server's least answer)",
         f"{median(times):.0f} / {p95(times):.0f}", "<= 1000"),
    ]  # fmt: skip


def submitted(page: Any, address: str) -> float:
    """Answer everything and hand in; seconds from the last press. Where parts of the mask are asked about, all are kept."""
    page.locator("[data-code=max_diameter_mm] .row-label").click()
    answer_all(page)
    judge(page)
    page.wait_for_timeout(600)
    page.keyboard.press("Control+Enter")
    if page.locator("#dock button").count():
        page.locator("#dock button").nth(1).click()
    page.wait_for_url(address)
    page.wait_for_function("() => shown.shown")
    return float(page.evaluate(HANDED_IN)["pressed"]) / 1000


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
