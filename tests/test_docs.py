"""The documents say what is there: settings, commands, addresses, features, statistics; the clients that they show run."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from django.conf import settings
from django.core.management import get_commands
from drf_spectacular.generators import SchemaGenerator

import annotations
import readers
from annotations.agreement import registry
from annotations.features import LYMPHUS
from annotations.problems import Problem
from annotations.written_docs import WRITTEN
from readers.models import ApiToken
from readers.studies import lock_study
from readers.tokens import make_token
from tests.api import client_of, draft_body, post_submit, put_reading
from tests.factories import first_assignment, make_study
from tests.states.gallery import STATES
from tests.states.looks import SIZES, THEMES

ROOT = settings.BASE_DIR


def words(name: str) -> str:
    return (ROOT / name).read_text()


def test_every_setting_has_a_row_in_the_readme():
    source = words("lymphus_web/settings.py")
    read = set(re.findall(r'(?:env\.\w+\(|environ\.get\()\s*"([A-Z_]+)"', source))
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", words("README.md"), re.MULTILINE))
    assert len(read) > 15
    assert read == rows


def test_every_command_of_ours_is_told():
    ours = {name for name, app in get_commands().items() if app in ("annotations", "readers", "lymphus_web")}
    told = set(re.findall(r"^\| `(\w+)", words("docs/commands.md"), re.MULTILINE))
    assert len(ours) > 7
    assert told == ours


def test_every_address_of_the_api_has_a_row_with_its_methods():
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    described = {path: {method.upper() for method in methods} for path, methods in paths.items()}
    rows = re.findall(r"^\| `(/api/v1/[^`]*)` \| ([A-Z, ]+) \|", words("docs/api.md"), re.MULTILINE)
    told = {path: set(methods.split(", ")) for path, methods in rows}
    described = {path: methods for path, methods in described.items() if path != "/api/v1/schema/"}
    assert len(described) > 30
    assert told == described


def test_every_scope_and_every_code_of_a_refusal_is_told():
    for package in (annotations, readers):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.(migrations|oracle_adapters)\b", module.name):
                importlib.import_module(module.name)
    codes, seen = set(), [Problem]
    while seen:
        kind = seen.pop()
        codes.add(kind.code)
        seen += kind.__subclasses__()
    text = words("docs/api.md")
    assert [code for code in sorted(codes) if f"`{code}`" not in text] == []
    assert [scope for scope in ApiToken.Scope.values if f"| `{scope}` |" not in text] == []


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_from_the_code_is_current(name):
    assert words(f"docs/{name}") == WRITTEN[name](), "run manage.py write_docs"


def test_every_feature_and_every_statistic_has_a_heading():
    assert re.findall(r"^### `(\w+)`", words("docs/features.md"), re.MULTILINE) == list(LYMPHUS.codes)
    headings = re.findall(r"^### (.+)$", words("docs/statistics.md"), re.MULTILINE)
    assert sorted(headings) == sorted(registry.load())


def test_every_state_of_the_reading_page_is_shown_and_told():
    told = re.findall(r"^### ([\w-]+)$", words("docs/reading.md"), re.MULTILINE)
    assert sorted(told) == sorted(STATES)
    looks = {f"{name}-{size.name}-{theme}.webp" for name in STATES for size in SIZES for theme in THEMES}
    folder = ROOT / "docs/screenshots/reading"
    assert {path.name for path in folder.iterdir()} == looks
    assert sum(path.stat().st_size for path in folder.iterdir()) < 8_000_000


def test_every_test_that_the_reading_page_names_is_there():
    named = set(re.findall(r"`((?:\w+/)*\w+(?:\.test)?\.m?(?:py|js))(?:::(\w+))?`", words("docs/reading.md")))
    assert len(named) > 60
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / "tests" / path).exists() or (test and f"def {test}(" not in words(f"tests/{path}"))
    ]
    assert missing == []


def test_every_link_between_documents_leads_somewhere():
    dead = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            if "/" not in target and "." not in target:
                continue
            if not (page.parent / target).exists():
                dead.append(f"{page.relative_to(ROOT)}: {target}")
    assert dead == []


def client_in(document: str, api: str, key: str) -> str:
    """The one Python block of a document; an address and a key that it names itself are those given."""
    (block,) = re.findall(r"```python\n(.*?)```", words(document), re.DOTALL)
    return re.sub(
        r'^api, key = "http://127\.0\.0\.1:8000(.*?)", "…"$', rf'api, key = "{api}\1", "{key}"', block, flags=re.M
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("document", ["docs/api.md", "README.md"])
def test_the_client_of_ten_lines_pulls_a_study_into_pandas(live_server, document):
    study = make_study(2, title="Two nodes")
    client = client_of(first_assignment(study).reader)
    for i, assignment in enumerate(study.assignments.order_by("position")):
        assert put_reading(client, assignment, draft_body(score=35 + i)).status_code == 200
        assert post_submit(client, assignment).status_code == 200
    lock_study(study, study.lead)
    _token, key = make_token(study.lead, "docs", ["studies:read", "readings:read"], days=1)

    found: dict = {"api": live_server.url, "key": key}
    exec(client_in(document, live_server.url, key), found)

    table = found["table"]
    assert sorted(table["score"]) == [35, 36]
    assert set(table["call"]) == {"benign"}
    assert {f"features.{code}.value" for code in LYMPHUS.codes} - set(table.columns) == set()
