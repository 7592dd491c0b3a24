"""The real server under a drill: started, killed with -9 and started again on the same folder and port."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.served import ROOT, environment, free_port, up


class Server:
    """`manage.py serve --no-data` in a var folder of its own. `more` are settings, such as DATABASE_URL."""

    def __init__(self, var: Path, **more: str) -> None:
        self.var, self.port = var, free_port()
        self.environment = environment(var, **more)
        self.base = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.desk = Desk(self.environment)

    def start(self, seconds: float = 240) -> None:
        """Until it answers. A second start has everything of the first: folder, port, database."""
        with (self.var / "serve.log").open("a") as log:
            command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--no-data"]
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + seconds
        while not up(f"{self.base}/health/"):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"not up:\n{(self.var / 'serve.log').read_text()[-4000:]}")
            time.sleep(0.1)

    def kill_web(self) -> None:
        """gunicorn and its worker end with -9, at once, and then the rest."""
        web = [child for child in self._children() if b"gunicorn" in Path(f"/proc/{child}/cmdline").read_bytes()]
        assert web, "gunicorn does not run"
        _kill_groups(web)
        self.stop()

    def stop(self) -> None:
        """All of it with -9: how it ends when it is asked to is seen elsewhere, and takes the worker five seconds."""
        if self.process is None or self.process.poll() is not None:
            return
        children = self._children()
        self.process.kill()  # first, or it would start another worker
        self.process.wait(timeout=60)
        _kill_groups(children)

    def end(self) -> None:
        """As Ctrl-C does: what is in the folder is whole then."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def _children(self) -> list[int]:
        """gunicorn and the worker, each with a process group of its own."""
        assert self.process is not None
        return [int(n) for n in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()]


def _kill_groups(leaders: list[int]) -> None:
    for leader in leaders:
        with suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)


class Desk:
    """The client of `tests.drills.desk`."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.process: subprocess.Popen[str] | None = None

    def ask(self, do: str, **words: Any) -> Any:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.drills.desk"], cwd=ROOT, env=self.environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": do, **words}) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("@"):
                answer = json.loads(line[1:])
                if "error" in answer:
                    raise AssertionError(f"{do}: {answer['error']}")
                return answer["ok"]
        raise AssertionError("the desk ended")

    def close(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait(timeout=30)


@contextmanager
def running(var: Path, cases: int, **more: str) -> Iterator[Server]:
    """A server with so many demo cases for the time of the block; `more` goes into its environment."""
    server = Server(var, **more)
    try:
        server.start()
        server.desk.ask("fill", cases=cases)
        yield server
    finally:
        server.desk.close()
        server.stop()


@contextmanager
def running_on_demo_data(folders: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with eight demo cases on SQLite for the time of the block, in a folder that is copied from one made before."""
    var = folders.mktemp("var") / "var"
    shutil.copytree(_filled(folders), var)
    server = Server(var)
    try:
        server.start()
        yield server
    finally:
        server.desk.close()
        server.stop()


def _filled(folders: pytest.TempPathFactory) -> Path:
    """A folder that a server with eight demo cases left; made once for all workers of a run of tests."""
    base = folders.getbasetemp()
    whole = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "filled"
    with whole.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            made = whole.with_suffix(".begun")
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            with running(made, 8) as server:
                server.desk.close()
                server.end()
            made.rename(whole)
    return whole
