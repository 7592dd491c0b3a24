"""A whole case read as a reader reads it: what the browser says of the page."""

from __future__ import annotations

from typing import Any

from bench.drawing_rows import Row
from bench.drawing_rows.stand import Stand
from tests.drills.reader import answer_all, judge, outline, wait_state

WATCH = """
window.seen = {lcp: 0, cls: 0, inp: 0, keys: 0};
const watch = (type, heed, more) => new PerformanceObserver((list) => list.getEntries().forEach(heed))
  .observe({type, buffered: true, ...more});
watch('largest-contentful-paint', (e) => { seen.lcp = e.startTime; });
watch('layout-shift', (e) => { if (!e.hadRecentInput) seen.cls += e.value; });
watch('event', (e) => { if (e.interactionId) seen.inp = Math.max(seen.inp, e.duration); }, {durationThreshold: 16});
addEventListener('keydown', () => { seen.keys += 1; }, true);
addEventListener('pointerdown', () => { seen.keys += 1; }, true);
"""
SCRIPTS = """() => performance.getEntriesByType('resource')
  .filter((e) => new URL(e.name).pathname.endsWith('.js')).map((e) => e.encodedBodySize)"""


def rows(stand: Stand, browser: Any) -> list[Row]:
    study = stand.study(826)
    with stand.seat(browser, study["session"]) as page:
        page.add_init_script(WATCH)
        stand.open(page, study["assignments"][0])
        sizes = page.evaluate(SCRIPTS)
        assert all(sizes), "a script that was not sent has no size"
        keys = whole_case(page)
        wait_state(page, "saved")
        answers = stand.server.desk.ask("stored", assignment=study["assignments"][0])["answers"]
        assert len(answers) == 15, answers
        page.wait_for_timeout(1000)
        seen = page.evaluate("() => seen")
    return [
        ("JS as sent, gzipped, kB (files)", "", f"{sum(sizes) / 1000:.1f} ({len(sizes)})", "<= 60"),
        ("LCP, s", "", f"{seen['lcp'] / 1000:.2f}", "<= 1.0"),
        ("CLS", "", f"{seen['cls']:.3f}", "<= 0.01"),
        ("INP over a whole case, ms", "", f"{seen['inp']:.0f}", "<= 80"),
        ("keys and clicks for thirteen answers and two accepted diameters", "", f"{keys}", "<= 20"),
    ]  # fmt: skip


def whole_case(page: Any) -> int:
    """Outline, fifteen answers, score and call. The keys and clicks that the fifteen took."""
    outline(page)
    before = page.evaluate("() => seen.keys")
    answer_all(page)
    keys = int(page.evaluate("() => seen.keys")) - int(before)
    judge(page)
    return keys
