"""The whole question by page, by REST and by command: the same choices are the same spec and the same bytes."""

from __future__ import annotations

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from annotations.analyses.coefficients import STATISTICS
from annotations.analyses.spec import DEFAULTS
from annotations.analyses.work import run_analysis
from annotations.features import LYMPHUS
from annotations.models import Analysis, ReferenceSet
from readers.analyses import analyse_study
from readers.analysis_forms import AnalyseForm
from readers.analysis_subjects import subject_of_study
from tests.analyses.made import closed_study
from tests.api import assert_problem, client_of
from tests.factories import make_study

pytestmark = pytest.mark.django_db
CHOSEN = {
    "features": ["max_diameter_mm", "margin_regularity"], "masks": False, "pathology": True, "readers": [1, 3],
    "cannot_assess": "own_category", "strata": "none", "revisions": "first", "statistics": ["percent", "alpha"],
    "weights": "linear", "level": 0.9, "resamples": 250, "seed": 12, "nsd_tolerance_mm": 0.5,
    "intervals_over": "both",
    "comparisons": [{"readers": [3, 1], "planned": True}], "primary": {"comparison": 0, "feature": "margin_regularity"},
}  # fmt: skip


@pytest.fixture
def study():
    return closed_study(n_cases=6, n_readers=3)


def fields_at_first(subject) -> dict:
    """What a browser sends of the page as it stands."""
    form = AnalyseForm(subject=subject)
    sent = {"whole": "1", "rows": str(form.rows)}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        if value is not None and value is not False:
            sent[name] = "on" if value is True else value
    return sent


def post(study, **changes):
    sent = fields_at_first(subject_of_study(study)) | changes
    sent = {name: value for name, value in sent.items() if value is not None}
    return client_of(study.lead).post(reverse("study_analyse", args=[study.public_id]), sent)


def by_page(study, **changes) -> Analysis:
    response = post(study, **changes)
    assert response.status_code == 302, response.content.decode()
    return Analysis.objects.latest("pk")


def by_rest(study, spec) -> Analysis:
    address = f"/api/v1/studies/{study.public_id}/analyses/"
    response = client_of(study.lead).post(address, {"spec": spec}, content_type="application/json")
    assert response.status_code == 201, response.content
    return Analysis.objects.get(public_id=response.json()["id"])


def by_command(study, spec, tmp_path, *words) -> str:
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    said = io.StringIO()
    call_command("analyse", study.public_id, "--spec", str(tmp_path / "spec.json"), *words, stdout=said)
    return said.getvalue()


def bytes_of(analysis: Analysis) -> bytes:
    if analysis.state != "done":
        assert run_analysis(analysis.pk)
        analysis.refresh_from_db()
    assert analysis.state == "done", analysis.error
    return bytes(analysis.result)


def test_the_same_choices_are_the_same_spec_and_bytes_by_page_rest_and_command(study, tmp_path):
    page = by_page(
        study, features=CHOSEN["features"][::-1], masks=None, readers=["1", "3"], cannot_assess="own_category", strata="none",
        revisions="first", statistics=CHOSEN["statistics"], weights="linear", level="90", resamples="250", seed="12",
        nsd_tolerance_mm="0.5", intervals_over="both", one_0="3", two_0="1", planned_0="on", primary="comparison 0",
        primary_feature="margin_regularity",
    )  # fmt: skip
    rest = by_rest(study, CHOSEN)
    by_command(study, CHOSEN, tmp_path, "--out", str(tmp_path / "out.json"))
    command = Analysis.objects.latest("pk")

    assert page.spec == rest.spec == command.spec
    assert page.spec == {**DEFAULTS, **CHOSEN, "arms": None, "reference": None}
    assert bytes_of(page) == bytes_of(rest) == bytes_of(command) == (tmp_path / "out.json").read_bytes()


def test_the_page_as_it_stands_asks_what_an_empty_spec_asks(study, tmp_path):
    page, rest = by_page(study), by_rest(study, {})

    assert page.spec == rest.spec == json.loads(by_command(study, {}, tmp_path, "--print-spec"))
    assert page.spec == {**DEFAULTS, "features": list(LYMPHUS.codes)}


def test_to_name_everything_is_to_ask_for_everything(study):
    own = study.reference_set.public_id
    named = {"readers": [3, 2, 1], "arms": [1], "statistics": list(STATISTICS), "reference": own}

    assert by_rest(study, named).spec == by_rest(study, {}).spec


def test_another_reference_is_chosen_by_page(study):
    other = ReferenceSet.objects.create(dataset=study.dataset_version.dataset, name="Panel", number=2)

    assert by_page(study, reference=other.public_id).spec["reference"] == other.public_id


def test_print_spec_reads_the_standard_input_and_computes_nothing(study, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO('{"seed": 4}'))
    said = io.StringIO()

    call_command("analyse", study.public_id, "--spec", "-", "--print-spec", "--resamples", "300", stdout=said)

    spec = json.loads(said.getvalue())
    assert (spec["seed"], spec["resamples"], spec["readers"]) == (4, 300, None)
    assert not Analysis.objects.exists()


@pytest.mark.parametrize(
    ("content", "names"), [('{"seed": -1}', "seed"), ("[]", "object"), ("{", "Expecting"), ('{"sead": 1}', "sead")]
)
def test_the_command_refuses_a_spec_with_a_sentence(study, tmp_path, content, names):
    (tmp_path / "s.json").write_text(content)

    with pytest.raises(CommandError, match=names):
        call_command("analyse", study.public_id, "--spec", str(tmp_path / "s.json"))
    assert not Analysis.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"features": None}, "features"),
        ({"readers": None}, "readers"),
        ({"resamples": "10"}, "resamples"),
        ({"seed": "x"}, "seed"),
        ({"level": "20"}, "level"),
        ({"one_0": "1", "two_0": "1"}, "two_0"),
        ({"one_0": "1"}, "two_0"),
        ({"one_0": "1", "two_0": "2", "readers": ["1", "3"]}, "two_0"),
        ({"primary": "comparison 0"}, "primary"),
        ({"one_0": "1", "two_0": "2", "primary": "comparison 0"}, "primary_feature"),
    ],
)
def test_what_is_refused_is_said_beside_its_field(study, changes, field):
    response = post(study, **changes)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not Analysis.objects.exists()


def test_one_more_comparison_keeps_what_was_chosen(study):
    response = post(study, one_0="2", two_0="3", seed="77", more="1")

    form = response.context["form"]
    assert (response.status_code, form.rows, form.unfolded) == (200, 2, True)
    assert (form["one_0"].value(), form["seed"].value()) == ("2", "77")
    assert not Analysis.objects.exists()
    spec = by_page(
        study, rows="2", one_1="2", two_1="3", primary="comparison 1", primary_feature="margin_regularity"
    ).spec
    assert spec["comparisons"] == [{"readers": [2, 3], "planned": False}]
    assert spec["primary"] == {"comparison": 0, "feature": "margin_regularity"}


def test_the_primary_endpoint_of_two_arms_is_chosen_by_page(study):
    study.arms.create(number=2, label="aided")

    spec = by_page(study, arms=["1", "2"], primary="1 2 auc").spec

    assert spec["primary"] == {"arms": [1, 2], "endpoint": "auc"}


def test_the_page_is_its_leads_alone_and_an_open_study_is_told_so(study):
    address = reverse("study_analyse", args=[study.public_id])
    assert client_of(study.lead).get(address).status_code == 200
    assert client_of(make_study(n_cases=1).lead).get(address).status_code == 404
    still_open = make_study(n_cases=1)

    response = client_of(still_open.lead).get(reverse("study_analyse", args=[still_open.public_id]), follow=True)

    assert "The study is not closed" in response.content.decode()


def test_rest_refuses_an_entry_beside_the_spec(study):
    address = f"/api/v1/studies/{study.public_id}/analyses/"
    response = client_of(study.lead).post(address, {"resamples": 300}, content_type="application/json")

    assert response.status_code == 400
    assert_problem(response, 400, response.json()["code"])
    assert not Analysis.objects.exists()


def test_the_stored_spec_is_the_one_that_was_printed(study, tmp_path):
    printed = json.loads(by_command(study, CHOSEN, tmp_path, "--print-spec"))

    assert analyse_study(study, by=study.lead, spec=printed).spec == printed
