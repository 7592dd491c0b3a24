"""A reader at the reading page of the real server, and a witness who notes whatever the page says of its saving."""

from __future__ import annotations

import time
from typing import Any

from tests.drills.running import Desk

SAVES = "**/api/v1/assignments/*/reading/"
NONE, CYSTIC = {"necrosis": "none"}, {"necrosis": "cystic"}

# On every "saved" the witness reads what this browser keeps (it is written before the page says so) and tells the test;
# if the page has moved on by then there is nothing to compare.
WITNESS = """
const look = async () => {
  const place = document.getElementById('save-state');
  const state = place.dataset.state;
  void window.witness({state});
  if (state !== 'saved') return;
  const boot = JSON.parse(document.getElementById('reading-data').textContent);
  const { unpackMask, hashMask } = await import('/static/reading/codec.js');
  const { applicable } = await import('/static/reading/answers.js');
  const db = await new Promise((done) => { const r = indexedDB.open('lymphus-reading', 1); r.onsuccess = () => done(r.result); });
  const get = db.transaction('drafts').objectStore('drafts').get(`${boot.user.id}/${boot.assignment.id}`);
  const draft = await new Promise((done) => { get.onsuccess = () => done(get.result); });
  db.close();
  if (!draft) return;
  const raster = unpackMask(draft.mask);
  const mask = raster.data.includes(1) ? await hashMask(raster) : null;
  if (place.dataset.state !== 'saved') return;
  void window.witness({state: 'held', answers: applicable(boot.form, draft.said.answers), mask, dirty: draft.dirty});
};
new MutationObserver((changes) => {
  // the page sets the same state again and again; what counts is when it comes to say another
  const change = changes.find(({ target }) => target.id === 'save-state');
  if (change && change.oldValue !== change.target.dataset.state) void look();
}).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-state'], attributeOldValue: true});
"""


class Reader:
    """One browser context with a log-in, at one assignment."""

    def __init__(self, context: Any, base: str, desk: Desk, session: str, assignment: str) -> None:
        self.context, self.base, self.desk, self.assignment = context, base, desk, assignment
        self.size = (1, 1)
        self.lies: list[str] = []
        self.said: list[str] = []
        context.set_default_timeout(60_000)
        context.add_cookies([{"name": "sessionid", "value": session, "url": base, "httpOnly": True, "sameSite": "Lax"}])
        context.expose_binding("witness", self._hear)
        context.add_init_script(WITNESS)
        self.page = context.pages[0] if context.pages else context.new_page()

    @property
    def address(self) -> str:
        return f"{self.base}/read/{self.assignment}/"

    def open(self, page: Any = None) -> Any:
        page = page or self.page
        page.goto(self.address)
        page.wait_for_selector("html[data-ready]")
        self.size = image_size(page)
        return page

    def stored(self) -> dict[str, Any]:
        return self.desk.ask("stored", assignment=self.assignment) or {"version": 0, "parts": [], "answers": {}}

    def _hear(self, source: Any, told: dict[str, Any]) -> None:
        """Whether "saved" was true when it was said: the page's mask and answers against the database's."""
        self.said.append(told["state"])
        if told["state"] != "held":
            return
        there = self.stored()
        if told["dirty"]:
            self.lies.append("said saved with unsent work")
        if (there.get("mask_sha256"), there["answers"]) != (told["mask"], told["answers"]):
            self.lies.append(f"said saved: {told['answers']} {told['mask']}; stored: {there}")


def state(page: Any) -> str:
    return str(page.get_attribute("#save-state", "data-state"))


def wait_state(page: Any, *states: str, seconds: float = 60) -> None:
    page.wait_for_selector(",".join(f"#save-state[data-state={s}]" for s in states), timeout=seconds * 1000)


def settle(reader: Reader, page: Any = None, seconds: float = 90) -> None:
    """Until the page says Saved and has nothing under way."""
    page = page or reader.page
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        wait_state(page, "saved", seconds=seconds)
        page.wait_for_timeout(400)
        if state(page) == "saved":
            return
    raise AssertionError(f"not saved in {seconds} s: {state(page)}")


def leave_offline(reader: Reader) -> None:
    """Close a page that is offline, so that nothing of it is sent.

    Browser emulation of offline ends before a page that is closed or navigated away does: now and then (1 close of 20) it
    heard "online", and its save reached the server though no answer reached the page. So its line is cut inside it first.
    """
    reader.page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('the line is cut')); }")
    reader.context.set_offline(False)
    reader.page.wait_for_timeout(500)
    assert reader.stored()["version"] == 0, "a page that was left offline has saved"
    reader.page.close(run_before_unload=False)


def image_size(page: Any) -> tuple[int, int]:
    image = page.evaluate("() => JSON.parse(document.getElementById('reading-data').textContent).image")
    return image["width"], image["height"]


def at(page: Any, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a place of the image is (shares of its width and height), the image fitted to the stage."""
    box = page.locator("#stage").bounding_box()
    width, height = image_size(page)
    scale = min(box["width"] / width, box["height"] / height)
    left = box["x"] + (box["width"] - width * scale) / 2
    top = box["y"] + (box["height"] - height * scale) / 2
    return left + x * width * scale, top + y * height * scale


def stroke(page: Any, line: int) -> None:
    """A level stroke of the brush on one of eight lines, far enough apart that each is a part of its own."""
    y = 0.12 + 0.1 * line
    page.mouse.move(*at(page, 0.35, y))
    page.mouse.down()
    page.mouse.move(*at(page, 0.6, y), steps=4)
    page.mouse.up()


def lines(size: tuple[int, int], parts: list[list[int]]) -> list[int]:
    """Which of the eight lines the parts of a mask are; a part that is none of them raises."""
    found = []
    for x0, y0, x1, y1 in parts:
        share = ((y0 + y1) / 2 / size[1] - 0.12) / 0.1
        assert abs(share - round(share)) < 0.2, f"a part that nobody drew: {x0, y0, x1, y1}"
        assert abs((x1 - x0) / size[0] - 0.25) < 0.08, f"a part longer or shorter than drawn: {x0, y0, x1, y1}"
        found.append(round(share))
    return found


def answer(page: Any, code: str, number: int) -> None:
    """Choose the n-th answer of a question, by mouse."""
    page.click(f"[data-code={code}] .segment >> nth={number - 1}")


def check(reader: Reader, strokes: list[int], answers: dict[str, str]) -> dict[str, Any]:
    """Every stroke and answer is in the database exactly once, and the page told the truth throughout."""
    there = reader.stored()
    assert lines(reader.size, there["parts"]) == strokes
    assert {code: said["value"] for code, said in there["answers"].items()} == answers
    assert reader.lies == []
    return there


def complete(page: Any) -> None:
    """An outline, two diameters, thirteen answers, score and call, by mouse and keys."""
    outline(page)
    answer_all(page)
    judge(page)


def outline(page: Any) -> None:
    """A square mask, and what it proposes for the diameters."""
    page.keyboard.press("l")
    page.mouse.move(*at(page, 0.35, 0.3))
    page.mouse.down()
    for corner in [(0.65, 0.3), (0.65, 0.6), (0.35, 0.6), (0.35, 0.3)]:
        page.mouse.move(*at(page, *corner), steps=4)
    page.mouse.up()
    page.wait_for_selector("[data-code=max_diameter_mm] .propose:visible")


def answer_all(page: Any) -> None:
    """Two proposed diameters accepted and thirteen answers, a key each."""
    for key in "11" + "111" + "22" + "1111" + "1111":
        page.keyboard.press(f"Digit{key}")


def judge(page: Any) -> None:
    """Score and call, after which nothing is open."""
    page.keyboard.type("42")
    page.keyboard.press("Enter")
    page.keyboard.press("Digit1")
    page.wait_for_selector("#open-link:has-text('complete')")


def press_submit(page: Any) -> None:
    page.keyboard.press("Control+Enter")


def commit_and_lose(route: Any) -> None:
    """The server takes the write; its answer never reaches the page."""
    if route.request.method in ("PUT", "POST"):
        route.fetch()
        route.abort()
    else:
        route.continue_()


def shifted(days: int) -> str:
    return f"""(() => {{
      const Real = Date, shift = {days} * 86400000;
      globalThis.Date = class extends Real {{
        constructor(...given) {{ if (given.length) super(...given); else super(Real.now() + shift); }}
        static now() {{ return Real.now() + shift; }}
      }};
    }})()"""
