"""The real server with demo data, once for all states, and the folder for their pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drills.running import Server, running_on_demo_data
from tests.states.scene import Scene


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_on_demo_data(tmp_path_factory) as server:
        yield server


@pytest.fixture
def scene(chromium: Any, server: Server) -> Iterator[Scene]:
    made = Scene(chromium, server)
    yield made
    made.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where the pictures of the states go, None where none are wanted (LYMPHUS_STATES names no folder)."""
    wanted = os.environ.get("LYMPHUS_STATES")
    if not wanted:
        return None
    folder = Path(wanted).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder
