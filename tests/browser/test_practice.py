"""The practice case in Chromium, against the real server: gone through by keyboard, and nothing of it stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from annotations.models import Reading
from readers.models import ActivityInterval, AssignmentReading, ReaderProfile
from tests.factories import PASSWORD, make_study, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Visit = Callable[..., Any]


@pytest.fixture
def visit(chromium: Any, live_server: Any) -> Any:
    """A reader's first visit: logged in, on the home page; every request but for static files is kept."""
    make_study(3, readers=[make_user("reader", username="new")])
    contexts = []

    def come(width: int = 1440, height: int = 900, theme: str = "light") -> Any:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, color_scheme=theme
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(reverse("login"))
        page.get_by_label("Username").fill("new")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        page.on("request", lambda request: page.asked.append(f"{request.method} {request.url}"))
        return page

    yield come
    for context in contexts:
        context.close()


def begin(page: Any) -> None:
    page.get_by_role("link", name="Two-minute practice case").press("Enter")
    page.wait_for_selector("html[data-ready]")


def faults(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


def step(page: Any, number: int) -> None:
    """Wait until the coach stands at that step."""
    page.wait_for_function(
        "n => document.getElementById('coach-count').textContent.startsWith(`${n} of `)", arg=number
    )  # fmt: skip


def tab_to(page: Any, element: str) -> None:
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == element:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {element}")


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def draw(page: Any) -> None:
    """The steps on the image: zoom, window, outline, brush, eraser, undo."""
    step(page, 1)
    press(page, ".")
    step(page, 2)
    press(page, "c")
    step(page, 3)
    press(page, "p", "ArrowRight", "Enter")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        press(page, *[f"Shift+{key}"] * 4, "Enter")
    press(page, *["Shift+ArrowUp"] * 4, "Enter")
    step(page, 4)
    press(page, "b", "ArrowLeft", "Space")
    step(page, 5)
    press(page, "e", "ArrowRight", "Space")
    step(page, 6)
    press(page, "Control+z")


def answer(page: Any) -> None:
    """The steps in the form, up to the call."""
    step(page, 7)
    press(page, "Digit1", "Digit1")
    step(page, 8)
    press(page, "Digit1")
    step(page, 9)
    press(page, "Digit0")
    step(page, 10)
    press(page, "d")
    step(page, 11)
    while page.locator(".row.is-lit").get_attribute("data-code") not in ("score", "call"):
        press(page, "Digit1")
    step(page, 12)
    press(page, "Digit7", "Digit0", "Enter")
    step(page, 13)
    press(page, "Digit2")


def test_the_practice_case_by_keyboard_alone_stores_nothing_but_that_it_was_done(visit: Visit) -> None:
    page = visit()
    readings = Reading.objects.count()  # the reference readings of the dataset
    begin(page)
    tab_to(page, "coach-on")
    press(page, "Enter")
    draw(page)
    answer(page)
    step(page, 14)
    press(page, "Digit1")
    page.wait_for_selector("#save-state[data-state=kept]")
    step(page, 15)
    page.wait_for_selector("#save-state[data-state=saved]")
    tab_to(page, "coach-on")
    press(page, "Enter")
    step(page, 16)
    press(page, "?")
    page.wait_for_selector("#help[open]")
    press(page, "Escape")
    step(page, 17)
    press(page, "Control+Enter")
    page.get_by_text("That was a whole case").first.wait_for()
    tab_to(page, "coach-on")
    press(page, "Enter")
    page.wait_for_url(f"**{reverse('worklist')}")

    sent = [line for line in page.asked if not line.startswith("GET ")]
    assert [line.split("/", 3)[3] for line in sent] == [reverse("practice-end")[1:]]
    assert not [line for line in page.asked if "/api/" in line]
    assert Reading.objects.count() == readings
    assert not AssignmentReading.objects.exists()
    assert not ActivityInterval.objects.exists()
    assert ReaderProfile.objects.get(user__username="new").page_settings["practice"] == "done"
    assert page.get_by_role("link", name="Two-minute practice case").count() == 0
    assert page.said == []


def test_it_is_left_at_once_and_stays_in_the_menu(visit: Visit) -> None:
    page = visit()
    begin(page)
    tab_to(page, "coach-end")
    press(page, "Enter")
    page.wait_for_url(f"**{reverse('worklist')}")

    assert ReaderProfile.objects.get(user__username="new").page_settings["practice"] == "left"
    assert page.get_by_role("link", name="Two-minute practice case").count() == 0
    page.get_by_role("button", name="new").click()
    page.get_by_role("link", name="Practice case").click()
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#coach-title").text_content() == "A practice case"


@pytest.mark.parametrize(
    ("width", "height", "theme"),
    [(1440, 900, "light"), (1440, 900, "dark"), (1024, 768, "light"), (720, 450, "dark")],
)
def test_the_coach_has_no_fault_and_covers_neither_image_nor_buttons(
    visit: Visit, width: int, height: int, theme: str
) -> None:
    page = visit(width, height, theme)
    begin(page)
    assert faults(page) == []
    page.locator("#coach-on").press("Enter")
    for number in range(1, 4):
        step(page, number)
        assert faults(page) == []
        page.locator("#coach-skip").press("Enter")

    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    coach, stage, submit = (page.locator(f"#{name}").bounding_box() for name in ("coach", "stage", "submit"))
    assert stage["y"] + stage["height"] <= coach["y"] + 1
    assert coach["y"] + coach["height"] <= submit["y"] or coach["x"] + coach["width"] <= submit["x"]
    assert page.said == []
