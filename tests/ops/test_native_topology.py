"""The compose file's topology without containers: gunicorn, PostgreSQL, Redis, two workers and beat, in the deployed form.

The main job goes through it by REST, as a deployment behind a TLS proxy hears it; then a worker is killed in mid-analysis.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from annotations import mask_codec
from annotations.features import LYMPHUS
from tests.e2e.served import ROOT, environment, free_port, up
from tests.factories import ellipse
from tests.waiting import wait_for
from tests.with_services import postgres, redis

pytestmark = [pytest.mark.e2e, pytest.mark.drill]
PEOPLE = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
for name, role in (("lead1", "study lead"), ("reader1", "reader"), ("reader2", "reader")):
    user = get_user_model().objects.create_user(name, password=None)
    user.groups.add(Group.objects.get(name=role))
"""


class Deployment:
    """The processes of a deployment, and a client that speaks as its proxy would."""

    def __init__(self, var: Path, variables: dict[str, str], stack: ExitStack) -> None:
        self.port = free_port()
        self.variables = environment(var, **variables)
        self.stack = stack
        self.log = stack.enter_context((var / "processes.log").open("w"))

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env=self.variables, stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip
        self.stack.callback(end, process)
        return process

    def call(self, method: str, path: str, token: str, body: Any = None, **headers: str) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1{path}", method=method)
        request.add_header("Authorization", f"Token {token}")
        request.add_header("X-Forwarded-Proto", "https")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        try:
            with urllib.request.urlopen(request, data, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:1000]!r}") from None


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=8)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def deployed(var: Path) -> Iterator[Deployment]:
    with ExitStack() as stack:
        variables = {
            "DATABASE_URL": stack.enter_context(postgres()),
            "CELERY_BROKER_URL": stack.enter_context(redis()),
            "LYMPHUS_DEPLOYMENT": "1",
            "DJANGO_SECRET_KEY": "a-secret-of-this-test-run-alone-0123456789abcdef",
            "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
            "DJANGO_CSRF_TRUSTED_ORIGINS": "https://127.0.0.1",
            "LYMPHUS_JOB_LEASE_SECONDS": "3",
        }
        site = Deployment(var, variables, stack)
        site.manage("migrate", "--no-input", "-v", "0")
        site.manage("collectstatic", "--no-input", "-v", "0")
        site.start("gunicorn", "lymphus_web.wsgi:application", "--bind", f"127.0.0.1:{site.port}", "--workers", "2",
                   "--threads", "4", "--no-control-socket")  # fmt: skip
        site.start(
            "celery", "-A", "lymphus_web", "beat", "--schedule", str(var / "beat"), "--pidfile", str(var / "beat.pid")
        )
        wait_for(lambda: up(f"http://127.0.0.1:{site.port}/health/"), 60, lambda: "no web server", every=0.2)
        yield site


def worker(site: Deployment, name: str) -> subprocess.Popen[bytes]:
    return site.start(
        "celery", "-A", "lymphus_web", "worker", "--concurrency", "1", "--hostname", f"{name}@test", "-l", "INFO"
    )


def body_of(number: int, width: int, height: int) -> dict[str, Any]:
    answers: dict[str, Any] = {f.code: {"value": f.values[number % len(f.values)].code} for f in LYMPHUS.categorical}
    answers["homogeneity"] = {"value": "heterogeneous"}
    answers["max_diameter_mm"] = {"value": {"points": [1.0, 5.0, 31.0, 5.0]}}
    answers["min_diameter_mm"] = {"value": {"points": [9.0, 4.0, 9.0, 19.0]}}
    mask = ellipse(width, height)
    return {
        "write_id": f"w{number}", "form_version": LYMPHUS.version, "answers": answers, "score": 10 + 7 * number,
        "call": "malignant" if number % 2 else "benign", "remarks": "", "no_node": False, "calibration": None, "questions": [],
        "mask": {"data": base64.b64encode(mask_codec.encode(mask)).decode()}, "mask_sha256": mask_codec.mask_sha256(mask),
    }  # fmt: skip


def read_everything(site: Deployment, token: str) -> int:
    """Save and submit every assignment of this reader."""
    rows = site.call("GET", "/assignments/?page_size=100", token)["results"]
    for number, row in enumerate(rows):
        path = f"/assignments/{row['id']}"
        body = body_of(number, *size_of(site, path, token))
        saved = site.call("PUT", f"{path}/reading/", token, body, If_Match='"0"')
        assert saved["mask_sha256"] == body["mask_sha256"]
        sent = {"version": saved["version"], "mask_sha256": saved["mask_sha256"], "write_id": f"s{number}"}
        done = site.call(
            "POST", f"{path}/submit/", token, sent, If_Match=f'"{saved["version"]}"', Idempotency_Key=f"s{number}"
        )
        assert done["state"] == "submitted"
    return len(rows)


def size_of(site: Deployment, path: str, token: str) -> tuple[int, int]:
    """Width and height from the PNG's header."""
    request = urllib.request.Request(f"http://127.0.0.1:{site.port}/api/v1{path}/image/")
    request.add_header("Authorization", f"Token {token}")
    request.add_header("X-Forwarded-Proto", "https")
    with urllib.request.urlopen(request, timeout=20) as answer:
        head = answer.read(24)
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


def test_the_main_job_on_the_deployed_topology(tmp_path: Path) -> None:
    archives = tmp_path / "archives"
    subprocess.run(
        [sys.executable, "-m", "annotations.demo", "--out", str(archives), "--cases", "8"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with deployed(tmp_path) as site:
        site.manage("shell", "-c", PEOPLE)
        site.manage(
            "import_lymphus", *(str(p) for p in sorted(archives.glob("Center *.zip"))), "--dataset", "small", "--synthetic",
            "--accept-warnings", "--publish",
        )  # fmt: skip
        scopes = ["studies:read", "studies:write", "readings:read", "analyses", "exports"]
        lead = site.manage("make_api_token", "lead1", *(w for s in scopes for w in ("--scope", s))).split()[-1]
        readers = [site.manage("make_api_token", f"reader{n}", "--scope", "readings:write").split()[-1] for n in (1, 2)]
        version = json.loads(site.manage("shell", "-v", "0", "-c", VERSION_ID))
        study = site.call("POST", "/studies/", lead, {
            "title": "Through the deployed form", "dataset_version": version, "readers": ["reader1", "reader2"], "order_seed": 3,
        })  # fmt: skip
        site.call("POST", f"/studies/{study['id']}/open/", lead)

        assert [read_everything(site, token) for token in readers] == [8, 8]

        site.call("POST", f"/studies/{study['id']}/lock/", lead)
        first = worker(site, "first")
        spec = {"resamples": 20000, "seed": 1}
        asked = site.call("POST", f"/studies/{study['id']}/analyses/", lead, {"spec": spec})
        path = f"/analyses/{asked['id']}/"
        wait_for(lambda: site.call("GET", path, lead)["state"] != "waiting", 60, lambda: "no first worker", every=0.2)
        kill(first)
        worker(site, "second")
        worker(site, "third")
        done = wait_for(
            lambda: finished(site.call("GET", path, lead)), 120, lambda: "no other worker ended it", every=0.2
        )
        assert done["state"] == "done"
        assert done["result"]["went_in"]["readings"] == 16


VERSION_ID = """
import json
from annotations.models import DatasetVersion
print(json.dumps(DatasetVersion.objects.unscoped().get().public_id))
"""


def finished(analysis: dict[str, Any]) -> dict[str, Any] | None:
    return analysis if analysis["state"] in ("done", "failed", "cancelled") else None


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the worker and its pool: nobody says goodbye."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
