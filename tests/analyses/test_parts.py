"""What the parts of a result say, against figures worked out here from the same answers."""

from __future__ import annotations

import json

import pytest

from annotations.agreement.overlap import overlap
from annotations.analyses.material import load
from annotations.analyses.signs_part import levels_of
from annotations.features import LYMPHUS
from tests.analyses.made import closed_study, finished_analysis

pytestmark = pytest.mark.django_db


@pytest.fixture
def analysis():
    return finished_analysis(closed_study(n_cases=12, n_readers=3))


def result_of(analysis):
    return json.loads(bytes(analysis.result))


def test_a_readers_sensitivity_and_the_average_are_those_of_the_calls(analysis):
    result, material = result_of(analysis), load(analysis.inputs)
    by_reader = {}
    for row, reader in enumerate(material.readers):
        columns = [i for i in material.columns(1) if material.cases[i]["pathology"] == "malignant"]
        by_reader[reader["number"]] = sum(material.said[row, i].call == "malignant" for i in columns) / len(columns)

    found = {r["reader"]: r["by_centre"]["1"]["sensitivity"]["value"] for r in result["pathology"]["readers"]}

    assert found == pytest.approx(by_reader)
    average = result["averages"]["sensitivity"]["by_centre"]["1"]["value"]
    assert average == pytest.approx(sum(by_reader.values()) / 3)
    assert result["averages"]["model"] == "FRRC"


def test_two_readers_masks_overlap_as_their_pixels_do(analysis):
    material = load(analysis.inputs)
    expected = [overlap(material.outline(0, i), material.outline(2, i)).dice for i in material.columns(2)]

    pair = next(p for p in result_of(analysis)["mask_pairs"] if p["readers"] == [1, 3])

    assert pair["by_centre"]["2"]["dice"]["value"] == pytest.approx(sum(expected) / len(expected))


def test_a_sign_is_counted_as_the_reference_reading_has_it(analysis):
    material = load(analysis.inputs)
    irregular = {
        (material.cases[i]["pathology"], said.answers["margin_regularity"].value == "irregular")
        for i, said in material.reference.items()
        if material.cases[i]["centre"] == 1
    }
    signs = next(s for s in result_of(analysis)["signs"] if s["code"] == "margin_regularity")
    own = next(s for s in signs["sides"] if s["side"] == "reference")["signs"][0]

    cells = own["counts"]["1"]

    assert sum(cells.values()) == 6
    assert (cells["tp"] > 0) == (("malignant", True) in irregular)
    assert (cells["fn"] > 0) == (("malignant", False) in irregular)


def test_an_odds_ratio_of_a_sign_that_no_case_has_is_undefined_with_its_reason(analysis):
    tables = [
        (sign["counts"][centre], figures["odds_ratio"])
        for feature in result_of(analysis)["signs"]
        for side in feature["sides"]
        for sign in side["signs"]
        for centre, figures in sign["by_centre"].items()
        if "odds_ratio" in figures
    ]
    lonely = [estimate for cells, estimate in tables if cells["tp"] + cells["fp"] == 0]

    assert lonely
    assert {estimate["undefined"] for estimate in lonely} == {"no case has the sign"}


def test_levels_that_point_to_malignancy_are_those_of_the_form():
    assert levels_of(LYMPHUS.feature("necrosis")) == [("coagulative", "cystic")]
    assert levels_of(LYMPHUS.feature("hypoechoic")) == [("yes",)]
    assert len(levels_of(LYMPHUS.feature("prominent_echogenicity"))) == 3
    assert levels_of(LYMPHUS.feature("aspect_ratio")) == [()]


def test_the_figures_are_stored_once_and_hold_what_was_measured(analysis):
    result = result_of(analysis)
    names = [figure["name"] for figure in result["figures"]]

    assert names[:2] == ["agreement", "roc"]
    assert names[-1] == "masks"
    points = next(f for f in result["figures"] if f["name"] == "bland-altman-max_diameter_mm")["spec"]["data"]["values"]
    assert sum("difference" in point for point in points) == 36


def test_points_of_bland_altman_lie_over_its_lines_so_that_each_answers_to_the_pointer(analysis):
    figure = next(f for f in result_of(analysis)["figures"] if f["name"] == "bland-altman-max_diameter_mm")

    marks = [layer["mark"]["type"] for layer in figure["spec"]["spec"]["layer"]]

    assert marks == ["rule", "point"]
