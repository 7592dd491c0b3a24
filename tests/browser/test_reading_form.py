"""The form of the reading page in Chromium: by keys and by mouse, questions back, and what is open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.fake_server import FakeServer
from tests.browser.hand import answer_all, judge, middle, open_page, outline, pixels, saved, settled

pytestmark = [pytest.mark.browser]


def test_a_whole_case_in_seventeen_keys_and_a_score(page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    judge(page)
    page.wait_for_selector("#open-link:has-text('complete')")
    saved(page)

    reading = server.reading
    assert len(reading["answers"]) == 15
    assert reading["answers"]["homogeneity"] == {"value": "heterogeneous"}
    assert reading["answers"]["max_diameter_mm"]["mask_sha256"] == reading["mask_sha256"]
    assert (reading["score"], reading["call"]) == (12, "benign")
    assert page.inner_text("#open-link") == "complete"

    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/next/", wait_until="commit")
    assert server.reading["state"] == "submitted"


def test_remarks_still_being_typed_when_submit_is_pressed_are_handed_in(page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    judge(page)
    saved(page)
    page.click("#remarks")
    page.keyboard.type("shadow at the lower edge")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/next/", wait_until="commit")
    assert (server.reading["state"], server.reading["remarks"]) == ("submitted", "shadow at the lower edge")


def test_the_same_digit_takes_an_answer_back(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .row-label")
    page.keyboard.press("Digit3")
    settled(page, server, 1)
    assert server.reading["answers"] == {"necrosis": {"value": "cystic"}}
    page.click("[data-code=necrosis] .row-label")
    page.keyboard.press("Digit3")
    settled(page, server, 2)
    assert server.reading["answers"] == {}


def test_a_click_on_the_chosen_radio_takes_it_back(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .segment >> nth=1")
    settled(page, server, 1)
    page.click("[data-code=necrosis] .segment >> nth=1")
    settled(page, server, 2)
    assert server.reading["answers"] == {}


def test_nothing_is_preselected_and_the_scale_has_no_thumb(page: Any) -> None:
    assert page.locator("input[type=radio]:checked").count() == 0
    assert page.locator(".thumb:visible").count() == 0
    page.mouse.move(*middle(page, "#judgement .scale-line"))
    page.mouse.wheel(0, 300)
    assert page.locator(".thumb:visible").count() == 0


def test_letters_in_the_remarks_draw_nothing_and_are_saved(page: Any, server: FakeServer) -> None:
    page.fill("#remarks", "")
    page.click("#remarks")
    page.keyboard.type("beep 12 [q]")
    settled(page, server, 1)
    assert server.reading["remarks"] == "beep 12 [q]"
    assert server.reading["answers"] == {}
    assert page.get_attribute("[aria-keyshortcuts=B]", "aria-pressed") == "true"


def test_a_whole_case_by_keyboard_alone(page: Any, server: FakeServer) -> None:
    page.focus("#stage")
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")

    def go(key: str, tens: int) -> None:
        for _ in range(tens):
            page.keyboard.press(f"Shift+{key}")

    page.keyboard.press("Enter")
    for key, tens in [("ArrowRight", 6), ("ArrowDown", 4), ("ArrowLeft", 6)]:
        go(key, tens)
        page.keyboard.press("Enter")
    go("ArrowUp", 4)
    page.keyboard.press("Enter")
    settled(page, server, 1)
    assert abs(pixels(server) - 60 * 40) <= 60 + 40

    answer_all(page)
    page.keyboard.type("73")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit2")
    settled(page, server, 2)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/next/", wait_until="commit")
    assert (server.reading["score"], server.reading["call"]) == (73, "malignant")


def test_a_contradiction_is_a_question_that_blocks_nothing_and_is_recorded(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .segment >> nth=2")
    page.click("[data-code=internal_component] .segment >> nth=0")
    page.wait_for_selector("#dock:visible")
    page.click("text=Keep as it is")
    page.wait_for_selector("#dock", state="hidden")
    saved(page)
    assert asked(server) == [("cystic_necrosis_solid", "kept")]
    assert page.locator("#dock:visible").count() == 0


def asked(server: FakeServer) -> list[tuple[str, str | None]]:
    """What the stored reading tells of the questions back: which, and how each ended."""
    return [(question["code"], question["ended"]) for question in server.reading["questions"]]


def test_answers_changed_after_a_question_back_leave_its_trace_whatever_is_undone(
    page: Any, server: FakeServer
) -> None:
    page.click("[data-code=necrosis] .segment >> nth=2")
    page.click("[data-code=internal_component] .segment >> nth=0")
    page.wait_for_selector("#dock:visible")
    settled(page, server, 1)
    saved(page)
    assert asked(server) == [("cystic_necrosis_solid", None)]
    page.keyboard.press("Control+z")
    page.wait_for_selector("#dock", state="hidden")
    page.wait_for_timeout(500)
    saved(page)
    assert set(server.reading["answers"]) == {"necrosis"}
    assert asked(server) == [("cystic_necrosis_solid", "changed")]
    first = server.reading["questions"][0]
    assert first["shown_at"] <= first["ended_at"]

    page.reload()
    page.wait_for_selector("html[data-ready]")
    page.click("[data-code=internal_component] .segment >> nth=0")
    page.wait_for_selector("#dock:visible")
    page.wait_for_timeout(500)
    saved(page)
    assert asked(server) == [("cystic_necrosis_solid", "changed"), ("cystic_necrosis_solid", None)]
    assert server.reading["questions"][0] == first


def test_a_contradiction_that_stands_when_the_page_opens_is_recorded_as_shown(page: Any, server: FakeServer) -> None:
    answers = {"necrosis": {"value": "cystic"}, "internal_component": {"value": "solid"}}
    server.reading = {**server.reading, "version": 3, "answers": answers}
    before = page.evaluate("() => new Date().toISOString()")
    page.reload()
    page.wait_for_selector("#dock:visible")
    after = page.evaluate("() => new Date().toISOString()")
    settled(page, server, 1)
    assert asked(server) == [("cystic_necrosis_solid", None)]
    assert before <= server.reading["questions"][0]["shown_at"] <= after
    page.wait_for_timeout(400)
    assert server.behaviour.puts == 1


def test_a_question_back_is_answered_by_its_own_keys(page: Any, server: FakeServer) -> None:
    keep, look = page.locator("#dock button").nth(0), page.locator("#dock button").nth(1)
    page.click("[data-code=necrosis] .segment >> nth=2")
    page.click("[data-code=internal_component] .segment >> nth=0")
    page.wait_for_selector("#dock:visible")
    assert (keep.inner_text().split(), look.inner_text().split()) == (
        ["Keep", "as", "it", "is", "Y"],
        ["Look", "again", "A"],
    )
    assert (keep.get_attribute("aria-keyshortcuts"), look.get_attribute("aria-keyshortcuts")) == ("Y", "A")
    page.keyboard.press("a")
    assert page.locator("[data-code=necrosis].is-lit").count() == 1
    page.keyboard.press("y")
    page.wait_for_selector("#dock", state="hidden")
    page.wait_for_timeout(500)
    saved(page)
    assert asked(server) == [("cystic_necrosis_solid", "kept")]
    page.keyboard.press("y")
    page.keyboard.press("a")
    page.wait_for_timeout(500)
    assert asked(server) == [("cystic_necrosis_solid", "kept")]


def test_no_node_is_an_answer_of_its_own(page: Any, server: FakeServer) -> None:
    outline(page)
    settled(page, server, 1)
    page.click("text=No node to delineate")
    settled(page, server, 2)
    assert server.reading["no_node"] is True
    assert server.reading["mask"] is None
    page.focus("#stage")
    page.keyboard.press("Control+z")
    settled(page, server, 3)
    assert server.reading["no_node"] is False
    assert pixels(server) > 1000


def test_a_diameter_is_typed_where_the_scale_is_known(page: Any, server: FakeServer) -> None:
    page.fill("[data-code=min_diameter_mm] input", "6,1")
    page.keyboard.press("Enter")
    saved(page)
    assert server.reading["answers"]["min_diameter_mm"] == {"value": {"mm": 6.1}}


def test_typed_diameters_go_on_by_enter(page: Any, server: FakeServer) -> None:
    page.focus("[data-code=max_diameter_mm] input")
    page.keyboard.type("18.2")
    page.keyboard.press("Enter")
    page.keyboard.type("9.1")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit2")
    saved(page)
    assert server.reading["answers"]["max_diameter_mm"] == {"value": {"mm": 18.2}}
    assert server.reading["answers"]["min_diameter_mm"] == {"value": {"mm": 9.1}}
    assert server.reading["answers"]["hypoechoic"] == {"value": "yes"}
    page.keyboard.press("Control+z")  # one step each: Enter is not counted twice
    page.keyboard.press("Control+z")
    saved(page)
    assert "min_diameter_mm" not in server.reading["answers"]


def test_without_a_node_no_feature_is_asked(page: Any, server: FakeServer) -> None:
    page.get_by_role("button", name="No node to delineate").click()
    assert page.inner_text("#open-link") == "2 open"
    assert "is-lit" in str(page.get_attribute("[data-code=score]", "class"))
    assert "Not asked" in page.inner_text("[data-code=necrosis]")
    assert page.locator("[data-code=necrosis] input").first.is_disabled()
    assert page.locator("[data-code=max_diameter_mm] .cannot").is_disabled()
    page.get_by_role("button", name="No node to delineate").click()
    assert page.locator("[data-code=necrosis] input").first.is_enabled()


def test_an_incomplete_submission_says_what_is_missing(page: Any, server: FakeServer) -> None:
    page.click("[data-code=hypoechoic] .row-label")
    for key in "111" + "22" + "1111" + "1111":
        page.keyboard.press(f"Digit{key}")
    saved(page)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#dock:visible")
    said = page.inner_text("#dock")
    assert "Submit waits" in said and "Mask" in said and "Malignancy" in said and "Call" in said
    assert "Necrosis" not in said
    assert server.behaviour.submits == 0
    page.click("[data-code=max_diameter_mm] .cannot")
    page.wait_for_selector("#dock", state="hidden")


def test_azerty_digits_answer_by_their_place(page: Any, server: FakeServer) -> None:
    page.click("[data-code=necrosis] .row-label")
    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent('keydown',
        {key: 'é', code: 'Digit2', bubbles: true, cancelable: true}))"""
    )
    saved(page)
    assert server.reading["answers"] == {"necrosis": {"value": "coagulative"}}


def test_time_on_task_is_sent_as_raw_intervals(page: Any, server: FakeServer) -> None:
    page.mouse.move(300, 300)
    page.wait_for_timeout(400)
    page.mouse.move(320, 300)
    page.evaluate(
        """() => { Object.defineProperty(document, 'visibilityState', {value: 'hidden'});
        document.dispatchEvent(new Event('visibilitychange')); }"""
    )
    page.wait_for_timeout(300)
    assert server.activity
    assert all(i["start_ms_ago"] > i["end_ms_ago"] >= 0 for i in server.activity)


def test_a_score_of_five_categories_by_key_and_by_mouse_goes_on_to_the_call(context: Any, server: FakeServer) -> None:
    server.score_style = "categories"
    page = open_page(context, server)
    page.click("#q-score")
    page.keyboard.press("Digit2")
    saved(page)
    assert server.reading["score"] == 25
    assert "is-lit" in (page.get_attribute("[data-code=call]", "class") or "")
    assert server.reading["call"] is None

    page.click("[data-code=score] .segment >> nth=4")

    page.wait_for_function("() => document.querySelector('[data-code=score] input:checked')?.closest('label')")
    settled(page, server, 2)
    assert (server.reading["score"], server.reading["call"]) == (100, None)
