"""Compute a result again and say how it compares: the same bytes, or every number at 1e-8 where bytes are not promised."""

from __future__ import annotations

import json
from dataclasses import dataclass

from annotations.analyses import ENGINE
from annotations.analyses.bundle import Bundle, frozen, versions
from annotations.analyses.comparing import first_difference
from annotations.analyses.work import compute
from annotations.models import Analysis

# bytes are promised for one lock file and one processor architecture
PROMISED_BY = ("engine", "machine", "lock_sha256")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`same` tells whether the result was reproduced; `words` say how."""

    same: bool
    words: str


def reproduce_analysis(analysis: Analysis) -> Outcome:
    """From the database; it must have a result. Raises InputsChanged."""
    stored = bytes(analysis.result or b"")
    return _compare(stored, compute(analysis.spec, analysis.inputs), promised=False)


def reproduce_bundle(bundle: Bundle) -> Outcome:
    """From the bundle alone; no database is asked."""
    again = compute(bundle.spec, bundle.inputs, frozen(bundle))
    here = versions()
    other = [name for name in PROMISED_BY if bundle.versions.get(name) != here[name]]
    found = _compare(bundle.result, again, promised=not other)
    if not other:
        return found
    return Outcome(found.same, f"{found.words} (computed with another {', '.join(other)})")


def _compare(stored: bytes, again: bytes, *, promised: bool) -> Outcome:
    if stored == again:
        return Outcome(True, f"the same {len(stored)} bytes")
    one, two = json.loads(stored), json.loads(again)
    if one.get("engine") != two["engine"]:
        return Outcome(False, f"computed by engine {one.get('engine')}, and this is engine {ENGINE}: take that version")
    difference = first_difference(one, two)
    if difference is not None:
        return Outcome(False, difference)
    if promised:
        return Outcome(False, "every number equal at 1e-8, but other bytes under the same lock file and architecture")
    return Outcome(True, "other bytes, and every number equal at 1e-8")
