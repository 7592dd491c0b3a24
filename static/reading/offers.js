/** Other states of the same reading, taken by choice: an older draft of this browser, or what another tab has saved.
 * Taking one is a change like any other, and can be undone.
 * @import {Boot, FormState, Raster, Reading} from "./types.js"
 * @import {Kept} from "./drafts.js"
 * @import {Store} from "./store.js" */
import { unpackMask } from "./codec.js";
import { maskOf } from "./recover.js";
import { saidIn } from "./answers.js";
import { united } from "./questions.js";
import { difference } from "./spans.js";

/** @param {Store} store @param {{mask: Raster, said: FormState}} other @returns {{pixels: number, answers: number}} */
export function compare({ state }, { mask, said }) {
  let pixels = 0;
  for (let i = 0; i < mask.data.length; i += 1) pixels += mask.data[i] ^ state.committed[i];
  return { pixels, answers: patchTo(state.said, said).length };
}

/** @param {Store} store @param {{mask: Raster, said: FormState}} other */
export function take(store, { mask, said }) {
  const all = { x0: 0, y0: 0, x1: mask.width, y1: mask.height };
  const spans = difference(store.state.committed, mask.data, mask.width, all);
  store.commit({ kind: "mask", spans });
  store.commit({ kind: "form", patch: patchTo(store.state.said, said) });
  store.commit({ kind: "questions", questions: united(store.state.said.questions, said.questions) });
}

/** @param {Kept} kept */
export function opened({ mask, said, keptAt }) {
  return { mask: unpackMask(mask), said, keptAt };
}

/** @param {Boot} boot @param {Reading} reading */
export async function stateOf(boot, reading) {
  return { mask: await maskOf({ ...boot, reading }), said: saidIn(reading) };
}

/** @param {FormState} from @param {FormState} to @returns {import("./store.js").Patch} */
function patchTo(from, to) {
  const codes = new Set([...Object.keys(from.answers), ...Object.keys(to.answers)]);
  const answers = [...codes].map((code) => ({ key: `answers/${code}`, before: from.answers[code] ?? null,
    after: to.answers[code] ?? null }));
  const fields = /** @type {const} */ (["score", "call", "remarks", "no_node", "calibration"]);
  const rest = fields.map((key) => ({ key, before: from[key], after: to[key] }));
  return [...answers, ...rest].filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after));
}
