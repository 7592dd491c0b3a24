"""The results of a closed study on pages: what is shown to its lead, and to nobody else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.demo_readers import five_readers
from annotations.models import Analysis, Case
from annotations.results.outlines import outline_path
from annotations.results.tables import TABLES
from readers.analyses import analyse_study
from readers.exports import request_study_export
from readers.models import Exposure, Study
from readers.simulation import read_worklists
from readers.studies import lock_study
from tests.analyses.made import QUICK, closed_study, finished_analysis
from tests.api import client_of
from tests.factories import make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis():
    return finished_analysis()


@pytest.fixture
def lead(analysis):
    return client_of(analysis.of_study.study.lead)


def words(response) -> str:
    return " ".join(response.content.decode().split())


def worst_case(analysis) -> str:
    cases = json.loads(bytes(analysis.result))["masks"][0]["cases"]
    return min(cases, key=lambda case: case["dice"])["case"]


def test_the_page_says_who_read_and_that_they_are_simulated(analysis, lead):
    text = words(lead.get(reverse("analysis_detail", args=[analysis.public_id])))

    assert "Simulated readers" in text
    assert "2 readers, 8 cases, 3 malignant" in text
    assert f"inputs {analysis.inputs_sha256[:8]}" in text


def test_of_images_without_a_scale_the_ratio_alone_is_compared_and_the_page_says_so(lead, analysis):
    said = "images is unknown: their ratio alone is compared"
    assert said not in words(lead.get(reverse("analysis_detail", args=[analysis.public_id])))

    mixed = finished_analysis(closed_study(9, unscaled=2))
    response = client_of(mixed.of_study.study.lead).get(reverse("analysis_detail", args=[mixed.public_id]))

    assert f"The scale of 2 {said}" in words(response)
    n = {row.code: row.n for _, rows in response.context["table"].groups for row in rows}
    assert (n["max_diameter_mm"], n["min_diameter_mm"], n["aspect_ratio"]) == (7, 7, 9)


@pytest.mark.parametrize("side", ["readers", "reference"])
def test_no_limit_of_an_agreement_is_shown_above_1(analysis, lead, side):
    response = lead.get(reverse("analysis_detail", args=[analysis.public_id]), {"with": side})

    rows = [row for _label, rows in response.context["table"].groups for row in rows]
    shown = [text for row in rows for cell in row.cells for name, text in cell.beside if name != "Bias"]
    highs = [float(text.split(", ")[1].rstrip("]")) for text in shown if text.endswith("]")]
    assert len(highs) > 20 and max(highs) <= 1


def test_every_feature_has_its_row_and_an_undefined_one_its_reason(analysis, lead):
    response = lead.get(reverse("analysis_detail", args=[analysis.public_id]), {"of": "1"})

    rows = [row for _label, rows in response.context["table"].groups for row in rows]
    assert len(rows) == 16
    stored = json.loads(bytes(analysis.result))["features"]
    reasons = {
        f["code"]: f["among_readers"]["by_centre"]["1"].get("fleiss", {"undefined": None})["undefined"] for f in stored
    }
    for row in rows:
        if reasons[row.code]:
            assert row.cells[0].text == "undefined"
            assert reasons[row.code] in words(response)


def test_a_figure_says_how_it_was_computed(analysis, lead):
    text = words(lead.get(reverse("analysis_detail", args=[analysis.public_id]), {"of": "1"}))

    assert "How was this computed?" in text
    assert "10.1037/0033-2909.86.2.420" in text  # ICC, Shrout and Fleiss


def test_every_picture_says_how_it_was_computed(analysis, lead):
    response = lead.get(reverse("analysis_detail", args=[analysis.public_id]))

    roc, pictures = response.context["roc"], [*response.context["bland_altman"], response.context["distribution"]]
    assert len(roc) == 1 and len(pictures) == 4
    for cell in [roc[0].computed, *(picture["computed"] for picture in pictures)]:
        said = dict((*cell.explanation.pairs, *cell.explanation.about))
        assert {"From", "Method", "Source"} <= set(said) and "cases each" in said["From"]
        assert f'popovertarget="{cell.id}"' in response.content.decode()
    assert "bias" in dict(pictures[0]["computed"].explanation.pairs)["Method"]
    assert "Mann-Whitney" in dict(roc[0].computed.explanation.pairs)["Method"]


def test_best_masks_are_a_click_away_as_worst_are(analysis, lead):
    page = lead.get(reverse("analysis_detail", args=[analysis.public_id])).content.decode()
    address = reverse("analysis_masks", args=[analysis.public_id])
    assert f"{address}?order=best" in page

    dice = {way: [p.dice for p in lead.get(address, query).context["pictures"]]
            for way, query in (("worst", {}), ("best", {"order": "best"}))}  # fmt: skip

    assert dice["worst"] == sorted(dice["worst"]) and dice["best"] == sorted(dice["best"], reverse=True)
    assert dice["worst"][0] < dice["best"][0]
    assert "outlined" in page


def test_each_with_the_reference_shows_one_figure_a_reader(analysis, lead):
    response = lead.get(reverse("analysis_detail", args=[analysis.public_id]), {"with": "reference"})

    rows = [row for _label, rows in response.context["table"].groups for row in rows]
    assert {len(row.cells) for row in rows} == {2}
    assert "agreement with it is not accuracy" in words(response)
    assert "images have no scale" not in words(response)


def test_where_no_image_has_a_scale_lengths_are_compared_in_px_and_the_page_says_so():
    study = make_study(n_cases=4, n_readers=2)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=1)
    analysis = finished_analysis(lock_study(study, study.lead))

    page = client_of(study.lead).get(reverse("analysis_detail", args=[analysis.public_id]), {"with": "reference"})

    assert "None of the 4 images has a scale: diameters are compared in px, never with lengths in mm" in words(page)
    n = {row.code: row.n for _, rows in page.context["table"].groups for row in rows}
    assert (n["max_diameter_mm"], n["aspect_ratio"]) == (4, 4)


@pytest.mark.parametrize("name", sorted(set(TABLES) - {"arms", "comparisons", "repeated"}))
def test_each_table_downloads_with_as_many_cells_as_headings(analysis, lead, name):
    response = lead.get(reverse("analysis_table", args=[analysis.public_id, name, "csv"]))

    heads, *rows = csv.reader(io.StringIO(response.content.decode()))
    assert rows
    assert {len(row) for row in rows} == {len(heads)}


def test_the_json_is_the_stored_bytes(analysis, lead):
    response = lead.get(reverse("analysis_json", args=[analysis.public_id]))

    assert hashlib.sha256(response.content).hexdigest() == analysis.result_sha256


@pytest.mark.parametrize(("form", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_a_stored_figure_is_drawn_on_the_server(analysis, lead, form, start):
    response = lead.get(reverse("analysis_figure", args=[analysis.public_id, 0, form]))

    assert response.content.startswith(start)


def test_a_case_is_shown_with_both_outlines_and_the_sight_is_recorded(analysis, lead):
    case = worst_case(analysis)

    response = lead.get(reverse("analysis_case", args=[analysis.public_id, case]), {"reader": "2"})

    picture = response.context["picture"]
    assert picture.reader == 2
    assert picture.own.startswith("M") and picture.reference.startswith("M")
    seen = Exposure.objects.filter(user=analysis.of_study.study.lead, case__public_id=case)
    assert set(seen.values_list("what", flat=True)) == {"pathology", "reference"}


def test_the_image_of_a_case_is_handed_over(analysis, lead):
    response = lead.get(reverse("analysis_case_image", args=[analysis.public_id, worst_case(analysis)]))

    assert response.content.startswith(b"\x89PNG")


def test_the_cases_that_differ_are_those_the_cell_counts(analysis, lead):
    part = next(f for f in json.loads(bytes(analysis.result))["features"] if f["code"] == "margin_regularity")
    cell = next(c for c in part["pairs"]["cells"] if c["readers"] == ["1", "reference"])

    response = lead.get(
        reverse("analysis_differing", args=[analysis.public_id, "margin_regularity"]), {"one": "1", "two": "reference"}
    )

    assert {row["case"] for row in response.context["rows"]} == set(cell["apart"])
    assert all(row["answers"].readers[0].differs for row in response.context["rows"])


def test_a_lead_who_reads_a_case_blinded_elsewhere_is_not_shown_it_here(analysis):
    person = analysis.of_study.study.lead
    person.groups.add(*make_user("reader").groups.all())
    person = type(person).objects.get(pk=person.pk)  # permissions are cached on the instance
    dataset = Case.objects.get(public_id=worst_case(analysis)).dataset
    make_study(dataset=dataset, readers=[person])
    client = client_of(person)

    assert client.get(reverse("analysis_case", args=[analysis.public_id, worst_case(analysis)])).status_code == 404
    page = client.get(reverse("analysis_detail", args=[analysis.public_id]))
    assert page.context["worst"] == []


ADDRESSES = [("analysis_detail", ()), ("analysis_json", ()), ("analysis_table", ("missing", "csv")), ("analysis_masks", ()),
             ("analysis_figure", (0, "svg")), ("analysis_progress", ()), ("analysis_differing", ("necrosis",))]  # fmt: skip


@pytest.mark.parametrize("role", ["reader", "trainee", "study lead", "curator", "data client"])
def test_anothers_analysis_is_a_404_at_every_address(analysis, role):
    client = client_of(make_user(role))

    assert {client.get(reverse(name, args=[analysis.public_id, *rest])).status_code for name, rest in ADDRESSES} == {
        404
    }


def test_an_open_study_is_refused_with_a_sentence(client):
    study = make_study(n_cases=2)
    client.force_login(study.lead)

    response = client.post(reverse("study_analyse", args=[study.public_id]), follow=True)

    assert "The study is not closed" in words(response)
    assert not Analysis.objects.exists()


def test_an_analysis_is_asked_for_by_one_button_and_waits_with_a_bar(client):
    study = closed_study(n_cases=2, n_readers=1)
    client.force_login(study.lead)

    response = client.post(reverse("study_analyse", args=[study.public_id]), follow=True)

    analysis = Analysis.objects.get()
    assert analysis.spec["seed"] == 1
    assert "<progress" in words(response)
    progress = client.get(reverse("analysis_progress", args=[analysis.public_id])).json()
    assert progress == {"running": True, "done": 0, "total": 0, "text": ""}


def test_a_waiting_analysis_can_be_stopped(client):
    study = closed_study(n_cases=2, n_readers=1)
    client.force_login(study.lead)
    analysis = analyse_study(study, by=study.lead, spec=QUICK)

    client.post(reverse("analysis_cancel", args=[analysis.public_id]))

    analysis.refresh_from_db()
    assert analysis.state == "cancelled"


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        client.get(url)
    return len(found)


@pytest.mark.parametrize("name", ["analysis_list", "export_list"])
def test_a_list_takes_as_many_queries_at_three_rows_as_at_one(client, name):
    study = closed_study(n_cases=2, n_readers=1)
    client.force_login(study.lead)

    def another():
        analyse_study(study, by=study.lead, spec=QUICK)
        request_study_export(study, "csv", by=study.lead)

    another()
    at_one = queries_of(client, reverse(name))
    another()
    another()

    assert queries_of(client, reverse(name)) == at_one


def test_an_outline_walks_around_every_ring_of_a_mask():
    mask = np.zeros((6, 7), np.uint8)
    mask[1:5, 1:6] = 1
    mask[2:4, 2:4] = 0

    path = outline_path(mask)

    assert path.count("Z") == 2
    assert "M1 1L6 1L6 5L1 5Z" in path
    assert outline_path(np.zeros((3, 3), np.uint8)) == ""


def test_a_curator_reading_the_cases_blinded_gets_no_export_of_them():
    dataset = make_dataset(2)
    person = make_user("curator", "reader")
    make_study(dataset=dataset, readers=[person])
    version = dataset.versions.get()

    response = client_of(person).post(
        reverse("export_request"), {"subject": f"version:{version.public_id}", "format": "csv"}, follow=True
    )

    assert "until it is closed they stay blinded" in words(response)
    assert Study.objects.count() == 1


def test_two_readers_compared_stand_in_a_table_with_holms_p():
    study = closed_study(n_cases=12, n_readers=2)
    analysis = finished_analysis(study, comparisons=[{"readers": [1, 2], "planned": False}])

    response = client_of(study.lead).get(reverse("analysis_detail", args=[analysis.public_id]))

    (comparison,) = response.context["comparisons"]
    assert len(comparison.rows) == 13
    assert "reader 1 less reader 2, exploratory" in words(response)


def test_tables_and_figures_are_numbered_as_they_come_with_none_left_out(lead, analysis):
    text = words(lead.get(reverse("analysis_detail", args=[analysis.public_id])))

    for kind in ("Table", "Figure"):
        numbers = [int(n) for n in re.findall(rf"<b>{kind} (\d+)\.</b>", text)]
        assert len(numbers) > 3 and numbers == list(range(1, len(numbers) + 1))
