"""Any table of ratings is analysed without a case or an image: real ratings of other fields, and what is refused."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from annotations.analyses.tables.work import analyse_table
from annotations.problems import InvalidSpec

SCALE = ["1", "2", "3", "4", "5"]
QUICK = {"resamples": 200}


def analysed(path, schema, **spec):
    return json.loads(analyse_table(path.read_bytes(), {"version": 1, **schema}, QUICK | spec))


def test_fleiss_diagnoses_by_readers_who_are_no_persons(shared):
    path = shared / "data/ratings/fleiss1971/diagnoses.csv"
    with path.open() as file:
        rows = list(csv.DictReader(file))
    readers = [f"rater{i}" for i in range(1, 7)]
    labels = sorted({row[reader] for row in rows for reader in readers})

    result = analysed(path, {
        "layout": "wide", "columns": {"case": "patient"}, "reader_columns": readers, "readers_interchangeable": True,
        "features": [{"code": "diagnosis", "kind": "nominal", "categories": labels}],
    })  # fmt: skip

    (feature,) = result["features"]
    assert feature["among_readers"]["overall"]["fleiss"]["value"] == pytest.approx(0.430, abs=5e-4)
    assert feature["pairs"] is None
    assert feature["against_reference"] == []
    assert result["went_in"]["cases"] == 30
    assert result["went_in"]["readers"] is None


def test_malignancy_of_the_lung_nodules_that_four_readers_marked(shared):
    result = analysed(shared / "data/ratings/lidc/lidc_ratings.csv", {
        "columns": {"case": "nodule", "reader": "reader_slot"}, "readers_interchangeable": True, "readings_per_case": 4,
        "features": [
            {"code": "malignancy", "kind": "score"},
            {"code": "malignancy_level", "column": "malignancy", "kind": "ordinal", "categories": SCALE},
            {"code": "internalStructure", "kind": "nominal", "categories": SCALE[:4], "missing": ["5"]},
        ],
    })  # fmt: skip

    score, ordinal, structure = result["features"]
    assert score["among_readers"]["overall"]["icc"]["value"] == pytest.approx(0.4671, abs=5e-5)
    assert score["among_readers"]["overall"]["icc"]["estimator"].startswith("ICC(1)")
    assert result["went_in"]["cases"] == 896
    assert result["went_in"]["cases_left_out"] == 2651 - 896
    assert {"alpha", "weighted_fleiss", "ac2"} <= set(ordinal["among_readers"]["overall"])
    assert "weighted_fleiss" not in structure["among_readers"]["overall"]


def test_nodules_of_one_patient_make_the_interval_wider(shared):
    schema = {"columns": {"case": "nodule", "reader": "reader_slot"}, "readers_interchangeable": True,
              "features": [{"code": "spiculation", "kind": "ordinal", "categories": SCALE}]}  # fmt: skip
    path = shared / "data/ratings/lidc/lidc_ratings.csv"
    alone = analysed(path, schema)["features"][0]["among_readers"]["overall"]["alpha"]
    columns = schema["columns"] | {"patient": "patient_id"}

    grouped = analysed(path, schema | {"columns": columns})["features"][0]["among_readers"]["overall"]["alpha"]

    assert grouped["value"] == alone["value"]
    assert grouped["interval"]["method"].endswith("of patients")
    assert grouped["se"] > alone["se"]


def test_two_arms_of_a_reader_study_are_compared(shared):
    result = analysed(shared / "data/ratings/mrmc/vandyke.csv", {
        "columns": {"case": "case", "reader": "reader", "arm": "treatment", "truth": "truth"},
        "truth": {"positive": "1", "negative": "0"},
        "features": [{"code": "rating", "kind": "ordinal", "categories": SCALE}],
    })  # fmt: skip

    averages = [entry["average"]["auc"]["value"] for entry in result["accuracy"]]
    assert averages == pytest.approx([0.8970, 0.9408], abs=5e-5)
    assert [entry["arm"] for entry in result["accuracy"]] == ["1", "2"]
    (comparison,) = result["comparisons"]
    (row,) = comparison["features"]
    # p of the difference under random readers and cases, as widely published (0.0517)
    assert row["difference"]["p"] == pytest.approx(0.0517, abs=2e-3)
    assert row["p_holm"] == row["difference"]["p"]


@pytest.mark.parametrize("name", ["franken", "kundel"])
def test_other_reader_studies_go_through_as_well(shared, name):
    result = analysed(shared / f"data/ratings/mrmc/{name}.csv", {
        "columns": {"case": "case", "reader": "reader", "arm": "treatment", "truth": "truth"},
        "truth": {"positive": "1", "negative": "0"},
        "features": [{"code": "rating", "kind": "ordinal", "categories": SCALE}],
    })  # fmt: skip

    assert all(0.5 < entry["average"]["auc"]["value"] < 1 for entry in result["accuracy"])


TABLE = """case,reader,centre,truth,shape,size,call
a,R,1,1,round,10.5,yes
a,S,1,1,round,11,yes
b,R,1,0,oval,7,no
b,S,1,0,round,7.5,no
c,R,2,1,?,20,yes
c,S,2,1,oval,21,no
d,R,2,0,oval,9,no
d,S,2,0,oval,,no
e,R,2,0,round,9,no
e,S,2,0,oval,8,yes
"""
SCHEMA = {
    "version": 1,
    "columns": {"case": "case", "reader": "reader", "centre": "centre", "truth": "truth"},
    "truth": {"positive": "1", "negative": "0"},
    "reference_reader": "S",
    "features": [
        {"code": "shape", "kind": "nominal", "categories": ["round", "oval"], "cannot_assess": ["?"]},
        {"code": "size", "kind": "continuous", "unit": "mm"},
        {"code": "call", "kind": "binary", "categories": ["no", "yes"], "positive": "yes"},
    ],
}


def test_a_reader_named_reference_is_compared_with_and_left_out_of_the_group():
    result = json.loads(analyse_table(TABLE.encode(), SCHEMA, QUICK))

    shape, size, call = result["features"]
    assert [side["reader"] for side in shape["against_reference"]] == ["R"]
    assert set(shape["against_reference"][0]["by_centre"]) == {"1", "2"}
    assert shape["among_readers"]["by_centre"]["1"]["fleiss"]["undefined"] == "only one reader"
    assert shape["answered"][0] == {"side": "R", "readings": 5, "value": 4, "cannot_assess": 1, "open": 0,
                                   "not_applicable": 0}  # fmt: skip
    assert size["against_reference"][0]["by_centre"]["1"]["bland_altman"]["value"] == -0.5
    assert {"positive", "negative"} <= set(call["against_reference"][0]["by_centre"]["1"])
    sensitivities = next(e for e in result["accuracy"] if e["code"] == "call")["readers"][0]["by_centre"]
    assert sensitivities["1"]["sensitivity"]["value"] == 1.0


def test_the_order_of_the_lines_changes_the_result_in_no_byte_but_the_hash():
    lines = TABLE.splitlines()
    turned = "\n".join([lines[0], *reversed(lines[1:])]) + "\n"
    first = json.loads(analyse_table(TABLE.encode(), SCHEMA, QUICK))
    second = json.loads(analyse_table(turned.encode(), SCHEMA, QUICK))

    for result in (first, second):
        result.pop("inputs_sha256")
    assert first == second


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"features": [{"code": "shape", "kind": "nominal", "categories": ["round", "oval"]}]}, "line 6.*“\\?”"),
        ({"features": [{"code": "shape", "kind": "fancy"}]}, "shape.kind"),
        ({"features": [{"code": "x", "kind": "score"}]}, "column “x”"),
        ({"columns": {"case": "case"}, "truth": None}, "columns"),
        ({"colour": 1}, "colour"),
        ({"reference_reader": "T"}, "reference_reader"),
        ({"truth": {"positive": "1", "negative": "2"}}, "line 4"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, said):
    with pytest.raises(InvalidSpec, match=said):
        analyse_table(TABLE.encode(), SCHEMA | change, QUICK)


def test_the_same_reader_twice_on_a_case_is_refused():
    with pytest.raises(InvalidSpec, match="each reader once a case"):
        analyse_table((TABLE + "a,R,1,1,round,10.5,yes\n").encode(), SCHEMA, QUICK)


def test_the_command_writes_what_the_function_says(tmp_path):
    (tmp_path / "t.csv").write_text(TABLE)
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA))
    out, said = tmp_path / "out.json", io.StringIO()

    call_command("analyse", table=tmp_path / "t.csv", schema=tmp_path / "s.json", out=out, resamples=200, stdout=said)

    assert out.read_bytes() == analyse_table(TABLE.encode(), SCHEMA, {"resamples": 200, "seed": 1})
    with pytest.raises(CommandError, match="Name a study"):
        call_command("analyse", table=tmp_path / "t.csv")
