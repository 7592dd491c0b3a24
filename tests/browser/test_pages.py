"""The paper pages in Chromium: no violation of the policy, no fault axe knows, everything by keyboard."""

import random
import re
import time
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from readers.assignments import start
from readers.models import ActivityInterval, Assignment, ReaderProfile, Study
from tests.browser.hand import violations
from tests.browser.looks import LOOKS, Look, faults, picture
from tests.factories import PASSWORD, make_dataset, make_study, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def read(study, reader, submitted: int, drafts: int = 0) -> None:
    """As if the reader had submitted so many cases over the last two days, and begun some more."""
    chance = random.Random(submitted)
    rows = list(Assignment.objects.filter(study=study, reader=reader).order_by("position")[: submitted + drafts])
    for i, row in enumerate(rows):
        reading, at = start(row), timezone.now() - timedelta(minutes=5 * (len(rows) - i), days=int(i < submitted / 2))
        took = timedelta(seconds=chance.randint(100, 190) - 2 * i)
        ActivityInterval.objects.create(assignment=row, started_at=at - took, ended_at=at)
        reading.saved_at = at
        reading.answers = {"margin_regularity": {"value": "regular"}}
        if i < submitted:
            reading.state, reading.submitted_at = "submitted", at
        reading.save()


@pytest.fixture
def scene():
    """A lead, an open study of five readers half through, a draft and a locked one; reader 3 trains too."""
    from readers.studies import lock_study

    lead = make_user("study lead", username="lead", first_name="Study", last_name="lead")
    readers = [make_user("reader", username=f"reader{n}", first_name="Reader", last_name=str(n)) for n in range(1, 6)]
    readers[2].groups.add(make_user("trainee", username="tess").groups.get())
    dataset = make_dataset(60, width=8, height=6)
    study = make_study(
        dataset=dataset, lead=lead, readers=readers, title="Neck nodes, two centres", order_seed=20260918
    )
    for reader, submitted in zip(readers, (60, 41, 11, 26, 52)):
        read(study, reader, submitted, drafts=int(submitted < 60))
    practice = make_study(dataset=dataset, lead=lead, readers=[readers[2]], purpose="training", title="Mask practice")
    read(practice, readers[2], 14)
    draft = make_study(dataset=dataset, lead=lead, readers=readers[:2], opened=False, title="Second round")
    locked = make_study(
        dataset=make_dataset(20, width=8, height=6, synthetic=True), lead=lead, readers=readers, simulated=True,
        title="Calibration round",
    )  # fmt: skip
    for reader in readers:
        read(locked, reader, 20)
    lock_study(locked, lead)
    return {"study": study, "draft": draft, "locked": locked}


@pytest.fixture
def visit(chromium, live_server):
    """A page of a person, logged in through the form; the console's words and failed requests are kept."""
    contexts = []

    def open_as(username: str, *, width: int = 1440, height: int = 900, theme: str = "light"):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, color_scheme=theme
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


def pages_of(scene) -> list[tuple[str, str, str]]:
    def study(name: str, which: str) -> str:
        return reverse(name, args=[scene[which].public_id])

    return [
        ("reader3", "worklist", reverse("worklist")),
        ("reader3", "training", reverse("training")),
        ("reader3", "account", reverse("account")),
        ("reader3", "password", reverse("password")),
        ("reader3", "not-here", "/nowhere/"),
        ("lead", "studies", reverse("study_list")),
        ("lead", "study", study("study_detail", "study")),
        ("lead", "study-draft", study("study_detail", "draft")),
        ("lead", "study-locked", study("study_detail", "locked")),
        ("lead", "study-new", reverse("study_new")),
        ("lead", "study-lock", study("study_lock", "study")),
    ]


def test_every_page_stands_without_a_fault(scene, visit):
    people = {name: visit(name) for name in ("reader3", "lead")}
    found: dict[str, list[str]] = {}
    for name, shot, url in pages_of(scene):
        page = people[name]
        page.said.clear()
        page.goto(url)
        wrong = faults(page, shot, (*LOOKS, Look(320, 640)))
        wrong += [text for text in page.said if "404" not in text or shot != "not-here"]
        if wrong:
            found[shot] = wrong

    assert found == {}


def test_the_people_of_the_chosen_purpose_come_first_by_keyboard_too(scene, visit):
    page = visit("lead")
    page.goto(reverse("study_new"))
    headings = page.locator(".people-role")
    assert headings.all_inner_texts() == ["Readers", "Readers and trainees", "Trainees"]

    page.locator("[name=purpose][value=study]").focus()
    page.keyboard.press("ArrowDown")

    assert headings.all_inner_texts() == ["Trainees", "Readers and trainees", "Readers"]
    assert page.evaluate("document.activeElement.value") == "training"
    first = page.locator("[data-reads] input").first
    first.focus()
    page.keyboard.press("Space")
    assert first.is_checked()
    page.locator("[name=purpose][value=study]").check()
    assert headings.all_inner_texts() == ["Readers", "Readers and trainees", "Trainees"]
    assert page.locator("[data-reads=training] input").first.is_checked()  # a tick stays with its person
    assert violations(Axe().run(page)) == []
    picture(page, "study-new-people-1440-light")


def test_a_second_click_on_a_slow_line_makes_no_second_study(scene, visit):
    page, sent = visit("lead"), []

    def slowly(route):
        sent.append(route.request.method)
        time.sleep(1)
        route.continue_()

    page.goto(reverse("study_new"))
    page.get_by_label("Title").fill("Clicked twice")
    page.route("**/studies/new/", slowly)
    make = page.get_by_role("button", name="Make the study")
    make.evaluate("button => { button.click(); setTimeout(() => button.click(), 300); }")
    page.wait_for_url(lambda url: "new" not in url)

    assert sent == ["POST"]
    assert Study.objects.filter(title="Clicked twice").count() == 1


def test_the_log_in_page_and_its_refusal(visit, chromium, live_server, db):
    page = chromium.new_page(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    page.goto(reverse("login"))
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    picture(page, "login-1440-light")

    assert violations(Axe().run(page)) == []
    page.close()


def test_dark_is_chosen_without_a_reload_and_kept(scene, visit):
    page = visit("reader3")
    page.evaluate("window.same = true")
    with page.expect_response(lambda answer: "/theme/" in answer.url):
        page.get_by_role("button", name="Light or dark page").click()

    assert page.evaluate("[document.documentElement.dataset.theme, window.same]") == ["night", True]
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "night"
    assert ReaderProfile.objects.get(user__username="reader3").page_settings["theme"] == "night"


def test_a_study_is_locked_by_keyboard_and_asks_twice(scene, visit):
    page = visit("lead")
    page.goto(reverse("study_detail", args=[scene["study"].public_id]))
    page.get_by_role("link", name="Lock study…").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Lock this study?")
    dialog.wait_for()
    picture(page, "lock-dialog-1440-light")
    assert violations(Axe().run(page)) == []
    page.keyboard.press("Escape")
    assert not dialog.is_visible()

    page.keyboard.press("Enter")
    dialog.get_by_label("I know that this is final.").focus()
    page.keyboard.press("Space")
    dialog.get_by_role("button", name="Lock for good").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("The study is locked.").wait_for()

    scene["study"].refresh_from_db()
    assert scene["study"].state == "locked"


def test_the_content_is_one_tab_away(scene, visit):
    page = visit("reader3")
    page.goto(reverse("worklist"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "content"


def test_studies_are_put_in_order_by_a_column(scene, visit):
    page = visit("lead")
    page.goto(reverse("study_list"))
    page.get_by_role("button", name="Submitted").click()
    page.get_by_role("button", name="Submitted").click()

    titles = page.locator("tbody th a").all_text_contents()
    assert titles == ["Neck nodes, two centres", "Calibration round", "Mask practice", "Second round"]
    assert page.locator("th[aria-sort=descending]").all_text_contents() == ["Submitted"]


def test_a_popover_stands_beside_its_button_inside_the_window(scene, visit):
    page = visit("lead", width=1024, height=768)
    page.goto(reverse("study_detail", args=[scene["study"].public_id]))
    button = page.get_by_role("button", name="Withdraw").first
    button.click()
    box, opener = page.locator(".popover:popover-open").bounding_box(), button.bounding_box()
    picture(page, "withdraw-1024-light")

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1024
    assert 0 <= box["y"] - (opener["y"] + opener["height"]) <= 12


def test_a_study_is_printed_in_black_on_white_without_the_bar(scene, visit):
    page = visit("lead", theme="dark")
    page.goto(reverse("study_detail", args=[scene["study"].public_id]))
    page.emulate_media(media="print")
    picture(page, "study-print")
    shown = page.evaluate("""() => {
        const of = (name) => getComputedStyle(document.querySelector(name));
        return [of("html").backgroundColor, of("dt").color, of(".bar").display, of(".actions").display];
    }""")

    assert shown == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", "none", "none"]


def test_the_policy_of_every_page_is_strict(scene, client):
    client.force_login(scene["study"].lead)
    page = client.get(reverse("study_list"))
    policy, nonce = page["Content-Security-Policy"], re.search(r'importmap" nonce="([^"]+)"', page.content.decode())

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in policy
