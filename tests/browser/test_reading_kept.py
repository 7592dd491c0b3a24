"""What goes wrong under the reading page in Chromium: nothing is lost, nothing doubled, and the page says how it stands."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.fake_server import FakeServer
from tests.browser.hand import answer_all, at, judge, open_page, outline, pixels, saved, settled, stroke

pytestmark = [pytest.mark.browser]


def test_offline_in_the_middle_of_a_case_and_back(context: Any, page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    context.set_offline(True)
    stroke(page, (50, 120), (100, 120))
    page.wait_for_selector("#save-state[data-state=kept]")
    assert "Offline since" in page.inner_text("#strip")
    page.click("[data-code=necrosis] .segment >> nth=0")
    context.set_offline(False)
    saved(page)
    assert page.locator("#strip:visible").count() == 0
    assert server.reading["answers"] == {"necrosis": {"value": "none"}}
    assert pixels(server) > 1000


def test_an_answer_lost_after_the_commit_is_no_conflict(page: Any, server: FakeServer) -> None:
    server.behaviour.lose = 99  # Chromium itself tries a lost PUT again a few times
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=kept]")
    server.behaviour.lose = 0
    saved(page)
    assert server.reading["version"] == 1


def test_a_reload_after_a_lost_answer_goes_on_where_it_was(page: Any, server: FakeServer) -> None:
    server.behaviour.lose = 99  # Chromium itself tries a lost PUT again a few times
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=kept]")
    server.behaviour.lose = 0
    page.reload()
    page.wait_for_selector("html[data-ready]")
    saved(page)
    assert page.locator("#strip:visible, #dock:visible").count() == 0
    page.keyboard.press("Control+z")
    page.wait_for_timeout(300)
    saved(page)
    assert pixels(server) == 0


def test_work_done_offline_survives_the_tab(context: Any, page: Any, server: FakeServer) -> None:
    server.behaviour.refuse = (503, "down")
    stroke(page, (50, 50), (100, 50))
    page.click("[data-code=necrosis] .segment >> nth=0")
    page.wait_for_selector("#save-state[data-state=kept]")
    page.close()
    server.behaviour.refuse = None

    again = open_page(context, server)
    saved(again)
    assert server.reading["answers"] == {"necrosis": {"value": "none"}}
    assert pixels(server) > 500


def test_an_older_offline_draft_is_offered_never_applied(context: Any, page: Any, server: FakeServer) -> None:
    server.behaviour.refuse = (503, "down")
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=kept]")
    page.close()
    server.behaviour.refuse = None
    server.reading = {**server.reading, "version": 5, "answers": {"necrosis": {"value": "cystic"}}}

    again = open_page(context, server)
    again.wait_for_selector("#dock:visible")
    assert "older draft" in again.inner_text("#dock")
    again.wait_for_timeout(500)
    assert (server.reading["version"], pixels(server)) == (5, 0)
    again.click("#dock button >> nth=1")
    saved(again)
    assert pixels(server) > 500


def test_a_newer_state_from_elsewhere_is_told_and_neither_is_lost(page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    server.reading = {**server.reading, "version": 9, "answers": {"necrosis": {"value": "cystic"}}}
    stroke(page, (50, 120), (100, 120))
    page.wait_for_selector("#save-state[data-state=conflict]")
    assert server.reading["version"] == 9

    page.click("button:has-text('Take the newer')")
    saved(page)
    assert server.reading["answers"] == {"necrosis": {"value": "cystic"}}
    page.focus("#stage")
    page.keyboard.press("Control+z")
    page.wait_for_timeout(400)
    saved(page)
    assert pixels(server) > 1000


def test_a_second_tab_is_told_and_can_take_over(context: Any, page: Any, server: FakeServer) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    second = open_page(context, server)
    second.wait_for_selector("#save-state[data-state=passive]")
    stroke(second, (50, 120), (100, 120))
    second.wait_for_timeout(400)
    assert server.behaviour.puts == 1

    second.click("text=Continue here")
    page.wait_for_selector("#save-state[data-state=passive]")
    second.wait_for_selector("#save-state[data-state=idle]")
    stroke(second, (50, 120), (100, 120))
    saved(second)
    assert server.reading["version"] == 2


def test_a_second_tab_cannot_take_over_without_the_line_and_says_so(
    context: Any, page: Any, server: FakeServer
) -> None:
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    second = open_page(context, server)
    second.wait_for_selector("#save-state[data-state=passive]")
    context.set_offline(True)

    second.click("text=Continue here")

    second.wait_for_selector("#strip:has-text('The line is down')")
    assert page.get_attribute("#save-state", "data-state") != "passive"
    context.set_offline(False)
    second.click("text=Continue here")
    page.wait_for_selector("#save-state[data-state=passive]")
    second.wait_for_selector("#save-state[data-state=idle]")
    assert pixels(server) > 0


def test_a_session_that_ended_is_renewed_in_place(page: Any, server: FakeServer) -> None:
    server.behaviour.refuse = (401, "not_authenticated")
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#login[open]")
    page.fill("#login [name=username]", "reader")
    page.fill("#login [name=password]", "wrong")
    page.click("#login button")
    page.wait_for_selector("#login-said:has-text('do not fit')")
    page.fill("#login [name=password]", "right")
    page.click("#login button")
    saved(page)
    assert pixels(server) > 500


def test_a_log_in_put_off_is_asked_for_once_and_reading_goes_on(page: Any, server: FakeServer) -> None:
    server.behaviour.refuse = (401, "not_authenticated")
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#login[open]")
    page.click("#login-later")
    stroke(page, (50, 120), (100, 120))
    page.wait_for_timeout(500)
    assert page.locator("#login[open]").count() == 0
    assert page.get_attribute("#save-state", "data-state") == "expired"
    page.click("#strip button")
    page.fill("#login [name=username]", "reader")
    page.fill("#login [name=password]", "right")
    page.click("#login button")
    saved(page)
    assert pixels(server) > 1000


@pytest.mark.parametrize("code", ["study_closed", "case_excluded", "assignment_withdrawn"])
def test_what_is_not_accepted_any_more_is_said_and_kept(page: Any, server: FakeServer, code: str) -> None:
    server.behaviour.refuse = (409, code)
    stroke(page, (50, 50), (100, 50))
    page.wait_for_selector("#save-state[data-state=locked]")
    assert "does not count" in page.inner_text("#strip")
    assert not page.locator("#submit").is_visible()
    page.click("#strip button")
    page.wait_for_url("**/worklist/")


def test_a_half_drawn_polygon_survives_back_and_forward(page: Any, server: FakeServer) -> None:
    page.keyboard.press("p")
    for point in [(50, 50), (150, 50), (150, 150)]:
        page.mouse.click(*at(page, *point))
    page.wait_for_timeout(200)
    page.goto(server.url.replace("reading", "worklist"))
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    page.mouse.click(*at(page, 50, 150))
    page.mouse.click(*at(page, 50, 50))
    saved(page)
    assert abs(pixels(server) - 100 * 100) < 250


def test_submit_pressed_ten_times_hands_in_once(page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    judge(page)
    page.evaluate("() => { for (let i = 0; i < 10; i += 1) document.getElementById('submit').click(); }")
    page.wait_for_url("**/next/", wait_until="commit")
    assert server.behaviour.submits == 1


def test_a_submission_begun_offline_is_seen_through(context: Any, page: Any, server: FakeServer) -> None:
    outline(page)
    answer_all(page)
    judge(page)
    page.wait_for_selector("#open-link:has-text('complete')")
    saved(page)
    context.set_offline(True)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#strip:visible")
    assert server.behaviour.submits == 0
    context.set_offline(False)
    page.wait_for_url("**/next/", wait_until="commit")
    assert server.behaviour.submits == 1


def test_logging_out_wipes_what_the_server_has_and_keeps_what_it_has_not(
    context: Any, page: Any, server: FakeServer
) -> None:
    wipe = """async () => (await import('/static/reading/drafts.js')).wipeAcknowledged('u1')"""
    kept = """async () => {
      const { openDrafts } = await import('/static/reading/drafts.js');
      return Boolean(await (await openDrafts('u1', 'a1')).load());
    }"""
    stroke(page, (50, 50), (100, 50))
    settled(page, server, 1)
    page.wait_for_timeout(100)
    assert page.evaluate(kept) is True
    assert page.evaluate(wipe) == 0
    assert page.evaluate(kept) is False

    server.behaviour.refuse = (503, "down")
    stroke(page, (50, 120), (100, 120))
    page.wait_for_selector("#save-state[data-state=kept]")
    assert page.evaluate(wipe) == 1
    assert page.evaluate(kept) is True


KEPT_AT_EVERY_MOMENT = """async () => {
  const [{ openDrafts, standingMask }, { createStore, initialState }, { combine, unpackSpans }] =
    await Promise.all(['drafts', 'store', 'spans'].map((name) => import(`/static/reading/${name}.js`)));
  const [width, height] = [40, 30];
  const said = { answers: {}, score: null, call: null, remarks: '', no_node: false, calibration: null, questions: [] };
  const store = createStore(initialState({ data: new Uint8Array(width * height), width, height }, said,
    { view: { scale: 1, x: 0, y: 0 }, spacing: null, lit: null }));
  const { state } = store;
  let seed = 11;
  const random = (below) => { seed = (seed * 48271) % 2147483647; return seed % below; };
  let drafts = await openDrafts('someone', 'case');
  const sync = { baseVersion: 1, dirty: true, write: null, submitId: null, offers: [] };
  store.subscribe((_, { durable }) => durable && void drafts.keep(state, sync, durable));
  const wrong = [];
  let [lagged, looked] = [0, 0];
  for (let n = 0; n < 500; n += 1) {
    const what = random(10);
    if (what < 4) {
      const [a, b] = [random(1100), random(1100)].map((start) => Int32Array.of(start, 1 + random(90)));
      store.commit({ kind: 'mask', spans: combine(a, b) });
    } else if (what < 7) store.commit({ kind: 'undo', of: 'mask' });
    else if (what < 8) store.commit({ kind: 'redo', of: 'mask' });
    else if (what < 9) store.commit({ kind: 'form', patch: [{ key: 'score', before: state.said.score, after: n }] });
    else if (random(3) === 0) void drafts.keep(state, sync);
    if (random(4)) continue;
    const kept = await drafts.load();
    if (!kept) continue;
    looked += 1;
    lagged += kept.draft.packedAt !== kept.draft.maskAt;
    const there = standingMask(kept.draft, kept.maskSteps);
    const steps = kept.maskSteps.map((step) => unpackSpans(step).join());
    const same = there.data.every((value, i) => value === state.committed[i]) && kept.draft.maskAt === state.maskHistory.at
      && steps.join(';') === state.maskHistory.steps.map((step) => step.join()).join(';')
      && kept.draft.said.score === state.said.score;
    if (!same) wrong.push(n);
    if (random(4)) continue;
    drafts = await openDrafts('someone', 'case');
    await drafts.load();
  }
  await drafts.forget();
  return { wrong, lagged, looked };
}"""


def test_whatever_is_drawn_and_undone_the_browsers_store_leads_to_the_mask_as_it_is(page: Any) -> None:
    """Also where the packed mask lags behind, and after the store was opened anew at any moment."""
    told = page.evaluate(KEPT_AT_EVERY_MOMENT)

    assert told["wrong"] == []
    assert told["looked"] > 100
    assert told["lagged"] > 30
