"""A reader's home: what is next, how far, and nobody else's work."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from readers.assignments import save, start
from readers.models import ActivityInterval, Assignment
from tests.factories import make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = make_user("reader")
    client.force_login(user)
    return user


def words(client, name="worklist") -> str:
    return " ".join(client.get(reverse(name)).content.decode().split())


def submitted(assignment: Assignment, at: datetime | None = None, seconds: float = 0) -> None:
    """As if it had been read and submitted, that long."""
    reading, at = start(assignment), at or timezone.now()
    reading.state, reading.submitted_at, reading.saved_at = "submitted", at, at
    reading.save()
    if seconds:
        ActivityInterval.objects.create(
            assignment=assignment, started_at=at - timedelta(seconds=seconds), ended_at=at
        )  # fmt: skip


def own(study, reader):
    return list(Assignment.objects.filter(study=study, reader=reader).order_by("position"))


def test_a_reader_of_no_study_is_told_what_to_wait_for(client, reader):
    assert "No study is open to you." in words(client)


def test_home_of_each_role(client):
    homes = {}
    for role in ("reader", "trainee", "study lead", "data client"):
        client.force_login(make_user(role))
        homes[role] = client.get(reverse("home")).url

    assert homes["reader"] == reverse("worklist")
    assert homes["trainee"] == reverse("training")
    assert homes["study lead"] == reverse("study_list")


@pytest.mark.parametrize(
    ("role", "name"),
    [("trainee", "worklist"), ("study lead", "worklist"), ("curator", "worklist"), ("reader", "training")],
)
def test_a_list_is_not_there_for_those_without_its_role(client, role, name):
    client.force_login(make_user(role))

    assert client.get(reverse(name)).status_code == 404


def test_the_next_case_is_the_first_not_submitted(client, reader):
    study = make_study(3, readers=[reader], title="Two centres")
    submitted(own(study, reader)[0])

    text = words(client)

    assert "Next: case 2 of 3" in text
    assert "<b>1</b> submitted" in text
    assert "<b>2</b> to read" in text


def test_a_draft_is_resumed_where_it_was_left(client, reader):
    study = make_study(3, readers=[reader])
    second = own(study, reader)[1]
    body = {"answers": {"margin_regularity": {"value": "regular"}}, "write_id": "w1"}
    save(second, body, expected_version=start(second).version)

    text = words(client)

    assert "Next: case 2 of 3" in text
    assert "You stopped after 1 answer," in text


def test_a_draft_study_and_anothers_study_are_not_there(client, reader):
    make_study(2, readers=[reader], opened=False, title="Not open yet")
    make_study(2, 1, title="Of another reader")

    text = words(client)

    assert "Not open yet" not in text
    assert "Of another reader" not in text


def test_everything_submitted_says_so(client, reader):
    study = make_study(2, readers=[reader])
    for assignment in own(study, reader):
        submitted(assignment)

    assert "Nothing is waiting" in words(client)


def test_time_of_two_tabs_counts_once(client, reader):
    study = make_study(3, readers=[reader])
    first = own(study, reader)[0]
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    submitted(first, noon, seconds=120)
    ActivityInterval.objects.create(
        assignment=first, started_at=noon - timedelta(seconds=90), ended_at=noon
    )  # fmt: skip

    session = client.get(reverse("worklist")).context["sessions"][0]

    assert session[1:] == ("2\u00a0min 0\u00a0s", "2:00")


def test_time_left_is_said_at_ones_own_pace(client, reader):
    study = make_study(5, readers=[reader])
    submitted(own(study, reader)[0], seconds=150)

    assert "about <b>10 min</b> left, at your 2 min 30 s a case" in words(client)


def test_synthetic_images_are_said(client, reader):
    make_study(2, readers=[reader], dataset=make_dataset(2, synthetic=True))

    assert "Synthetic images" in words(client)


def test_training_stands_on_its_own_page(client):
    trainee = make_user("trainee")
    client.force_login(trainee)
    make_study(2, readers=[trainee], purpose="training", title="Mask practice")

    text = words(client, "training")

    assert "Mask practice" in text
    assert "Training, differences after every case." in text


def test_one_study_or_three_cost_the_same_queries(client, reader):
    study = make_study(3, readers=[reader])
    submitted(own(study, reader)[0], seconds=60)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("worklist"))
    for cases in (5, 7):
        later = make_study(cases, readers=[reader])
        submitted(own(later, reader)[0], seconds=60)

    with CaptureQueriesContext(connection) as three:
        client.get(reverse("worklist"))

    assert len(three) == len(one)


def test_nothing_of_a_case_but_its_place_is_on_the_page(client, reader):
    study = make_study(3, readers=[reader])
    case = own(study, reader)[0].case
    hidden = [case.public_id, case.provenance.archive, "Malignant", "malignant", case.centre.name]

    text = words(client)

    assert [value for value in hidden if value in text] == []
