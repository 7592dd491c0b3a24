/** What the form knows, without a page: which questions apply, what is open, what contradicts what.
 * @import {Answer, Answers, Boot, Feature, FormSchema, FormState, Measure, Reading, Spacing} from "./types.js"
 * @import {Patch} from "./store.js" */
import { lengthOf } from "./geometry.js";

export const MAX = "max_diameter_mm";
export const MIN = "min_diameter_mm";

/** @param {FormState} said @param {Patch} patch @param {"before" | "after"} side @returns {FormState} */
export function patchSaid(said, patch, side) {
  const next = { ...said, answers: { ...said.answers } };
  for (const change of patch) {
    const value = change[side];
    if (!change.key.startsWith("answers/")) Object.assign(next, { [change.key]: value });
    else if (value === null || value === undefined) delete next.answers[change.key.slice(8)];
    else next.answers[change.key.slice(8)] = /** @type {Answer} */ (value);
  }
  return next;
}

/** @param {FormState} said @param {string} code @param {Answer | null} answer @returns {Patch} */
export function answerPatch(said, code, answer) {
  const before = said.answers[code] ?? null;
  if (JSON.stringify(before) === JSON.stringify(answer)) return [];
  return [{ key: `answers/${code}`, before, after: answer }];
}

/** @param {FormState} said @param {Exclude<keyof FormState, "answers">} key @param {unknown} value
 * @returns {Patch} */
export function fieldPatch(said, key, value) {
  return said[key] === value ? [] : [{ key, before: said[key], after: value }];
}

/** @param {Reading} reading @returns {FormState} */
export function saidIn(reading) {
  const { answers, score, call, remarks, no_node, calibration } = reading;
  return { answers: { ...answers }, score, call, remarks, no_node, calibration, questions: reading.questions ?? [] };
}

/** @param {Answer | undefined} answer @returns {string | null} the level chosen */
export function levelOf(answer) {
  return typeof answer?.value === "string" ? answer.value : null;
}

/** @param {Feature} feature @param {Answers} answers @param {boolean} [noNode] "no node to delineate" was said
 * @returns {"asked" | "waiting" | "not_asked"} waiting: the question it hangs on has no answer yet */
export function standing(feature, answers, noNode = false) {
  if (noNode) return "not_asked"; // as on the server: what is not there has no features
  if (!feature.applies_when) return "asked";
  const parent = answers[feature.applies_when.feature];
  if (!parent) return "waiting";
  return levelOf(parent) === feature.applies_when.value ? "asked" : "not_asked";
}

/** @param {FormSchema} form @param {Answers} answers @returns {Answers} without those to questions not asked */
export function applicable(form, answers) {
  const kept = form.features.filter((f) => !f.derived && standing(f, answers) === "asked" && answers[f.code]);
  return Object.fromEntries(kept.map((f) => [f.code, answers[f.code]]));
}

/** Codes still open, in the order of the page; "score", "call" and "mask" stand for themselves. A question that waits
 * for another is not open yet: it takes that one's place when it comes to be asked, so that no answer adds to the count.
 * @param {FormSchema} form @param {FormState} said @param {boolean} hasMask @returns {string[]} */
export function openQuestions(form, said, hasMask) {
  const open = form.features
    .filter((f) => !f.derived && standing(f, said.answers, said.no_node) === "asked" && !said.answers[f.code])
    .map((f) => f.code);
  if (!hasMask && !said.no_node) open.push("mask");
  if (said.score === null) open.push("score");
  if (said.call === null) open.push("call");
  return open;
}

/** How many of the features are done with: answered, derived, or not asked because of what was answered.
 * @param {Feature[]} features @param {FormState} said @param {Spacing | null} spacing @returns {number} */
export function doneCount(features, said, spacing) {
  return features.filter((f) => {
    const stands = standing(f, said.answers, said.no_node);
    if (stands !== "asked") return stands === "not_asked";
    return f.derived ? ratioOf(said.answers, spacing) !== null : Boolean(said.answers[f.code]);
  }).length;
}

/** @param {FormSchema} form @returns {string[]} every place the light can stand, in order; on a derived feature only to
 *   be read about */
export function stops(form) {
  return [...form.features.map((f) => f.code), "score", "call"];
}

/** Where the light goes: after an answer on to the next question that is asked, answered or not; by the keys to the
 * derived features as well.
 * @param {FormSchema} form @param {Answers} answers @param {string} from @param {1 | -1} step @param {boolean} [derived]
 * @returns {string} */
export function neighbour(form, answers, from, step, derived = false) {
  const all = stops(form).filter((code) => {
    const feature = form.features.find((f) => f.code === code);
    if (!feature || code === from) return true;
    return standing(feature, answers) === "asked" && (derived || !feature.derived);
  });
  const at = all.indexOf(from) + step;
  return all[Math.max(0, Math.min(all.length - 1, at))];
}

/** @param {Answer | undefined} answer @param {Spacing | null} spacing
 * @returns {{length: number, unit: "mm" | "px"} | null} */
export function diameterOf(answer, spacing) {
  const value = answer?.value;
  if (!value || typeof value === "string") return null;
  if ("mm" in value) return { length: value.mm, unit: "mm" };
  return { length: lengthOf(value.points, spacing), unit: spacing ? "mm" : "px" };
}

/** The ratio follows from the diameters and is never asked.
 * @param {Answers} answers @param {Spacing | null} spacing @returns {number | null} */
export function ratioOf(answers, spacing) {
  const max = diameterOf(answers[MAX], spacing);
  const min = diameterOf(answers[MIN], spacing);
  return max && min && max.unit === min.unit && max.length > 0 ? min.length / max.length : null;
}

/** @param {Answer | undefined} answer @param {string | null} maskHash
 * @returns {boolean} it was taken from a mask that has changed since */
export function isStale(answer, maskHash) {
  return Boolean(answer?.proposed && maskHash && answer.mask_sha256 && answer.mask_sha256 !== maskHash);
}

/** @typedef {{code: string, about: string[]}} Contradiction `about`: the questions it is put to */

/** Answers that do not sit well together: put back as questions, never refused.
 * @param {Answers} answers @param {Spacing | null} spacing @returns {Contradiction[]} */
export function contradictions(answers, spacing) {
  /** @param {string} code @param {string} level */
  const is = (code, level) => levelOf(answers[code]) === level;
  const found = [];
  if (is("homogeneity", "heterogeneous") && answers.prominent_echogenicity?.cannot_assess) {
    found.push({ code: "heterogeneous_without_prominent", about: ["homogeneity", "prominent_echogenicity"] });
  }
  if (is("isoechoic", "yes") && (is("hypoechoic", "yes") || is("hyperechoic", "yes"))) {
    found.push({ code: "isoechoic_with_parts", about: ["isoechoic", "hypoechoic", "hyperechoic"] });
  }
  if (is("necrosis", "cystic") && is("internal_component", "solid")) {
    found.push({ code: "cystic_necrosis_solid", about: ["necrosis", "internal_component"] });
  }
  if ((ratioOf(answers, spacing) ?? 0) > 1) found.push({ code: "min_over_max", about: [MAX, MIN] });
  return found;
}

/** @param {Boot} boot @param {FormState} said @returns {Spacing | null} the image's own scale, else the reader's */
export function spacingOf(boot, said) {
  if (boot.image.spacing || !said.calibration) return boot.image.spacing;
  const { points, mm } = said.calibration;
  const per = mm / lengthOf(points, null);
  return { row_mm: per, col_mm: per, source: "reader" };
}
