"""Canonical JSON: one value, one text, so that a hash of it means something."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """UTF-8, sorted keys, no spaces, no NaN or Infinity (raises ValueError). Floats as given."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256_of(value: Any) -> str:
    """SHA-256 hex of the canonical JSON."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def rounded(value: Any, digits: int = 10) -> Any:
    """Every float to that many significant digits, minus zero to zero; the rest as it is."""
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return float(f"{value:.{digits}g}") + 0.0
    if isinstance(value, dict):
        return {str(k): rounded(v, digits) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v, digits) for v in value]
    raise TypeError(f"{type(value).__name__} has no place in a result")
