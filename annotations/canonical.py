"""Canonical JSON: one value, one text, so that a hash of it means something."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

# from here on Python writes a float with an exponent; PostgreSQL's jsonb gives the same number back without one
EXPONENT_FROM = 1e16


def canonical_json(value: Any) -> bytes:
    """UTF-8, sorted keys, no spaces, no NaN or Infinity (raises ValueError). Floats as given."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256_of(value: Any) -> str:
    """SHA-256 hex of the canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def rounded(value: Any, digits: int = 10) -> Any:
    """Every float to that many significant digits, minus zero to zero; the rest as it is.

    A float from 1e16 on becomes the whole number it is then: kept parts come back from jsonb as whole numbers and from
    SQLite as they were written, and both must give the same bytes.
    """
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return _rounded_float(value, digits)
    if isinstance(value, dict):
        return {str(k): rounded(v, digits) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v, digits) for v in value]
    raise TypeError(f"{type(value).__name__} has no place in a result")


def _rounded_float(value: float, digits: int) -> float | int:
    text = f"{value:.{digits}g}"
    near = float(text) + 0.0
    # NaN and Infinity stay what they are, and are refused where the JSON is written
    return int(Decimal(text)) if EXPONENT_FROM <= abs(near) < float("inf") else near
