"""Tables of ratings stored as analyses; and what one takes away of any result."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from annotations.models import Analysis
from annotations.results.foot import css_string
from annotations.results.tables import TABLES
from tests.analyses.made import finished_analysis
from tests.analyses.test_tables import SCHEMA, TABLE
from tests.api import client_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def stored(tmp_path, table: str = TABLE, schema=None, **options) -> Analysis:
    (tmp_path / "t.csv").write_text(table)
    (tmp_path / "s.json").write_text(json.dumps(schema or SCHEMA))
    call_command(
        "analyse", table=tmp_path / "t.csv", schema=tmp_path / "s.json", resamples=200, stdout=io.StringIO(), **options
    )
    return Analysis.objects.get()


def test_a_stored_table_has_a_page_files_and_is_reproduced(tmp_path):
    analysis = stored(tmp_path)
    client = client_of(make_user("study lead"))

    page = client.get(reverse("analysis_detail", args=[analysis.public_id]))
    assert page.status_code == 200
    text = page.content.decode()
    assert "How was this computed?" in text
    assert "Accuracy of “call” against the truth" in text
    for figure in page.context["figures"]:
        address = reverse("analysis_figure", args=[analysis.public_id, figure["number"], "svg"])
        assert client.get(address).content.startswith(b"<svg")
    assert client.get(reverse("analysis_detail", args=[analysis.public_id]), {"with": "reference"}).status_code == 200
    assert client.get(reverse("analysis_list")).status_code == 200
    assert client.get(f"/api/v1/analyses/{analysis.public_id}/").json()["study"] is None
    said = io.StringIO()
    call_command("reproduce", analysis.public_id, stdout=said)
    assert f"the same {len(bytes(analysis.result))} bytes" in said.getvalue()


def test_readers_who_are_no_persons_are_not_called_readers_and_what_was_left_out_is_said(tmp_path):
    schema = {
        "version": 1, "columns": {"case": "case", "reader": "reader"}, "readers_interchangeable": True,
        "readings_per_case": 2, "features": [{"code": "call", "kind": "binary", "categories": ["no", "yes"]}],
    }  # fmt: skip
    analysis = stored(tmp_path, TABLE + "f,R,2,0,oval,9,no\n", schema)

    text = (
        client_of(make_user("study lead")).get(reverse("analysis_detail", args=[analysis.public_id])).content.decode()
    )

    assert "2 readings a case at most, 5 cases" in " ".join(text.split())
    assert "Agreement among the readings of a case" in text and "Agreement of the 2 readers" not in text
    assert "Reading 1" in text and "Reader 1" not in text
    assert "1 case with another number of readings was left out" in text
    assert "Which agreement" not in text  # one way to look at it needs no tab


def test_an_arm_with_a_name_is_called_by_it_and_a_number_by_its_column(tmp_path):
    schema = json.loads(json.dumps(SCHEMA))
    schema["columns"] = {"case": "case", "reader": "reader", "arm": "arm"}
    del schema["reference_reader"], schema["truth"]
    head, *rows = TABLE.splitlines()
    for way, names in (("numbers", ("1", "2")), ("words", ("film", "screen"))):
        both = [f"{row},{name}" for name in names for row in rows]
        analysis = stored(tmp_path, "\n".join([head + ",arm", *both]), schema)
        arms = (
            client_of(make_user("study lead"))
            .get(reverse("analysis_detail", args=[analysis.public_id]))
            .context["arms"]
        )
        expected = ["arm 1", "arm 2"] if way == "numbers" else list(names)
        assert [arm["label"] for arm in arms] == expected
        analysis.delete()


def test_a_table_for_one_lead_is_seen_by_no_other(tmp_path):
    owner, other = make_user("study lead"), make_user("study lead")
    analysis = stored(tmp_path, lead=owner.username)
    url = reverse("analysis_detail", args=[analysis.public_id])

    assert client_of(owner).get(url).status_code == 200
    assert {client_of(make_user(role)).get(url).status_code for role in ("reader", "curator", "data client")} == {404}
    assert client_of(other).get(url).status_code == 404


def test_a_bundle_of_a_table_is_computed_again(tmp_path):
    analysis = stored(tmp_path)
    said = io.StringIO()
    call_command("bundle_analysis", analysis.public_id, out=tmp_path / "b.zip", stdout=io.StringIO())

    call_command("reproduce", str(tmp_path / "b.zip"), stdout=said)

    assert "the same" in said.getvalue()


def test_a_formula_in_a_table_is_text_in_its_files(tmp_path):
    schema = json.loads(json.dumps(SCHEMA))
    schema["reference_reader"] = "=cmd()"
    analysis = stored(tmp_path, TABLE.replace(",S,", ",=cmd(),"), schema)
    client = client_of(make_user("study lead"))
    address = reverse("analysis_table", args=[analysis.public_id, "accuracy", "xlsx"])

    sheet = load_workbook(io.BytesIO(client.get(address).content))["accuracy"]
    cells = [cell for row in sheet.iter_rows() for cell in row if "cmd" in str(cell.value)]

    assert cells
    assert {(cell.data_type, cell.value) for cell in cells} == {("s", "'=cmd()")}
    text = client.get(reverse("analysis_table", args=[analysis.public_id, "accuracy", "csv"])).content.decode()
    assert "'=cmd()" in text and ",=cmd" not in text


def test_a_workbook_holds_every_table_with_numbers_as_stored_and_reasons_in_their_place():
    analysis = finished_analysis()
    client = client_of(analysis.of_study.study.lead)
    response = client.get(reverse("analysis_workbook", args=[analysis.public_id]))
    book = load_workbook(io.BytesIO(response.content))

    assert set(book.sheetnames) - {"about"} == set(TABLES) - {"arms", "comparisons", "repeated", "consensus"}
    sheet = book["agreement"]
    assert sheet.freeze_panes == "A2"
    heads = [cell.value for cell in sheet[1]]
    document = json.loads(bytes(analysis.result))
    rows = [dict(zip(heads, [c.value for c in row], strict=True)) for row in sheet.iter_rows(min_row=2)]
    for part in document["features"]:
        for key, estimate in part["among_readers"]["overall"].items():
            row = next(r for r in rows if (r["feature"], r["figure"], r["over"]) == (part["code"], key, "stratified"))
            assert row["value"] == (estimate["value"] if estimate["value"] is not None else estimate["undefined"])


def test_the_foot_says_what_the_page_is_of_and_cannot_be_left():
    analysis = finished_analysis()
    Analysis.objects.filter(pk=analysis.pk).update(title='A "title" \\ </style> {}')
    client = client_of(analysis.of_study.study.lead)

    response = client.get(reverse("analysis_foot", args=[analysis.public_id]))
    text = response.content.decode()

    assert response["Content-Type"].startswith("text/css")
    assert analysis.inputs_sha256[:12] in text
    assert "simulated readers" in text and "counter(pages)" in text
    assert "</style>" not in text
    assert css_string('a"b') == '"a\\22 b"'
