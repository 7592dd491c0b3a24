"""Nothing leaks: every address x every role over two open studies that hold what could.

An address that the table does not list fails the first test: whoever adds one says here who may have it.
"""

import ast
import difflib
from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse

from annotations.models import Analysis, Case, Export, Pathology, Provenance, Reading
from readers.models import Exposure
from readers.studies import lock_study
from tests.api import assert_problem, client_of
from tests.blinding import ROLES, ask, every_address, make_world, text_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent


def api(default, **by_role):
    """The status each role gets from an address of the API."""
    return dict.fromkeys(ROLES, default) | {"anonymous": 401} | by_role


def page(default, **by_role):
    return dict.fromkeys(ROLES, default) | {"anonymous": 302} | by_role


SEES_CASES = {"curator": 200, "client": 200, "superuser": 200}
LISTED = SEES_CASES | {"lead": 200, "other_lead": 200, "everything": 200}
OWN_STUDY = {"lead": 200}
CURATES = {"curator": 200, "superuser": 200, "everything": 200}
LEADS = {"lead": 200, "other_lead": 200, "superuser": 200, "everything": 200}
ANYONE = dict.fromkeys(ROLES, 200)

# name: (method, which of the world's kwargs, status by role). The objects are study A's and its reader's.
TABLE = {
    "health": ("GET", "none", ANYONE),
    "api:root": ("GET", "none", api(200)),
    "api:features": ("GET", "none", api(200)),
    "api:feature-form": ("GET", "form", api(200)),
    "api:datasets": ("GET", "none", api(200)),
    "api:dataset": ("GET", "dataset", api(404, **LISTED)),
    "api:dataset-versions": ("GET", "dataset", api(200)),
    "api:dataset-version": ("GET", "version", api(404, **LISTED)),
    "api:cases": ("GET", "none", api(200)),
    "api:case": ("GET", "case", api(404, **SEES_CASES)),
    "api:image": ("GET", "image", api(404, **SEES_CASES)),
    "api:image-content": ("GET", "image", api(404, **SEES_CASES)),
    "api:mask": ("GET", "mask", api(404, **SEES_CASES)),
    "api:reference-readings": ("GET", "none", api(200)),
    "api:reference-reading": ("GET", "reference", api(404, **SEES_CASES)),
    "api:assignments": ("GET", "none", api(200)),
    "api:assignment-image": ("GET", "assignment", api(404, reader=200)),
    "api:assignment-reading": ("GET", "assignment", api(404, reader=200)),
    "api:assignment-submit": ("POST", "assignment", api(404, reader=400)),
    "api:assignment-reopen": ("POST", "assignment", api(404, reader=400)),
    "api:assignment-activity": ("POST", "assignment", api(404, reader=400)),
    "api:assignment-feedback": ("GET", "assignment", api(404, reader=409)),
    "api:assignment-feedback-mask": ("GET", "assignment", api(404, reader=409)),
    "api:studies": ("GET", "none", api(200)),
    "api:study": ("GET", "study", api(404, **OWN_STUDY)),
    "api:study-open": ("POST", "study", api(404, lead=409)),
    "api:study-lock": ("POST", "study", api(404, lead=200)),
    "api:study-progress": ("GET", "study", api(404, **OWN_STUDY)),
    "api:study-readings": ("GET", "study", api(404, lead=409)),
    "api:study-readings-stream": ("GET", "study", api(404, lead=409)),
    "api:study-reading-mask": ("GET", "reading", api(404, lead=409)),
    "api:study-analyses": ("GET", "study", api(404, **OWN_STUDY)),
    "api:version-analyses": ("GET", "version", api(404, **LISTED)),
    "api:study-exports": ("GET", "study", api(404, **OWN_STUDY)),
    "api:analyses": ("GET", "none", api(200)),
    "api:analysis": ("GET", "analysis", api(404)),
    "api:analysis-result": ("GET", "analysis", api(404)),
    "api:analysis-files": ("GET", "analysis", api(404)),
    "api:analysis-workbook": ("GET", "analysis", api(404)),
    "api:analysis-table": ("GET", "analysis_table", api(404)),
    "api:analysis-figure": ("GET", "analysis_figure", api(404)),
    "api:analysis-cancel": ("POST", "analysis", api(404)),
    "api:dataset-exports": ("GET", "dataset", api(404, **LISTED)),
    "api:exports": ("GET", "none", api(200)),
    "api:export": ("GET", "export", api(404)),
    "api:export-file": ("GET", "export", api(404)),
    "api:export-cancel": ("POST", "export", api(404)),
    "api:schema": ("GET", "none", api(200)),
    "api:docs": ("GET", "none", api(200)),
    "api:nothing-here": ("GET", "none", api(404)),
    "read-assignment": ("GET", "assignment", page(404, reader=200)),
    "read-feedback": ("GET", "assignment", page(404, reader=302)),
    "read-settings": ("PUT", "none", page(204)),
    "practice": ("GET", "none", page(200)),
    "practice-end": ("POST", "none", page(302)),
    "login-again": ("POST", "none", dict.fromkeys(ROLES, 400)),
    "home": ("GET", "none", page(302)),
    "login": ("GET", "none", page(302, anonymous=200)),
    "logout": ("POST", "none", page(302)),
    "set_theme": ("POST", "none", page(302)),
    "set_language": ("POST", "none", page(302)),
    "account": ("GET", "none", page(200)),
    "password": ("GET", "none", page(200)),
    "token_new": ("POST", "none", page(422, colleague=422)),
    "study_analyse": ("POST", "study", page(404, lead=302)),
    "table_analyse": ("GET", "none", page(404, **LEADS)),
    "analysis_list": ("GET", "none", page(404, **LEADS, curator=200, client=200)),
    "version_analyse": ("GET", "version_page", page(404, **SEES_CASES, everything=302)),  # told that it reads them now
    "analysis_detail": ("GET", "analysis", page(404)),
    "analysis_progress": ("GET", "analysis", page(404)),
    "analysis_cancel": ("POST", "analysis", page(404)),
    "analysis_json": ("GET", "analysis", page(404)),
    "analysis_table": ("GET", "analysis_table", page(404)),
    "analysis_workbook": ("GET", "analysis", page(404)),
    "analysis_foot": ("GET", "analysis", page(404)),
    "analysis_figure": ("GET", "analysis_figure", page(404)),
    "analysis_masks": ("GET", "analysis", page(404)),
    "analysis_differing": ("GET", "analysis_feature", page(404)),
    "analysis_case": ("GET", "analysis_case", page(404)),
    "analysis_case_image": ("GET", "analysis_case", page(404)),
    "export_list": ("GET", "none", page(404, **LEADS, curator=200, client=200)),
    "export_request": ("POST", "none", page(404, **dict.fromkeys([*LEADS, "curator", "client"], 302))),
    "export_file": ("GET", "export", page(404)),
    "export_progress": ("GET", "export", page(404)),
    "export_cancel": ("POST", "export", page(404)),
    "token_revoke": ("POST", "token", page(404)),
    "worklist": ("GET", "none", page(404, reader=200, colleague=200, other_reader=200, everything=200, superuser=200)),
    "training": ("GET", "none", page(404, trainee=200, everything=200, superuser=200)),
    "study_list": ("GET", "none", page(404, lead=200, other_lead=200, everything=200, superuser=200)),
    "study_new": ("GET", "none", page(404, lead=200, other_lead=200, everything=200, superuser=200)),
    "study_detail": ("GET", "study", page(404, lead=200)),
    "study_open": ("POST", "study", page(404, lead=302)),
    "study_lock": ("POST", "study", page(404, lead=200)),
    "study_reader_add": ("POST", "study", page(404, lead=200)),
    "study_reader_withdraw": ("POST", "place", page(404, lead=302)),
    "import_list": ("GET", "none", page(404, **CURATES)),
    "import_new": ("GET", "none", page(404, **CURATES)),
    "import_detail": ("GET", "import", page(404, **CURATES)),
    "import_progress": ("GET", "import", page(404, **CURATES)),
    "import_decide": ("POST", "import", page(404)),  # without a decision
    "import_report": ("GET", "import", page(404, **CURATES)),
    "dataset_list": ("GET", "none", page(404, **LISTED)),
    "dataset_detail": ("GET", "dataset", page(404, **SEES_CASES, everything=200)),  # without the cases read blinded
    "dataset_description": ("GET", "dataset", page(404, **SEES_CASES, everything=200)),
    "version_publish": ("POST", "dataset", page(404, curator=302, superuser=302, everything=302)),
    "case_detail": ("GET", "case_page", page(404, **SEES_CASES)),
    "case_image": ("GET", "case_page", page(404, **SEES_CASES)),
    "case_fusion": ("GET", "case_page", page(404, **SEES_CASES)),
    "case_thumbnail": ("GET", "case_page", page(404, **SEES_CASES)),
    "case_exclude": ("POST", "case_page", page(404, curator=302, superuser=302)),
    "case_include": ("POST", "case_page", page(404, curator=302, superuser=302)),
    "case_markings": ("POST", "case_page", page(404, curator=302, superuser=302)),
    "case_calibrate": ("POST", "case_page", page(404, curator=302, superuser=302)),
}

# the same addresses of the analysis of the dataset version: for those who see cases, and not for one who reads them now
OF_VERSION = {
    "api:analysis": ("GET", "version_analysis", api(404, **SEES_CASES)),
    "api:analysis-result": ("GET", "version_analysis", api(404, **SEES_CASES)),
    "api:analysis-files": ("GET", "version_analysis", api(404, **SEES_CASES)),
    "api:analysis-workbook": ("GET", "version_analysis", api(404, **SEES_CASES)),
    "api:analysis-table": ("GET", "version_analysis_table", api(404, **SEES_CASES)),
    "api:analysis-figure": ("GET", "version_analysis_figure", api(404, **SEES_CASES)),
    "api:analysis-cancel": ("POST", "version_analysis", api(404, curator=409, client=409, superuser=409)),
    "analysis_detail": ("GET", "version_analysis", page(404, **SEES_CASES)),
    "analysis_progress": ("GET", "version_analysis", page(404, **SEES_CASES)),
    "analysis_cancel": ("POST", "version_analysis", page(404, curator=302, client=302, superuser=302)),
    "analysis_json": ("GET", "version_analysis", page(404, **SEES_CASES)),
    "analysis_table": ("GET", "version_analysis_table", page(404, **SEES_CASES)),
    "analysis_workbook": ("GET", "version_analysis", page(404, **SEES_CASES)),
    "analysis_foot": ("GET", "version_analysis", page(404, **SEES_CASES)),
    "analysis_figure": ("GET", "version_analysis_figure", page(404, **SEES_CASES)),
    "analysis_masks": ("GET", "version_analysis", page(404, **SEES_CASES)),
    "analysis_differing": ("GET", "version_analysis_feature", page(404, **SEES_CASES)),
    "analysis_case": ("GET", "version_analysis_case", page(404, **SEES_CASES)),
    "analysis_case_image": ("GET", "version_analysis_case", page(404, **SEES_CASES)),
}


@pytest.fixture
def world():
    return make_world()


def test_every_address_is_in_the_table():
    assert sorted(every_address()) == sorted(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says_and_no_secret_of_it(world, role):
    wrong = []
    world.client(role)  # logs in before the first transaction that is undone
    for name, (method, kind, expected) in [*TABLE.items(), *OF_VERSION.items()]:
        with transaction.atomic():
            response = ask(world.client(role), method, name, world.kwargs[kind])
            if response.status_code != expected[role]:
                wrong.append(f"{name} of {kind}: {response.status_code}, expected {expected[role]}")
            # an address may be said back to whoever asked for it
            text = text_of(response).replace(reverse(name, kwargs=world.kwargs[kind]), "")
            wrong += [f"{name} says {secret}" for secret in world.secrets_from(role) if secret in text]
            transaction.set_rollback(True)
    assert "\n".join(wrong) == ""


def test_the_planted_secrets_are_there_to_be_found(world):
    """Else the test above could not fail: those who may see them do."""
    curator = "".join(
        text_of(ask(world.client("curator"), "GET", name, world.kwargs[kind]))
        for name, kind in (("api:case", "case"), ("api:reference-reading", "reference"), ("api:dataset", "dataset"))
    )
    case = world.draft.case
    number = case.provenance.group.removeprefix("GROUPWORD")
    planted = (
        "GROUPWORD",
        "ARCHIVENAME",
        "FILENAME",
        "RAWVALUE",
        "EXCLUSION",
        "PATHMETHOD",
        "SCALESOURCE",
        "REFERENCEREMARK",
    )
    assert [word for word in planted if word + number not in curator] in ([], ["REFERENCEREMARK"])
    assert all(word in curator for word in ("CENTRENAME", "DEVICENAME", "PANELNAME"))
    reader = text_of(ask(world.client("reader"), "GET", "api:assignment-reading", world.kwargs["assignment"]))
    assert "REMARK-DRAFT-READER" in reader
    analysis = text_of(ask(world.client("curator"), "GET", "api:analysis-result", world.kwargs["version_analysis"]))
    assert case.public_id in analysis


@pytest.mark.parametrize("role", ["reader", "everything", "lead"])
def test_nothing_a_reader_or_lead_is_sent_depends_on_what_is_hidden(world, role):
    """Pathology, provenance and reference are turned over; not a byte of any answer changes."""

    def all_answers():
        answers = {}
        for name, (method, kind, _expected) in TABLE.items():
            if method == "GET" and name not in ("health", "api:schema", "api:docs"):
                answers[name] = text_of(ask(world.client(role), method, name, world.kwargs[kind]))
        for query in (
            "?pathology=malignant",
            "?state=excluded",
            "?ordering=pathology",
            "?search=GROUPWORD",
            "?centre=1",
        ):
            for name in ("api:cases", "api:assignments", "api:reference-readings"):
                answers[name + query] = text_of(world.client(role).get(reverse(name) + query))
        return answers

    before = all_answers()
    for row in Pathology.objects.filter(case__dataset=world.dataset):
        row.status = "benign" if row.status == "malignant" else "malignant"
        row.save()
    Provenance.objects.filter(case__dataset=world.dataset).update(group="OTHERGROUP", files={}, number=99)
    Reading.objects.filter(case__dataset=world.dataset, source__kind="panel").update(answers={}, remarks="other")

    after = all_answers()
    changed = [line for name in before for line in difflib.unified_diff(
        before[name].splitlines(), after[name].splitlines(), name, name, lineterm="", n=0)]  # fmt: skip
    assert changed == []


def test_every_address_of_an_analysis_is_tried_with_that_of_a_version():
    assert sorted(OF_VERSION) == sorted(
        name for name, (_method, kind, _expected) in TABLE.items() if kind.startswith("analysis")
    )


@pytest.mark.parametrize(("role", "status"), [("lead", 403), ("everything", 409), ("reader", 404), ("trainee", 404)])
def test_nobody_who_may_not_see_its_cases_now_has_a_version_analysed(world, role, status):
    client, before = world.client(role), Analysis.objects.count()
    rest = reverse("api:version-analyses", kwargs=world.kwargs["version"])

    assert client.post(rest, {}, content_type="application/json").status_code == status
    assert client.post(reverse("version_analyse", kwargs=world.kwargs["version_page"])).status_code in (302, 404)
    assert Analysis.objects.count() == before
    if status != 404:
        assert client.get(rest).json()["results"] == []
        assert world.of_version[0] not in text_of(client.get(reverse("api:analyses")))


def test_once_the_study_is_locked_its_readers_see_the_analysis_of_the_version_if_their_roles_do(world):
    url = reverse("api:analysis", kwargs=world.kwargs["version_analysis"])
    assert world.client("everything").get(url).status_code == 404

    lock_study(world.study, world.study.lead)

    assert world.client("everything").get(url).status_code == 200
    assert world.client("reader").get(url).status_code == 404


def test_a_case_one_reads_blinded_is_in_no_list_of_another_role(world):
    blinded = set(Case.objects.filter(dataset=world.dataset).values_list("public_id", flat=True))
    client = world.client("everything")
    cases = {row["id"] for row in client.get("/api/v1/cases/").json()["results"]}
    references = {row["case"] for row in client.get("/api/v1/reference-readings/").json()["results"]}

    assert len(cases) == 4  # the other studies' cases
    assert not blinded & cases
    assert not blinded & references


@pytest.mark.parametrize(("role", "status"), [("lead", 403), ("other_lead", 403), ("everything", 409), ("reader", 404)])
def test_a_dataset_is_exported_for_nobody_who_may_not_see_its_cases_now(world, role, status):
    url, before = reverse("api:dataset-exports", kwargs=world.kwargs["dataset"]), Export.objects.count()
    response = world.client(role).post(url, {"format": "csv"}, content_type="application/json")
    assert response.status_code == status, response.content
    assert Export.objects.count() == before


def test_looking_at_pathology_or_reference_through_the_api_is_recorded(world):
    curator = world.client("curator")
    curator.get("/api/v1/cases/", {"dataset": world.dataset.slug})
    curator.get(reverse("api:reference-reading", kwargs=world.kwargs["reference"]))

    seen = Exposure.objects.filter(user=world.people["curator"])
    assert seen.filter(what="pathology").count() == 3
    assert list(seen.filter(what="reference").values_list("case", flat=True)) == [world.draft.case_id]


def test_what_is_not_ones_own_not_there_or_not_unlocked_is_the_same_404(world):
    reader = world.client("reader")
    pages, answers = set(), set()
    for public_id in ("NOSUCHASSIGNMENT", world.locked.public_id, world.other_study.assignments.first().public_id):
        response = reader.get(reverse("read-assignment", args=[public_id]))
        assert response.status_code == 404
        pages.add(text_of(response).replace(public_id, ""))
        answer = reader.get(reverse("api:assignment-image", args=[public_id]))
        assert_problem(answer, 404, "not_found")
        answers.add(answer.content)
    assert (len(pages), len(answers)) == (1, 1)


def test_the_admin_shows_no_reading(world):
    staff = world.client("superuser")
    index = staff.get("/admin/")
    assert index.status_code == 200
    from django.contrib import admin

    wrong = []
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        pages = [staff.get(url)]
        first = model._default_manager.first()
        if first is not None:
            change = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[first.pk])
            pages.append(staff.get(change))
        wrong += [(url, secret) for p in pages for secret in world.said if secret in text_of(p)]
        wrong += [(url, p.status_code) for p in pages if p.status_code != 200]
    assert wrong == []
    assert client_of(make_user("reader", "curator")).get("/admin/").status_code == 302


BLIND_MODULES = (
    "annotations/draft_checks.py",
    "annotations/payloads.py",
    "annotations/reading_facts.py",
    "annotations/reading_json.py",
    "annotations/readings.py",
    "readers/api/assignments.py",
    "readers/api/serializers.py",
    "readers/assignments.py",
    "readers/boot.py",
    "readers/views/reading.py",
    "readers/worklists.py",
)


@pytest.mark.parametrize("module", BLIND_MODULES)
def test_the_reading_side_imports_neither_pathology_nor_provenance(module):
    tree = ast.parse((ROOT / module).read_text())
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for a in node.names}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert not (imported | attributes) & {"Pathology", "Provenance", "pathology", "provenance"}
