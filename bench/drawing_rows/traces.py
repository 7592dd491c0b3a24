"""What Chromium's own trace says of a stretch of drawing."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CATEGORIES = ["benchmark", "cc", "input", "latencyInfo", "devtools.timeline"]
MOVES = {"MOUSE_DRAGGED", "MOUSE_MOVED"}


@dataclass(frozen=True)
class Trace:
    events: list[dict[str, Any]]

    def latencies(self) -> list[float]:
        """Milliseconds from a pointer's move to the frame that shows what it did, by EventLatency."""
        begun: dict[Any, float] = {}
        found = []
        for event in self.events:
            if event["name"] != "EventLatency":
                continue
            key = (event.get("pid"), json.dumps(event.get("id2") or event.get("id")))
            if event["ph"] == "b":
                kind = event.get("args", {}).get("event_latency", {}).get("event_type")
                if kind in MOVES:
                    begun[key] = event["ts"]
            elif event["ph"] == "e" and key in begun:
                found.append((event["ts"] - begun.pop(key)) / 1000)
        return found

    def handlers(self, kind: str) -> list[float]:
        """Milliseconds of script in every handler of events of that type, in order of time."""
        return [e["dur"] / 1000 for e in self.events if _is(e, "EventDispatch") and e["args"]["data"]["type"] == kind]

    def frames(self) -> list[float]:
        """Milliseconds of our script per animation frame: its pointermove handlers and its painting, in order of time."""
        sums, since = [], 0.0
        for event in self.events:
            if _is(event, "EventDispatch") and event["args"]["data"]["type"] == "pointermove":
                since += event["dur"] / 1000
            elif _is(event, "FireAnimationFrame"):
                sums.append(since + event["dur"] / 1000)
                since = 0.0
        return sums


def traced(browser: Any, page: Any, do: Callable[[], None]) -> Trace:
    browser.start_tracing(page=page, categories=CATEGORIES)
    do()
    page.wait_for_timeout(150)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    return Trace(sorted((e for e in events if "ts" in e), key=lambda e: e["ts"]))


def p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * (len(values) - 1))]


def median(values: list[float]) -> float:
    return statistics.median(values)


def _is(event: dict[str, Any], name: str) -> bool:
    return bool(event["name"] == name and "dur" in event)
