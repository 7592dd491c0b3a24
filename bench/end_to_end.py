"""The main job, timed: 338 cases and 5 readers, on SQLite and on PostgreSQL.

    python bench/end_to_end.py [--cases 338] [--readers 5]

Real archives (synthetic pictures), the real web server over HTTP on this machine, the verbs that pages and jobs call.
Beside each figure stands what a common annotation tool took on such a machine. Machines are shared: look at ratios.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # not bench/, where our statistics.py would hide Python's own

import argparse
import base64
import http.client
import io
import json
import os
import statistics
import subprocess
import tempfile
import time
from typing import Any

PEER = {
    "import, s": "4.5",
    "open a case, ms (p50 / p95)": "105 / 114",
    "fetch an image, ms (p50 / p95)": "15 / 18",
    "save a mask with answers, ms (p50 / p95)": "55 / 66",
    "mask sent, kB": "5.5",
    "export of the readings as JSON, s": "0.78",
}


def main() -> None:
    arguments = parse()
    if arguments.inside:
        print(json.dumps(measure(arguments)))
        return
    from tests.with_services import postgres

    folder = Path(tempfile.mkdtemp(prefix="lymphus-bench-"))
    archives = folder / "archives"
    subprocess.run(
        [sys.executable, "-m", "annotations.demo", "--out", str(archives), "--cases", str(arguments.cases)],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip
    columns = {"SQLite": inside(arguments, folder / "sqlite", archives, {})}
    with postgres() as url:
        columns["PostgreSQL"] = inside(arguments, folder / "postgres", archives, {"DATABASE_URL": url})
    table(columns, arguments)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=338)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--requests", type=int, default=200, help="HTTP requests of each kind")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--archives", help=argparse.SUPPRESS)
    return parser.parse_args()


def inside(arguments: argparse.Namespace, var: Path, archives: Path, database: dict[str, str]) -> dict[str, str]:
    """The figures of one database, measured in a process of its own."""
    var.mkdir()
    environment = {**os.environ, "LYMPHUS_VAR": str(var), "LYMPHUS_LOG_LEVEL": "ERROR", **database}
    if not database:
        environment.pop("DATABASE_URL", None)
    command = [sys.executable, __file__, "--inside", "--archives", str(archives), "--cases", str(arguments.cases)]
    command += ["--readers", str(arguments.readers), "--requests", str(arguments.requests)]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=ROOT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def table(columns: dict[str, dict[str, str]], arguments: argparse.Namespace) -> None:
    print(f"{arguments.cases} cases, {arguments.readers} readers\n")
    head = ["", *columns, "a common tool"]
    rows = [
        [name, *(column[name] for column in columns.values()), PEER.get(name, "")]
        for name in next(iter(columns.values()))
    ]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, ["-" * w for w in widths], *rows]:
        print("| " + " | ".join(cell.ljust(w) for cell, w in zip(row, widths)) + " |")


def measure(arguments: argparse.Namespace) -> dict[str, str]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "lymphus_web.settings"
    import django

    django.setup()
    from django.core.management import call_command, load_command_class

    quiet = io.StringIO()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    archives = Path(arguments.archives)
    zips = [str(path) for path in sorted(archives.glob("Center *.zip"))]
    load_command_class("annotations", "import_lymphus")  # a worker has its modules loaded
    start = time.perf_counter()
    call_command(
        "import_lymphus", *zips, dataset="bench", spacing=str(archives / "spacing.csv"), synthetic=True,
        accept_warnings=True, publish=True, stdout=quiet, stderr=quiet,
    )  # fmt: skip
    figures = {"import, s": f"{time.perf_counter() - start:.1f}"}
    study, solo = make_studies(arguments.readers)
    figures |= over_http(solo, arguments.requests)
    figures |= analysis_and_exports(study)
    return figures


def make_studies(readers: int) -> tuple[Any, Any]:
    """A study of all cases with that many readers, and one of all cases with one reader for the requests."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    from annotations.models import DatasetVersion
    from readers.roles import ensure_roles
    from readers.simulation import mark_simulated
    from readers.studies import create_study, open_study

    ensure_roles()

    def person(name: str, role: str) -> Any:
        user = get_user_model().objects.create_user(name)
        user.groups.add(Group.objects.get(name=role))
        return user

    lead = person("lead", "study lead")
    people = [person(f"reader{i + 1}", "reader") for i in range(readers + 1)]
    for user in people:
        mark_simulated(user, user.username)
    version = DatasetVersion.objects.unscoped().get()
    made = []
    for title, who in (("bench", people[:readers]), ("requests", people[readers:])):
        made.append(
            open_study(create_study(lead, title=title, dataset_version=version, readers=who, order_seed=1), lead)
        )
    return made[0], made[1]


def over_http(study: Any, requests: int) -> dict[str, str]:
    """Open, fetch, save, over one kept connection to the embedded web server."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from annotations.models import ReferenceReading
    from lymphus_web.embedded import wait_until_up, web_command
    from readers.models import Assignment
    from tests.e2e.served import free_port

    port = free_port()
    server = subprocess.Popen(web_command("127.0.0.1", port), cwd=ROOT)
    try:
        assert wait_until_up(f"http://127.0.0.1:{port}/health/", 30, lambda: server.poll() is None)
        rows = list(Assignment.objects.unscoped().filter(study=study).select_related("reader", "case")[:requests])
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(rows[0].reader_id), settings.AUTHENTICATION_BACKENDS[1]
        session[HASH_SESSION_KEY] = rows[0].reader.get_session_auth_hash()
        session.save()
        references = {
            r.case_id: r.reading.masks.get()
            for r in ReferenceReading.objects.filter(reference_set=study.reference_set).select_related("reading")
        }
        client = Client(port, session.session_key)
        opened, fetched, saved, sizes = [], [], [], []
        for row in rows:
            opened.append(client.timed("GET", f"/read/{row.public_id}/"))
            fetched.append(client.timed("GET", f"/api/v1/assignments/{row.public_id}/image/"))
            mask = references[row.case_id]
            body = draft(mask, row.public_id)
            sizes.append(len(bytes(mask.payload)))
            saved.append(
                client.timed("PUT", f"/api/v1/assignments/{row.public_id}/reading/", body, {"If-Match": '"0"'})
            )
    finally:
        server.terminate()
        server.wait()
    return {
        "open a case, ms (p50 / p95)": spread(opened),
        "fetch an image, ms (p50 / p95)": spread(fetched),
        "save a mask with answers, ms (p50 / p95)": spread(saved),
        "mask sent, kB": f"{statistics.median(sizes) / 1000:.2f}",
    }


def draft(mask: Any, name: str) -> bytes:
    """A whole reading as the page sends it: thirteen answers, two diameters, score, call and the mask."""
    from annotations.features import LYMPHUS

    answers: dict[str, Any] = {f.code: {"value": f.values[-1].code} for f in LYMPHUS.categorical}
    answers["max_diameter_mm"] = {"value": {"points": [10.0, 10.0, 90.0, 10.0]}}
    answers["min_diameter_mm"] = {"value": {"points": [40.0, 20.0, 40.0, 60.0]}}
    return json.dumps(
        {
            "write_id": name, "form_version": LYMPHUS.version, "answers": answers, "score": 70, "call": "malignant",
            "remarks": "", "no_node": False, "mask": {"data": base64.b64encode(bytes(mask.payload)).decode()},
            "mask_sha256": mask.sha256, "calibration": None, "questions": [],
        }
    ).encode()  # fmt: skip


class Client:
    """One kept connection with a session, as a browser has."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Cookie": f"sessionid={session}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}
        self.headers["Content-Type"] = "application/json"

    def timed(self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None) -> float:
        """Milliseconds until the whole answer is there. Raises AssertionError unless it is a 200."""
        start = time.perf_counter()
        self.connection.request(method, path, body, {**self.headers, **(more or {})})
        answer = self.connection.getresponse()
        content = answer.read()
        took = 1000 * (time.perf_counter() - start)
        assert answer.status == 200, (method, path, answer.status, content[:500])
        return took


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    return f"{statistics.median(ordered):.1f} / {ordered[int(0.95 * (len(ordered) - 1))]:.1f}"


def analysis_and_exports(study: Any) -> dict[str, str]:
    from django.conf import settings

    from annotations.analyses.work import run_analysis
    from annotations.demo_readers import five_readers
    from annotations.exports.forms import write_export
    from readers.analyses import analyse_study
    from readers.exports import gather_study
    from readers.simulation import read_worklists
    from readers.studies import lock_study

    kinds = five_readers()
    places = list(study.places.order_by("number"))
    start = time.perf_counter()
    count = read_worklists(study, {p.number: kinds[i % 5] for i, p in enumerate(places)}, seed=1)
    figures = {f"save and submit {count} readings by verbs, s": f"{time.perf_counter() - start:.1f}"}
    lock_study(study, study.lead)
    study.refresh_from_db()
    start = time.perf_counter()
    analysis = analyse_study(study, by=study.lead)
    assert run_analysis(analysis.pk)
    analysis.refresh_from_db()
    assert analysis.state == "done", analysis.error
    figures["analysis of the whole study, s"] = f"{time.perf_counter() - start:.1f}"
    figures["its result, MB"] = f"{len(bytes(analysis.result)) / 1e6:.2f}"
    for form in ("csv", "coco", "png", "lymphus"):
        path = Path(settings.VAR_DIR) / f"{form}.zip"
        start = time.perf_counter()
        write_export(gather_study(study), form, path)
        figures[f"export {form}, s and MB"] = f"{time.perf_counter() - start:.1f}, {path.stat().st_size / 1e6:.1f}"
    figures["export of the readings as JSON, s"] = json_export(study)
    return figures


def json_export(study: Any) -> str:
    """All readings as the REST stream gives them."""
    from django.test import Client as DjangoClient

    client = DjangoClient(HTTP_HOST="127.0.0.1")
    client.force_login(study.lead, backend="django.contrib.auth.backends.ModelBackend")
    client.get(f"/api/v1/studies/{study.public_id}/")  # a server has its modules loaded
    start = time.perf_counter()
    answer = client.get(f"/api/v1/studies/{study.public_id}/readings/stream/")
    lines = b"".join(answer.streaming_content).splitlines()
    assert answer.status_code == 200 and len(lines) >= 1
    return f"{time.perf_counter() - start:.2f}"


if __name__ == "__main__":
    main()
