"""The real server under a drill: started, killed with -9 and started again on the same folder and port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
        """gunicorn and its worker end with -9, at once; `serve` sees it and stops the rest."""
        assert self.process is not None
        group = self._web_group()
        os.killpg(group, signal.SIGKILL)
        self.process.wait(timeout=60)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)

    def _web_group(self) -> int:
        """The process group of our own gunicorn: the child of our `serve` whose command says so."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            if b"gunicorn" in Path(f"/proc/{child}/cmdline").read_bytes():
                return os.getpgid(int(child))
        raise AssertionError("gunicorn does not run")


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
