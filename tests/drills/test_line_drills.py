"""The line, the server and the clock fail under a reader.

After each drill every stroke and answer is stored exactly once, and whenever the page said “Saved” it was
(tests/drills/reader.py holds the witness).
"""

from __future__ import annotations

import pytest

from tests.drills.reader import (
    CYSTIC,
    NONE,
    SAVES,
    Reader,
    answer,
    check,
    commit_and_lose,
    complete,
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
    reader.context.add_init_script(shifted(days))
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
    page.route(SAVES, commit_and_lose)
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
    page.route("**/submit/", commit_and_lose)
    press_submit(page)
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
