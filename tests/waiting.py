"""Waiting for what another process does."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def wait_for(true: Callable[[], Any], seconds: float, what: Callable[[], str], *, every: float = 0.02) -> Any:
    """What `true` gives, as soon as it is true: asked again and again, `every` so many seconds.

    After `seconds` an AssertionError with the words of `what`.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(every)
    raise AssertionError(f"not within {seconds} s: {what()}")
