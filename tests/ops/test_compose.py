"""No container engine is here, so the compose file is read and each of its words is held against the code."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]


def variables_the_code_reads() -> set[str]:
    """Every name given to `lymphus_web.environment` or to os.environ in the settings."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "lymphus_web" / "settings.py").read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.isupper():
                found.add(first.value)
    return found


def words(service: dict[str, Any]) -> list[str]:
    """The service's command as words, the inside of `sh -c` included."""
    command = service.get("command") or []
    if command[:2] == ["sh", "-c"]:
        return shlex.split(command[2])
    return list(command)


def test_there_are_proxy_web_worker_beat_redis_and_postgres():
    assert set(SERVICES) == {"proxy", "migrate", "web", "worker", "beat", "redis", "postgres"}


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_a_service_is_read_by_the_settings(name):
    unknown = set(SERVICES[name]["environment"]) - variables_the_code_reads()

    assert unknown == set()


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_a_service_exists(name):
    command = words(SERVICES[name])

    for module in [command[i + 1] for i, word in enumerate(command) if word == "-m"]:
        importlib.import_module(module)
    for at, word in enumerate(command):
        if word == "manage.py":
            assert command[at + 1] in get_commands()
        if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+:[a-z_]+", word):
            module, attribute = word.split(":")
            assert hasattr(importlib.import_module(module), attribute)
        if word == "-A":
            assert hasattr(importlib.import_module(command[at + 1]), "celery_app")


@pytest.mark.parametrize("name", [n for n in SERVICES if n != "migrate"])
def test_every_lasting_service_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", [n for n in SERVICES if n != "proxy"])
def test_no_service_of_data_runs_as_root(name):
    assert SERVICES[name]["user"].split(":")[0] not in ("0", "root")


def test_no_secret_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text()

    secrets = re.findall(r"\$\{((?:\w*PASSWORD|DJANGO_SECRET_KEY)\w*)([^}]*)\}", text)
    assert {name for name, _ in secrets} == {"DJANGO_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
    assert all(rest == "" or rest.startswith(":?") for _, rest in secrets)
    for name in {name for name, _ in secrets}:
        assert any(n == name and rest.startswith(":?") for n, rest in secrets), f"{name} is never required"


def test_every_variable_of_the_compose_file_stands_in_the_example():
    wanted = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = set(re.findall(r"^(\w+)=$", (ROOT / "deploy" / "example.env").read_text(), re.M))

    assert wanted == example


def test_every_volume_is_declared():
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith((".", "/", "$"))
    }

    assert used == set(COMPOSE["volumes"])


def test_the_proxy_hands_over_what_the_application_redirects_to():
    prefix = SERVICES["web"]["environment"]["LYMPHUS_ACCEL_PREFIX"]
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()

    assert f"location {prefix} {{\n            internal;" in nginx
    assert f"alias {SERVICES['web']['environment']['MEDIA_ROOT']}/;" in nginx
