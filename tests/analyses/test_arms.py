"""A study of two arms, and readers who read a case again: made in the database, as no page makes them yet."""

from __future__ import annotations

import json

import numpy as np
import pytest
from django.urls import reverse

from annotations.agreement.intra_reader import intra_reader_kappa
from annotations.agreement.obuchowski_rockette import obuchowski_rockette
from annotations.agreement.ratings import Ratings
from annotations.agreement.reader_aucs import reader_aucs
from annotations.analyses.material import code_of, load_arms
from annotations.models import Reading
from annotations.revisions import append_revision
from readers.models import Arm, Assignment, AssignmentReading
from tests.analyses.made import closed_study, finished_analysis
from tests.api import client_of

pytestmark = pytest.mark.django_db


def read_again(study, *, arm: Arm, period: int, better: int = 0) -> None:
    """Every reading of the study once more, in that arm and period; scores of malignant cases raised by `better`."""
    for link in list(AssignmentReading.objects.filter(assignment__study=study).select_related("assignment", "reading")):
        old, place = link.reading, link.assignment
        seat = Assignment.objects.create(
            study=study, reader=place.reader, case=place.case, arm=arm, period=period, position=place.position
        )
        malignant = old.case.pathology.status == "malignant"
        score = min(100, (old.score or 0) + better) if malignant else old.score
        reading = Reading.objects.create(
            case=old.case, source=old.source, form_version=old.form_version, state="submitted", version=1,
            answers=old.answers, score=score, call=old.call, no_node=old.no_node, submitted_at=old.submitted_at,
        )  # fmt: skip
        for mask in old.masks.all():
            mask.pk, mask.reading, mask.public_id = None, reading, f"again{period}{reading.pk}"
            mask.save()
        AssignmentReading.objects.create(assignment=seat, reading=reading)
        append_revision(reading, by=place.reader)


@pytest.fixture
def two_arms():
    study = closed_study(n_cases=12, n_readers=3)
    read_again(study, arm=Arm.objects.create(study=study, number=2, label="aided"), period=2, better=40)
    return study


def result_of(analysis):
    return json.loads(bytes(analysis.result))


def test_two_arms_are_compared_as_the_engine_does_of_the_same_scores(two_arms):
    analysis = finished_analysis(two_arms, strata="none", masks=False)
    result, materials = result_of(analysis), load_arms(analysis.inputs)
    assert [entry["arm"]["label"] for entry in result["arms"]] == ["unaided", "aided"]
    assert result["went_in"]["readings"] == 72

    (comparison,) = result["arm_comparisons"]
    assert comparison["arms"] == [2, 1]
    auc = next(row for row in comparison["features"] if row["endpoint"] == "auc")

    first = materials[0]
    values = [
        reader_aucs(
            np.array([first.cases[i]["pathology"] == "malignant" for i in first.columns(c)], dtype=np.int64),
            np.array([[[m.said[r, i].score for i in m.columns(c)] for r in range(3)] for m in reversed(materials)], float),
            covariance="delong",
        )
        for c in first.centres()
    ]  # fmt: skip
    by_hand = np.mean([v.values[0].mean() - v.values[1].mean() for v in values])
    assert auc["difference"]["value"] == pytest.approx(by_hand)
    assert auc["difference"]["value"] > 0
    assert all(obuchowski_rockette(v, model="FRRC").differences for v in values)
    assert auc["arms"][0]["value"] - auc["arms"][1]["value"] == pytest.approx(auc["difference"]["value"])


def test_an_arm_can_be_chosen_and_the_primary_endpoint_stands_outside_holms_family(two_arms):
    only = result_of(finished_analysis(two_arms, arms=[2], masks=False, features=["margin_regularity"]))
    assert "arms" not in only
    assert only["went_in"]["arms"] == [{"label": "aided", "number": 2}]

    both = finished_analysis(
        two_arms, masks=False, features=["margin_regularity"], primary={"arms": [2, 1], "endpoint": "auc"}
    )
    (comparison,) = result_of(both)["arm_comparisons"]
    assert {row["endpoint"]: row["role"] for row in comparison["features"]} == {
        "auc": "primary", "sensitivity": "family", "specificity": "family",
    }  # fmt: skip
    assert comparison["exploratory"] is False


def test_the_page_shows_each_arm_and_their_comparison(two_arms):
    analysis = finished_analysis(two_arms)
    client = client_of(two_arms.lead)
    url = reverse("analysis_detail", args=[analysis.public_id])

    first, second = client.get(url), client.get(url, {"arm": "2"})

    assert "Arms compared: aided less unaided" in first.content.decode()
    assert [first.context["arm"]["label"], second.context["arm"]["label"]] == ["unaided", "aided"]
    masks = reverse("analysis_masks", args=[analysis.public_id])
    assert client.get(masks, {"arm": "2"}).status_code == 200


def test_a_case_read_twice_in_one_arm_gives_each_readers_agreement_with_themselves():
    study = closed_study(n_cases=8, n_readers=2)
    read_again(study, arm=study.arms.get(), period=2)
    analysis = finished_analysis(study, strata="none", masks=False)
    (repeated,) = result_of(analysis)["intra"]
    (material,) = load_arms(analysis.inputs)

    assert (repeated["kind"], repeated["pairs"], repeated["cases"]) == ("times", 16, 8)
    margin = next(part for part in repeated["features"] if part["code"] == "margin_regularity")
    feature = material.form.feature("margin_regularity")
    index = {code: i for i, code in enumerate(feature.value_codes)}
    sides = [
        Ratings(
            np.array([[code_of(said[r, c], feature.code, index) for c in range(8)] for r in range(2)], np.int16),
            feature.value_codes,
        )
        for said in (material.said, material.again)
    ]
    assert margin["overall"]["intra"]["value"] == intra_reader_kappa(*sides).value
    page = client_of(study.lead).get(reverse("analysis_detail", args=[analysis.public_id]))
    assert "Each reader with themselves: first and second time" in page.content.decode()
