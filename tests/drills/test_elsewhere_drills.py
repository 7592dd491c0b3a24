"""Two tabs, two machines, and a study that changes under the reader: nothing is overwritten, what is late is kept apart.

After each drill every stroke and answer is stored exactly once, and whenever the page said “Saved” it was
(tests/drills/reader.py holds the witness).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.drills.reader import (
    NONE,
    SAVES,
    Reader,
    answer,
    check,
    complete,
    leave_offline,
    press_submit,
    settle,
    shifted,
    state,
    stroke,
    wait_state,
)
from tests.drills.running import Server

pytestmark = [pytest.mark.browser]
quick, slow = pytest.mark.drill, pytest.mark.slow_drill


@quick
def test_two_tabs_on_one_case(reader: Reader) -> None:
    first = reader.page
    stroke(first, 0)
    settle(reader)
    second = reader.open(reader.context.new_page())
    wait_state(second, "passive")
    stroke(second, 1)
    second.wait_for_timeout(500)
    assert state(second) == "passive"
    second.click("text=Continue here")
    wait_state(first, "passive")
    second.wait_for_selector("#save-state[data-state=idle]")
    second.wait_for_selector("html[data-ready]")
    stroke(second, 2)
    settle(reader, second)
    check(reader, [0, 2], {})
    first.click("text=Continue here")
    wait_state(second, "passive")
    first.wait_for_selector("html[data-ready]")
    wait_state(first, "idle")
    stroke(first, 3)
    settle(reader, first)
    check(reader, [0, 2, 3], {})


@quick
def test_one_case_on_two_machines(reader: Reader, chromium: Any, seat: Callable[..., Reader]) -> None:
    """The second machine's newer state is told; taken, it stands, and the first machine's is one undo away."""
    other = seat(chromium.new_context(viewport={"width": 1440, "height": 900}))
    other.open()
    stroke(reader.page, 0)
    settle(reader)
    stroke(other.page, 1)
    answer(other.page, "necrosis", 3)
    wait_state(other.page, "conflict")
    check(reader, [0], {})
    other.page.click("button:has-text('Take the newer')")
    settle(other)
    check(other, [0], {})
    other.page.focus("#stage")
    other.page.keyboard.press("Control+z")
    settle(other)
    check(other, [1], {})
    stroke(reader.page, 2)
    wait_state(reader.page, "conflict")
    reader.page.click("button:has-text('Keep what is here')")
    settle(reader)
    check(reader, [0, 2], {})
    other.context.close()


@pytest.mark.parametrize("days", [0, -1, 1])
@slow
def test_an_older_offline_draft_is_offered_never_applied(
    reader: Reader, chromium: Any, seat: Callable[..., Reader], days: int
) -> None:
    """Whatever the clock of the machine says; and an offer that was not answered is there again."""
    if days:
        reader.context.add_init_script(shifted(days))
        reader.open()
    reader.context.set_offline(True)
    stroke(reader.page, 1)
    wait_state(reader.page, "kept")
    leave_offline(reader)
    other = seat(chromium.new_context(viewport={"width": 1440, "height": 900}))
    other.open()
    stroke(other.page, 0)
    settle(other)

    page = reader.open(reader.context.new_page())
    page.wait_for_selector("#dock:has-text('older draft')")
    page.wait_for_timeout(500)
    check(reader, [0], {})
    answer(page, "necrosis", 1)
    settle(reader, page)
    check(reader, [0], NONE)
    page.reload()
    page.wait_for_selector("#dock:has-text('older draft')")
    page.click("#dock button >> nth=1")
    settle(reader, page)
    check(reader, [1], {})
    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert not page.locator("#dock:visible").count()
    other.context.close()


@pytest.mark.parametrize(
    "verb, code",
    [
        pytest.param("lock", "study_closed", marks=quick),
        pytest.param("withdraw", "assignment_withdrawn", marks=slow),
        pytest.param("exclude", "case_excluded", marks=slow),
    ],
)
def test_what_came_too_late_is_kept_apart_and_said(
    reader: Reader, server: Server, study: dict[str, Any], verb: str, code: str
) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    where = {"assignment": reader.assignment} if verb == "exclude" else {"study": study["study"]}
    server.desk.ask(verb, **where)
    page.route(SAVES, lambda route: (page.wait_for_timeout(600), route.continue_()))
    stroke(page, 1)
    page.wait_for_timeout(300)
    stroke(page, 2)
    answer(page, "necrosis", 1)
    wait_state(page, "locked")
    page.wait_for_selector("#strip:has-text('does not count')")
    page.wait_for_selector("#strip:has-text('on the server')")
    stroke(page, 3)
    page.wait_for_timeout(1500)
    check(reader, [0], {})
    kept = server.desk.ask("late", assignment=reader.assignment)
    assert {work["reason"] for work in kept} == {code}
    assert [len(work["parts"]) for work in kept] == [2, 3]
    assert kept[-1]["answers"] == {"necrosis": {"value": "none"}}
    page.goto(reader.address)
    assert "/read/" not in page.url


@slow
def test_what_was_never_sent_is_told_on_the_worklist(reader: Reader, server: Server, study: dict[str, Any]) -> None:
    """Closed while offline and never opened again: the worklist tells; once the study is locked it is kept apart."""
    reader.context.set_offline(True)
    stroke(reader.page, 1)
    answer(reader.page, "necrosis", 1)
    wait_state(reader.page, "kept")
    leave_offline(reader)
    page = reader.context.new_page()
    page.goto(f"{server.base}/worklist/")
    page.wait_for_selector("[data-kept=waiting]:visible")
    assert reader.assignment in str(page.get_attribute("[data-kept=waiting] a", "href"))
    assert not server.desk.ask("late", assignment=reader.assignment)

    server.desk.ask("lock", study=study["study"])
    page.reload()
    page.wait_for_selector("[data-kept=apart]:visible")
    kept = server.desk.ask("late", assignment=reader.assignment)
    assert [(work["reason"], len(work["parts"])) for work in kept] == [("study_closed", 1)]
    assert kept[0]["answers"] == {"necrosis": {"value": "none"}}
    page.reload()
    page.wait_for_timeout(1500)
    assert not page.locator("#kept-here:visible").count()
    page.click("#person-menu button, [popovertarget=person-menu]")
    page.click("text=Log out")
    page.wait_for_url("**/login/**")
    left = page.evaluate(
        """() => new Promise((done) => { const r = indexedDB.open('lymphus-reading', 1); r.onsuccess = () => {
        const all = r.result.transaction('drafts').objectStore('drafts').getAllKeys();
        all.onsuccess = () => done(all.result.length); }; })"""
    )
    assert left == 0


@slow
def test_submitted_on_another_machine_meanwhile(
    reader: Reader, server: Server, chromium: Any, seat: Callable[..., Reader]
) -> None:
    other = seat(chromium.new_context(viewport={"width": 1440, "height": 900}))
    other.open()
    complete(reader.page)
    settle(reader)
    before = reader.stored()
    press_submit(reader.page)
    reader.page.wait_for_url(lambda url: reader.assignment not in url)
    stroke(other.page, 7)
    wait_state(other.page, "locked")
    other.page.wait_for_selector("#strip:has-text('submitted already')")
    other.page.wait_for_selector("#strip:has-text('on the server')")
    after = reader.stored()
    assert (after["state"], after["revisions"]) == ("submitted", 1)
    assert (after["mask_sha256"], after["answers"]) == (before["mask_sha256"], before["answers"])
    kept = server.desk.ask("late", assignment=reader.assignment)
    assert [(work["reason"], len(work["parts"])) for work in kept] == [("already_submitted", 1)]
    other.context.close()
