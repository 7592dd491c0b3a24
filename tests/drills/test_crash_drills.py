"""A tab or the browser that dies, a page that is left and come back to, a session that ends in mid-case.

After each drill every stroke and answer is stored exactly once, and whenever the page said “Saved” it was
(tests/drills/reader.py holds the witness).
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.drills.reader import (
    NONE,
    SAVES,
    Reader,
    answer,
    at,
    check,
    commit_and_lose,
    complete,
    press_submit,
    settle,
    state,
    stroke,
    wait_state,
)
from tests.drills.running import Server

pytestmark = [pytest.mark.browser]
quick, slow = pytest.mark.drill, pytest.mark.slow_drill


@quick
def test_a_tab_that_crashes_loses_nothing_it_had_not_sent(reader: Reader) -> None:
    page = reader.page
    stroke(page, 0)
    settle(reader)
    reader.context.set_offline(True)
    stroke(page, 1)
    answer(page, "necrosis", 1)
    page.wait_for_timeout(300)
    # what is kept of these is a number each: the mask was packed before them
    stroke(page, 2)
    for key in ("z", "z", "Shift+z"):
        page.locator("#stage").focus()
        page.keyboard.press(f"Control+{key}")
    page.wait_for_timeout(150)
    _crash(page)
    reader.context.set_offline(False)
    again = reader.open(reader.context.new_page())
    settle(reader, again)
    check(reader, [0, 1], NONE)
    again.locator("#stage").focus()
    again.keyboard.press("Control+Shift+z")
    settle(reader, again)
    check(reader, [0, 1, 2], NONE)
    again.keyboard.press("Control+z")
    again.keyboard.press("Control+z")
    settle(reader, again)
    check(reader, [0], NONE)


@slow
def test_a_tab_that_crashes_between_save_and_answer(reader: Reader) -> None:
    page = reader.page
    page.route(SAVES, commit_and_lose)
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
        page.wait_for_timeout(300)
        stroke(page, 2)
        page.locator("#stage").focus()
        page.keyboard.press("Control+z")
        page.wait_for_timeout(150)
        _kill_browser(profile)

        again = seat(_profile(chromium, profile))
        again.open()
        settle(again)
        check(again, [0, 1], NONE)
        assert reader.lies == []
        again.context.close()


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
    press_submit(page)
    page.wait_for_selector("#login[open]")
    _log_in(page)
    wait_state(page, "saved", seconds=20)
    assert reader.stored()["state"] == "draft"
    press_submit(page)
    page.wait_for_url(lambda url: reader.assignment not in url)
    there = reader.stored()
    assert (there["state"], there["revisions"], reader.lies) == ("submitted", 1, [])


def _log_in(page: Any) -> None:
    page.fill("#login [name=username]", "reader1")
    page.fill("#login [name=password]", "demo reader one")
    page.click("#login button")
    page.wait_for_selector("#login[open]", state="hidden")


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
