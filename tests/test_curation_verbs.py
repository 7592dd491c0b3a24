"""What curators do to a case: one transaction each, a remark each, and what follows for studies and versions."""

import pytest
from django.urls import reverse

from annotations.curation import calibrate_image, exclude_case, include_case, set_markings
from annotations.datasets import publish_version
from annotations.models import Case, Provenance
from annotations.problems import InvalidAnswer, InvalidSpec, NoPermission, NotAllowedNow
from readers.models import Assignment
from readers.studies import lock_study
from tests.api import assert_problem, client_of
from tests.factories import first_assignment, make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator():
    return make_user("curator", username="ada")


@pytest.fixture
def case():
    return Case.objects.filter(dataset=make_dataset(3)).first()


def remarks(case) -> list[tuple[str, str]]:
    return [(r["by"], r["text"]) for r in Provenance.objects.get(case=case).remarks]


def test_a_case_left_out_has_its_reason_and_a_remark(case, curator):
    exclude_case(case, "  same as   another ", by=curator)

    stored = Case.objects.get(pk=case.pk)
    assert stored.state == "excluded"
    assert stored.provenance.excluded_reason == "same as another"
    assert remarks(case) == [("ada", "Left out: same as another")]


def test_a_case_taken_in_again_keeps_both_remarks(case, curator):
    exclude_case(case, "blurred", by=curator)
    include_case(case, "looked again", by=curator)

    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.provenance.excluded_reason) == ("included", "")
    assert remarks(case) == [("ada", "Left out: blurred"), ("ada", "Taken in again: looked again")]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_without_a_reason_or_with_a_novel_nothing_is_written(case, curator, reason):
    with pytest.raises(InvalidSpec):
        exclude_case(case, reason, by=curator)

    assert Case.objects.get(pk=case.pk).state == "included"
    assert remarks(case) == []


def test_the_second_of_two_curators_is_told(case, curator):
    other = Case.objects.get(pk=case.pk)
    exclude_case(case, "first", by=curator)

    with pytest.raises(NotAllowedNow):
        exclude_case(other, "second", by=make_user("curator"))

    assert Case.objects.get(pk=case.pk).provenance.excluded_reason == "first"
    assert remarks(case) == [("ada", "Left out: first")]


@pytest.mark.parametrize("role", ["data client", "study lead", "reader"])
def test_only_a_curator_may(case, role):
    person = make_user(role)
    image = case.images.get()
    for verb in (
        lambda: exclude_case(case, "x", by=person),
        lambda: include_case(case, "x", by=person),
        lambda: set_markings(case, ["arrow"], by=person),
        lambda: calibrate_image(image, [0, 0, 10, 0], 1, by=person),
    ):
        with pytest.raises(NoPermission):
            verb()
    assert remarks(case) == []


def test_a_case_left_out_is_not_in_the_next_version_and_stays_in_the_last(case, curator):
    before = case.dataset.versions.get(number=1)
    exclude_case(case, "blurred", by=curator)

    after = publish_version(case.dataset, by=curator)

    assert (before.members.count(), after.members.count()) == (3, 2)
    assert not after.members.filter(case=case).exists()


def test_a_reader_in_an_open_study_is_no_longer_asked_for_it(curator):
    study = make_study(3)
    row = first_assignment(study)
    reader = client_of(row.reader)
    address = reverse("api:assignment-image", args=[row.public_id])
    assert reader.get(address).status_code == 200

    exclude_case(row.case, "blurred", by=curator)

    assert_problem(reader.get(address), 409, "case_excluded")
    assert row.public_id not in reader.get(reverse("worklist")).content.decode()
    assert list(Assignment.objects.visible_to(row.reader).unlocked().filter(case=row.case)) == []


def test_markings_are_stored_in_one_order_and_said_once(case, curator):
    assert set_markings(case, ["text", "arrow", "arrow"], by=curator) is True
    assert set_markings(case, ["arrow", "text"], by=curator) is False
    assert set_markings(case, [], by=curator) is True

    assert Case.objects.get(pk=case.pk).markings == []
    assert remarks(case) == [("ada", "Markings: Arrow, Text"), ("ada", "Markings: none")]


def test_an_unknown_marking_is_refused(case, curator):
    with pytest.raises(InvalidSpec):
        set_markings(case, ["arrow", "stamp"], by=curator)

    assert Case.objects.get(pk=case.pk).markings == []


def test_a_ruler_gives_the_scale(case, curator):
    image = case.images.get()

    calibrate_image(image, [10, 0, 10, 40], 8, by=curator)

    image.refresh_from_db()
    assert (image.spacing_row_mm, image.spacing_col_mm) == (0.2, 0.2)
    assert image.calibration == {"points": [10, 0, 10, 40], "mm": 8}
    assert (image.spacing_by, image.spacing_source) == (curator, "calibrated on the image's ruler")
    assert remarks(case) == [("ada", "Scale: 0.2000 mm per px, 8 mm on the image's ruler")]


@pytest.mark.parametrize("points", [[0, 0, 0, 0], [0, 0, 61, 0], [-1, 0, 5, 5], [0, 0, float("nan"), 5]])
def test_a_ruler_outside_the_image_or_without_length_gives_none(case, curator, points):
    with pytest.raises(InvalidAnswer):
        calibrate_image(case.images.get(), points, 8, by=curator)

    assert case.images.get().spacing is None


def test_the_scale_stays_while_a_study_is_open_and_may_change_afterwards(curator):
    study = make_study(2)
    case = first_assignment(study).case
    image = case.images.get()
    with pytest.raises(NotAllowedNow):
        calibrate_image(image, [0, 0, 10, 0], 1, by=curator)
    assert case.images.get().spacing is None

    lock_study(study, study.lead)
    calibrate_image(image, [0, 0, 10, 0], 1, by=curator)

    assert case.images.get().spacing_row_mm == 0.1
