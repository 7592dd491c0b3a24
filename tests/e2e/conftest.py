"""What the walks share: one served application with demo data for a module, and the folder for its pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.served import Served, serving


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`make run` with a small demo dataset; LYMPHUS_SCREENSHOT_CASES makes it larger."""
    var = tmp_path_factory.mktemp("demo")
    with serving(var, "--cases", os.environ.get("LYMPHUS_SCREENSHOT_CASES", "12")) as base:
        yield Served(base, var)


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where screenshots of the demo data go, None where none are wanted (LYMPHUS_SCREENSHOTS names no folder)."""
    wanted = os.environ.get("LYMPHUS_SCREENSHOTS")
    if not wanted:
        return None
    folder = Path(wanted).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
