"""Every state of the reading page, and how it comes about. docs/reading.md shows and explains each of them by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.drills.reader import stroke
from tests.states.scene import SAVES, Scene, complete, in_state, press, saved

State = Callable[[Scene], Any]
STATES: dict[str, State] = {}


def state(made: State) -> State:
    STATES[made.__name__.replace("_", "-")] = made
    return made


@state
def practice(scene: Scene) -> Any:
    scene.study = scene.server.desk.ask("study", title="Neck nodes", cases=3)
    page = scene.open(path="/practice/")
    page.click("#coach-on")
    for step in ("2 of", "3 of"):
        page.click("#coach-skip")
        page.wait_for_selector(f"#coach-count:has-text('{step}')")
    return page


@state
def new(scene: Scene) -> Any:
    return scene.begin()


@state
def proposed(scene: Scene) -> Any:
    page = scene.begin()
    scene.outline(page)
    saved(page)
    return page


@state
def half(scene: Scene) -> Any:
    page = scene.begin()
    scene.outline(page)
    press(page, "11" + "211" + "1" + "120")
    saved(page)
    return page


@state
def definition(scene: Scene) -> Any:
    page = half(scene)
    page.keyboard.press("d")
    return page


@state
def no_node(scene: Scene) -> Any:
    page = scene.begin()
    page.get_by_role("button", name="No node to delineate").click()
    saved(page)
    return page


@state
def question(scene: Scene) -> Any:
    page = half(scene)
    press(page, "3" + "111")
    page.wait_for_selector("#dock:visible")
    saved(page)
    return page


@state
def incomplete(scene: Scene) -> Any:
    page = half(scene)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#dock:visible")
    return page


@state
def whole(scene: Scene) -> Any:
    page = scene.begin()
    complete(scene, page)
    return page


@state
def stale(scene: Scene) -> Any:
    page = half(scene)
    page.keyboard.press("b")
    scene.over_the_rim(page)
    page.wait_for_selector(".is-stale")
    saved(page)
    return page


@state
def parts(scene: Scene) -> Any:
    page = whole(scene)
    scene.dab_beside_the_node(page)
    saved(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#dock:visible")
    return page


@state
def fusion(scene: Scene) -> Any:
    page = half(scene)
    page.keyboard.press("u")
    return page


@state
def calibration(scene: Scene) -> Any:
    page = scene.begin(unscaled=True)
    page.keyboard.press("r")
    stroke(page, 1)
    page.wait_for_selector("#dock input")
    return page


@state
def categories(scene: Scene) -> Any:
    page = scene.begin(score_style="six")
    scene.outline(page)
    press(page, "11" + "211" + "1" + "1200" + "1111")
    saved(page)
    return page


@state
def panel(scene: Scene) -> Any:
    page = half(scene)
    page.click("#panel-button")
    page.wait_for_selector("#panel:popover-open")
    return page


@state
def keys(scene: Scene) -> Any:
    page = scene.begin()
    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")
    return page


@state
def slow(scene: Scene) -> Any:
    """50 kbit/s and 800 ms: the save is under way and stays so while the picture is taken."""
    page = half(scene)
    page.route(SAVES, lambda route: None)
    press(page, "1")
    return in_state(page, "saving")


@state
def offline(scene: Scene) -> Any:
    page = half(scene)
    page.context.set_offline(True)
    press(page, "1" + "1")
    return in_state(page, "kept")


@state
def second_tab(scene: Scene) -> Any:
    first = half(scene)
    return in_state(scene.open(first.context), "passive")


@state
def conflict(scene: Scene) -> Any:
    page = half(scene)
    elsewhere = scene.open(scene.sit())
    elsewhere.click("[data-code=necrosis] .segment >> nth=1")
    saved(elsewhere)
    press(page, "1")
    return in_state(page, "conflict")


@state
def older_draft(scene: Scene) -> Any:
    first = half(scene)
    first.context.set_offline(True)
    press(first, "1")
    in_state(first, "kept").close()
    elsewhere = scene.open(scene.sit())
    elsewhere.click("[data-code=margin_regularity] .segment >> nth=1")
    saved(elsewhere)
    first.context.set_offline(False)
    page = scene.open(first.context)
    page.wait_for_selector("#dock:visible")
    return page


@state
def expired(scene: Scene) -> Any:
    page = half(scene)
    scene.server.desk.ask("end_sessions")
    press(page, "1")
    page.wait_for_selector("#login[open]")
    return in_state(page, "expired")


def _too_late(scene: Scene, verb: str, of: str) -> Any:
    """What the lead or curator does while the page is open; `of` is what it is done to."""
    page = half(scene)
    where = {"study": scene.study["study"], "assignment": scene.assignment}
    scene.server.desk.ask(verb, **{of: where[of]})
    press(page, "1")
    return in_state(page, "locked")


@state
def locked(scene: Scene) -> Any:
    return _too_late(scene, "lock", "study")


@state
def withdrawn(scene: Scene) -> Any:
    return _too_late(scene, "withdraw", "study")


@state
def excluded(scene: Scene) -> Any:
    return _too_late(scene, "exclude", "assignment")


@state
def submitted(scene: Scene) -> Any:
    page = whole(scene)
    before = page.url
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: url != before)
    page.wait_for_selector("#save-text:has-text('submitted')")
    return page


@state
def feedback(scene: Scene) -> Any:
    page = scene.begin(reader="trainee", purpose="training")
    complete(scene, page)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/feedback/")
    page.wait_for_selector("html[data-ready]")
    return page
