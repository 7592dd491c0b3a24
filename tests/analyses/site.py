"""A place of its own for a stored analysis: database, broker, workers that can be killed, and what its row says."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.e2e.served import ROOT, environment
from tests.waiting import wait_for

RESAMPLES = 3000
LEASE_SECONDS = 6


class Site:
    """A database and a broker of their own, with the study in it."""

    def __init__(self, var: Path, variables: dict[str, str]) -> None:
        variables = {
            "DJANGO_SETTINGS_MODULE": "lymphus_web.settings",
            "LYMPHUS_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
            **variables,
        }
        self.var, self.variables = var, environment(var, **variables)
        self.log = (var / "workers.log").open("w")

    def study(self, *words: str) -> str:
        command = [sys.executable, "-m", "tests.analyses.same_study", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def made(self, resamples: int = RESAMPLES, *size: int) -> dict[str, Any]:
        return json.loads(self.study("make", *(str(n) for n in (resamples, *size))))

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "celery", "-A", "lymphus_web", "worker", "--concurrency", "1", "-l", "INFO"]
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.variables, stdout=self.log, stderr=self.log, start_new_session=True
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                kill(process)

    def end_what_a_killed_one_began(self, analysis: str, seconds: float) -> None:
        """Once the lease of the killed has lapsed, another worker ends the analysis."""
        time.sleep(LEASE_SECONDS + 0.5)
        with self.worker():
            self.study("ring")
            wait_for(lambda: self.row(analysis)["state"] != "running", seconds, self.said)

    def said(self) -> str:
        """The end of what the workers logged."""
        return (self.var / "workers.log").read_text()[-3000:]

    def row(self, analysis: str) -> dict[str, Any]:
        names = ("state", "attempts", "progress_done", "progress_total", "result_sha256", "error")
        query = f"SELECT {', '.join(names)} FROM annotations_analysis WHERE public_id = "
        found = self._one(query, analysis)
        return dict(zip(names, found, strict=True))

    def kept(self, analysis: str) -> int:
        """How many finished parts the row holds."""
        (parts,) = self._one("SELECT parts FROM annotations_analysis WHERE public_id = ", analysis)
        return len(json.loads(parts) if isinstance(parts, str) else parts)

    def _one(self, query: str, key: str) -> tuple[Any, ...]:
        address = self.variables.get("DATABASE_URL")
        if not address:
            with closing(sqlite3.connect(self.var / "lymphus.sqlite3", timeout=20)) as database:
                return database.execute(query + "?", (key,)).fetchone()
        import psycopg2

        parts = urlsplit(address)
        host = unquote(parts.netloc.rpartition("@")[2])
        with closing(psycopg2.connect(host=host, user=parts.username, dbname=parts.path[1:])) as database:
            cursor = database.cursor()
            cursor.execute(query + "%s", (key,))
            return cursor.fetchone()


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the worker and its pool: nobody says goodbye."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
