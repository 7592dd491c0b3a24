"""A table of ratings by page, by REST and by command: the same bytes; what is refused names file, line, column and value."""

from __future__ import annotations

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from annotations.analyses.work import run_analysis
from annotations.models import Analysis
from readers.table_forms import TableForm
from tests.analyses.test_tables import SCHEMA, TABLE
from tests.api import assert_problem, client_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db
API = "/api/v1/analyses/"


def files(table: str = TABLE, schema: str = "") -> dict:
    return {
        "table": SimpleUploadedFile("ratings.csv", table.encode()),
        "schema": SimpleUploadedFile("schema.json", (schema or json.dumps(SCHEMA)).encode()),
    }


def post(lead, table: str = TABLE, schema: str = "", **changes):
    form = TableForm()
    said = {name: field.initial for name, field in form.fields.items() if field.initial is not None}
    return client_of(lead).post(reverse("table_analyse"), files(table, schema) | said | changes)


def done(analysis: Analysis) -> bytes:
    assert run_analysis(analysis.pk)
    analysis.refresh_from_db()
    assert analysis.state == "done", analysis.error
    return bytes(analysis.result)


@pytest.fixture
def lead():
    return make_user("study lead")


def test_the_same_table_by_page_rest_and_command_is_the_same_bytes(lead, tmp_path):
    asked = {"resamples": 300, "seed": 9, "level": 0.9, "strata": "none", "statistics": ["percent"]}
    response = post(lead, resamples="300", seed="9", level="90", strata="none", statistics=["percent"])
    page = Analysis.objects.get()
    assert response.status_code == 302 and page.public_id in response["Location"]
    made = client_of(lead).post(API, {**files(), "spec": json.dumps(asked)})
    assert made.status_code == 201, made.content
    rest = Analysis.objects.get(public_id=made.json()["id"])
    for name, text in (("t.csv", TABLE), ("s.json", json.dumps(SCHEMA)), ("spec.json", json.dumps(asked))):
        (tmp_path / name).write_text(text)
    call_command("analyse", table=tmp_path / "t.csv", schema=tmp_path / "s.json", spec=str(tmp_path / "spec.json"),
                 out=tmp_path / "out.json", stdout=io.StringIO())  # fmt: skip

    assert page.spec == rest.spec
    assert page.requested_by == rest.requested_by == lead
    assert done(page) == done(rest) == (tmp_path / "out.json").read_bytes()


def test_the_page_shows_progress_and_then_the_result_to_its_lead_alone(lead):
    waiting = post(lead, title="Mine")["Location"]
    client = client_of(lead)
    assert "<progress" in client.get(waiting).content.decode()
    done(Analysis.objects.get())

    assert "How was this computed?" in client.get(waiting).content.decode()
    assert "Mine" in client.get(reverse("analysis_list")).content.decode()
    assert client_of(make_user("study lead")).get(waiting).status_code == 404


LINES = TABLE.splitlines()
REFUSED = [
    (TABLE.replace(LINES[0], LINES[0].replace("case", "Fall"), 1), "", "table", ["ratings.csv", "“case”"]),
    ("", "", "table", []),
    (TABLE, "{", "schema", ["schema.json", "line 1"]),
    (TABLE, '{"version": 2}', "schema", ["schema.json", "version", "“2”"]),
]


@pytest.mark.parametrize(("table", "schema", "field", "words"), REFUSED, ids=["column", "empty", "no JSON", "version"])
def test_what_is_refused_is_said_beside_its_file(lead, table, schema, field, words):
    response = post(lead, table, schema)

    assert response.status_code == 422
    (error,) = response.context["form"].errors[field]
    assert all(word in error for word in words), error
    assert not Analysis.objects.exists()


def wrong_cell() -> str:
    """The third line's call is no category."""
    head, *rows = (line.split(",") for line in LINES)
    rows[1][head.index("call")] = "perhaps"
    return "\n".join(",".join(row) for row in [head, *rows])


def test_a_wrong_cell_is_named_by_file_line_column_and_value_on_every_way(lead, tmp_path):
    (error,) = post(lead, wrong_cell()).context["form"].errors["table"]
    body = assert_problem(client_of(lead).post(API, files(wrong_cell())), 400, "invalid_spec")
    (tmp_path / "ratings.csv").write_text(wrong_cell())
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    with pytest.raises(CommandError) as refused:
        call_command("analyse", table=tmp_path / "ratings.csv", schema=tmp_path / "schema.json")

    assert error == body["detail"] == str(refused.value)
    assert error.startswith("ratings.csv: line 3, column “call”: expected")
    assert "“perhaps”" in error
    assert {k: body[k] for k in ("file", "line", "column", "value")} == {
        "file": "table", "line": 3, "column": "call", "value": "perhaps",
    }  # fmt: skip


def test_rest_refuses_what_is_no_schema_or_spec_and_whoever_leads_nothing(lead):
    client = client_of(lead)

    for sent, field in (
        ({"schema": "{}"}, "table"), (files(schema="{"), "schema"), (files() | {"spec": "[]"}, "spec"),
        (files() | {"spec": "{"}, "spec"), ({**files(), "schema": SimpleUploadedFile("s", b"\xff\xfe")}, "schema"),
    ):  # fmt: skip
        body = assert_problem(client.post(API, sent), 400, "invalid")
        assert list(body["fields"]) == [field]
    assert_problem(client.post(API, files() | {"spec": '{"seed": -1}'}), 400, "invalid_spec")
    assert client_of(make_user("reader")).post(API, files()).status_code == 403
    assert not Analysis.objects.exists()
    assert client.post(API, files() | {"schema": json.dumps(SCHEMA)}).status_code == 201


@pytest.mark.parametrize("said", ['"title": "a\\u0000b"', '"title": "\\ud800"', '"title": NaN'])
def test_a_schema_that_no_database_keeps_is_refused(lead, said):
    schema = json.dumps(SCHEMA)[:-1] + ", " + said + "}"

    body = assert_problem(client_of(lead).post(API, files(schema=schema)), 400, "invalid_spec")

    assert body["file"] == "schema"
    assert not Analysis.objects.exists()


def test_the_version_of_a_tables_spec_is_checked(lead):
    body = assert_problem(client_of(lead).post(API, files() | {"spec": '{"version": 9}'}), 400, "invalid_spec")

    assert body["entry"] == "version"


def test_a_table_too_large_is_refused_before_it_is_read(lead, monkeypatch):
    monkeypatch.setattr("readers.table_forms.MAX_BYTES", 10)
    monkeypatch.setattr("annotations.analyses.tables.work.MAX_BYTES", 10)

    assert "ratings.csv" in post(lead).context["form"].errors["table"][0]
    assert "MB" in assert_problem(client_of(lead).post(API, files()), 400, "invalid_spec")["detail"]


def test_tables_and_figures_are_had_by_rest(lead):
    post(lead)
    analysis = Analysis.objects.get()
    client, own = client_of(lead), f"{API}{analysis.public_id}/"
    assert client.get(f"{own}files/").status_code == 404
    done(analysis)

    listed = client.get(f"{own}files/").json()

    names = [table["name"] for table in listed["tables"]]
    assert {"agreement", "accuracy"} <= set(names)
    for table in listed["tables"]:
        page = reverse("analysis_table", args=[analysis.public_id, table["name"], "csv"])
        assert client.get(table["csv"]).content == client.get(page).content
        assert client.get(table["xlsx"]).content.startswith(b"PK")
    assert client.get(listed["workbook"]).content.startswith(b"PK")
    figure = listed["figures"][0]
    assert client.get(figure["svg"]).content.startswith(b"<svg")
    assert client.get(figure["pdf"]).content.startswith(b"%PDF")
    assert client.get(figure["json"]).json()["$schema"].endswith("v6.json")
    for missing in ("tables/nothing.csv", "tables/agreement.doc", "figures/99.svg", "figures/0.gif"):
        assert_problem(client.get(own + missing), 404, "not_found")


def test_openapi_says_how_a_table_is_sent_and_taken(lead):
    schema = client_of(lead).get("/api/v1/schema/", headers={"Accept": "application/json"}).json()

    body = schema["paths"]["/api/v1/analyses/"]["post"]["requestBody"]["content"]
    assert list(body) == ["multipart/form-data"]
    table = schema["paths"]["/api/v1/analyses/{public_id}/tables/{name}.{form}"]["get"]
    assert set(table["responses"]["200"]["content"]) >= {"text/csv"}
