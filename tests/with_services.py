"""Run a command beside a private PostgreSQL and Redis, started on free sockets and stopped afterwards.

    python -m tests.with_services [--redis] COMMAND...

The command sees DATABASE_URL (and CELERY_BROKER_URL with --redis). PostgreSQL is Debian's; as root it runs as `postgres`,
because initdb refuses root. Nothing listens on a network address.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

PG_BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class NoService(RuntimeError):
    """A service that the tests need is not installed; the sentence says how to get it."""


def pg_ctl() -> str:
    return str(PG_BIN[-1] / "pg_ctl")


def as_postgres(folder: Path) -> list[str]:
    """Words before a command so that it runs as the owner of the cluster in the folder; none unless we are root."""
    if os.geteuid() != 0:
        return []
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise NoService("There is no account “postgres”: apt-get install postgresql") from None
    os.chown(folder, account.pw_uid, account.pw_gid)
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


@contextmanager
def postgres() -> Iterator[str]:
    """A private cluster for the time of the block; yields its DATABASE_URL."""
    if not PG_BIN:
        raise NoService("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="lymphus-pg-"))
    data, run = folder / "data", PG_BIN[-1]
    who = as_postgres(folder)
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": "/"}
    try:
        init = [*who, str(run / "initdb"), "-D", str(data), "-U", "lymphus", "-A", "trust", "--no-sync", "-E", "UTF8"]
        subprocess.run(init, **quiet)  # type: ignore[call-overload]
        options = f"-c listen_addresses='' -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        start = [*who, pg_ctl(), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"]
        subprocess.run(start, **quiet)  # type: ignore[call-overload]
        try:
            yield f"postgres://lymphus@{quote(str(folder), safe='')}/postgres"
        finally:
            stop = [*who, pg_ctl(), "-D", str(data), "-m", "immediate", "stop"]
            subprocess.run(stop, stdout=subprocess.DEVNULL, cwd="/", check=False)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """A private Redis for the time of the block; yields its URL."""
    server = shutil.which("redis-server")
    if not server:
        raise NoService("Redis is not installed: apt-get install redis-server")
    folder = Path(tempfile.mkdtemp(prefix="lymphus-redis-"))
    socket = folder / "redis.sock"
    command = [server, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if socket.exists():
                break
            time.sleep(0.05)
        yield f"redis+socket://{socket}"
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    with ExitStack() as stack:
        environment = dict(os.environ)
        try:
            environment["DATABASE_URL"] = stack.enter_context(postgres())
            if arguments[:1] == ["--redis"]:
                arguments = arguments[1:]
                environment["CELERY_BROKER_URL"] = stack.enter_context(redis())
        except NoService as missing:
            print(missing, file=sys.stderr)  # noqa: T201
            return 3
        return subprocess.run(arguments, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
