"""What Chromium's own trace says of a stretch of drawing."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

CATEGORIES = ["devtools.timeline"]


@dataclass(frozen=True)
class Trace:
    events: list[dict[str, Any]]

    def handlers(self, kind: str) -> list[float]:
        """Milliseconds of script in every handler of events of that type, in order of time."""
        return [e["dur"] / 1000 for e in self.events if _is(e, "EventDispatch") and e["args"]["data"]["type"] == kind]


def traced(browser: Any, page: Any, do: Callable[[], None]) -> Trace:
    browser.start_tracing(page=page, categories=CATEGORIES)
    do()
    page.wait_for_timeout(150)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    return Trace(sorted((e for e in events if "ts" in e), key=lambda e: e["ts"]))


def median(values: list[float]) -> float:
    return statistics.median(values)


def _is(event: dict[str, Any], name: str) -> bool:
    return bool(event["name"] == name and "dur" in event)
