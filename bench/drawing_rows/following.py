"""The next case: as it comes after Submit, and beside it the same page as a navigation of its own, in turns."""

from __future__ import annotations

from typing import Any

from bench.drawing_rows import Row
from bench.drawing_rows.stand import Stand
from bench.drawing_rows.traces import median, p95
from tests.drills.reader import complete, wait_state

STUDIES, CASES = 4, 4
# "drawable" is the moment after the first frame of the page that is ready: its image stands and its listeners hear
WATCH = """
window.shown = {};
addEventListener('keydown', (e) => { if (e.ctrlKey && e.key === 'Enter') shown = {pressed: performance.now()}; }, true);
new MutationObserver(() => {
  if (!document.documentElement?.dataset.ready || shown.ready) return;
  shown.ready = performance.now();
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { shown.drawable = performance.now(); };
  requestAnimationFrame(() => channel.port2.postMessage(0));
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-ready']});
"""
HANDED_IN = """() => {
  const sent = performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/submit/')).at(-1);
  return {heard: shown.drawable - sent.responseEnd, pressed: shown.drawable - shown.pressed};
}"""


def rows(stand: Stand, browser: Any) -> list[Row]:
    ours: list[dict[str, float]] = []
    plain: list[float] = []
    for _turn in range(STUDIES):
        study = stand.study(826, cases=CASES)
        with stand.seat(browser, study["session"]) as page:
            page.add_init_script(WATCH)
            stand.open(page, study["assignments"][0])
            for following in study["assignments"][1:]:
                ours.append(handed_in(page, stand.address(following)))
                stand.open(page, following)
                page.wait_for_function("() => shown.drawable")
                plain.append(page.evaluate("() => shown.drawable"))
    return [
        ("next case, ms from the server's word that the last is handed in until one can draw, p50 / p95",
         said(plain), said([o["heard"] for o in ours]), "<= 100"),
        ("the same from the press of Submit", "", said([o["pressed"] for o in ours]), ""),
    ]  # fmt: skip


def handed_in(page: Any, address: str) -> dict[str, float]:
    """Read and submit the case on the page; milliseconds until the one at `address` can be drawn on."""
    complete(page)
    wait_state(page, "saved")
    page.wait_for_timeout(600)  # the image of the next case is fetched meanwhile
    page.keyboard.press("Control+Enter")
    page.wait_for_url(address)
    page.wait_for_function("() => shown.drawable")
    return dict(page.evaluate(HANDED_IN))


def said(times: list[float]) -> str:
    return f"{median(times):.0f} / {p95(times):.0f}"
