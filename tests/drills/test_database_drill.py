"""Never lose work: PostgreSQL goes down and comes back under the running server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.drills.reader import Reader, answer, check, settle, state, stroke, wait_state
from tests.drills.running import Server, running
from tests.with_services import as_postgres, pg_ctl, postgres

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL of this module alone: the one of the test run is not ours to stop."""
    with postgres() as url:
        yield url


@pytest.fixture(scope="module")
def server(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("var"), 4, DATABASE_URL=cluster) as server:
        yield server


def control(cluster: str, *words: str) -> None:
    """pg_ctl on the cluster, as the account it runs as. A restart keeps the options of the first start."""
    folder = Path(unquote(urlsplit(cluster).netloc.split("@")[1]))
    command = [*as_postgres(folder), pg_ctl(), "-D", str(folder / "data"), "-w", "-l", str(folder / "log"), *words]
    subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


@pytest.mark.drill
def test_the_database_restarted_under_the_server(reader: Reader, cluster: str) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    with page.expect_request(lambda r: r.method == "PUT"):
        stroke(page, 1)
    control(cluster, "-m", "immediate", "restart")
    stroke(page, 2)
    answer(page, "necrosis", 1)
    settle(reader)
    check(reader, [0, 1, 2], {"necrosis": "none"})


@pytest.mark.slow_drill
def test_the_database_gone_for_a_while(reader: Reader, cluster: str) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    folder: Any = Path(unquote(urlsplit(cluster).netloc.split("@")[1]))
    options = (folder / "data" / "postmaster.opts").read_text()
    control(cluster, "-m", "fast", "stop")
    try:
        stroke(page, 1)
        wait_state(page, "kept")
        answer(page, "necrosis", 3)
        page.wait_for_timeout(3000)
        assert state(page) == "kept"
    finally:
        control(cluster, "-o", _given(options), "start")
    settle(reader)
    check(reader, [0, 1], {"necrosis": "cystic"})


def _given(options: str) -> str:
    """What was given to the first start, without the program and its data folder (pg_ctl adds them)."""
    return options.split('"-D"', 1)[1].split('"', 2)[2].strip()
