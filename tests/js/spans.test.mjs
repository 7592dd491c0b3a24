import assert from "node:assert/strict";
import { test } from "node:test";
import { hashMask, runsOf } from "../../static/reading/codec.js";
import { makeHistory, push, stepBack, stepForward } from "../../static/reading/history.js";
import { allButLargest, partsOf } from "../../static/reading/parts.js";
import { makeBrush, stretchOf, sweep } from "../../static/reading/raster.js";
import { combine, difference, flip, packSpans, unpackSpans } from "../../static/reading/spans.js";
import { createStore, hasMask, initialState } from "../../static/reading/store.js";
import { blank, count, raster, seeded, whole } from "./support.mjs";

const EMPTY_SAID = { answers: {}, score: null, call: null, remarks: "", no_node: false, calibration: null, questions: [] };

function storeOf(width, height) {
  const view = { scale: 1, x: 0, y: 0 };
  return createStore(initialState(blank(width, height), { ...EMPTY_SAID }, { view, spacing: null, lit: null }));
}

function scribble(store, random) {
  const { mask, committed } = store.state;
  const p = () => ({ x: random() * mask.width, y: random() * mask.height });
  sweep(mask, makeBrush(1 + Math.floor(random() * 20)), p(), p(), random() < 0.7 ? 1 : 0);
  store.commit({ kind: "mask", spans: difference(committed, mask.data, mask.width, whole(mask)) });
}

test("spans are found, packed, unpacked and flipped", () => {
  const before = raster(["....", "####"]);
  const after = raster([".##.", "#..#"]);
  const spans = difference(before.data, after.data, 4, whole(before));
  assert.deepEqual([...spans], [1, 2, 5, 2]);
  assert.deepEqual(unpackSpans(packSpans(spans)), spans);
  assert.deepEqual(flip(before, spans), { x0: 1, x1: 3, y0: 0, y1: 2 });
  assert.deepEqual(before, after);
});

test("two changes combined do what the one after the other does", () => {
  const random = seeded(5);
  for (let n = 0; n < 100; n += 1) {
    const make = () => blank(13, 7).data.map(() => (random() < 0.4 ? 1 : 0));
    const [start, middle, end] = [make(), make(), make()];
    const rect = { x0: 0, y0: 0, x1: 13, y1: 7 };
    const both = combine(difference(start, middle, 13, rect), difference(middle, end, 13, rect));
    flip({ data: start, width: 13, height: 7 }, both);
    assert.deepEqual(start, end);
  }
});

test("undo all is empty, redo all is the same hash, after any strokes", async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const store = storeOf(160, 120);
    const random = seeded(seed);
    for (let n = 0; n < 120; n += 1) scribble(store, random);
    const hash = await hashMask({ ...store.state.mask, data: store.state.committed });
    while (store.commit({ kind: "undo", of: "mask" }));
    assert.equal(count(store.state.mask), 0);
    assert.deepEqual(store.state.mask.data, store.state.committed);
    while (store.commit({ kind: "redo", of: "mask" }));
    assert.equal(await hashMask(store.state.mask), hash);
  }
});

test("whatever is drawn, undone and redone, every one of both masks lies where the mask says", () => {
  for (const seed of [11, 12, 13]) {
    const random = seeded(seed);
    const store = storeOf(90, 70);
    assert.equal(store.state.mask.within, null);
    for (let n = 0; n < 60; n += 1) {
      const way = random();
      if (way < 0.4) store.commit({ kind: way < 0.25 ? "undo" : "redo", of: "mask" });
      else if (way < 0.8) scribble(store, random);
      else store.set({}, sweep(store.state.mask, makeBrush(5), { x: 9, y: 70 * way }, { x: 60, y: 70 * random() }, 1));
      const { mask, committed } = store.state;
      const { from, to } = stretchOf(mask);
      for (const data of [mask.data, committed]) {
        assert.equal(data.subarray(0, from).includes(1) || data.subarray(to).includes(1), false);
      }
      const all = { ...mask, within: undefined };
      assert.deepEqual(runsOf(mask), runsOf(all));
      assert.deepEqual(partsOf(mask), partsOf(all));
      assert.equal(hasMask(store.state), committed.includes(1));
    }
  }
});

test("a stroke after undo forgets what was undone", () => {
  const store = storeOf(40, 40);
  const random = seeded(9);
  for (let n = 0; n < 5; n += 1) scribble(store, random);
  store.commit({ kind: "undo", of: "mask" });
  scribble(store, random);
  assert.equal(store.commit({ kind: "redo", of: "mask" }), false);
});

test("a change that changes nothing is no step, and clears no redo", () => {
  const store = storeOf(40, 40);
  scribble(store, seeded(2));
  store.commit({ kind: "undo", of: "mask" });
  assert.equal(store.commit({ kind: "mask", spans: allButLargest(store.state.mask) }), false);
  assert.equal(store.commit({ kind: "redo", of: "mask" }), true);
});

test("a frozen page takes no change", () => {
  const store = storeOf(40, 40);
  store.set({ frozen: "passive" });
  assert.equal(store.commit({ kind: "mask", spans: Int32Array.of(0, 5) }), false);
  assert.equal(count(store.state.mask), 0);
});

test("500 strokes on 826 x 724 take less than 4 MB of history", () => {
  const store = storeOf(826, 724);
  const random = seeded(4);
  for (let n = 0; n < 500; n += 1) {
    const { mask, committed } = store.state;
    const x = random() * 700;
    const y = random() * 600;
    sweep(mask, makeBrush(12), { x, y }, { x: x + 60, y: y + 40 }, 1);
    store.commit({ kind: "mask", spans: difference(committed, mask.data, 826, whole(mask)) });
  }
  const bytes = store.state.maskHistory.steps.reduce((sum, spans) => sum + spans.byteLength, 0);
  assert.ok(bytes < 4e6, String(bytes));
});

test("history is a value with a place in it", () => {
  let history = push(push(makeHistory(), "a"), "b");
  const back = stepBack(history);
  assert.equal(back.step, "b");
  assert.equal(stepForward(back.history).step, "b");
  history = push(back.history, "c");
  assert.deepEqual(history, { steps: ["a", "c"], at: 2 });
  assert.equal(stepForward(history), null);
});
