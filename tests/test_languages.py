"""Each language that is offered is whole: every text there is, translated, compiled; and what is stored does not know of it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from annotations.agreement.registry import load
from annotations.analyses.work import compute
from annotations.curation import exclude_case, remark_in_words
from annotations.models import Provenance
from annotations.results.assumptions import ASSUMPTIONS
from readers.analyses import analyse_study
from readers.durations import about, spoken
from tests.analyses.made import QUICK, closed_study
from tests.e2e.served import environment
from tests.factories import make_dataset, make_user

OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
# what makemessages is told; docs/glossary-de.md has it for people
EXTRACTION = ("--no-wrap", "--add-location", "file")
GETTEXT = ("_", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext")
PLACES = re.compile(r"%\([a-z_]+\)[0-9.]*[sdfg]|\{[a-z_]+\}|%[sdg]")


def folder_of(code: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES"


def quoted(lines: str) -> str:
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', lines))


def entries(catalogue: str) -> dict[tuple[str, str, str], tuple[bool, list[str]]]:
    """(context, msgid, plural) to (fuzzy, its translations) of every message; the header is left out."""
    found = {}
    for block in catalogue.split("\n\n"):
        parts = dict(re.findall(r'^(msg[a-z_]+(?:\[\d\])?) ((?:".*"\n?)+)', block, re.MULTILINE))
        key = tuple(quoted(parts.get(name, "")) for name in ("msgctxt", "msgid", "msgid_plural"))
        if key[1]:
            said = [quoted(text) for name, text in parts.items() if name.startswith("msgstr")]
            found[key] = (bool(re.search(r"^#,.*fuzzy", block, re.MULTILINE)), said)
    return found


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str, str]]:
    """Every text of the code and the templates as makemessages finds it now, in a copy of them."""
    if shutil.which("xgettext") is None:
        pytest.skip("xgettext is not installed (apt-get install gettext): the texts cannot be collected")
    copy = tmp_path_factory.mktemp("texts")
    for name in ("annotations", "readers", "lymphus_web", "templates"):
        shutil.copytree(settings.BASE_DIR / name, copy / name, ignore=shutil.ignore_patterns("*.pyc", "__pycache__"))
    shutil.copy(settings.BASE_DIR / "manage.py", copy)
    (copy / "locale").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "-l", "xx", *EXTRACTION]
    run = subprocess.run(
        command, cwd=copy, check=False, capture_output=True, text=True, timeout=300, env=environment(copy)
    )
    assert run.returncode == 0, run.stderr
    return set(entries((copy / "locale/xx/LC_MESSAGES/django.po").read_text()))


def test_no_text_hides_in_an_f_string():
    """makemessages does not look into them."""
    hidden = [
        f"{path.relative_to(settings.BASE_DIR)}:{call.lineno}"
        for folder in ("annotations", "readers", "lymphus_web")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in GETTEXT
        and any(isinstance(argument, ast.Constant) for argument in call.args)
    ]  # fmt: skip

    assert hidden == []


def test_german_is_offered():
    assert OTHERS == ["de"]


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_is_missing_and_none_is_left_over(code: str, texts: set[tuple[str, str, str]]):
    there = set(entries((folder_of(code) / "django.po").read_text()))

    assert texts - there == set()
    assert there - texts == set()


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_keeps_its_places(code: str):
    for key, (fuzzy, said) in entries((folder_of(code) / "django.po").read_text()).items():
        _context, singular, plural = key
        assert not fuzzy, key
        assert len(said) == (2 if plural else 1) and all(said), key
        for text, form in zip(said, (singular, plural)):
            assert sorted(PLACES.findall(text.replace("%%", ""))) == sorted(PLACES.findall(form.replace("%%", ""))), key


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_is_what_msgfmt_makes(code: str, tmp_path: Path):
    if shutil.which("msgfmt") is None:
        pytest.skip("msgfmt is not installed (apt-get install gettext): the compiled catalogue cannot be compared")
    source = folder_of(code) / "django.po"
    subprocess.run(["msgfmt", "--check-format", "-o", tmp_path / "made.mo", source], check=True, timeout=60)

    assert (tmp_path / "made.mo").read_bytes() == (folder_of(code) / "django.mo").read_bytes()


def test_numbers_of_a_german_page_have_a_point_and_days_a_dot():
    with translation.override("de"):
        shown = Template('{{ x }} {{ day|date:"SHORT_DATE_FORMAT" }}').render(
            Context({"x": 12.5, "day": date(2026, 3, 9)})
        )
        assert shown == "12.5 9. März 2026"
        assert spoken(813) == "13\u00a0min 33\u00a0s"
    assert about(9000) == "2½\u00a0h"


def test_what_statistics_assume_is_listed_for_the_translators():
    assert set(ASSUMPTIONS) == {statistic.assumes for statistic in load().values()}


@pytest.mark.django_db
def test_a_curators_remark_is_kept_in_one_language_and_read_in_any():
    case = make_dataset(1).cases.get()
    with translation.override("de"):
        exclude_case(case, "verwackelt", by=make_user("curator"))
        kept = Provenance.objects.get(case=case).remarks[0]
        assert kept["text"] == "Left out: verwackelt"
        assert remark_in_words(kept) == "Ausgeschlossen: verwackelt"


@pytest.mark.django_db
def test_an_analysis_asked_for_in_german_gives_the_same_bytes():
    study = closed_study(n_cases=4)
    found = {}
    for code in ("en", "de"):
        with translation.override(code):
            asked = analyse_study(study, by=study.lead, spec=QUICK)
            found[code] = (asked.inputs_sha256, compute(asked.spec, asked.inputs))

    assert found["de"] == found["en"]


@pytest.mark.django_db
def test_pages_are_german_for_whom_the_browser_or_the_choice_says_so(client):
    client.force_login(make_user("reader"))

    assert "Arbeitsliste" in client.get("/worklist/", headers={"accept-language": "de-AT,de;q=0.9"}).content.decode()
    assert "Worklist" in client.get("/worklist/", headers={"accept-language": "fr"}).content.decode()
    client.post(reverse("set_language"), {"language": "de"})
    assert '<html lang="de"' in client.get("/worklist/").content.decode()
