"""The next case comes into the document that stands: it has all of its own and nothing of the last one's, and what cannot
come that way is navigated to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.drills.reader import (
    CYSTIC,
    Reader,
    answer,
    at,
    complete,
    image_size,
    lines,
    press_submit,
    settle,
    stroke,
    wait_state,
)
from tests.drills.running import Server

pytestmark = [pytest.mark.browser]
quick, slow = pytest.mark.drill, pytest.mark.slow_drill

PAGES = "(url) => performance.getEntriesByName(url, 'resource').length"
MARK = "window.stood = (window.stood ?? 0) + 1"
STOOD = "() => window.stood"


def hand_in(reader: Reader) -> None:
    """The reader's case read and submitted, and whatever comes then at rest."""
    page = reader.page
    complete(page)
    settle(reader)
    page.evaluate(MARK)
    press_submit(page)
    page.wait_for_url(lambda url: reader.assignment not in url)


def moved_on(reader: Reader, following: str) -> None:
    page = reader.page
    assert page.url == f"{reader.base}/read/{following}/"
    page.wait_for_selector("html[data-ready]")
    reader.assignment, reader.size = following, image_size(page)


@quick
def test_the_next_case_has_all_of_its_own_and_nothing_of_the_last(
    reader: Reader, study: dict[str, Any], server: Server
) -> None:
    page = reader.page
    page.goto(f"{server.base}/worklist/")
    reader.open()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    first, second = study["assignments"]
    hand_in(reader)
    read = reader.stored()
    moved_on(reader, second)

    assert page.evaluate(STOOD) == 1, "it was navigated to"
    assert page.evaluate(PAGES, page.url) == 0, "its page came with the answer to Submit"
    assert page.title() == "Case 2 of 2 · LymphUs"
    page.wait_for_selector("#turned:text-is('Case 2 of 2 · LymphUs')", state="attached")
    assert page.inner_text(".position") == "Case 2 of 2"
    assert page.locator(".cell.is-submitted").count() == 1
    assert page.inner_text("#save-text").startswith("Case 1 submitted")
    assert (page.inner_text("#readout-mask"), page.input_value("#remarks")) == ("–", "")
    assert page.locator(".row.is-done:not(.is-derived)").count() == 0
    assert page.locator("#undo, [data-action=undo]").first.is_disabled()

    # each key and stroke counts once: nobody of the last case listens any more
    page.keyboard.press("Control+z")
    stroke(page, 3)
    answer(page, "necrosis", 3)
    before = page.inner_text("#readout-brush")
    page.keyboard.press("]")
    assert page.inner_text("#readout-brush") == "14 px" and before == "12 px"
    settle(reader)
    there = reader.stored()
    assert lines(reader.size, there["parts"]) == [3]
    assert {code: said["value"] for code, said in there["answers"].items()} == CYSTIC
    after = server.desk.ask("stored", assignment=first)
    assert (after, read["state"]) == (read, "submitted")
    assert server.desk.ask("active_seconds", assignment=first) > 0
    page.locator("#stage").focus()
    page.keyboard.press("Control+z")
    settle(reader)
    assert reader.stored()["parts"] == []

    page.reload()
    page.wait_for_selector("html[data-ready]")
    assert page.url.endswith(f"/{second}/")
    page.keyboard.press("Control+Shift+z")
    settle(reader)
    assert lines(reader.size, reader.stored()["parts"]) == [3]
    page.go_back()
    page.wait_for_url("**/worklist/")
    page.go_forward()
    page.wait_for_selector("html[data-ready]")
    assert page.url.endswith(f"/{second}/")
    assert (reader.lies, errors) == ([], [])


@slow
def test_a_case_finished_in_place_hands_in_its_own_work(reader: Reader, study: dict[str, Any]) -> None:
    hand_in(reader)
    moved_on(reader, study["assignments"][1])
    page = reader.page
    stroke(page, 0)
    page.keyboard.press("Control+z")
    hand_in(reader)
    page.wait_for_url("**/worklist/")
    there = reader.stored()
    assert (there["state"], len(there["parts"]), len(there["answers"])) == ("submitted", 1, 15)
    assert reader.lies == []


@slow
def test_two_tabs_meet_on_a_case_that_one_came_to_in_place(reader: Reader, study: dict[str, Any]) -> None:
    """And the case that was left is not held by the tab that left it."""
    hand_in(reader)
    moved_on(reader, study["assignments"][1])
    other = reader.context.new_page()
    other.goto(reader.page.url)
    wait_state(other, "passive")
    assert other.is_visible("#strip")
    stroke(reader.page, 2)
    settle(reader)
    assert lines(reader.size, reader.stored()["parts"]) == [2]


@slow
def test_a_session_that_ends_as_the_case_is_handed_in_leads_to_the_log_in(reader: Reader, server: Server) -> None:
    page = reader.page

    def commit_and_end(route: Any) -> None:
        response = route.fetch()
        server.desk.ask("end_sessions")
        route.fulfill(response=response, json={**response.json(), "next_page": None})

    page.route("**/submit/", commit_and_end)
    complete(page)
    settle(reader)
    press_submit(page)
    page.wait_for_url("**/login/**")
    assert reader.stored()["state"] == "submitted"


@slow
def test_the_next_case_taken_away_as_the_last_is_handed_in_is_said_once(
    reader: Reader, study: dict[str, Any], server: Server
) -> None:
    page = reader.page

    def commit_and_exclude(route: Any) -> None:
        response = route.fetch()
        server.desk.ask("exclude", assignment=study["assignments"][1])
        route.fulfill(response=response, json={**response.json(), "next_page": None})

    page.route("**/submit/", commit_and_exclude)
    complete(page)
    settle(reader)
    press_submit(page)
    page.wait_for_url("**/worklist/")
    assert page.locator("text=left out of the dataset").count() == 1
    server.desk.ask("include", assignment=study["assignments"][1])


@slow
def test_where_the_server_was_updated_meanwhile_the_next_case_is_a_new_document(
    reader: Reader, study: dict[str, Any]
) -> None:
    page, following = reader.page, study["assignments"][1]
    asked: list[str] = []

    def of_another_build(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("reading/view.", "reading/view.newer."))

    page.on("request", lambda r: r.url.endswith(f"/read/{following}/") and asked.append(r.resource_type))
    page.route("**/submit/", of_another_build)
    hand_in(reader)
    moved_on(reader, following)
    assert (asked, page.evaluate(STOOD)) == (["document"], None)


@slow
def test_a_page_that_did_not_come_with_the_answer_is_asked_for(reader: Reader, study: dict[str, Any]) -> None:
    page, following = reader.page, study["assignments"][1]

    def without_page(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "next_page": None})

    page.route("**/submit/", without_page)
    hand_in(reader)
    moved_on(reader, following)
    assert (page.evaluate(STOOD), page.evaluate(PAGES, page.url)) == (1, 1)


@slow
def test_an_image_that_could_not_be_fetched_ahead_is_fetched_when_it_is_wanted(
    reader: Reader, study: dict[str, Any]
) -> None:
    page, following = reader.page, study["assignments"][1]
    page.route(f"**/assignments/{following}/image/", lambda route: route.abort())
    reader.open()
    page.wait_for_timeout(500)
    page.unroute(f"**/assignments/{following}/image/")
    hand_in(reader)
    moved_on(reader, following)
    assert page.evaluate(STOOD) == 1
    page.mouse.click(*at(page, 0.5, 0.5))
    settle(reader)
    assert len(reader.stored()["parts"]) == 1
