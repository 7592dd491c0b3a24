import assert from "node:assert/strict";
import { test } from "node:test";
import { followed, keptAsItIs, standingOf, united } from "../../static/reading/questions.js";
import { createStore, initialState } from "../../static/reading/store.js";

const shown = (...codes) => new Map(codes.map((code) => [code, "t1"]));
const none = shown();

test("what was shown is kept, and that the answers changed afterwards", () => {
  const asked = followed([], ["a"], shown("a"), "t2");
  assert.deepEqual(asked, [{ code: "a", shown_at: "t1", ended: null, ended_at: null }]);
  assert.equal(followed(asked, ["a"], none, "t3"), asked);
  assert.deepEqual(followed(asked, [], none, "t3"), [{ code: "a", shown_at: "t1", ended: "changed", ended_at: "t3" }]);
});

test("shown and gone between two changes leaves its trace all the same", () => {
  assert.deepEqual(followed([], [], shown("a"), "t2"), [{ code: "a", shown_at: "t1", ended: "changed", ended_at: "t2" }]);
});

test("what does not hold and was never shown leaves none", () => {
  assert.deepEqual(followed([], ["a"], none, "t2"), []);
});

test("kept by choice stands while it holds; answers changed later end it as changed, and a new one is asked anew", () => {
  const kept = keptAsItIs(followed([], ["a"], shown("a"), "t1"), "a", "t2");
  assert.equal(kept[0].ended, "kept");
  assert.equal(followed(kept, ["a"], none, "t3"), kept);
  const changed = followed(kept, [], none, "t3");
  assert.deepEqual([changed[0].ended, changed[0].ended_at], ["changed", "t3"]);
  assert.equal(standingOf(changed, "a"), undefined);
  const again = followed(changed, ["a"], new Map([["a", "t4"]]), "t4");
  assert.deepEqual(again.map(({ shown_at, ended }) => [shown_at, ended]), [["t1", "changed"], ["t4", null]]);
});

test("to and fro without end stays within what the server takes", () => {
  let asked = [];
  for (let turn = 0; turn < 200; turn += 1) {
    asked = followed(asked, ["a"], new Map([["a", `t${turn}`]]), `t${turn}`);
    assert.equal(standingOf(asked, "a")?.ended, null);
    asked = followed(asked, [], none, `t${turn}`);
  }
  assert.equal(asked.length, 20);
});

test("of two states of a reading nothing that was asked is lost, and an end wins over none", () => {
  const open = { code: "a", shown_at: "t1", ended: null, ended_at: null };
  const ended = { ...open, ended: "changed", ended_at: "t2" };
  const other = { code: "b", shown_at: "t0", ended: "kept", ended_at: "t3" };
  assert.deepEqual(united([open], [ended, other]), [other, ended]);
  assert.deepEqual(united([ended], [open]), [ended]);
});

test("undo takes the answer back and never what was asked", () => {
  const said = { answers: {}, score: null, call: null, remarks: "", no_node: false, calibration: null, questions: [] };
  const raster = { data: new Uint8Array(4), width: 2, height: 2 };
  const store = createStore(initialState(raster, said, { view: { scale: 1, x: 0, y: 0 }, spacing: null, lit: null }));
  const patch = [{ key: "answers/necrosis", before: null, after: { value: "cystic" } }];
  assert.equal(store.commit({ kind: "form", patch }), true);
  const questions = followed([], ["a"], shown("a"), "t1");
  assert.equal(store.commit({ kind: "questions", questions }), true);
  assert.equal(store.commit({ kind: "questions", questions }), false);
  store.commit({ kind: "undo", of: "form" });
  assert.deepEqual(store.state.said.answers, {});
  assert.deepEqual(store.state.said.questions, questions);
  assert.equal(store.commit({ kind: "undo", of: "form" }), false);
});
