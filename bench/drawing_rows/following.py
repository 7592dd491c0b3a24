"""The next case: as it comes after Submit, and beside it the same page as a navigation of its own, in turns."""

from __future__ import annotations

from typing import Any

from bench.drawing_rows import Row
from bench.drawing_rows.stand import Stand
from bench.drawing_rows.traces import median, p95
from tests.drills.reader import complete, wait_state

STUDIES, CASES = 4, 4
# ready: the page hears pointer and keys; shown: the first frame since then has been made, and the image is in it
WATCH = """
window.shown = {};
addEventListener('keydown', (e) => { if (e.ctrlKey && e.key === 'Enter') shown = {pressed: performance.now()}; }, true);
new MutationObserver(() => {
  if (!document.documentElement?.dataset.ready || shown.ready) return;
  shown.ready = performance.now();
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { shown.shown = performance.now(); };
  requestAnimationFrame(() => channel.port2.postMessage(0));
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-ready']});
"""
HANDED_IN = """() => {
  const sent = performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/submit/')).at(-1);
  return {ready: shown.ready - sent.responseEnd, shown: shown.shown - sent.responseEnd, pressed: shown.shown - shown.pressed};
}"""


def rows(stand: Stand, browser: Any) -> list[Row]:
    ours: list[dict[str, float]] = []
    plain: list[dict[str, float]] = []
    for _turn in range(STUDIES):
        study = stand.study(826, cases=CASES)
        with stand.seat(browser, study["session"]) as page:
            page.add_init_script(WATCH)
            stand.open(page, study["assignments"][0])
            for following in study["assignments"][1:]:
                ours.append(handed_in(page, stand.address(following)))
                stand.open(page, following)
                page.wait_for_function("() => shown.shown")
                plain.append(page.evaluate("() => shown"))
    return [
        ("next case, ms from the server's word that the last is handed in until one can draw, p50 / p95",
         said(plain, "ready"), said(ours, "ready"), "<= 100"),
        ("the same until its image is shown", said(plain, "shown"), said(ours, "shown"), "<= 100"),
        ("the same from the press of Submit", "", said(ours, "pressed"), ""),
    ]  # fmt: skip


def handed_in(page: Any, address: str) -> dict[str, float]:
    """Read and submit the case on the page; milliseconds until the one at `address` stands."""
    complete(page)
    wait_state(page, "saved")
    page.wait_for_timeout(600)  # the image of the next case is fetched meanwhile
    page.keyboard.press("Control+Enter")
    page.wait_for_url(address)
    page.wait_for_function("() => shown.shown")
    return dict(page.evaluate(HANDED_IN))


def said(turns: list[dict[str, float]], until: str) -> str:
    times = [turn[until] for turn in turns]
    return f"{median(times):.0f} / {p95(times):.0f}"
