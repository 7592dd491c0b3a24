"""`make run` with the user's own archives, and a second start. No picture of the real images is kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.served import ROOT, Served, environment, free_port, manage, serving
from tests.e2e.test_main_job import walk
from tests.waiting import wait_for

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
        log = tmp_path / "serve.log"
        wait_for(lambda: "Ctrl-C ends it" in log.read_text(), 120, log.read_text)

    assert json.loads(manage(tmp_path, "dumpdata", "auth.user", "--format", "json")) == json.loads(first)
    said = (tmp_path / "serve.log").read_text()
    for name in ("lead /", "reader1 /", "reader2 /", "trainee /", "curator /"):
        assert name in said
    assert said.rstrip().endswith("Stopped.")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_starts_ends_all_of_it(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "manage.py", "serve", "--port", str(free_port()), "--no-data"]
    log = tmp_path / "serve.log"
    with log.open("w") as out:
        starting = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stdout=out, stderr=out)
        wait_for(lambda: len(children_of(starting.pid)) == 2, 120, log.read_text)
        started = children_of(starting.pid)
        starting.send_signal(number)
        assert starting.wait(timeout=60) == 0

    assert log.read_text().rstrip().endswith("Stopped.")
    assert "Traceback" not in log.read_text()
    assert not any(Path(f"/proc/{pid}").exists() for pid in started)


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
