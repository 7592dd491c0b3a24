"""The verbs of a study and their addresses: make, open, lock; readers come and go; a protocol is fixed once open."""

import json

import pytest

from annotations.models import Case, ReadingRevision
from annotations.problems import InvalidSpec, NoPermission, NotAllowedNow
from readers.models import ApiToken, Assignment, Study, StudyEvent
from readers.studies import add_reader, create_study, lock_study, open_study, withdraw_reader
from readers.tokens import make_token
from tests.api import assert_problem, client_of, draft_body, post_submit, put_reading
from tests.factories import first_assignment, make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user("study lead")


def version_of(dataset):
    return dataset.versions.get(number=1)


def test_a_study_takes_all_included_cases_unless_told_which(lead):
    dataset = make_dataset(4)
    ids = sorted(Case.objects.filter(dataset=dataset).values_list("public_id", flat=True))
    Case.objects.filter(public_id=ids[0]).update(state="excluded")

    assert create_study(lead, title="All", dataset_version=version_of(dataset)).case_ids == ids[1:]
    chosen = create_study(lead, title="Two", dataset_version=version_of(dataset), case_ids=[ids[2], ids[1], ids[2]])
    assert chosen.case_ids == [ids[1], ids[2]]


def test_a_drawn_seed_is_stored_and_no_two_are_the_same(lead):
    version = version_of(make_dataset(1))
    seeds = {create_study(lead, title="S", dataset_version=version).order_seed for _ in range(5)}
    assert len(seeds) == 5


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"case_ids": ["NOSUCHCASE"]}, "case_ids"),
        ({"case_ids": []}, "case_ids"),
        ({"feedback": "sometimes"}, "feedback"),
        ({"score_style": "stars"}, "score_style"),
        ({"order_seed": -1}, "order_seed"),
    ],
)
def test_what_is_no_protocol_is_refused_by_name(lead, change, field):
    version = version_of(make_dataset(1))
    with pytest.raises(InvalidSpec) as told:
        create_study(lead, **({"title": "S", "dataset_version": version} | change))
    assert told.value.facts["field"] == field
    assert not Study.objects.exists()


def test_only_a_lead_makes_a_study_and_only_its_own_lead_runs_it(lead):
    dataset = make_dataset(1)
    with pytest.raises(NoPermission):
        create_study(make_user("reader", "curator"), title="S", dataset_version=version_of(dataset))
    study = make_study(dataset=dataset, lead=lead, opened=False)
    for verb in (open_study, lock_study):
        with pytest.raises(NoPermission):
            verb(study, make_user("study lead", is_superuser=True))


def test_training_gives_feedback_and_takes_trainees(lead):
    study = make_study(purpose="training")
    assert study.feedback == "after_each"
    with pytest.raises(InvalidSpec):
        add_reader(study, make_user("reader"), study.lead)


def test_a_study_opens_once_and_not_without_a_reader(lead):
    empty = create_study(lead, title="S", dataset_version=version_of(make_dataset(1)))
    with pytest.raises(InvalidSpec):
        open_study(empty, lead)
    assert Study.objects.get(pk=empty.pk).state == "draft"

    study = make_study(n_cases=2, lead=lead)
    with pytest.raises(NotAllowedNow):
        open_study(study, lead)
    assert Assignment.objects.filter(study=study).count() == 2


def test_locked_is_final(lead):
    study = make_study(n_cases=1, lead=lead)
    locked = lock_study(study, lead)

    assert (locked.state, locked.locked_at is not None) == ("locked", True)
    for again in (lambda: lock_study(study, lead), lambda: open_study(study, lead),
                  lambda: add_reader(study, make_user("reader"), lead)):  # fmt: skip
        with pytest.raises(NotAllowedNow):
            again()


def test_a_reader_added_later_gets_a_worklist_and_the_others_keep_theirs(lead):
    study = make_study(n_cases=3, lead=lead)
    before = list(Assignment.objects.order_by("pk").values_list("pk", "position", "case_id"))

    place = add_reader(study, make_user("reader"), lead)

    assert place.number == 2
    assert list(
        Assignment.objects.filter(reader=place.user).order_by("position").values_list("position", flat=True)
    ) == [1, 2, 3]
    assert (
        list(Assignment.objects.exclude(reader=place.user).order_by("pk").values_list("pk", "position", "case_id"))
        == before
    )
    with pytest.raises(NotAllowedNow):
        add_reader(study, place.user, lead)


def test_a_withdrawn_reader_keeps_what_was_submitted_and_loses_the_rest(lead):
    study = make_study(n_cases=2, lead=lead)
    assignment = first_assignment(study)
    client = client_of(assignment.reader)
    put_reading(client, assignment, draft_body())
    post_submit(client, assignment)

    withdraw_reader(study, assignment.reader, lead, "ill")

    rows = Assignment.objects.filter(study=study).order_by("position").values_list("withdrawn_at", flat=True)
    assert [at is None for at in rows] == [True, False]
    with pytest.raises(NotAllowedNow):
        withdraw_reader(study, assignment.reader, lead)


def test_every_verb_leaves_an_event(lead):
    study = make_study(n_cases=1, lead=lead)
    withdraw_reader(study, study.places.get().user, lead, "moved away")
    lock_study(study, lead)

    codes = list(StudyEvent.objects.filter(study=study).order_by("pk").values_list("code", flat=True))
    assert codes == ["created", "reader_added", "opened", "reader_withdrawn", "locked"]


# --- by REST


def make_by_rest(client, dataset, **changes):
    body = {"title": "By REST", "dataset_version": version_of(dataset).public_id, "order_seed": 5} | changes
    return client.post("/api/v1/studies/", body, content_type="application/json")


def test_a_study_is_made_opened_watched_and_closed_by_rest(lead):
    dataset, reader = make_dataset(2), make_user("reader")
    client = client_of(lead)
    made = make_by_rest(client, dataset, readers=[reader.get_username()])
    assert made.status_code == 201, made.content
    url = f"/api/v1/studies/{made.json()['id']}/"

    assert client.post(f"{url}open/").json()["state"] == "open"
    assignment = first_assignment(Study.objects.get(), reader)
    asked = {
        "code": "min_over_max",
        "shown_at": "2026-11-25T10:00:00Z",
        "ended": "changed",
        "ended_at": "2026-11-25T10:00:09Z",
    }
    put_reading(client_of(reader), assignment, draft_body() | {"questions": [asked]})
    post_submit(client_of(reader), assignment)
    assert ReadingRevision.objects.unscoped().latest("pk").content["questions"] == [asked]
    progress = client.get(f"{url}progress/").json()
    assert (progress["total"], progress["submitted"], progress["readers"][0]["submitted"]) == (2, 1, 1)
    assert_problem(client.get(f"{url}readings/"), 409, "not_allowed_now")
    assert_problem(client.get(f"{url}readings/stream/"), 409, "not_allowed_now")

    assert client.post(f"{url}lock/").json()["state"] == "locked"
    rows = client.get(f"{url}readings/").json()["results"]
    assert [(row["reader"], row["score"], row["case"]) for row in rows] == [(1, 35, assignment.case.public_id)]
    assert rows[0]["features"]["max_diameter_mm"]["unit"] == "px"
    assert rows[0]["questions"] == [asked]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"readers": ["nobody"]}, "invalid"),
        ({"dataset_version": "NOSUCH"}, "invalid"),
        ({"cases": ["NOSUCH"]}, "invalid_spec"),
    ],
)
def test_what_is_wrong_with_a_new_study_is_said(lead, change, code):
    assert_problem(make_by_rest(client_of(lead), make_dataset(1), **change), 400, code)


def test_a_reader_cannot_make_a_study_and_learns_of_no_version():
    dataset = make_dataset(1)
    assert_problem(make_by_rest(client_of(make_user("reader")), dataset), 403, "permission_denied")


@pytest.fixture
def closed():
    study = make_study(n_cases=2, n_readers=2)
    for row in Assignment.objects.filter(study=study):
        client = client_of(row.reader)
        put_reading(client, row, draft_body())
        post_submit(client, row)
    return lock_study(study, study.lead)


def test_closed_readings_are_paged_filtered_and_streamed(closed):
    client, url = client_of(closed.lead), f"/api/v1/studies/{closed.public_id}/readings/"

    pages = [client.get(url, {"page_size": 3, "page": n}).json() for n in (1, 2)]
    rows = pages[0]["results"] + pages[1]["results"]
    assert pages[0]["count"] == 4
    assert len({row["id"] for row in rows}) == 4
    second = client.get(url, {"reader": 2}).json()["results"]
    assert [row["reader"] for row in second] == [2, 2]
    case = rows[0]["case"]
    assert {row["case"] for row in client.get(url, {"case": case}).json()["results"]} == {case}

    streamed = b"".join(client.get(f"{url}stream/", {"masks": "1"}).streaming_content).splitlines()
    lines = [json.loads(line) for line in streamed]
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    assert lines[0]["mask"] == draft_body()["mask"]
    mask = client.get(f"{url}{rows[0]['id']}/mask/")
    assert mask["Content-Type"] == "image/png"


def test_readings_of_a_case_one_reads_blinded_now_are_left_out(closed):
    client, url = client_of(make_user("data client", "reader")), f"/api/v1/studies/{closed.public_id}/readings/"
    assert client.get(url).json()["count"] == 4

    person = make_user("data client", "reader")
    case = closed.case_ids[0]
    dataset = closed.dataset_version.dataset
    make_study(dataset=dataset, readers=[person], case_ids=[case])
    assert {row["case"] for row in client_of(person).get(url).json()["results"]} == set(closed.case_ids) - {case}


def test_a_data_client_takes_closed_readings_with_a_key_of_that_scope_only(client, closed):
    user = make_user("data client")
    url = f"/api/v1/studies/{closed.public_id}/readings/"
    _token, key = make_token(user, "pandas", [ApiToken.Scope.READINGS], None)
    _token, other = make_token(user, "datasets", [ApiToken.Scope.DATASETS], None)

    assert client.get(url, headers={"Authorization": f"Token {key}"}).json()["count"] == 4
    assert_problem(client.get(url, headers={"Authorization": f"Token {other}"}), 403, "permission_denied")
    assert_problem(client.get(url, headers={"Authorization": "Token wrong"}), 401, "authentication_failed")
    still_open = make_study(n_cases=1)
    hidden = f"/api/v1/studies/{still_open.public_id}/readings/"
    assert_problem(client.get(hidden, headers={"Authorization": f"Token {key}"}), 404, "not_found")


@pytest.mark.parametrize("n", [1, 3])
def test_closed_readings_take_the_same_number_of_queries(django_assert_num_queries, n):
    study = make_study(n_cases=n)
    for row in Assignment.objects.filter(study=study):
        put_reading(client_of(row.reader), row, draft_body())
        post_submit(client_of(row.reader), row)
    lock_study(study, study.lead)
    client = client_of(study.lead)
    with django_assert_num_queries(13):
        assert client.get(f"/api/v1/studies/{study.public_id}/readings/").json()["count"] == n


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_of_studies_takes_the_same_number_of_queries(django_assert_num_queries, lead, n):
    dataset = make_dataset(1)
    for _ in range(n):
        make_study(dataset=dataset, lead=lead)
    client = client_of(lead)
    with django_assert_num_queries(6):
        assert client.get("/api/v1/studies/").json()["count"] == n
