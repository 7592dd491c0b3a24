"""`make run` with the user's own archives, and a second start. No picture of the real images is kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.served import Served, manage, serving
from tests.e2e.test_main_job import walk

pytestmark = [pytest.mark.browser, pytest.mark.e2e]


def test_the_main_job_on_real_images(chromium: Any, shared: Path, tmp_path: Path) -> None:
    archives = tmp_path / "archives"
    script = shared / "data" / "layout_as_lymphus.py"
    subprocess.run(
        [sys.executable, str(script), "--out", str(archives), "--cases", "12"], check=True, capture_output=True
    )
    # an address with a space in it, unquoted, as a user types it
    data = f"{archives / 'Center 1.zip'} {archives / 'Center 2.zip'}"
    with serving(tmp_path, "--data", data) as base:
        walk(chromium, Served(base, tmp_path), cases=5, pictures=None)


def test_a_second_start_keeps_the_data_and_says_the_log_ins(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-data"):
        pass
    first = manage(tmp_path, "dumpdata", "auth.user", "--format", "json")
    with serving(tmp_path, "--no-data"):
        pass

    assert json.loads(manage(tmp_path, "dumpdata", "auth.user", "--format", "json")) == json.loads(first)
    said = (tmp_path / "serve.log").read_text()
    for name in ("lead /", "reader1 /", "reader2 /", "trainee /", "curator /"):
        assert name in said
    assert said.rstrip().endswith("Stopped.")
