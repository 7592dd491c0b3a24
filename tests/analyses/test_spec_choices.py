"""What a spec may choose: "cannot assess", comparisons with Holm's p, patients with several nodes; and older specs."""

from __future__ import annotations

import json

import pytest

from annotations.analyses import work
from annotations.analyses.multiplicity import holm
from annotations.analyses.spec import VERSION, complete_spec
from annotations.demo_readers import five_readers
from annotations.features import LYMPHUS
from annotations.models import Analysis, Case, Pathology, ReferenceSet
from annotations.problems import InvalidSpec
from annotations.revisions import append_revision
from readers.analyses import analyse_study
from readers.models import AssignmentReading
from readers.simulation import read_worklists
from readers.studies import lock_study
from tests.analyses.made import QUICK, closed_study, finished_analysis
from tests.factories import make_study

pytestmark = pytest.mark.django_db
ONE = {"features": ["margin_regularity"], "masks": False, "pathology": False}


def document(study, **spec):
    return json.loads(bytes(finished_analysis(study, **spec).result))


# --- multiplicity


def test_holm_against_hand_computed_values():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([None, 0.2, None]) == [None, 0.2, None]
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([]) == []


def test_holm_against_statsmodels():
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    ps = [0.001, 0.2, 0.04, 0.04, 0.011, 0.9]

    assert holm(ps) == pytest.approx(list(multitest.multipletests(ps, method="holm")[1]))


def test_a_comparison_is_a_family_and_the_primary_endpoint_is_outside_it():
    study = closed_study(n_cases=12)
    asked = {"comparisons": [{"readers": [2, 1], "planned": True}, {"readers": [1, 2]}],
             "primary": {"comparison": 0, "feature": "vascularity"}, "masks": False, "pathology": False}  # fmt: skip
    asked["primary"]["feature"] = LYMPHUS.categorical[2].code

    planned, exploratory = document(study, **asked)["comparisons"]

    assert [planned["exploratory"], exploratory["exploratory"]] == [False, True]
    roles = {row["feature"]: row["role"] for row in planned["features"]}
    assert [code for code, role in roles.items() if role == "primary"] == [asked["primary"]["feature"]]
    assert {row["role"] for row in exploratory["features"]} == {"family"}
    family = [row for row in planned["features"] if row["role"] == "family"]
    assert [row["p_holm"] for row in family] == pytest.approx(holm([row["difference"]["p"] for row in family]))
    assert any(row["p_holm"] is not None for row in family)
    assert next(row for row in planned["features"] if row["role"] == "primary")["p_holm"] is None
    assert planned["not_compared"] == [f.code for f in LYMPHUS.features if f.kind == "continuous"]


def test_the_other_way_round_the_difference_changes_its_sign_and_keeps_its_p():
    study = closed_study(n_cases=12)
    one, two = document(study, comparisons=[{"readers": [1, 2]}, {"readers": [2, 1]}], masks=False, pathology=False)[
        "comparisons"
    ]

    for a, b in zip(one["features"], two["features"], strict=True):
        assert a["difference"]["p"] == b["difference"]["p"]
        if a["difference"]["value"] is not None:
            assert a["difference"]["value"] == -b["difference"]["value"]


def test_there_is_no_test_against_a_kappa_of_0():
    found = document(closed_study(), **ONE)["features"][0]

    every = [found["among_readers"]["overall"], *(side["overall"] for side in found["against_reference"])]
    assert all(
        figures[name]["p"] is None
        for figures in every
        for name in ("kappa", "fleiss", "alpha", "ac1")
        if name in figures
    )


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("comparisons", [{"readers": [1, 1]}]),
        ("comparisons", [{"readers": [1, 9]}]),
        ("comparisons", [{"readers": [1, 2], "planned": "yes"}]),
        ("comparisons", "all"),
        ("primary", {"comparison": 0, "feature": "margin_regularity"}),
        ("weights", "cubic"),
        ("version", VERSION + 1),
        ("version", True),
        ("readers", [9]),
        ("readers", []),
        ("arms", [2]),
        ("revisions", "all"),
        ("reference", 5),
        ("statistics", ["beauty"]),
        ("primary", {"arms": [1, 1], "endpoint": "auc"}),
        ("cannot_assess", "guess"),
    ],
)
def test_a_choice_that_is_none_is_refused_by_name(entry, value):
    with pytest.raises(InvalidSpec, match=entry):
        complete_spec({entry: value}, LYMPHUS, [1, 2])


# --- older specs


def test_a_spec_of_version_1_stays_valid_and_stays_what_it_was():
    study = closed_study()
    analysis = finished_analysis(study, version=1, **ONE)

    assert analysis.spec["version"] == 1
    assert not {"comparisons", "weights", "primary"} & set(analysis.spec)
    assert json.loads(bytes(analysis.result))["comparisons"] == []


@pytest.mark.parametrize("entry", [{"weights": "linear"}, {"comparisons": []}, {"cannot_assess": "own_category"}])
def test_a_spec_of_version_1_knows_nothing_of_version_2(entry):
    with pytest.raises(InvalidSpec, match=next(iter(entry))):
        complete_spec({"version": 1, **entry}, LYMPHUS)


# --- which readings, which statistics


def test_readers_statistics_and_the_first_revision_are_chosen():
    study = closed_study(n_cases=4, n_readers=3)
    link = AssignmentReading.objects.filter(
        assignment__study=study, assignment__reader=study.places.get(number=2).user
    ).first()
    link.reading.score = 99
    link.reading.save()
    later = append_revision(link.reading, by=study.lead, reason="again")
    first, latest = (
        finished_analysis(study, readers=[2, 3], revisions=which, statistics=["ac1"], **ONE)
        for which in ("first", "latest")
    )

    margin = json.loads(bytes(first.result))["features"][0]
    assert [r["number"] for r in first.inputs["readers"]] == [2, 3]
    assert set(margin["among_readers"]["overall"]) == {"fleiss", "ac1"}
    frozen = [{r["revision"] for case in a.inputs["cases"] for r in case["readings"]} for a in (first, latest)]
    assert later.public_id not in frozen[0]
    assert later.public_id in frozen[1]


def test_another_reference_set_of_the_dataset_can_be_named_and_none_of_another():
    study = closed_study(n_cases=2)
    other = ReferenceSet.objects.create(dataset=study.dataset_version.dataset, name="Second", number=2)
    foreign = ReferenceSet.objects.exclude(dataset=study.dataset_version.dataset).first() or "NOSUCH"

    assert finished_analysis(study, reference=other.public_id, **ONE).inputs["reference_set"] == other.public_id
    with pytest.raises(InvalidSpec, match="reference"):
        analyse_study(study, by=study.lead, spec={"reference": str(foreign)})


# --- cannot assess


@pytest.fixture
def unsure():
    """A closed study in which the first reader could not assess the margin of three cases."""
    study = make_study(n_cases=8, n_readers=2, spacing=0.1, simulated=True)
    read_worklists(study, {r.number: r for r in five_readers()}, seed=1)
    own = AssignmentReading.objects.filter(assignment__study=study, assignment__reader=study.places.get(number=1).user)
    for link in own.order_by("pk")[:3]:
        revision = link.reading.revisions.unscoped().order_by("-number").first()
        revision.content["answers"]["margin_regularity"] = {"cannot_assess": True}
        type(revision).objects.unscoped().filter(pk=revision.pk).update(content=revision.content)
    return lock_study(study, study.lead)


def test_cannot_assess_is_out_of_the_pair_or_a_category_of_its_own_and_is_counted(unsure):
    excluded, own = (document(unsure, cannot_assess=how, strata="none", **ONE)["features"][0]
                     for how in ("exclude", "own_category"))  # fmt: skip

    assert excluded["answered"][0]["cannot_assess"] == own["answered"][0]["cannot_assess"] >= 3
    first, second = (found["against_reference"][0]["overall"] for found in (excluded, own))
    assert second["percent"]["n"]["cases"] - first["percent"]["n"]["cases"] >= 3
    assert "specific:cannot_assess" in second
    assert "specific:cannot_assess" not in first
    together = own["among_readers"]["overall"]
    assert together["alpha"]["value"] == excluded["among_readers"]["overall"]["alpha_with_cannot_assess"]["value"]
    assert together["alpha_without_cannot_assess"]["value"] == excluded["among_readers"]["overall"]["alpha"]["value"]


# --- several nodes of a patient


@pytest.fixture
def clustered():
    """Sixteen cases, two of each patient."""
    study = closed_study(n_cases=16)
    for centre in (1, 2):
        cases = list(Case.objects.filter(centre__number=centre).order_by("pk"))
        for one, two in zip(cases[::2], cases[1::2], strict=True):
            two.patient = one.patient
            two.save()
        for place, case in enumerate(cases):  # both classes in each centre, and in some patients
            Pathology.objects.filter(case=case).update(status="malignant" if place % 3 == 0 else "benign")
    return study


def test_patients_with_several_nodes_are_drawn_whole(clustered):
    found = document(clustered)

    assert found["went_in"]["patients"] == 8
    assert found["went_in"]["cases"] == 16
    margin = next(f for f in found["features"] if f["code"] == "margin_regularity")
    size = next(f for f in found["features"] if f["code"] == "max_diameter_mm")
    figures = [
        margin["among_readers"]["by_centre"]["1"]["alpha"],
        margin["against_reference"][0]["by_centre"]["1"]["percent"],
        size["among_readers"]["by_centre"]["1"]["icc"],
        size["against_reference"][0]["by_centre"]["1"]["bland_altman"],
    ]
    assert all("patients" in f["interval"]["method"] for f in figures if f["interval"])
    assert any(f["interval"] for f in figures)
    assert "of patients" in found["masks"][0]["by_centre"]["1"]["dice"]["interval"]["method"]
    reader = found["pathology"]["readers"][0]["by_centre"]["1"]
    assert reader["sensitivity"]["estimator"] == "k / n, variance between patients"
    assert "Obuchowski 1997" in reader["auc"]["estimator"]


def test_an_odds_ratio_has_no_clustered_form_and_says_so(clustered):
    sides = next(f for f in document(clustered)["signs"] if f["code"] == "margin_regularity")["sides"]
    ratios = [sign["by_centre"]["1"]["odds_ratio"] for side in sides for sign in side["signs"]]

    assert all(ratio["interval"] is None for ratio in ratios)
    assert any("several nodes" in (ratio["no_interval"] or "") for ratio in ratios)


def test_values_are_those_of_the_cases_whoever_they_belong_to(clustered):
    """Only intervals know of patients."""
    analysis = finished_analysis(clustered, **ONE)
    inputs = json.loads(json.dumps(analysis.inputs))
    for case in inputs["cases"]:
        case["patient"] = case["id"]
    alone = json.loads(work.compute(analysis.spec, inputs))["features"][0]["among_readers"]["by_centre"]
    grouped = json.loads(bytes(analysis.result))["features"][0]["among_readers"]["by_centre"]

    for centre in ("1", "2"):
        assert {n: e["value"] for n, e in alone[centre].items()} == {n: e["value"] for n, e in grouped[centre].items()}


def test_a_comparison_names_readers_of_the_study():
    study = closed_study(n_cases=4)

    with pytest.raises(InvalidSpec, match="comparisons"):
        analyse_study(study, by=study.lead, spec={**QUICK, "comparisons": [{"readers": [1, 3]}]})

    assert not Analysis.objects.exists()


# --- the readers' own consensus


def test_masks_are_compared_with_the_majority_and_staple_of_three_readers():
    found = document(closed_study(n_cases=6, n_readers=3), features=["margin_regularity"], pathology=False)

    consensus = found["mask_consensus"]
    assert len(consensus["cases"]) == 6
    assert consensus["left_out"] == 0
    assert [side["reader"] for side in consensus["readers"]] == [1, 2, 3]
    for side in consensus["readers"]:
        for kind in ("majority", "staple"):
            dice = side[kind]["by_centre"]["1"]["dice"]
            assert 0.5 < dice["value"] <= 1
            assert dice["n"]["cases"] == 3
    first = consensus["cases"][0]
    assert len(first["staple"]["sensitivity"]) == 3
    assert first["area_px"]["majority"] > 0


def test_two_readers_have_no_consensus_and_it_is_counted():
    consensus = document(closed_study(n_cases=4), features=["margin_regularity"], pathology=False)["mask_consensus"]

    assert consensus["left_out"] == 4
    assert "fewer than three" in consensus["left_out_because"]
    assert consensus["readers"][0]["staple"]["by_centre"]["1"]["dice"]["undefined"] == "there are no cases"
