"""Two results compared number by number: what is promised where the bytes are not."""

from __future__ import annotations

import math
from typing import Any

TOLERANCE = 1e-8


def first_difference(stored: Any, again: Any, where: str = "result") -> str | None:
    """A sentence that names the first place where the two differ by more than 1e-8 (relative, or absolute near 0)."""
    if _is_number(stored) and _is_number(again):
        if math.isclose(stored, again, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
            return None
    elif isinstance(stored, dict) and isinstance(again, dict) and stored.keys() == again.keys():
        return next((d for key in stored if (d := first_difference(stored[key], again[key], f"{where}.{key}"))), None)
    elif isinstance(stored, list) and isinstance(again, list) and len(stored) == len(again):
        pairs = enumerate(zip(stored, again, strict=True))
        return next((d for i, (one, two) in pairs if (d := first_difference(one, two, f"{where}[{i}]"))), None)
    elif type(stored) is type(again) and stored == again:
        return None
    return f"{where}: stored {_short(stored)}, computed {_short(again)}"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}…"
