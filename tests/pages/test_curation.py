"""A curator's pages of datasets: who may, what the facets choose and count, what is kept, in how many queries."""

import io
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image as Pillow

from annotations import mask_codec, pictures, store
from annotations.curation import exclude_case, set_markings
from annotations.models import Case, Dataset, Import, Provenance, Reading
from annotations.thumbnails import thumbnail_path
from readers.models import Exposure
from tests.factories import make_dataset, make_study, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client):
    user = make_user("curator", username="ada")
    client.force_login(user)
    return user


@pytest.fixture
def dataset():
    return make_dataset(6, slug="nodes")


def words(response) -> str:
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(unescape(text).split())


def get(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def shown(response) -> set[str]:
    """Ids of the cases whose thumbnails the page has."""
    return set(re.findall(r"/cases/(\w+)/thumbnail/", response.content.decode()))


def ids(**of) -> set[str]:
    return set(Case.objects.filter(**of).values_list("public_id", flat=True))


def count_of(response, facet: str, value: str) -> int:
    """The number beside a facet's value."""
    found = re.search(
        rf'name="{facet}" value="{value}"[^>]*>.*?facet-count">(\d+)<', response.content.decode(), flags=re.DOTALL
    )
    return int(found[1])


# --- who may ---

PAGES = ["dataset_detail", "dataset_description"]
OF_A_CASE = ["case_detail", "case_image", "case_fusion", "case_thumbnail"]
WRITES = ["case_exclude", "case_include", "case_markings", "case_calibrate"]


@pytest.mark.parametrize("role", ["reader", "trainee", "study lead"])
def test_other_roles_are_told_that_nothing_is_there(client, dataset, role):
    client.force_login(make_user(role))
    case = dataset.cases.first().public_id

    answers = [get(client, name, "nodes") for name in PAGES] + [get(client, name, "nodes", case) for name in OF_A_CASE]
    answers += [client.post(reverse(name, args=["nodes", case])) for name in WRITES]
    answers += [client.post(reverse("version_publish", args=["nodes"]))]

    assert {answer.status_code for answer in answers} == {404}
    assert get(client, "dataset_list").status_code == (200 if role == "study lead" else 404)


def test_a_data_client_looks_and_changes_nothing(client, dataset):
    client.force_login(make_user("data client"))
    case = dataset.cases.first()

    assert {get(client, name, "nodes").status_code for name in PAGES} == {200}
    assert {get(client, name, "nodes", case.public_id).status_code for name in OF_A_CASE} == {200}
    page = get(client, "case_detail", "nodes", case.public_id).content.decode()
    assert "case_exclude" not in page and "/exclude/" not in page and "/calibrate/" not in page
    assert {client.post(reverse(n, args=["nodes", case.public_id]), {"reason": "x"}).status_code for n in WRITES} == {
        404
    }
    assert client.post(reverse("version_publish", args=["nodes"])).status_code == 404
    assert dataset.versions.count() == 1


def test_a_lead_sees_titles_and_numbers_and_no_way_in(client, dataset):
    client.force_login(make_user("study lead"))

    page = get(client, "dataset_list")

    assert f"{dataset.title} nodes 6 0 Centre 1 3 · Centre 2 3 version 1" in words(page)
    assert reverse("dataset_detail", args=["nodes"]) not in page.content.decode()


def test_another_datasets_case_is_not_under_this_one(client, curator, dataset):
    other = make_dataset(1).cases.get()

    assert get(client, "case_detail", "nodes", other.public_id).status_code == 404
    assert get(client, "case_image", "nodes", other.public_id).status_code == 404


def test_a_case_one_reads_blinded_is_nowhere(client, dataset):
    person = make_user("curator", "reader")
    make_study(dataset=dataset, readers=[person])
    client.force_login(person)
    case = dataset.cases.first().public_id

    assert {get(client, name, "nodes", case).status_code for name in OF_A_CASE} == {404}
    assert shown(get(client, "dataset_detail", "nodes")) == set()
    assert "There is no case to show." in words(get(client, "dataset_detail", "nodes"))
    assert "malignant" not in words(get(client, "dataset_description", "nodes"))


# --- the list ---


def test_without_a_dataset_the_list_says_what_to_do(client, curator):
    page = get(client, "dataset_list")

    assert "There is no dataset yet." in words(page)
    assert reverse("import_new") in page.content.decode()


def test_a_synthetic_dataset_is_called_so_on_every_page(client, curator):
    case = make_dataset(1, slug="made", synthetic=True).cases.get().public_id

    pages = [get(client, "dataset_list"), get(client, "dataset_detail", "made"), get(client, "dataset_description", "made"),
             get(client, "case_detail", "made", case)]  # fmt: skip

    assert ["synthetic" in words(page) for page in pages] == [True] * 4


# --- facets ---


def test_facets_choose_and_each_count_is_what_a_press_would_show(client, curator, dataset):
    malignant = ids(dataset=dataset, pathology__status="malignant", centre__number=1)
    page = get(client, "dataset_detail", "nodes", cytology="malignant", centre="1")

    assert shown(page) == malignant
    assert count_of(page, "cytology", "benign") == len(
        ids(dataset=dataset, pathology__status="benign", centre__number=1)
    )
    assert count_of(page, "centre", "2") == len(ids(dataset=dataset, pathology__status="malignant", centre__number=2))
    for facet, value in (("state", "included"), ("markings", "none"), ("scale", "unknown")):
        assert count_of(page, facet, value) == len(malignant)


@pytest.mark.parametrize("value", ["regular", "irregular"])
def test_an_answer_of_the_reference_is_a_facet(client, curator, dataset, value):
    said = {
        r.case.public_id
        for r in Reading.objects.filter(case__dataset=dataset)
        if r.answers["margin_regularity"]["value"] == value
    }

    page = get(client, "dataset_detail", "nodes", margin_regularity=value)

    assert shown(page) == said
    assert count_of(page, "margin_regularity", value) == len(said)


def test_two_values_of_one_facet_are_either_and_nonsense_is_left_aside(client, curator, dataset):
    page = get(client, "dataset_detail", "nodes", centre=["1", "2", "77"], colour="red", **{"from": "x", "page": "900"})

    assert shown(page) == ids(dataset=dataset)


def test_markings_state_and_scale_are_facets(client, curator, dataset):
    first, second, third = dataset.cases.all()[:3]
    Case.objects.filter(pk=first.pk).update(markings=["arrow", "text"])
    exclude_case(second, "too dark", by=curator)
    third.images.update(spacing_row_mm=0.1, spacing_col_mm=0.1)

    assert shown(get(client, "dataset_detail", "nodes", markings="text")) == {first.public_id}
    out = get(client, "dataset_detail", "nodes", state="excluded")
    assert shown(out) == {second.public_id}
    assert "left out: too dark" in words(out)
    assert shown(get(client, "dataset_detail", "nodes", scale="known")) == {third.public_id}


def test_a_range_of_diameters_chooses_and_unscaled_ones_have_none(client, curator):
    dataset = make_dataset(3, slug="scaled", spacing=0.5)
    lone, *_others = dataset.cases.all()
    Reading.objects.filter(case=lone).update(answers={"max_diameter_mm": {"value": {"mm": 30.0}}})

    page = get(client, "dataset_detail", "scaled", **{"from": "29.5", "to": "31"})

    assert shown(page) == {lone.public_id}
    assert "from 29.5 mm" in words(page)
    assert "Max. diameter, mm" in words(page)
    unscaled = make_dataset(2, slug="unscaled")
    assert "Max. diameter, mm" not in words(get(client, "dataset_detail", unscaled.slug))


def test_each_chip_takes_one_choice_away_and_pages_keep_them_all(client, curator):
    dataset = make_dataset(45, slug="many", centres=1, width=8, height=6)
    page = get(client, "dataset_detail", "many", centre="1", scale="unknown")
    chips = [
        parse_qs(urlsplit(unescape(a)).query) for a in re.findall(r'class="chip" href="([^"]+)"', page.content.decode())
    ]

    assert chips == [{"scale": ["unknown"]}, {"centre": ["1"]}]
    following = unescape(re.search(r'rel="next" href="([^"]+)"', page.content.decode())[1])
    assert parse_qs(following[1:]) == {"centre": ["1"], "scale": ["unknown"], "page": ["2"]}
    second = client.get(reverse("dataset_detail", args=["many"]) + following)
    assert len(shown(page)) + len(shown(second)) == 45
    assert shown(page) | shown(second) == ids(dataset=dataset)


def test_no_case_meets_all_of_them(client, curator, dataset):
    assert "No case meets all of these." in words(get(client, "dataset_detail", "nodes", markings="other"))


# --- sights ---


def sights(user) -> set[tuple[str, str, str]]:
    return set(Exposure.objects.filter(user=user).values_list("case__public_id", "what", "where"))


def test_a_plain_gallery_tells_nothing_a_chosen_one_tells_what_was_chosen(client, curator, dataset):
    get(client, "dataset_detail", "nodes", scale="unknown")
    assert sights(curator) == set()

    get(client, "dataset_detail", "nodes", cytology="malignant")
    malignant = ids(dataset=dataset, pathology__status="malignant")
    assert sights(curator) == {(case, "pathology", "gallery") for case in malignant}


def test_counts_beside_a_single_case_are_its_answers(client, curator, dataset):
    lone = dataset.cases.first()
    Case.objects.filter(pk=lone.pk).update(markings=["text"])

    get(client, "dataset_detail", "nodes", markings="text")

    assert sights(curator) == {(lone.public_id, what, "gallery") for what in ("pathology", "reference")}


def test_counts_of_one_cytology_say_it_of_each(client, curator):
    dataset = make_dataset(3, slug="alike", malignant_every=1)

    get(client, "dataset_detail", "alike")

    assert sights(curator) == {(case, "pathology", "gallery") for case in ids(dataset=dataset)}


def test_a_picked_case_and_a_case_page_are_sights(client, curator, dataset):
    first, second = [case.public_id for case in dataset.cases.all()[:2]]
    get(client, "dataset_detail", "nodes", case=first)
    get(client, "case_detail", "nodes", second)
    get(client, "case_detail", "nodes", second)

    assert sights(curator) == {
        (first, "reference", "gallery"), (second, "reference", "case page"), (second, "pathology", "case page"),
    }  # fmt: skip
    assert Exposure.objects.filter(user=curator).count() == 3


# --- pictures ---


def test_a_thumbnail_is_small_grey_kept_on_disk_and_cached_for_this_log_in(client, curator):
    case = make_dataset(1, slug="wide", width=800, height=500).cases.get()
    answer = get(client, "case_thumbnail", "wide", case.public_id)

    with Pillow.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "L", (360, 225))
    assert answer["Cache-Control"] == "private, max-age=3600"
    assert "Cookie" in answer["Vary"]
    kept = thumbnail_path(case.images.get().file_sha256)
    assert kept.read_bytes() == answer.content
    kept.write_bytes(b"from disk")
    assert get(client, "case_thumbnail", "wide", case.public_id).content == b"from disk"
    again = client.get(
        reverse("case_thumbnail", args=["wide", case.public_id]), headers={"If-None-Match": answer["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    kept.unlink()


def test_the_image_is_as_stored_and_the_fusion_is_image_times_mask(client, curator, dataset):
    case = dataset.cases.first()
    image = case.images.get()
    mask = mask_codec.decode(bytes(image.masks.get().payload))
    stored = store.read(image.file_sha256)

    assert get(client, "case_image", "nodes", case.public_id).content == stored
    fusion = pictures.decode_png(get(client, "case_fusion", "nodes", case.public_id).content)
    assert np.array_equal(fusion, pictures.decode_png(stored) * mask)


# --- the case page ---


def test_the_case_page_shows_answers_beside_the_cells_and_where_it_came_from(client, curator, dataset):
    case = dataset.cases.first()
    Provenance.objects.filter(case=case).update(
        raw_values={"Nercosis": "Cystc", "Max Diameter (mm)": "17"}, sheet="Database 1.xlsx", sheet_row=47,
        files={"image": {"name": "1 Benign Image.bmp", "sha256": "ab" * 32}},
    )  # fmt: skip
    Reading.objects.filter(case=case).update(
        answers={"necrosis": {"value": "cystic"}, "max_diameter_mm": {"value": {"mm": 17}}}
    )

    text = words(get(client, "case_detail", "nodes", case.public_id))

    assert (
        "Necrosis Coagulative: heterogeneous hypoechoic areas. Cystic: well-defined anechoic areas. Cystic Cystc"
        in text
    )
    assert "Max. diameter The longest axis of the node, from outer border to outer border. 17.0 mm 17" in text
    assert "Database 1.xlsx, row 47" in text
    assert "1 Benign Image.bmp " + "ab" * 32 in text
    assert case.pathology.get_status_display() in text


def test_the_outline_of_the_page_is_the_masks(client, curator, dataset):
    from annotations.outline_paths import outline_path

    case = dataset.cases.first()
    mask = mask_codec.decode(bytes(case.images.get().masks.get().payload))

    page = get(client, "case_detail", "nodes", case.public_id).content.decode()

    assert f'class="outline-reference" d="{outline_path(mask)}"' in page


def test_neighbours_follow_the_choice_of_the_address(client, curator, dataset):
    chosen = sorted(ids(dataset=dataset, centre__number=1))
    page = client.get(reverse("case_detail", args=["nodes", chosen[1]]) + "?centre=1").content.decode()

    before, after = (re.search(rf'rel="{way}" href="([^"]+)"', page)[1] for way in ("prev", "next"))
    assert (before, after) == tuple(reverse("case_detail", args=["nodes", chosen[i]]) + "?centre=1" for i in (0, 2))


def post(client, name, case, follow=True, **data):
    return client.post(reverse(name, args=[case.dataset.slug, case.public_id]), data, follow=follow)


def test_a_case_is_left_out_and_taken_in_on_its_page(client, curator, dataset):
    case = dataset.cases.first()

    page = post(client, "case_exclude", case, reason="same as another")
    assert "The case is left out." in words(page)
    assert "left out : same as another" in words(page).replace("out:", "out :")
    assert "Left out: same as another ada" in words(page)
    page = post(client, "case_include", case, reason="it is not")
    assert "Taken in again: it is not ada" in words(page)
    assert Case.objects.get(pk=case.pk).state == "included"


def test_without_a_reason_the_page_says_what_is_missing(client, curator, dataset):
    case = dataset.cases.first()

    assert "Say why, in a few words" in words(post(client, "case_exclude", case, reason=" "))
    assert Case.objects.get(pk=case.pk).state == "included"


def test_markings_and_scale_are_stored_from_the_page(client, curator, dataset):
    case = dataset.cases.first()

    post(client, "case_markings", case, markings=["calipers", "arrow"])
    page = post(client, "case_calibrate", case, x1="0", y1="5,0", x2="30", y2="5", mm="6")

    assert Case.objects.get(pk=case.pk).markings == ["arrow", "calipers"]
    assert case.images.get().spacing_row_mm == 0.2
    assert "Now 0.2000 mm per px" in words(page)


@pytest.mark.parametrize("mm", ["", "long", "nan", "inf", "-3"])
def test_a_scale_that_is_none_is_not_stored(client, curator, dataset, mm):
    case = dataset.cases.first()

    page = post(client, "case_calibrate", case, x1="0", y1="0", x2="30", y2="0", mm=mm)

    assert page.status_code == 200
    assert case.images.get().spacing is None
    assert 'class="is-bad"' in page.content.decode()


def test_what_a_file_is_called_cannot_become_markup(client, curator, dataset):
    case = dataset.cases.first()
    Provenance.objects.filter(case=case).update(files={"image": {"name": "<script>alert(1)</script>", "sha256": ""}})
    exclude_case(case, "<b>bold</b>", by=curator)

    for page in (get(client, "case_detail", "nodes", case.public_id), get(client, "dataset_detail", "nodes"),
                 get(client, "dataset_description", "nodes")):  # fmt: skip
        assert "<script>alert" not in page.content.decode()
        assert "<b>bold" not in page.content.decode()


def test_where_no_marking_was_recorded_the_gallery_says_so_and_claims_nothing(client, curator, dataset):
    marked, unmarked, *_ = dataset.cases.all()
    set_markings(marked, ["arrow"], by=curator)

    gallery = words(get(client, "dataset_detail", "nodes"))
    picked = words(get(client, "dataset_detail", "nodes", case=unmarked.public_id))

    assert "None recorded 5" in gallery
    assert "no markings recorded" in picked


# --- the description ---


def test_the_description_counts_what_was_found_refused_left_out_and_is_in(client, curator, dataset):
    exclude_case(dataset.cases.first(), "too dark", by=curator)
    finding = {"code": "implausible_value", "verdict": "refused"}
    report = {"cases": 6, "left_out": 2, "counts": {"rows": 9}, "findings": [finding, finding]}
    for state in ("done", "done"):  # a second import of the same archives finds the same rows
        Import.objects.create(dataset_slug="nodes", step="written", state=state, report=report,
                              uploads=[{"kind": "archive", "name": "Center 1.zip"}])  # fmt: skip

    text = words(get(client, "dataset_description", "nodes"))

    for said in ("9 rows found in the sheets", "2 refused or left out at the import", "2 implausible value", "1 rows said twice",
                 "6 cases stored", "1 left out by a curator", "1 too dark", "5 cases in"):  # fmt: skip
        assert said in text
    assert "without a report" not in text


def test_cases_without_a_report_are_said_to_have_none(client, curator, dataset):
    assert "6 cases were stored without a report" in words(get(client, "dataset_description", "nodes"))


def test_a_version_is_published_once_with_its_note(client, curator, dataset):
    exclude_case(dataset.cases.first(), "too dark", by=curator)
    address = reverse("version_publish", args=["nodes"])

    first = client.post(address, {"note": "without the dark one"}, follow=True)
    second = client.post(address, {"note": "again"}, follow=True)

    assert "Version 2 is published." in words(first)
    assert "Nothing changed since version 2: no new one was made." in words(second)
    version = dataset.versions.get(number=2)
    assert f"without the dark one {version.sha256}" in words(second)
    assert dataset.versions.count() == 2


def test_a_dataset_without_cases_has_a_description_and_nothing_to_publish(client, curator):
    Dataset.objects.create(slug="bare", title="Bare")

    assert get(client, "dataset_description", "bare").status_code == 200
    page = client.post(reverse("version_publish", args=["bare"]), follow=True)
    assert "The dataset has no case to publish." in words(page)


# --- queries ---


@pytest.mark.parametrize("name", ["dataset_list", "dataset_detail", "dataset_description", "case_detail"])
def test_three_cases_or_seven_cost_the_same_queries(client, curator, name):
    counts = []
    for slug, n in (("three", 3), ("seven", 7)):
        dataset = make_dataset(n, slug=slug, centres=1)
        args = {"dataset_list": [], "case_detail": [slug, dataset.cases.first().public_id]}.get(name, [slug])
        query = {"cytology": ["malignant", "benign"]} if name == "dataset_detail" else {}
        get(client, name, *args, **query)
        with CaptureQueriesContext(connection) as queries:
            assert get(client, name, *args, **query).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
