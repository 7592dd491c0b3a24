"""What a running analysis is at is said in words, of every part there is, in the language of the page."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils.translation import override

from annotations.analyses.material import load_arms
from annotations.analyses.parts import arms_at_work, parts_of
from annotations.analyses.tables.work import TableWork
from annotations.analyses.verbs import request_table_analysis
from annotations.models import Analysis
from annotations.results.progress_words import progress_words
from readers.analyses import analyse_study
from tests.analyses.made import QUICK, closed_study
from tests.analyses.test_tables import SCHEMA, TABLE
from tests.api import client_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db
STUDY_PARTS = 16 + 2 * 2 + 2 + 3 + 1  # features, masks by reader, of all readers, pathology, comparisons


def said_of_each(analysis: Analysis, names: list[str]) -> list[str]:
    said = []
    for name in names:
        analysis.progress_text = name
        said.append(progress_words(analysis))
    return said


def test_every_part_of_a_study_has_words():
    study = closed_study(n_cases=4, n_readers=2)
    analysis = analyse_study(study, by=study.lead, spec=QUICK | {"comparisons": [{"readers": [1, 2]}]})
    names = list(parts_of(arms_at_work(load_arms(analysis.inputs), analysis.spec), analysis.spec))
    assert len(names) == STUDY_PARTS

    said = said_of_each(analysis, [*names, *(f"arm 2/{name}" for name in names), "arms", "intra"])

    assert all(words and ":" not in words.removeprefix("Masks:") and "_" not in words for words in said)
    assert said[0] == "Agreement on Max. diameter"
    assert said[len(names)] == "Agreement on Max. diameter, arm 2"


def test_every_part_of_a_table_has_words():
    schema = json.loads(json.dumps(SCHEMA))
    schema["columns"]["arm"] = "centre"
    schema["features"][0] |= {"code": "a/b", "column": "shape", "label": "Shape"}
    analysis = request_table_analysis(TABLE.encode(), schema, spec=QUICK, by=make_user("study lead"))
    names = list(TableWork(analysis.inputs, analysis.spec).parts())

    said = said_of_each(analysis, names)

    assert said[:2] == ["Agreement on Shape, 1", "Agreement on Shape, 2"]
    assert said[-1] == "Accuracy against the truth"


def test_the_waiting_page_and_its_progress_speak_the_persons_language():
    study = closed_study(n_cases=4, n_readers=2)
    analysis = analyse_study(study, by=study.lead, spec=QUICK)
    Analysis.objects.filter(pk=analysis.pk).update(
        state="running", progress_text="feature:max_diameter_mm", progress_done=3, progress_total=40
    )
    client = client_of(study.lead)
    page = client.get(reverse("analysis_detail", args=[analysis.public_id])).content.decode()
    progress = client.get(reverse("analysis_progress", args=[analysis.public_id])).json()

    assert "Agreement on Max. diameter" in page and "feature:" not in page
    assert progress == {"running": True, "done": 3, "total": 40, "text": "Agreement on Max. diameter"}
    german = client.get(
        reverse("analysis_progress", args=[analysis.public_id]), headers={"Accept-Language": "de"}
    ).json()["text"]
    analysis.refresh_from_db()
    with override("de"):
        assert german == progress_words(analysis) != progress["text"]


def test_the_api_says_it_in_the_language_of_the_request():
    study = closed_study(n_cases=4, n_readers=2)
    analysis = analyse_study(study, by=study.lead, spec=QUICK)
    Analysis.objects.filter(pk=analysis.pk).update(state="running", progress_text="arm 2/feature:max_diameter_mm")
    client, address = client_of(study.lead), f"/api/v1/analyses/{analysis.public_id}/"

    english, german = (
        client.get(address, headers={"accept-language": code}).json()["progress"]["text"] for code in ("en", "de")
    )
    listed = client.get("/api/v1/analyses/", headers={"accept-language": "de"}).json()

    assert english == "Agreement on Max. diameter, arm 2"
    assert german not in ("", english) and "Arm 2" in german
    assert german in json.dumps(listed, ensure_ascii=False)
