"""A lead's pages: list, one-page form, detail, and the lock that asks twice."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from readers.models import Study
from readers.simulation import mark_simulated
from tests.factories import make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(client):
    user = make_user("study lead")
    client.force_login(user)
    return user


def page(client, name, *args):
    return client.get(reverse(name, args=args))


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_lead_without_studies_is_told_what_a_study_is(client, lead):
    assert "You lead no study yet." in words(page(client, "study_list"))


def test_a_lead_sees_own_studies_and_no_others(client, lead):
    own = make_study(lead=lead, title="Mine alone")
    make_study(title="Of somebody else")

    text = words(page(client, "study_list"))

    assert own.title in text
    assert "Of somebody else" not in text


@pytest.mark.parametrize("role", ["reader", "trainee", "curator", "data client"])
@pytest.mark.parametrize("name", ["study_list", "study_new"])
def test_a_study_page_is_not_there_for_other_roles(client, role, name):
    client.force_login(make_user(role))

    assert page(client, name).status_code == 404


@pytest.mark.parametrize("role", ["reader", "trainee", "study lead", "curator", "data client"])
@pytest.mark.parametrize("name", ["study_detail", "study_lock", "study_reader_add"])
def test_anothers_study_is_the_same_404_as_one_that_does_not_exist(client, role, name):
    study = make_study(lead=make_user("study lead"))
    client.force_login(make_user(role))

    theirs, nobodys = page(client, name, study.public_id), page(client, name, "2222222222222222")

    assert theirs.status_code == nobodys.status_code == 404
    assert len(theirs.content) - len(study.public_id) == len(nobodys.content) - 16 or theirs.content == nobodys.content


def asked(dataset, **changes):
    version = dataset.versions.get(number=1)
    return {
        "title": "Two centres", "purpose": "study", "feedback": "never", "ask_prominent": "heterogeneous",
        "score_style": "vas", "exposed_readers": "leave_out", "version": version.public_id, "take": "all",
        "readers": [make_user("reader").pk, make_user("reader").pk], "seed": "20260918",
    } | changes  # fmt: skip


def test_a_study_is_made_in_one_page(client, lead):
    dataset = make_dataset(4)

    response = client.post(reverse("study_new"), asked(dataset))

    study = Study.objects.get()
    assert response.url == reverse("study_detail", args=[study.public_id])
    assert (study.state, study.order_seed, len(study.case_ids), study.places.count()) == ("draft", 20260918, 4, 2)


def test_a_sample_is_the_same_for_the_same_seed(client, lead):
    dataset = make_dataset(9)
    for seed in ("5", "5", "6"):
        client.post(reverse("study_new"), asked(dataset, take="sample", sample_size="4", seed=seed))

    first, again, other = (study.case_ids for study in Study.objects.order_by("pk"))

    assert first == again != other
    assert len(first) == 4


def test_cases_are_chosen_by_centre_and_without_marked_images(client, lead):
    dataset = make_dataset(6)
    marked = dataset.cases.filter(centre__number=2).first()
    marked.markings = ["arrow"]
    marked.save()

    client.post(reverse("study_new"), asked(dataset, centres=["2"], without_marked="on"))

    chosen = dataset.cases.filter(public_id__in=Study.objects.get().case_ids)
    assert set(chosen.values_list("centre__number", flat=True)) == {2}
    assert chosen.count() == 2
    assert marked not in chosen


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": ""}, "title", "A study has a title; readers see it on their worklist."),
        ({"take": "sample", "sample_size": ""}, "sample_size", "Say how many cases the sample has."),
        ({"take": "sample", "sample_size": "5"}, "sample_size", "Only 4 cases match; ask for at most as many."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(client, lead, changes, field, sentence):
    response = client.post(reverse("study_new"), asked(make_dataset(4), **changes))

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert not Study.objects.exists()


def test_a_trainee_is_refused_a_place_in_a_reader_study(client, lead):
    trainee = make_user("trainee", username="tess")

    response = client.post(reverse("study_new"), asked(make_dataset(2), readers=[trainee.pk]))

    assert response.context["form"].errors["readers"] == ["“tess” does not have the role that reads in this study."]


def test_a_draft_is_opened_and_its_worklists_are_drawn(client, lead):
    study = make_study(3, 2, lead=lead, opened=False)

    client.post(reverse("study_open", args=[study.public_id]))

    study.refresh_from_db()
    assert (study.state, study.assignments.count()) == ("open", 6)


def test_a_study_without_readers_says_so_and_stays_a_draft(client, lead):
    study = make_study(3, 0, lead=lead, opened=False)

    response = client.post(reverse("study_open", args=[study.public_id]), follow=True)

    study.refresh_from_db()
    assert study.state == "draft"
    assert "Add a reader before opening the study." in words(response)


def lock(client, study, **said):
    return client.post(reverse("study_lock", args=[study.public_id]), said)


def test_the_first_press_asks_and_locks_nothing(client, lead):
    study = make_study(3, lead=lead)

    response = lock(client, study)

    study.refresh_from_db()
    assert study.state == "open"
    assert "3 are not, and cannot be afterwards." in words(response)


def test_the_second_press_must_say_that_it_is_meant(client, lead):
    study = make_study(3, lead=lead)

    response = lock(client, study, submitted="0")

    study.refresh_from_db()
    assert (response.status_code, study.state) == (422, "open")


def test_a_reading_that_came_in_meanwhile_is_asked_about_again(client, lead):
    study = make_study(3, lead=lead)

    response = lock(client, study, submitted="1", sure="on")

    study.refresh_from_db()
    assert (response.status_code, study.state) == (422, "open")
    assert "A reading came in since you were asked." in words(response)


def test_the_second_press_locks(client, lead):
    study = make_study(3, lead=lead)

    response = lock(client, study, submitted="0", sure="on")

    study.refresh_from_db()
    assert (response.status_code, study.state) == (302, "locked")


def test_before_the_lock_a_sentence_stands_where_accuracy_would_be(client, lead):
    study = make_study(3, lead=lead)
    before = words(page(client, "study_detail", study.public_id))
    lock(client, study, submitted="0", sure="on")

    after = words(page(client, "study_detail", study.public_id))

    assert "No accuracy and no agreement before the lock." in before
    assert "No accuracy and no agreement before the lock." not in after


def test_a_reader_is_added_to_an_open_study(client, lead):
    study = make_study(3, 1, lead=lead)
    late = make_user("reader")

    client.post(reverse("study_reader_add", args=[study.public_id]), {"reader": late.pk})

    assert study.assignments.filter(reader=late).count() == 3


def test_a_person_with_a_place_is_not_offered_again(client, lead):
    study = make_study(3, 1, lead=lead)

    response = client.post(
        reverse("study_reader_add", args=[study.public_id]), {"reader": study.places.get().user_id}
    )  # fmt: skip

    assert response.status_code == 422
    assert study.places.count() == 1


def test_a_reader_is_withdrawn_with_a_reason(client, lead):
    study = make_study(3, 2, lead=lead)

    client.post(reverse("study_reader_withdraw", args=[study.public_id, 2]), {"reason": "on leave"})

    assert study.places.get(number=2).withdrawn_at is not None
    assert "“on leave”" in words(page(client, "study_detail", study.public_id))


def test_simulated_readers_and_synthetic_images_are_said(client, lead):
    study = make_study(2, dataset=make_dataset(2, synthetic=True), lead=lead, simulated=True)

    for text in (words(page(client, "study_list")), words(page(client, "study_detail", study.public_id))):
        assert "Simulated readers" in text
        assert "Synthetic images" in text


def test_one_version_or_three_cost_the_same_queries(client, lead, django_assert_num_queries):
    make_dataset(2)
    with CaptureQueriesContext(connection) as one:
        page(client, "study_new")
    make_dataset(3)
    make_dataset(4)

    with django_assert_num_queries(len(one)):
        page(client, "study_new")


@pytest.mark.parametrize("name", ["study_list", "study_detail"])
def test_one_study_or_three_cost_the_same_queries(client, lead, name, django_assert_num_queries):
    make_user("reader")  # so that somebody can be added either time
    study = make_study(2, 1, lead=lead)
    args = [study.public_id] if name == "study_detail" else []
    with CaptureQueriesContext(connection) as once:
        page(client, name, *args)
    larger = make_study(5, 3, lead=lead)
    make_study(2, 1, lead=lead)

    with django_assert_num_queries(len(once)):
        page(client, name, *([larger.public_id] if args else []))


def test_simulated_readers_are_not_offered(client, lead):
    make_dataset(2)
    somebody = make_user("reader", first_name="Somebody")
    nobody = make_user("reader", first_name="Simulated one")
    mark_simulated(nobody, "Simulated one")

    text = words(page(client, "study_new"))

    assert somebody.first_name in text
    assert nobody.first_name not in text


def headings(response) -> list[tuple[str, list[str]]]:
    return [
        (group.heading, [str(box.choice_label) for box in group.choices]) for group in response.context["form"].people
    ]


def test_who_reads_is_grouped_by_role_and_the_purpose_says_who_stands_first(client, lead):
    dataset = make_dataset(2)
    both = make_user("reader", username="both")
    both.groups.add(Group.objects.get(name="trainee"))
    make_user("trainee", username="tess")
    make_user("reader", username="rea")

    fresh = page(client, "study_new")
    training = client.post(reverse("study_new"), {"purpose": "training"})

    assert headings(fresh) == [("Readers", ["rea"]), ("Readers and trainees", ["both"]), ("Trainees", ["tess"])]
    assert [heading for heading, _ in headings(training)] == ["Trainees", "Readers and trainees", "Readers"]
    assert words(fresh).count('type="checkbox" name="readers"') == 3
    client.post(reverse("study_new"), asked(dataset, purpose="training", feedback="after_each", readers=[both.pk]))
    assert Study.objects.get().places.get().user == both


def test_without_anybody_who_reads_the_form_says_who_gives_the_role(client, lead):
    make_dataset(2)

    assert "Nobody has the role of a reader or trainee yet" in words(page(client, "study_new"))
