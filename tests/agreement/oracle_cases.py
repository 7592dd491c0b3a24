"""The oracle cases of some files as pytest parameters; one skipped parameter where the shared material is absent."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ORACLES = Path(os.environ.get("LYMPHUS_SHARED", Path(__file__).resolve().parents[3] / "shared")).resolve() / "oracles"


def oracle_cases(*names: str) -> list[Any]:
    """One parameter per case of the files `names` (without .json)."""
    if not ORACLES.is_dir():
        reason = f"the oracles are not here ({ORACLES.name} of the shared material; set LYMPHUS_SHARED)"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    found = []
    for name in names:
        content = json.loads((ORACLES / f"{name}.json").read_text(encoding="utf-8"))
        found += [pytest.param(case, id=case["id"]) for case in content["cases"]]
    return found
