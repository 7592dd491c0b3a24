"""A whole case read in German, from the log-in to the worklist after it, on the real pages; axe finds no fault on the way."""

from __future__ import annotations

import math
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from readers.assignments import reading_of
from tests.factories import PASSWORD, first_assignment, make_dataset, make_study, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH, HEIGHT = 300, 200
# texts that do not fit their box, apart from those for ears only
CUT = """() => [...document.querySelectorAll("main *, form *, header *")].filter((e) => {
  const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const style = getComputedStyle(e);
  return own && e.offsetParent && style.clipPath === "none" && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1;
}).map((e) => e.textContent.trim())"""


def faults(page: Any) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


def draw_node(page: Any) -> None:
    """An ellipse by the freehand outline, the image fitted to the stage."""
    box = page.locator("#stage").bounding_box()
    scale = min(box["width"] / WIDTH, box["height"] / HEIGHT)
    x0, y0 = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    turns = [2 * math.pi * i / 24 for i in range(25)]
    points = [(x0 + 60 * scale * math.cos(t), y0 + 30 * scale * math.sin(t)) for t in turns]
    page.keyboard.press("l")
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()


@pytest.fixture
def study() -> Any:
    dataset = make_dataset(1, width=WIDTH, height=HEIGHT, spacing=0.1, synthetic=True)
    return make_study(dataset=dataset, readers=[make_user("reader", username="ines")], title="Halslymphknoten")


@pytest.fixture
def page(chromium: Any, live_server: Any) -> Any:
    context = chromium.new_context(
        base_url=live_server.url, locale="de-DE", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_a_whole_case_is_read_in_german(study: Any, page: Any, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/login/")
    assert page.locator("html").get_attribute("lang") == "de"
    found = faults(page)
    page.get_by_label("Benutzername").fill("ines")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/worklist/")
    found += faults(page)

    page.get_by_role("link", name="Befunden beginnen").click()
    page.wait_for_selector("html[data-ready]")
    assert page.inner_text(".position") == "Fall 1 von 1"
    draw_node(page)
    page.wait_for_selector("[data-code=max_diameter_mm] .propose:visible")
    found += faults(page)
    for key in "11" + "111" + "22" + "1111" + "1111":
        page.keyboard.press(f"Digit{key}")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit1")
    page.wait_for_selector("#save-state[data-state=saved]")
    assert page.inner_text("#save-state").startswith("Gespeichert")
    assert page.inner_text("#open-link") == "vollständig"
    assert page.evaluate(CUT) == []
    found += faults(page)
    page.keyboard.press("?")
    page.get_by_role("heading", name="Tasten und Einstellungen").wait_for()
    found += faults(page)
    page.keyboard.press("Escape")

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/worklist/")
    assert "1 von 1 Fällen" in page.inner_text("main")
    assert found == []
    assert page.said == []
    reading = reading_of(first_assignment(study))
    assert reading is not None
    assert (reading.state, reading.score, reading.call) == ("submitted", 40, "benign")
    assert reading.answers["homogeneity"]["value"] == "heterogeneous"
