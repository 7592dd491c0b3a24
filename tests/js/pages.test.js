import assert from "node:assert/strict";
import { test } from "node:test";

import { inOrder } from "../../static/pages/people.js";
import { place } from "../../static/pages/popovers.js";
import { ordered } from "../../static/pages/tables.js";
import { otherTheme } from "../../static/pages/theme.js";

const view = { width: 1000, height: 700 };
const box = { width: 300, height: 200 };

test("a popover stands below its opener, left edges flush", () => {
  assert.deepEqual(place({ left: 100, top: 80, right: 160, bottom: 100 }, box, view), { left: 100, top: 106 });
});

test("without room below it stands above", () => {
  assert.deepEqual(place({ left: 100, top: 600, right: 160, bottom: 620 }, box, view), { left: 100, top: 394 });
});

test("it never leaves the window", () => {
  assert.deepEqual(place({ left: 950, top: 80, right: 990, bottom: 100 }, box, view), { left: 694, top: 106 });
  assert.equal(place({ left: 150, top: 80, right: 190, bottom: 100 }, box, { width: 200, height: 700 }).left, 6);
});

test("without room below and above it stands beside its opener", () => {
  const tall = { width: 300, height: 560 };
  assert.deepEqual(place({ left: 100, top: 400, right: 160, bottom: 420 }, tall, view), { left: 166, top: 134 });
});

test("wherever its opener is, a popover that fits the window is all in it", () => {
  for (let left = 0; left <= 940; left += 47) {
    for (let top = 0; top <= 680; top += 10) {
      for (const height of [40, 350, 560, 680]) {
        const at = place({ left, top, right: left + 60, bottom: top + 20 }, { width: 300, height }, view);
        const inside = at.left >= 0 && at.left + 300 <= 1000 && at.top >= 0 && at.top + height <= 700;
        assert.ok(inside, JSON.stringify({ left, top, height, at }));
      }
    }
  }
});

test("numbers are put in order as numbers, and gaps stay last either way", () => {
  assert.deepEqual(ordered(["9", "", "10", "2"], "number", false), [3, 0, 2, 1]);
  assert.deepEqual(ordered(["9", "", "10", "2"], "number", true), [2, 0, 3, 1]);
});

test("rows of one value keep their order either way", () => {
  assert.deepEqual(ordered(["b", "a", "b"], "text", false), [1, 0, 2]);
  assert.deepEqual(ordered(["b", "a", "b"], "text", true), [0, 2, 1]);
});

test("the other theme is the one not seen now", () => {
  assert.equal(otherTheme("night", false), "paper");
  assert.equal(otherTheme("paper", true), "night");
  assert.equal(otherTheme(undefined, true), "paper");
  assert.equal(otherTheme(undefined, false), "night");
});

test("the people whom a purpose asks for come first, those who do both next", () => {
  /** @param {string} reads */
  const group = (reads) => ({ reads, getAttribute: () => reads });
  const groups = ["study", "study training", "training"].map(group);
  const order = (/** @type {string} */ purpose) => inOrder(groups, purpose).map((one) => one.reads);

  assert.deepEqual(order("study"), ["study", "study training", "training"]);
  assert.deepEqual(order("training"), ["training", "study training", "study"]);
});
