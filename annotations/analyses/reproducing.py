"""Compute a result again and say how it compares.

With the engine, lock file and processor architecture that made it, the same bytes are demanded. Elsewhere, where bytes are
not promised, every number must be equal at 1e-8, and the words say what is another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from annotations.analyses import ENGINE
from annotations.analyses.bundle import Bundle, frozen
from annotations.analyses.comparing import first_difference
from annotations.analyses.made_with import other_than_here
from annotations.analyses.work import compute
from annotations.models import Analysis

_IN_WORDS = {"engine": "engine", "machine": "processor architecture", "lock_sha256": "lock file"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`same` tells whether the result was reproduced; `words` say how."""

    same: bool
    words: str


def reproduce_analysis(analysis: Analysis) -> Outcome:
    """From the database; it must have a result. Raises InputsChanged."""
    stored = bytes(analysis.result or b"")
    return _compare(stored, compute(analysis.spec, analysis.inputs), analysis.made_with)


def reproduce_bundle(bundle: Bundle) -> Outcome:
    """From the bundle alone; no database is asked."""
    return _compare(bundle.result, compute(bundle.spec, bundle.inputs, frozen(bundle)), bundle.versions)


def _compare(stored: bytes, again: bytes, made_with: Mapping[str, str]) -> Outcome:
    other = other_than_here(made_with)
    if stored == again:
        return Outcome(True, f"the same {len(stored)} bytes{_made_with_another(other)}")
    one, two = json.loads(stored), json.loads(again)
    if one.get("engine") != two["engine"]:
        return Outcome(False, f"computed by engine {one.get('engine')}, and this is engine {ENGINE}: take that version")
    difference = first_difference(one, two)
    if difference is not None:
        return Outcome(False, f"{difference}{_made_with_another(other)}")
    if not other:
        return Outcome(False, "every number equal at 1e-8, but other bytes under the same lock file and architecture")
    return Outcome(True, f"other bytes, and every number equal at 1e-8{_made_with_another(other)}")


def _made_with_another(other: list[str]) -> str:
    return f" (computed with another {', '.join(_IN_WORDS[name] for name in other)})" if other else ""
