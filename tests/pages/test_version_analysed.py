"""A dataset version is analysed by page, by REST and by command; its result is for those who see cases."""

from __future__ import annotations

import json
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotations.analyses.spec import DEFAULTS
from annotations.analyses.work import run_analysis
from annotations.features import LYMPHUS
from annotations.models import Analysis
from readers.analysis_subjects import subject_of_version
from readers.models import Exposure
from readers.tokens import make_token, scopes_for
from tests.analyses.made import QUICK, another_set, done, finished_version_analysis, published
from tests.api import assert_problem, client_of
from tests.factories import make_user
from tests.pages.test_analysis_asked import fields_at_first

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return make_user("curator")


def address(version) -> str:
    return reverse("version_analyse", args=[version.dataset.slug, version.number])


def by_page(version, user, **changes) -> Analysis:
    sent = fields_at_first(subject_of_version(version)) | changes
    response = client_of(user).post(address(version), {k: v for k, v in sent.items() if v is not None})
    assert response.status_code == 302, response.content.decode()
    return Analysis.objects.latest("pk")


def by_rest(version, user, spec) -> Analysis:
    url = reverse("api:version-analyses", args=[version.public_id])
    response = client_of(user).post(url, {"spec": spec}, content_type="application/json")
    assert response.status_code == 201, response.content
    return Analysis.objects.get(public_id=response.json()["id"])


def words(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("others", [0, 1])
def test_page_rest_and_command_ask_the_same_and_get_the_same_bytes(curator, tmp_path, others):
    version = published(6)
    if others:
        another_set(version.dataset, "Second expert")
    page, rest = by_page(version, curator), by_rest(version, curator, {})
    call_command("analyse", dataset=version.dataset.slug, out=tmp_path / "out.json")
    command = Analysis.objects.latest("pk")

    assert page.spec == rest.spec == command.spec == {**DEFAULTS, "features": list(LYMPHUS.codes)}
    assert page.kind == "version" and page.dataset_version == version and not hasattr(page, "of_study")
    assert bytes(done(page).result) == bytes(done(rest).result) == (tmp_path / "out.json").read_bytes()


def test_the_page_asks_only_what_can_be_asked(curator):
    version = published(4)
    alone = words(client_of(curator).get(address(version)))
    another_set(version.dataset, "Second expert")
    beside = words(client_of(curator).get(address(version)))
    another_set(version.dataset, "Third")
    compared = words(client_of(curator).get(address(version)))

    assert "There is no other reading of these cases than the reference." in alone
    assert [
        name for name in ('name="masks"', 'name="readers"', 'name="seed"', 'name="reference"') if name in alone
    ] == []
    assert "2, Second expert" in beside
    assert "Expert (the version’s)" in beside
    assert ("Readers compared" in beside, "Readers compared" in compared) == (False, True)


def test_the_set_that_is_the_reference_is_not_compared_with_itself(curator):
    version = published(4)
    second, third = (another_set(version.dataset, name, seed=n) for n, name in ((50, "Second"), (90, "Third")))

    turned = by_page(version, curator, reference=second.public_id, readers=["1", "2"])
    sent = fields_at_first(subject_of_version(version)) | {"reference": third.public_id, "readers": ["3"]}
    refused = client_of(curator).post(address(version), sent)

    assert (turned.spec["reference"], turned.spec["readers"]) == (second.public_id, [1])
    assert refused.status_code == 422
    assert "Tick whose readings go in." in refused.content.decode()


def test_the_result_of_the_reference_alone_has_no_empty_table(curator):
    analysis = finished_version_analysis(published(9))
    client = client_of(curator)

    page = client.get(reverse("analysis_detail", args=[analysis.public_id]))

    text = words(page)
    assert "<h1>16 features against the pathology</h1>" in text
    assert "There is no other reading than the reference: nothing to agree with." in text
    assert "9 of 9" in text and "6 benign, 3 malignant" in text
    assert "Each feature of the reference reading against the pathology, by centre" in text
    for nothing in (
        "Agreement of",
        "Cohen’s κ of each pair",
        "lowest Dice",
        "ROC of",
        "Bland–Altman of",
        "nan",
        "None",
    ):
        assert not re.search(rf"\b{nothing}\b", re.sub(r"<[^>]*>", " ", text)), nothing
    assert re.findall(r"<tbody>\s*</tbody>", text) == []
    names = client.get(reverse("api:analysis-files", args=[analysis.public_id])).json()
    assert [table["name"] for table in names["tables"]] == ["signs", "missing"]
    assert names["figures"] == []
    assert client.get(reverse("analysis_workbook", args=[analysis.public_id])).status_code == 200
    case = analysis.inputs["cases"][0]["id"]
    assert client.get(reverse("analysis_case", args=[analysis.public_id, case])).status_code == 200
    assert client.get(reverse("analysis_masks", args=[analysis.public_id])).status_code == 404


def test_the_result_beside_another_set_says_who_it_is_and_why_there_is_no_more(curator):
    version = published(9)
    another_set(version.dataset, "Second <expert>")
    analysis = finished_version_analysis(version)

    text = words(client_of(curator).get(reverse("analysis_detail", args=[analysis.public_id])))

    assert "Second &lt;expert&gt;, 9 of 9" in text
    assert "Agreement of each reader with the reference reading" in text
    assert "nothing to agree with among the others" in text
    assert "Among readers" not in text
    assert "ROC of" not in text and "Accuracy against the pathology" not in text
    assert reverse("analysis_differing", args=[analysis.public_id, "margin_regularity"]) in text


def test_what_a_curator_looks_at_of_a_case_is_recorded(curator):
    version = published(6)
    another_set(version.dataset, "Second expert")
    analysis, client = finished_version_analysis(version), client_of(curator)
    case = version.dataset.cases.first()

    client.get(reverse("analysis_detail", args=[analysis.public_id]))
    thumbs = Exposure.objects.filter(user=curator, what="reference").count()
    page = words(client.get(reverse("analysis_case", args=[analysis.public_id, case.public_id])))

    assert "Malignancy score" not in page  # nobody gave one
    assert thumbs == 6
    assert Exposure.objects.filter(user=curator, case=case, what="pathology").count() == 1


def test_a_lead_and_a_reader_find_nothing_of_it(curator):
    version = published(4)
    analysis = finished_version_analysis(version)
    for role in ("study lead", "reader"):
        client = client_of(make_user(role))
        assert client.get(reverse("analysis_detail", args=[analysis.public_id])).status_code == 404
        assert client.get(address(version)).status_code == 404
        assert client.get("/api/v1/analyses/").json()["count"] == 0
    lead = client_of(make_user("study lead"))
    assert analysis.public_id not in lead.get(reverse("analysis_list")).content.decode()
    url = reverse("api:version-analyses", args=[version.public_id])
    assert_problem(lead.post(url, {}, content_type="application/json"), 403, "permission_denied")


def test_a_curator_sees_it_in_the_list_with_its_kind_and_no_study(curator):
    analysis = finished_version_analysis(published(4))
    client = client_of(curator)
    rows = client.get("/api/v1/analyses/").json()["results"]

    page = words(client.get(reverse("analysis_list")))

    assert [(row["id"], row["kind"], row["study"]) for row in rows] == [(analysis.public_id, "version", None)]
    assert rows[0]["dataset_version"] == analysis.dataset_version.public_id
    assert f"{analysis.dataset_version.dataset.title}, version 1" in page
    assert "dataset version" in page
    assert "Analyse a table" not in page
    assert reverse("analysis_list") in words(client.get(reverse("dataset_list")))


def test_the_list_takes_the_same_number_of_queries_at_one_and_three_rows(curator):
    version, client, counts = published(4), client_of(curator), []
    for n in (1, 2):
        for _ in range(n):
            finished_version_analysis(version)
        for url in (reverse("analysis_list"), "/api/v1/analyses/"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_data_client_asks_by_token():
    person = make_user("data client")
    assert "analyses" in scopes_for(person)
    _token, key = make_token(person, "test", ["analyses"], None)
    client = Client(headers={"Authorization": f"Token {key}"})
    version = published(4)

    made = client.post(
        reverse("api:version-analyses", args=[version.public_id]), {"spec": QUICK}, content_type="application/json"
    ).json()
    run_analysis(Analysis.objects.get().pk)

    assert client.get(f"/api/v1/analyses/{made['id']}/").json()["result"]["of"] == "version"
    assert json.loads(client.get(f"/api/v1/analyses/{made['id']}/result/").content)["went_in"]["cases"] == 4


def test_an_unknown_version_is_not_there(curator):
    version = published(4)
    client = client_of(curator)

    for number in (2, 10**30):
        assert client.get(f"/datasets/{version.dataset.slug}/versions/{number}/analyse/").status_code == 404
    assert_problem(client.get("/api/v1/versions/NOSUCH/analyses/"), 404, "not_found")
