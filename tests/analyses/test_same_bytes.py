"""One question, one answer in bytes: in either database, in any order of the work, by one worker or several, or one killed."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from annotations.analyses import work
from annotations.models import Analysis
from readers.analyses import analyse_study
from tests.analyses.made import QUICK, closed_study, finished_analysis
from tests.e2e.served import ROOT, environment
from tests.waiting import wait_for
from tests.with_services import postgres, redis

RESAMPLES = 3000


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_parts_in_any_order_give_the_same_bytes(monkeypatch):
    study = closed_study(n_cases=6, n_readers=3)
    straight = finished_analysis(study)
    in_order = work.parts_of

    def shuffled(material, spec):
        names = list(in_order(material, spec).items())
        random.Random(4).shuffle(names)
        return dict(names)

    monkeypatch.setattr(work, "parts_of", shuffled)
    turned = finished_analysis(study)

    assert bytes(turned.result) == bytes(straight.result)


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_two_workers_each_of_whom_did_half_give_the_same_bytes(monkeypatch):
    """The first goes through the parts from the front, the second from the back; what the first did came from the row."""
    study = closed_study(n_cases=6, n_readers=3)
    straight = finished_analysis(study)
    halved = analyse_study(study, by=study.lead, spec=QUICK)
    in_order = work.parts_of

    def dies_at(material, spec):
        parts = list(in_order(material, spec).items())
        half = len(parts) // 2

        def die():
            raise KeyboardInterrupt

        return dict([*parts[:half], (parts[half][0], die), *parts[half + 1 :]])

    monkeypatch.setattr(work, "KEEP_SECONDS", 0.0)
    monkeypatch.setattr(work, "parts_of", dies_at)
    with pytest.raises(KeyboardInterrupt):
        work.run_analysis(halved.pk)
    monkeypatch.setattr(work, "parts_of", lambda material, spec: dict(reversed(list(in_order(material, spec).items()))))
    Analysis.objects.filter(pk=halved.pk).update(lease_until="2020-01-01T00:00:00Z")

    assert work.run_analysis(halved.pk)

    halved.refresh_from_db()
    assert halved.attempts == 2
    assert bytes(halved.result) == bytes(straight.result)


class Site:
    """A database and a broker of their own, with the study in it."""

    def __init__(self, var: Path, variables: dict[str, str]) -> None:
        variables = {"DJANGO_SETTINGS_MODULE": "lymphus_web.settings", "LYMPHUS_JOB_LEASE_SECONDS": "6", **variables}
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


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory) -> tuple[Site, dict[str, Any]]:
    site = Site(tmp_path_factory.mktemp("sqlite"), {})
    return site, site.made()


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory) -> Iterator[tuple[Site, dict[str, Any]]]:
    with ExitStack() as stack:
        variables = {"DATABASE_URL": stack.enter_context(postgres()), "CELERY_BROKER_URL": stack.enter_context(redis())}
        site = Site(tmp_path_factory.mktemp("postgres"), variables)
        yield site, site.made()


def test_sqlite_and_postgresql_give_the_same_bytes(on_sqlite, on_postgres):
    (_here, one), (_there, two) = on_sqlite, on_postgres

    assert one["inputs"] == two["inputs"]
    assert one["done"] == two["done"]


@pytest.mark.drill
@pytest.mark.parametrize("where", ["on_sqlite", "on_postgres"])
def test_a_worker_killed_in_mid_analysis_ends_in_the_same_bytes(where, request):
    """SQLite with the filesystem broker, which forgets the message of the killed; PostgreSQL with Redis."""
    site, made = request.getfixturevalue(where)
    waiting = made["waiting"]
    with site.worker() as first:
        site.study("ring")

        def in_the_middle():
            row = site.row(waiting)
            return row["progress_done"] >= 3 and row

        wait_for(in_the_middle, 120, lambda: (site.var / "workers.log").read_text()[-3000:])
        kill(first)
    row = site.row(waiting)
    assert row["state"] == "running", "killed too late: the analysis had ended"
    assert row["progress_done"] < row["progress_total"]
    time.sleep(6.5)  # the lease lapses
    with site.worker():
        site.study("ring")
        wait_for(
            lambda: site.row(waiting)["state"] != "running" or None, 180,
            lambda: (site.var / "workers.log").read_text()[-3000:],
        )  # fmt: skip
    row = site.row(waiting)
    assert (row["state"], row["error"]) == ("done", "")
    assert row["attempts"] == 2
    assert row["result_sha256"] == made["done"]
