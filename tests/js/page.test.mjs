import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { digitOf, keyTable, nameOf } from "../../static/reading/keys.js";
import { makeActions } from "../../static/reading/actions.js";
import { createStore, initialState } from "../../static/reading/store.js";
import { stepsOf } from "../../static/practice/steps.js";
import { watchIntervals } from "../../static/reading/activity.js";
import { blank } from "./support.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const modules = readdirSync(new URL("static/reading", root)).filter((name) => name.endsWith(".js") && name !== "types.js");
const strings = read("templates/reading/parts/strings.html");
const known = new Set([...strings.matchAll(/^\s*"([^"]+)":/gm)].map((m) => m[1]));

const page = Object.fromEntries(["inForm", "nextQuestion", "nextOpen", "unanswer", "definition", "submit", "help", "cancel",
  "theme"].map((name) => [name, () => undefined]));
const state = initialState(blank(4, 4), {}, { view: { scale: 1, x: 0, y: 0 }, spacing: null, lit: null });
const actions = makeActions(createStore(state), { ...page, stage: { width: 1, height: 1 }, exactScale: false });

test("no two actions are on one key, and a table with two is refused by name", () => {
  assert.ok(keyTable(actions).size > 30);
  assert.throws(() => keyTable([{ id: "a", keys: ["b"] }, { id: "c", keys: ["b"] }]), /c and a are both on b/);
});

test("every action, every text that a module asks for, and every module has its line in the templates", () => {
  for (const { id } of actions) assert.ok(known.has(`action_${id}`), id);
  const importMap = read("templates/reading/parts/importmap.html");
  for (const name of modules) {
    assert.ok(importMap.includes(`'reading/${name}'`), `${name} is not in the import map`);
    for (const [, key] of read(`static/reading/${name}`).matchAll(/(?<![\w.])t\("([^"]+)"/g)) {
      assert.ok(known.has(key), `${name} asks for "${key}"`);
    }
  }
});

test("every icon that is used is in the sprite", () => {
  const sprite = read("templates/reading/parts/icons.html");
  const names = modules.flatMap((name) => [...read(`static/reading/${name}`).matchAll(/\bicon(?:: |\()"([a-z0-9-]+)"/g)]);
  assert.ok(names.length > 10);
  for (const [, name] of names) assert.ok(sprite.includes(`id="i-${name}"`), name);
});

test("only view touches a canvas, only sync fetches, and nothing but main and feedback runs when loaded", () => {
  for (const name of modules) {
    const text = read(`static/reading/${name}`).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    if (!name.startsWith("view")) assert.ok(!/getContext|putImageData/.test(text), name);
    if (name !== "sync.js") assert.ok(!/\bfetch\(/.test(text), name);
    if (!["main.js", "feedback.js"].includes(name)) assert.ok(!/^\w[\w.]*\(/m.test(text), name);
  }
});

test("practice fetches nothing of its own and touches no canvas, and each of its steps has its texts", () => {
  const strings = read("templates/reading/parts/coach_strings.html");
  const has = new Set([...strings.matchAll(/^\s*"([^"]+)":/gm)].map((m) => m[1]));
  for (const style of ["vas", "categories"]) {
    for (const { id, text } of stepsOf({ score: { style } })) {
      assert.ok(has.has(`${id}_title`), id);
      assert.ok(has.has(`${text ?? id}_text`), id);
    }
  }
  const ids = new Set(actions.map(({ id }) => id));
  const named = [...strings.matchAll(/\[\[(.+?)\]\]/g)].map((m) => m[1]);
  for (const name of named.filter((n) => n.includes("."))) assert.ok(ids.has(name), name);
  const map = read("templates/reading/parts/importmap.html");
  for (const name of readdirSync(new URL("static/practice", root)).filter((n) => n.endsWith(".js"))) {
    const text = read(`static/practice/${name}`).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    assert.ok(!/\bfetch\(|getContext|localStorage|indexedDB/.test(text), name);
    assert.ok(name === "main.js" || map.includes(`'practice/${name}'`), `${name} is not in the import map`);
  }
});

/** Every module that comes with one: what it imports, and what that imports. @param {string} entry */
function loadedBy(entry, found = new Set()) {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const [, path] of read(entry).matchAll(/^(?:import|export)[^"]*? from "(\.[^"]+)"/gms)) {
    loadedBy(new URL(path, new URL(entry, root)).href.slice(root.href.length), found);
  }
  return found;
}

// practice, seen once, has the reading page and its coach: a little more
for (const [entry, most] of [["static/reading/main.js", 60_000], ["static/reading/feedback.js", 60_000], ["static/practice/main.js", 64_000]]) {
  test(`the scripts that ${entry} brings weigh no more than ${most} bytes gzipped together`, (t) => {
    const bare = (text) => text.replace(/\/\*\*?[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
    const loaded = [...loadedBy(entry)];
    const sum = (change) => loaded.reduce((all, name) => all + gzipSync(change(read(name))).length, 0);
    const bytes = sum(bare);
    t.diagnostic(`${loaded.length} modules, gzipped: ${bytes} bytes without comments, ${sum((text) => text)} with them`);
    assert.ok(loaded.length > 5 && bytes <= most, String(bytes));
  });
}

const press = (key, code, held = {}) => ({ key, code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false,
  getModifierState: () => false, ...held });

test("digits are physical: AZERTY's unshifted row answers too, and Ctrl with a digit does not", () => {
  assert.equal(digitOf(press("&", "Digit1")), 1);
  assert.equal(digitOf(press("7", "Numpad7")), 7);
  assert.equal(digitOf(press("1", "Digit1", { ctrlKey: true })), null);
  assert.equal(digitOf(press("b", "KeyB")), null);
});

test("keys have names: signs without Shift, letters with it", () => {
  assert.equal(nameOf(press("?", "Slash", { shiftKey: true })), "?");
  assert.equal(nameOf(press("Z", "KeyZ", { shiftKey: true, ctrlKey: true })), "ctrl+shift+z");
  assert.equal(nameOf(press("Enter", "Enter", { ctrlKey: true })), "ctrl+enter");
  assert.equal(nameOf(press("[", "Digit5", { ctrlKey: true, altKey: true, getModifierState: () => true })), "[");
  assert.equal(nameOf(press(" ", "Space")), "space");
});

test("time on task is raw stretches; 30 s without a hand on the page end one", () => {
  const track = watchIntervals();
  for (const ms of [0, 10_000, 20_000, 60_000, 70_000]) track.used(ms);
  assert.deepEqual(track.take(100_000), [{ start_ms_ago: 100_000, end_ms_ago: 80_000 }, { start_ms_ago: 40_000, end_ms_ago: 30_000 }]);
  assert.deepEqual(track.take(110_000), []);
});
