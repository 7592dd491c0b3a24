"""Pointer to presented frame and script a frame: a page that does next to nothing, and ours, in turns."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path
from typing import Any

from bench.drawing_rows import Row
from bench.drawing_rows.cases import SIZES
from bench.drawing_rows.stand import VIEWPORT, Stand
from bench.drawing_rows.traces import Trace, median, p95, traced
from tests.drills.reader import at

MOVES, LONG, TURNS = 100, 1000, 3


def small(stand: Stand, browser: Any) -> list[Row]:
    return rows(stand, browser, SIZES[0], ("floor + 2", "<= 35"))


def large(stand: Stand, browser: Any) -> list[Row]:
    times = "<= 1.3x of 826x724"
    return rows(stand, browser, SIZES[1], (times, times))


def rows(stand: Stand, browser: Any, size: tuple[int, int], targets: tuple[str, str]) -> list[Row]:
    """On images of that size; targets of the p95 at full speed and with the CPU throttled."""
    width, height = size
    study = stand.study(width)
    found: list[Row] = []
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(stand.seat(browser, study["session"]))
        stand.open(ours, study["assignments"][0])
        floor = stack.enter_context(contextlib.closing(browser.new_page(viewport=VIEWPORT)))
        floor.goto(f"{Path(__file__).with_name('floor.html').as_uri()}?width={width}&height={height}")
        for page in (floor, ours):
            drawn(browser, page, ours, MOVES)
        for rate, target in zip((1, 4), targets, strict=True):
            found += pair(browser, floor, ours, f"{width}x{height}, CPU {rate}x", (rate, target))
        return found + long_stroke(browser, ours, f"{width}x{height}")


def pair(browser: Any, floor: Any, ours: Any, where: str, how: tuple[int, str]) -> list[Row]:
    """Floor and ours in turns; the medians of the turns' figures, and the least and greatest of their p95. `how` is the
    CPU's rate and the target of the p95."""
    rate, target = how
    sessions = {name: throttled(page, rate) for name, page in (("floor", floor), ("ours", ours))}
    traces: dict[str, list[Trace]] = {"floor": [], "ours": []}
    for _turn in range(TURNS):
        for name, page in (("floor", floor), ("ours", ours)):
            traces[name].append(drawn(browser, page, ours, MOVES))
    for session in sessions.values():
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        session.detach()
    late = {name: [t.latencies() for t in turns] for name, turns in traces.items()}
    script = {name: f"{median([p95(t.frames()) for t in turns]):.2f}" for name, turns in traces.items()}
    return [
        (f"pointer to frame, ms, p50 / p95 (p95 least-greatest), {where}", said(late["floor"]), said(late["ours"]), target),
        (f"script a frame, ms, p95, {where}", script["floor"], script["ours"], "<= 1" if rate == 1 else ""),
    ]  # fmt: skip


def long_stroke(browser: Any, page: Any, where: str) -> list[Row]:
    """One stroke of a thousand segments: script of its last hundred frames against the hundred after the first ten."""
    trace = drawn(browser, page, page, LONG)
    frames = trace.frames()
    first, last = median(frames[10:110]), median(frames[-100:])
    return [
        (f"a stroke's 1,000th segment against its first, ms, {where}", "", f"{last:.2f} / {first:.2f}", "<= 1.2x"),
        (f"pointer-up after that stroke, ms, {where}", "", f"{trace.handlers('pointerup')[-1]:.1f}", ""),
    ]


def drawn(browser: Any, page: Any, like: Any, moves: int) -> Trace:
    """A stroke around the node, on the same places of the screen on either page."""
    places = [at(like, *share(step)) for step in range(moves + 1)]
    page.bring_to_front()
    page.mouse.move(*places[0])
    page.mouse.down()

    def go() -> None:
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()

    trace = traced(browser, page, go)
    page.wait_for_timeout(400)
    return trace


def share(step: int) -> tuple[float, float]:
    """A place on a spiral in the middle of the image, in shares of its width and height; 1-8 px of an image from the last."""
    turn, out = step / 25, 0.1 + 0.15 * abs(math.sin(step / 300))
    return 0.5 + out * math.cos(turn), 0.5 + out * math.sin(turn)


def throttled(page: Any, rate: int) -> Any:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    return session


def said(turns: list[list[float]]) -> str:
    tails = [p95(values) for values in turns]
    return f"{median([median(v) for v in turns]):.1f} / {median(tails):.1f} ({min(tails):.1f}-{max(tails):.1f})"
