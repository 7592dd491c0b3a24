"""A whole study, 20 readers x 338 cases with the default resamples: a worker killed with -9 in the middle costs no byte.

On SQLite with the filesystem broker, which forgets the message of the killed, and on PostgreSQL with Redis. Minutes, not
seconds: `make drills` runs it. With -s it prints how long each stretch took.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from annotations.analyses.spec import DEFAULTS
from tests.analyses.site import LEASE_SECONDS, Site, kill
from tests.waiting import wait_for
from tests.with_services import postgres, redis

pytestmark = [pytest.mark.slow_drill]
CASES, READERS = 338, 20
done_on: dict[str, str] = {}


@pytest.fixture(params=["SQLite + filesystem", "PostgreSQL + Redis"])
def site(request, tmp_path: Path) -> Iterator[tuple[str, Site]]:
    with ExitStack() as stack:
        variables = {}
        if request.param.startswith("PostgreSQL"):
            variables = {
                "DATABASE_URL": stack.enter_context(postgres()),
                "CELERY_BROKER_URL": stack.enter_context(redis()),
            }
        yield request.param, Site(tmp_path, variables)


def test_a_worker_killed_in_the_middle_of_a_whole_study_ends_in_the_same_bytes(site):
    where, own = site
    begun = time.monotonic()
    made = own.made(DEFAULTS["resamples"], CASES, READERS)
    said = [f"{where}: made and analysed in {time.monotonic() - begun:.0f} s, the analysis itself {made['seconds']} s"]
    waiting = made["waiting"]

    with own.worker() as first:
        own.study("ring")

        def in_the_middle() -> Any:
            row = own.row(waiting)
            return row["progress_total"] > 0 and row["progress_done"] >= row["progress_total"] / 2 and row

        row = wait_for(in_the_middle, 300, own.said)
        kill(first)
    at_death = own.row(waiting)
    said.append(f"killed at {row['progress_done']} of {row['progress_total']} steps, {own.kept(waiting)} parts kept")
    assert at_death["state"] == "running", "killed too late: the analysis had ended"
    assert own.kept(waiting) > 0
    killed = time.monotonic()
    own.end_what_a_killed_one_began(waiting, 300)
    said.append(
        f"another worker ended it {time.monotonic() - killed:.0f} s later, of which the lease took {LEASE_SECONDS}"
    )
    sys.stdout.write("\n".join(["", *said, ""]))

    row = own.row(waiting)
    assert (row["state"], row["error"], row["attempts"]) == ("done", "", 2)
    assert row["result_sha256"] == made["done"]
    done_on[where] = made["done"]
    assert len(set(done_on.values())) == 1  # and the databases give the same
