"""One question, one answer in bytes: in either database, in any order of the work, by one worker or several, or one killed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from annotations.analyses import work
from annotations.models import Analysis
from readers.analyses import analyse_study
from tests.analyses.made import QUICK, closed_study, finished_analysis
from tests.analyses.site import Site, kill
from tests.waiting import wait_for
from tests.with_services import postgres, redis


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
    assert one["version"] == two["version"]


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

        wait_for(in_the_middle, 120, site.said)
        kill(first)
    row = site.row(waiting)
    assert row["state"] == "running", "killed too late: the analysis had ended"
    assert row["progress_done"] < row["progress_total"]
    site.end_what_a_killed_one_began(waiting, 180)
    row = site.row(waiting)
    assert (row["state"], row["error"]) == ("done", "")
    assert row["attempts"] == 2
    assert row["result_sha256"] == made["done"]
