"""A dataset version is analysed without a study: its reference against the pathology, and other reference sets beside it."""

from __future__ import annotations

import io
import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from annotations.analyses.verbs import request_version_analysis
from annotations.datasets import publish_version
from annotations.models import Analysis, Case, Image, Pathology, Reading, ReadingRevision, ReferenceReading, Source
from annotations.problems import InputsChanged, InvalidSpec
from annotations.revisions import append_revision
from tests.analyses.made import QUICK, another_set, finished_version_analysis, published

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CODE = "margin_regularity"


def result_of(version, **spec):
    return json.loads(bytes(finished_version_analysis(version, **spec).result))


def answers_of(reference_set, code=CODE):
    """Case key → what the set says of that feature."""
    rows = ReferenceReading.objects.filter(reference_set=reference_set).select_related("reading")
    return {row.case_id: row.reading.answers.get(code, {}).get("value") for row in rows}


def test_without_another_reading_each_feature_stands_against_the_pathology():
    version = published(9)

    result = result_of(version)

    said, status = answers_of(version.reference_set), dict(Pathology.objects.values_list("case", "status"))
    centre = dict(Case.objects.values_list("pk", "centre__number"))
    for number in (1, 2):
        by_hand = Counter((said[c] == "irregular", status[c] == "malignant") for c in said if centre[c] == number)
        cells = {"tp": (True, True), "fp": (True, False), "fn": (False, True), "tn": (False, False)}
        (sign,) = next(f for f in result["signs"] if f["code"] == CODE)["sides"][0]["signs"]
        assert sign["counts"][str(number)] == {name: by_hand[cell] for name, cell in cells.items()}
    assert [len(feature["sides"]) for feature in result["signs"]] == [1] * 16
    assert (result["went_in"]["cases"], result["went_in"]["references"], result["went_in"]["readers"]) == (9, 9, [])
    assert result["absent"] == ["There is no other reading than the reference: nothing to agree with."]
    assert {result[name] for name in ("masks", "mask_pairs", "mask_consensus", "pathology", "averages")} == {None}
    assert (result["figures"], result["comparisons"], result["intra"]) == ([], [], [])
    assert {(f["among_readers"], f["pairs"], *f["against_reference"]) for f in result["features"]} == {(None, None)}
    assert result["features"][0]["answered"][0]["readings"] == 9


def test_another_set_agrees_as_it_does_by_hand():
    version = published(12)
    other = another_set(version.dataset, "Second expert")

    result = result_of(version)

    one, two = answers_of(version.reference_set), answers_of(other)
    same = sum(one[c] == two[c] for c in one) / len(one)
    part = next(f for f in result["features"] if f["code"] == CODE)
    whole = result_of(version, strata="none")
    pooled = next(f for f in whole["features"] if f["code"] == CODE)["against_reference"][0]["overall"]
    chance = sum((Counter(one.values())[v] / 12) * (Counter(two.values())[v] / 12) for v in set(one.values()))
    assert pooled["percent"]["value"] == pytest.approx(same, abs=1e-9)
    assert pooled["kappa"]["value"] == pytest.approx((same - chance) / (1 - chance), abs=1e-9)
    assert part["among_readers"] is None
    assert result["went_in"]["readers"] == [
        {"id": other.public_id, "label": "Second expert", "number": 2, "simulated": False}
    ]
    assert [reason.split(":")[0] for reason in result["absent"]] == [
        "There is one other reading than the reference",
        "No other reading has a score or a call",
    ]
    assert len(result["masks"][0]["cases"]) == 12
    assert result["pathology"] is None
    assert [side["side"] for side in result["signs"][0]["sides"]] == ["reference", "2"]


def test_a_model_with_scores_is_right_or_wrong_and_two_sets_agree_among_themselves():
    version = published(9)
    another_set(version.dataset, "Model", kind="model", score=70, call="malignant")
    another_set(version.dataset, "Second expert", seed=40)

    result = result_of(version)

    assert result["absent"] == []
    assert result["pathology"]["readers"][0]["stratified"]["sensitivity"]["value"] == 1
    assert result["features"][0]["among_readers"]["overall"]["icc"]["n"]["readers"] == 2


def test_the_same_question_gives_the_same_bytes_and_is_reproduced_also_from_its_bundle(tmp_path):
    version = published(6)
    another_set(version.dataset, "Second expert")
    first, second = (finished_version_analysis(version) for _ in range(2))
    said = io.StringIO()

    call_command("bundle_analysis", first.public_id, out=tmp_path / "a.zip", stdout=io.StringIO())
    for name in (first.public_id, str(tmp_path / "a.zip")):
        call_command("reproduce", name, stdout=said)

    assert bytes(first.result) == bytes(second.result)
    assert said.getvalue().count(f"the same {len(bytes(first.result))} bytes") == 2


def test_a_version_says_what_it_said_when_it_was_published():
    """A reference revised, a scale measured and an answer turned over since: the version's own count, and that is said."""
    version = published(6, spacing=None)
    before = result_of(version)
    reading = ReferenceReading.objects.filter(reference_set=version.reference_set).first().reading
    reading.answers = {**reading.answers, CODE: {"value": "cannot_assess"}}
    reading.save()
    append_revision(reading, by=None, reason="looked again")
    Image.objects.filter(case=reading.case_id).update(spacing_row_mm=0.2, spacing_col_mm=0.2, spacing_source="ruler")

    after = result_of(version)

    assert after["signs"] == before["signs"]
    assert after["went_in"]["scaled"] == 0
    assert after["went_in"]["notes"] == before["went_in"]["notes"] | {
        "references_revised_since": 1,
        "scales_changed_since": 1,
    }


def test_a_scale_taken_away_since_is_the_one_that_was_published():
    version = published(4, spacing=0.1)
    Image.objects.update(spacing_row_mm=0.3, spacing_col_mm=0.3)

    inputs = request_version_analysis(version, spec=QUICK, by=None).inputs

    assert [c["spacing"] for c in inputs["cases"]] == [
        {"row_mm": 0.1, "col_mm": 0.1, "source": "as published with the version"}
    ] * 4


def test_a_reference_that_is_not_as_the_manifest_names_it_is_refused_by_its_case():
    version = published(4)
    revision = ReadingRevision.objects.first()
    ReadingRevision.objects.filter(pk=revision.pk).update(sha256="0" * 64)

    with pytest.raises(InputsChanged, match=f"The reference reading of case {revision.reading.case.public_id} is not"):
        request_version_analysis(version, spec=QUICK, by=None)

    assert not Analysis.objects.exists()


def test_a_case_left_out_since_is_left_out_and_counted():
    version = published(6)
    Case.objects.filter(pk=Case.objects.first().pk).update(state="excluded")

    went_in = result_of(version)["went_in"]

    assert (went_in["cases"], went_in["notes"]["cases_left_out_since"]) == (5, 1)
    Case.objects.update(state="excluded")
    with pytest.raises(InvalidSpec, match="No case of this version is in the dataset any more"):
        request_version_analysis(version, spec=QUICK, by=None)


def test_a_reading_is_not_compared_with_itself():
    """A reference is read anew: version 2 has a set of its own, which differs from version 1's in that one reading."""
    version = published(6)
    old = ReferenceReading.objects.filter(reference_set=version.reference_set).first().reading
    newer = another_set(version.dataset, "to be thrown away")
    chosen = newer.members.get(case=old.case_id).reading
    newer.members.all().delete()
    Reading.objects.filter(source=chosen.source).exclude(pk=chosen.pk).update(state="draft")
    second = publish_version(version.dataset)

    went_in = result_of(second)["went_in"]

    assert second.number == 2
    assert [reader["number"] for reader in went_in["readers"]] == [1]
    assert (went_in["readings"], went_in["notes"]["readings_counted_once"]) == (1, 5)


def test_what_readers_said_is_seen_through_their_study_and_never_here():
    version = published(4)
    mixed = another_set(version.dataset, "Readers", kind="user")

    assert result_of(version)["went_in"]["readers"] == []
    with pytest.raises(InvalidSpec, match="reference: expected"):
        request_version_analysis(version, spec={"reference": mixed.public_id}, by=None)


def test_sets_are_picked_by_number_and_another_may_be_the_reference():
    version = published(4)
    second, third = (another_set(version.dataset, name, seed=n) for n, name in ((50, "Second"), (90, "Third")))

    Source.objects.filter(name="Source of Third").update(simulated=True)
    picked = request_version_analysis(version, spec={"readers": [3]}, by=None)
    turned = request_version_analysis(version, spec={"reference": second.public_id, "readers": [3, 1]}, by=None)

    assert [(reader["id"], reader["simulated"]) for reader in picked.inputs["readers"]] == [(third.public_id, True)]
    assert turned.inputs["reference_set"] == second.public_id
    assert [reader["number"] for reader in turned.inputs["readers"]] == [1, 3]
    assert turned.spec["readers"] is None  # all the others are named


def test_without_pathology_or_reference_it_is_said_and_nothing_breaks():
    version = published(4)
    Pathology.objects.all().delete()

    signs = result_of(version)["signs"]

    undefined = {
        own["undefined"] for f in signs for sign in f["sides"][0]["signs"] for own in sign["by_centre"]["1"].values()
    }
    assert None not in undefined
    version.reference_set = None
    ReferenceReading.objects.all().delete()
    with pytest.raises(InvalidSpec, match="This version has no reference reading"):
        request_version_analysis(version, spec=QUICK, by=None)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"readers": [2]}, "readers: expected none, for there is no other reading, got “2”"),
        ({"comparisons": [{"readers": [1, 2]}]}, "comparisons: expected none, for there is no other reading, got “1”"),
        ({"pathology": False}, "There is no other reading than the reference: without the pathology"),
        ({"reference": "NO\0SUCH"}, "reference: expected "),
        ({"reference": 7}, "reference: expected "),
        ({"arms": [2]}, "arms: expected 1, got “2”"),
    ],
)
def test_what_a_version_cannot_be_asked_is_refused_in_a_sentence(spec, sentence):
    with pytest.raises(InvalidSpec, match=sentence):
        request_version_analysis(published(4), spec=spec, by=None)


def test_by_command_the_newest_version_or_the_one_named(tmp_path, capsys):
    version = published(6)
    slug, out = version.dataset.slug, tmp_path / "result.json"

    call_command("analyse", dataset=slug, out=out, resamples=200, seed=5)
    call_command("analyse", dataset=f"{slug}@1", print_spec=True, seed=5)

    stored = Analysis.objects.get()
    printed = capsys.readouterr().out
    assert out.read_bytes() == bytes(stored.result) == bytes(finished_version_analysis(version).result)
    assert stored.result_sha256 in printed
    assert json.loads(printed[printed.index("{") :])["seed"] == 5
    for name in (f"{slug}@2", "nowhere", f"{slug}@x"):
        with pytest.raises(CommandError, match=f"There is no published version “{name}”"):
            call_command("analyse", dataset=name)
    with pytest.raises(CommandError, match="Name a study, a dataset"):
        call_command("analyse", "astudy", dataset=slug)
