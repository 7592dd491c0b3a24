"""The real thing, started as `make run` starts it: own var folder, free port, gunicorn, a Celery worker, hashed static files."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Served:
    """A running application: its address without a slash at the end, and the folder where all of it lies."""

    base: str
    var: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(var: Path, **more: str) -> dict[str, str]:
    """What a fresh machine has: no setting of the test run's own."""
    ours = ("DJANGO_", "LYMPHUS_", "CELERY_", "DATABASE_URL", "MEDIA_ROOT", "STATIC_ROOT")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**clean, "LYMPHUS_VAR": str(var), "PYTHONUNBUFFERED": "1", **more}


def manage(var: Path, *words: str, **more: str) -> str:
    """Run a management command; its output. Raises CalledProcessError with the output in it."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment(var, **more), capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def up(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextmanager
def serving(var: Path, *words: str, seconds: float = 240) -> Iterator[str]:
    """`manage.py serve` on a free port for the time of the block; yields the address without a slash at its end."""
    port = free_port()
    log = (var / "serve.log").open("w")
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *words]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(var), stdout=log, stderr=log, start_new_session=True)
    base = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + seconds
        while not up(f"{base}/health/"):
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"not up:\n{(var / 'serve.log').read_text()[-4000:]}")
            time.sleep(0.2)
        yield base
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        log.close()
