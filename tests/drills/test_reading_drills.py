"""Never lose work: what breaks under a reader, against the real server. After each, every stroke and answer is stored
exactly once, and whenever the page said “Saved” it was (tests/drills/reader.py holds the witness)."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.drills.reader import Reader, answer, at, check, complete, settle, state, stroke, wait_state
from tests.drills.running import Server

pytestmark = [pytest.mark.browser]
quick, slow = pytest.mark.drill, pytest.mark.slow_drill
SAVES = "**/api/v1/assignments/*/reading/"
NONE, CYSTIC = {"necrosis": "none"}, {"necrosis": "cystic"}


@quick
def test_offline_in_mid_case_and_back(reader: Reader) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    reader.context.set_offline(True)
    stroke(page, 1)
    wait_state(page, "kept")
    stroke(page, 2)
    answer(page, "necrosis", 1)
    page.wait_for_timeout(300)
    assert state(page) == "kept"
    assert "Offline since" in page.inner_text("#strip")
    reader.context.set_offline(False)
    settle(reader)
    check(reader, [0, 1, 2], NONE)


@slow
def test_server_killed_during_a_save_and_started_again(reader: Reader, server: Server) -> None:
    page = reader.page
    stroke(page, 0)
    with page.expect_request(lambda r: r.method == "PUT"):
        stroke(page, 1)
    server.kill_web()
    stroke(page, 2)
    answer(page, "necrosis", 3)
    wait_state(page, "kept")
    server.start()
    settle(reader)
    check(reader, [0, 1, 2], CYSTIC)


@slow
def test_server_killed_five_times_at_five_moments_of_a_save(reader: Reader, server: Server) -> None:
    page = reader.page
    for line in range(5):
        stroke(page, line)
        page.wait_for_timeout(40 * line)
        server.kill_web()
        server.start()
    settle(reader)
    check(reader, list(range(5)), {})


@quick
def test_a_tab_that_crashes_loses_nothing_it_had_not_sent(reader: Reader) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    reader.context.set_offline(True)
    stroke(page, 1)
    answer(page, "necrosis", 1)
    page.wait_for_timeout(150)
    _crash(page)
    reader.context.set_offline(False)
    again = reader.open(reader.context.new_page())
    settle(reader, again)
    check(reader, [0, 1], NONE)
    again.keyboard.press("Control+z")
    settle(reader, again)
    check(reader, [0], NONE)


@slow
def test_a_tab_that_crashes_between_save_and_answer(reader: Reader) -> None:
    page = reader.page
    page.route(SAVES, _commit_and_lose)
    stroke(page, 0)
    wait_state(page, "kept")
    stroke(page, 1)
    page.wait_for_timeout(150)
    _crash(page)
    again = reader.open(reader.context.new_page())
    settle(reader, again)
    assert not again.locator("#dock:visible").count()
    check(reader, [0, 1], {})


@slow
def test_the_browser_killed_and_started_again(chromium: Any, seat: Callable[..., Reader]) -> None:
    with tempfile.TemporaryDirectory(prefix="lymphus-profile-", ignore_cleanup_errors=True) as profile:
        reader = seat(_profile(chromium, profile))
        page = reader.open()
        stroke(page, 0)
        settle(reader)
        reader.context.set_offline(True)
        stroke(page, 1)
        answer(page, "necrosis", 1)
        page.wait_for_timeout(150)
        _kill_browser(profile)

        again = seat(_profile(chromium, profile))
        again.open()
        settle(again)
        check(again, [0, 1], NONE)
        assert reader.lies == []
        again.context.close()


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
    other.page.click("button:has-text('Take theirs')")
    settle(other)
    check(other, [0], {})
    other.page.focus("#stage")
    other.page.keyboard.press("Control+z")
    settle(other)
    check(other, [1], {})
    stroke(reader.page, 2)
    wait_state(reader.page, "conflict")
    reader.page.click("button:has-text('Keep mine')")
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
        reader.context.add_init_script(_shifted(days))
        reader.open()
    reader.context.set_offline(True)
    stroke(reader.page, 1)
    wait_state(reader.page, "kept")
    reader.page.close(run_before_unload=False)
    other = seat(chromium.new_context(viewport={"width": 1440, "height": 900}))
    other.open()
    stroke(other.page, 0)
    settle(other)

    reader.context.set_offline(False)
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
    reader.page.close(run_before_unload=False)
    reader.context.set_offline(False)
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
    _press_submit(reader.page)
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


@quick
def test_back_and_forward_with_a_half_drawn_polygon(reader: Reader, server: Server) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    page.keyboard.press("p")
    for point in [(0.35, 0.3), (0.6, 0.3), (0.6, 0.6)]:
        page.mouse.click(*at(page, *point))
    page.wait_for_timeout(200)
    page.goto(f"{server.base}/worklist/")
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    page.go_forward()
    page.wait_for_url("**/worklist/")
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    check(reader, [0], {})
    page.mouse.click(*at(page, 0.35, 0.6))
    page.mouse.click(*at(page, 0.35, 0.3))
    settle(reader)
    there = reader.stored()
    width, height = reader.size
    x0, y0, x1, y1 = there["parts"][1]
    assert len(there["parts"]) == 2
    assert abs((x1 - x0) / width - 0.25) < 0.02 and abs((y1 - y0) / height - 0.3) < 0.02
    assert reader.lies == []


@quick
def test_a_session_that_ends_in_mid_case_is_renewed_in_place(reader: Reader, server: Server) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    server.desk.ask("end_sessions")
    stroke(page, 1)
    page.wait_for_selector("#login[open]")
    assert state(page) == "expired"
    page.fill("#login [name=username]", "reader2")
    page.fill("#login [name=password]", "demo reader two")
    page.click("#login button")
    page.wait_for_selector("#login-said:has-text('another person')")
    assert state(page) == "expired"
    _log_in(page)
    settle(reader)
    answer(page, "necrosis", 1)
    settle(reader)
    check(reader, [0, 1], NONE)


@slow
def test_a_session_that_ends_before_submit_is_renewed_and_the_case_handed_in(reader: Reader, server: Server) -> None:
    page = reader.page
    complete(page)
    settle(reader)
    server.desk.ask("end_sessions")
    _press_submit(page)
    page.wait_for_selector("#login[open]")
    _log_in(page)
    wait_state(page, "saved", seconds=20)
    assert reader.stored()["state"] == "draft"
    _press_submit(page)
    page.wait_for_url(lambda url: reader.assignment not in url)
    there = reader.stored()
    assert (there["state"], there["revisions"], reader.lies) == ("submitted", 1, [])


@slow
def test_a_slow_line(reader: Reader) -> None:
    """50 kbit/s and 800 ms, five strokes and an answer as fast as a hand draws them."""
    page = reader.page
    line = reader.context.new_cdp_session(page)
    line.send("Network.enable")
    slow_line = {"offline": False, "latency": 800, "downloadThroughput": 50_000 / 8, "uploadThroughput": 50_000 / 8}
    line.send("Network.emulateNetworkConditions", slow_line)
    for number in range(5):
        stroke(page, number)
    answer(page, "necrosis", 1)
    assert state(page) == "saving"
    settle(reader)
    check(reader, [0, 1, 2, 3, 4], NONE)


@pytest.mark.parametrize("days", [pytest.param(-1, marks=quick), pytest.param(1, marks=slow)])
def test_a_clock_wrong_by_a_day(reader: Reader, days: int) -> None:
    reader.context.add_init_script(_shifted(days))
    page = reader.open()
    stroke(page, 0)
    settle(reader)
    reader.context.set_offline(True)
    stroke(page, 1)
    wait_state(page, "kept")
    reader.context.set_offline(False)
    settle(reader)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("Control+z")
    settle(reader)
    check(reader, [0], {})


@quick
def test_submit_pressed_ten_times(reader: Reader) -> None:
    page = reader.page
    complete(page)
    settle(reader)
    before = reader.stored()
    page.evaluate("() => { for (let i = 0; i < 10; i += 1) document.getElementById('submit').click(); }")
    page.wait_for_url(lambda url: reader.assignment not in url)
    there = reader.stored()
    assert (there["state"], there["revisions"], there["version"]) == ("submitted", 1, before["version"] + 1)
    assert (there["mask_sha256"], there["answers"]) == (before["mask_sha256"], before["answers"])
    assert (there["score"], there["call"], reader.lies) == (42, "benign", [])


@quick
def test_answers_lost_after_the_server_committed(reader: Reader) -> None:
    page = reader.page
    page.route(SAVES, _commit_and_lose)
    stroke(page, 0)
    wait_state(page, "kept")
    stroke(page, 1)
    answer(page, "necrosis", 1)
    page.wait_for_timeout(500)
    assert state(page) == "kept"
    page.unroute(SAVES)
    settle(reader)
    there = check(reader, [0, 1], NONE)
    assert there["version"] == 2


@slow
def test_the_answer_to_a_submission_lost_and_drawing_on_meanwhile(reader: Reader) -> None:
    """What was submitted is what was seen when Submit was pressed: nothing slips in while it is under way."""
    page = reader.page
    complete(page)
    settle(reader)
    before = reader.stored()
    page.route("**/submit/", _commit_and_lose)
    _press_submit(page)
    page.wait_for_selector("#strip:visible")
    shown = page.inner_text("#readout-mask")
    page.keyboard.press("b")
    stroke(page, 7)
    page.wait_for_timeout(600)
    assert page.inner_text("#readout-mask") == shown
    page.unroute("**/submit/")
    page.wait_for_url(lambda url: reader.assignment not in url)
    there = reader.stored()
    assert (there["state"], there["revisions"], there["version"]) == ("submitted", 1, before["version"] + 1)
    assert (there["mask_sha256"], there["answers"], reader.lies) == (before["mask_sha256"], before["answers"], [])


def _press_submit(page: Any) -> None:
    page.keyboard.press("Control+Enter")


def _log_in(page: Any) -> None:
    page.fill("#login [name=username]", "reader1")
    page.fill("#login [name=password]", "demo reader one")
    page.click("#login button")
    page.wait_for_selector("#login[open]", state="hidden")


def _commit_and_lose(route: Any) -> None:
    """The server takes the write; its answer never reaches the page."""
    if route.request.method in ("PUT", "POST"):
        route.fetch()
        route.abort()
    else:
        route.continue_()


def _crash(page: Any) -> None:
    with page.expect_event("crash"):
        try:
            page.goto("chrome://crash", timeout=5000)
        except Exception as gone:  # the page is no more: that is what was asked for
            assert "crash" in str(gone).lower() or "timeout" in str(gone).lower()
    page.close(run_before_unload=False)


def _profile(chromium: Any, folder: str) -> Any:
    return chromium.browser_type.launch_persistent_context(
        folder, executable_path="/usr/bin/chromium", args=["--no-sandbox"], viewport={"width": 1440, "height": 900}
    )


def _kill_browser(profile: str) -> None:
    """Every process of the browser that we started on this profile, at once."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in words:
            os.kill(int(entry.parent.name), signal.SIGKILL)


def _shifted(days: int) -> str:
    return f"""(() => {{
      const Real = Date, shift = {days} * 86400000;
      globalThis.Date = class extends Real {{
        constructor(...given) {{ if (given.length) super(...given); else super(Real.now() + shift); }}
        static now() {{ return Real.now() + shift; }}
      }};
    }})()"""
