import assert from "node:assert/strict";
import { test } from "node:test";
import { answerPatch, applicable, contradictions, doneCount, isStale, neighbour, openQuestions, patchSaid, ratioOf, spacingOf,
  standing } from "../../static/reading/answers.js";
import { seeded } from "./support.mjs";

const feature = (code, rest = {}) => ({ code, group: "g", label: code, question: "", kind: "binary", unit: "", values: [],
  definition: "", source: "", derived: false, applies_when: null, allow_cannot_assess: true, ...rest });
const form = { version: "1", groups: [], features: [
  feature("max_diameter_mm", { kind: "continuous" }), feature("min_diameter_mm", { kind: "continuous" }),
  feature("aspect_ratio", { derived: true }), feature("homogeneity"),
  feature("prominent_echogenicity", { applies_when: { feature: "homogeneity", value: "heterogeneous" } }),
  feature("necrosis")] };
const said = (answers = {}, rest = {}) => ({ answers, score: null, call: null, remarks: "", no_node: false,
  calibration: null, questions: [], ...rest });

test("an empty form has everything open but what is derived and what waits for another answer", () => {
  assert.deepEqual(openQuestions(form, said(), false), ["max_diameter_mm", "min_diameter_mm", "homogeneity",
    "necrosis", "mask", "score", "call"]);
});

test("no answer adds to what is open, and none takes from what is done", () => {
  const values = [{ value: "heterogeneous" }, { value: "homogeneous" }, { value: "x" }, { cannot_assess: true }];
  const random = seeded(7);
  for (let turn = 0; turn < 200; turn += 1) {
    const order = form.features.filter((f) => !f.derived).map((f) => ({ f, at: random() })).sort((a, b) => a.at - b.at);
    const answers = {};
    let [open, done] = [openQuestions(form, said(), true).length, doneCount(form.features, said(), null)];
    assert.equal(done, 0);
    for (const { f } of order) {
      if (standing(f, answers) !== "asked") continue;
      answers[f.code] = values[Math.floor(random() * values.length)];
      const now = [openQuestions(form, said(answers), true).length, doneCount(form.features, said(answers), null)];
      assert.ok(now[0] <= open && now[1] >= done, JSON.stringify(answers));
      [open, done] = now;
    }
  }
});

test("the keys lead to a derived feature too, an answer never does", () => {
  assert.equal(neighbour(form, {}, "min_diameter_mm", 1), "homogeneity");
  assert.equal(neighbour(form, {}, "min_diameter_mm", 1, true), "aspect_ratio");
  assert.equal(neighbour(form, {}, "aspect_ratio", -1), "min_diameter_mm");
});

test("cannot assess is an answer; no node is one too; a score of 0 is a score", () => {
  const all = Object.fromEntries(form.features.map((f) => [f.code, { cannot_assess: true }]));
  assert.deepEqual(openQuestions(form, said(all, { no_node: true, score: 0, call: "benign" }), false), []);
});

test("a question that does not apply is skipped, kept here, and not sent", () => {
  const answers = { homogeneity: { value: "homogeneous" }, prominent_echogenicity: { value: "hypoechoic" } };
  assert.equal(standing(form.features[4], answers), "not_asked");
  assert.equal(standing(form.features[4], {}), "waiting");
  assert.equal(neighbour(form, answers, "homogeneity", 1), "necrosis");
  assert.deepEqual(applicable(form, answers), { homogeneity: { value: "homogeneous" } });
});

test("an answer can be taken back, and the patch is its own inverse", () => {
  const before = said({ necrosis: { value: "none" } });
  const patch = answerPatch(before, "necrosis", null);
  const after = patchSaid(before, patch, "after");
  assert.deepEqual(after.answers, {});
  assert.deepEqual(patchSaid(after, patch, "before"), before);
  assert.deepEqual(answerPatch(before, "necrosis", { value: "none" }), []);
});

test("the ratio follows from diameters of one unit, with the scale of each direction", () => {
  const answers = { max_diameter_mm: { value: { points: [0, 0, 100, 0] } }, min_diameter_mm: { value: { points: [0, 0, 0, 50] } } };
  assert.equal(ratioOf(answers, null), 0.5);
  assert.equal(ratioOf(answers, { row_mm: 0.2, col_mm: 0.1, source: "" }), 1);
  assert.equal(ratioOf({ ...answers, min_diameter_mm: { value: { mm: 3 } } }, null), null);
});

test("a reader's ruler gives the scale where the image has none, and never overrules it", () => {
  const calibration = { points: [0, 0, 30, 40], mm: 10 };
  const own = { row_mm: 0.06, col_mm: 0.06, source: "archive" };
  assert.equal(spacingOf({ image: { spacing: null } }, said({}, { calibration })).row_mm, 0.2);
  assert.equal(spacingOf({ image: { spacing: own } }, said({}, { calibration })), own);
  assert.equal(spacingOf({ image: { spacing: null } }, said()), null);
});

test("a diameter taken from a mask is stale once the mask is another", () => {
  const answer = { value: { points: [0, 0, 1, 1] }, proposed: true, mask_sha256: "aa" };
  assert.equal(isStale(answer, "aa"), false);
  assert.equal(isStale(answer, "bb"), true);
  assert.equal(isStale({ value: answer.value }, "bb"), false);
});

test("answers that do not sit well together become questions", () => {
  const codes = (answers) => contradictions(answers, null).map(({ code }) => code);
  assert.deepEqual(codes({ isoechoic: { value: "yes" }, hypoechoic: { value: "no" } }), []);
  assert.deepEqual(codes({ isoechoic: { value: "yes" }, hypoechoic: { value: "yes" } }), ["isoechoic_with_parts"]);
  assert.deepEqual(codes({ necrosis: { value: "cystic" }, internal_component: { value: "solid" } }), ["cystic_necrosis_solid"]);
  assert.deepEqual(codes({ homogeneity: { value: "heterogeneous" }, prominent_echogenicity: { cannot_assess: true } }),
    ["heterogeneous_without_prominent"]);
  assert.deepEqual(codes({ max_diameter_mm: { value: { mm: 3 } }, min_diameter_mm: { value: { mm: 4 } } }), ["min_over_max"]);
});
