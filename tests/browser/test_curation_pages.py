"""The pages of datasets in Chromium: no fault axe knows, the policy kept, all of it by keyboard, the ruler by pointer too."""

import pytest
from django.urls import reverse

from annotations.curation import exclude_case, set_markings
from annotations.models import Case, Dataset
from tests.browser.looks import faults
from tests.factories import PASSWORD, make_dataset, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene():
    """A scaled dataset, one case left out, one marked; a dataset without cases; their curator."""
    curator = make_user("curator", username="ada")
    dataset = make_dataset(12, slug="nodes", width=300, height=240, spacing=0.08, synthetic=True)
    Dataset.objects.create(slug="bare", title="Nothing yet")
    first, second, third = dataset.cases.order_by("public_id")[:3]
    exclude_case(second, "same picture as another", by=curator)
    set_markings(third, ["arrow", "calipers"], by=curator)
    return {"dataset": dataset, "first": first, "second": second, "third": third}


@pytest.fixture
def visit(chromium, live_server):
    """A curator's page, logged in; what the console says is kept in `page.said`."""
    contexts = []

    def open_as(
        username: str = "ada", *, width: int = 1440, height: int = 900, theme: str = "light", script: bool = True
    ):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(reverse("login"))
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield open_as
    for context in contexts:
        context.close()


def gallery(page, query: str = "") -> None:
    page.goto(reverse("dataset_detail", args=["nodes"]) + query)


def case_page(case) -> str:
    return reverse("case_detail", args=["nodes", case.public_id])


def test_every_page_stands_without_a_fault(scene, visit):
    page = visit()
    pages = {
        "list": reverse("dataset_list"),
        "gallery": reverse("dataset_detail", args=["nodes"]),
        "picked": reverse("dataset_detail", args=["nodes"])
        + f"?state=included&centre=1&case={scene['first'].public_id}",
        "none-left": reverse("dataset_detail", args=["nodes"]) + "?markings=other",
        "bare": reverse("dataset_detail", args=["bare"]),
        "case": case_page(scene["first"]),
        "case-left-out": case_page(scene["second"]),
        "description": reverse("dataset_description", args=["nodes"]),
    }
    found: dict[str, list[str]] = {}
    for shot, url in pages.items():
        page.said.clear()
        page.goto(url)
        faulty = faults(page, f"curation-{shot}") + page.said
        if faulty:
            found[shot] = faulty

    assert found == {}


def test_a_choice_is_sent_at_once_and_the_focus_stays_where_it_was(scene, visit):
    page = visit()
    gallery(page)
    assert page.get_by_role("button", name="Show these").is_hidden()
    box = page.get_by_label("Centre 1")
    box.focus()
    with page.expect_navigation():
        page.keyboard.press("Space")

    assert page.url.endswith("?centre=1")
    assert page.get_by_role("heading", name="6 of 12 cases").is_visible()
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["centre", "1"]


def test_the_cases_are_two_keys_from_the_first_facet(scene, visit):
    page = visit()
    gallery(page)
    page.get_by_label("Centre 1").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the cases"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement === document.querySelector('[data-thumbs] a')")


def test_without_script_a_button_sends_the_choice(scene, visit):
    page = visit(script=False)
    gallery(page)
    page.get_by_label("Left out").check()
    page.get_by_role("button", name="Show these").click()

    page.get_by_role("heading", name="1 of 12 cases").wait_for()
    assert page.get_by_text("left out: same picture as another").is_visible()


def test_arrows_walk_the_pictures_and_enter_picks_then_opens(scene, visit):
    page = visit()
    gallery(page)
    links = page.locator("[data-thumbs] a")
    links.nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement === document.querySelectorAll('[data-thumbs] a')[1]")
    columns = page.evaluate(
        "(() => { const all = [...document.querySelectorAll('[data-thumbs] a')].map((a) => a.getBoundingClientRect().top);"
        " return all.filter((top) => top === all[0]).length; })()"
    )
    page.keyboard.press("ArrowDown")
    assert (
        page.evaluate("[...document.querySelectorAll('[data-thumbs] a')].indexOf(document.activeElement)")
        == 1 + columns
    )
    page.keyboard.press("ArrowUp")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".picked").get_by_text(scene["second"].public_id).is_visible()

    page.locator("[data-thumbs] a[aria-current]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(case_page(scene["second"]))


def test_the_picked_case_shows_its_outline_over_its_picture(scene, visit):
    page = visit()
    gallery(page, f"?case={scene['first'].public_id}")
    frame = page.locator("a[aria-current] .thumb-frame")
    path = frame.locator("path.outline-reference")

    assert frame.locator("svg").bounding_box() == frame.locator("img").bounding_box()
    # the factory's node is 60 % as wide and 40 % as high as the picture, in its middle
    box = path.evaluate("node => { const b = node.getBBox(); return [b.x, b.y, b.width, b.height]; }")
    assert box == pytest.approx([60, 72, 180, 96], abs=2)
    assert path.evaluate("node => getComputedStyle(node).stroke") == "rgb(255, 178, 36)"


def test_the_picture_is_shown_with_its_outline_alone_or_as_fusion(scene, visit):
    page = visit()
    page.goto(case_page(scene["first"]))
    outline, image, fusion = (page.locator(f".shown-{name}") for name in ("outline", "image", "fusion"))
    assert (outline.is_visible(), image.is_visible(), fusion.is_visible()) == (True, True, False)

    page.get_by_label("Image and outline").focus()
    page.keyboard.press("ArrowRight")
    assert (outline.is_visible(), image.is_visible(), fusion.is_visible()) == (False, True, False)
    page.keyboard.press("ArrowRight")
    assert (outline.is_visible(), image.is_visible(), fusion.is_visible()) == (False, False, True)
    assert page.said == []


def test_two_presses_on_the_ruler_and_a_distance_give_the_scale(scene, visit):
    page = visit()
    page.goto(case_page(scene["first"]))
    page.get_by_role("button", name="Point at the image").click()
    picture = page.locator("svg[data-ruler]")
    corner = picture.evaluate(
        "svg => { const m = svg.getScreenCTM(); return [[30, 20], [30, 220]].map(([x, y]) => {"
        " const p = new DOMPoint(x, y).matrixTransform(m); return [p.x, p.y]; }); }"
    )
    for x, y in corner:
        page.mouse.click(x, y)
    assert page.evaluate("document.activeElement.name") == "mm"
    fields = [float(page.locator(f"[name={name}]").input_value()) for name in ("x1", "y1", "x2", "y2")]
    assert fields == pytest.approx([30, 20, 30, 220], abs=1)
    page.keyboard.type("10")
    assert page.get_by_text("0.0500 mm per px").first.is_visible()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    stored = scene["first"].images.get()
    assert stored.spacing_row_mm == pytest.approx(0.05, abs=0.001)
    assert page.get_by_text("The scale is stored").is_visible()
    assert page.locator(".ruler-line").count() == 1


def test_the_scale_is_given_by_keyboard_without_script(scene, visit):
    page = visit(script=False)
    page.goto(case_page(scene["first"]))
    for label, value in (("First point, x", 0), ("First point, y", 0), ("Second point, x", 0), ("Second point, y", 200),
                         ("Distance, mm", 20)):  # fmt: skip
        page.get_by_label(label).fill(str(value))
    page.get_by_role("button", name="Store the scale").click()

    assert scene["first"].images.get().spacing_row_mm == pytest.approx(0.1)


def test_a_case_is_left_out_by_keyboard_from_the_gallery(scene, visit):
    page = visit()
    gallery(page, f"?centre=1&case={scene['first'].public_id}")
    page.get_by_role("link", name="Leave out…").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_label("Reason, kept with your name and the time").focus()
    page.keyboard.type("a scan of somebody else")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert Case.objects.get(pk=scene["first"].pk).state == "excluded"
    assert page.locator(".happened").get_by_text("Left out: a scan of somebody else").is_visible()
    assert "?centre=1" in page.url


def test_a_version_is_published_from_the_description(scene, visit):
    page = visit()
    page.goto(reverse("dataset_description", args=["nodes"]))
    page.get_by_label("Note: what is new").fill("without a double")
    with page.expect_navigation():
        page.get_by_role("button", name="Publish a version").click()

    assert page.get_by_role("status").get_by_text("Version 2 is published.").is_visible()
    assert page.get_by_role("cell", name="without a double").is_visible()
