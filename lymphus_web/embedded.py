"""The embedded form: one command holds a web server, a Celery worker and a clock, and ends them all.

Measured: under `make` in a terminal, Ctrl-C reaches the whole foreground group, and gunicorn and celery each answer it in
their own way; so each child gets a session of its own, hears SIGTERM from us, and after 8 s its whole group is killed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

from django.conf import settings

STOP_SECONDS = 8.0
BELL_SECONDS = 5.0


class PortTaken(RuntimeError):
    """Nobody can listen there: somebody else does, or it is no port."""


def probe(host: str, port: int) -> None:
    """Raises PortTaken, with a sentence, when the port cannot be bound."""
    if not 0 < port < 65536:
        raise PortTaken(f"{port} is no port: 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError:
            raise PortTaken(f"Port {port} is the system's. Choose one above 1023: make run PORT=8000") from None
        except OSError:
            raise PortTaken(f"Port {port} is taken. Choose another: make run PORT={port + 1}") from None


def keep_secret() -> None:
    """Make the installation's own secret on the first start, readable by its owner alone."""
    path = Path(settings.VAR_DIR) / "secret_key"
    if path.exists() or os.environ.get("DJANGO_SECRET_KEY"):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))


def split_paths(text: str) -> list[str]:
    """Paths out of one setting. `Center 1.zip Center 2.zip` works unquoted: words are joined until a file is met."""
    quoted = shlex.split(text)
    if all(Path(p).exists() for p in quoted):
        return quoted
    found: list[str] = []
    words: list[str] = []
    for word in text.split(" "):
        words.append(word)
        joined = " ".join(words).strip()
        if joined and Path(joined).exists():
            found.append(joined)
            words = []
    rest = " ".join(words).strip()
    if rest:
        raise FileNotFoundError(f"There is no file “{rest}”.")
    return found


def wait_until_up(url: str, seconds: float, alive: Callable[[], bool]) -> bool:
    """True once the address answers 200; False when the time is over or the server has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


class Household:
    """The children, and how they end."""

    def __init__(self, commands: Mapping[str, Sequence[str]], say: Callable[[str], None]) -> None:
        self.commands, self.say = commands, say
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = threading.Event()

    def start(self, name: str) -> None:
        self.children[name] = subprocess.Popen(list(self.commands[name]), start_new_session=True)

    def listen(self) -> None:
        """From now on a signal is a wish to stop: before the first child, or a signal while they start leaves them alone."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def is_starting(self) -> bool:
        """Whether it is still worth waiting for the web server."""
        return not self.stopping.is_set() and self.children["web"].poll() is None

    def watch(self, ring: Callable[[], None]) -> int:
        """Until a signal comes: ring the bell, restart a worker that died, end when the web server did."""
        next_bell = time.monotonic() + BELL_SECONDS
        while not self.stopping.wait(0.2):
            if self.children["web"].poll() is not None:
                self.say("The web server ended; stopping the rest.")
                return 1
            if self.children["worker"].poll() is not None:
                self.say("The worker ended; starting another. Its jobs are taken up again.")
                self.start("worker")
            if time.monotonic() >= next_bell:
                ring()
                next_bell = time.monotonic() + BELL_SECONDS
        return 0

    def end(self) -> None:
        """SIGTERM to each group, SIGKILL to what has not stopped after 8 s."""
        for child in self.children.values():
            _signal_group(child, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(0.1, end - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        return


def web_command(host: str, port: int) -> list[str]:
    """gunicorn: one process, threads; SQLite has one writer anyway."""
    options = ["--workers", "1", "--threads", "8", "--bind", f"{host}:{port}", "--log-level", "warning"]
    return [sys.executable, "-m", "gunicorn", "lymphus_web.wsgi:application", *options, "--no-control-socket"]


def worker_command() -> list[str]:
    """A real Celery worker; prefork with one child, so that a killed job leaves the worker standing."""
    options = ["--loglevel", "WARNING", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    return [sys.executable, "-m", "celery", "--quiet", "-A", "lymphus_web", "worker", *options]
