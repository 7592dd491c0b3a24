/** The coach under the image: says a step, waits until it is done, goes on. It never takes the focus while a step is
 * under way, and what it says is also spoken.
 * @import {Boot} from "../reading/types.js"
 * @import {Action} from "../reading/actions.js"
 * @import {buildPage} from "../reading/page.js"
 * @import {Step} from "./steps.js" */
import { byId, h, jsonOf, setText } from "../reading/dom.js";
import { shown } from "../reading/help.js";
import { beforeOf, stepsOf } from "./steps.js";

const SEEN_MS = 1200; // the tick is seen before the next step stands there

/** @param {Boot} boot @param {ReturnType<typeof buildPage>} page @param {{cut: () => void, mend: () => void}} line
 * @returns {{submitted: () => void}} */
export function makeCoach(boot, { store, sync, form, actions }, line) {
  const { state } = store;
  const steps = stepsOf(boot);
  /** @type {Record<string, string>} */
  const texts = jsonOf("coach-strings");
  const [coach, on, skip] = [byId("coach"), byId("coach-on"), byId("coach-skip")];
  const ways = { light: form.light, cut: line.cut, mend: line.mend,
    shows: (/** @type {string} */ selector) => document.querySelector(selector) !== null };
  let at = 0;
  let area = 0;
  let before = beforeOf(state, area);
  let submitted = false;
  let leaving = 0;

  /** @param {number} n */
  function show(n) {
    clearTimeout(leaving);
    leaving = 0;
    if (steps[at].id === "cut" && n !== at + 1) line.mend();
    at = n;
    const step = steps[at];
    before = beforeOf(state, area);
    step.begin?.(ways);
    say(step);
    coach.hidden = false;
    look();
  }

  /** @param {Step} step */
  function say(step) {
    const last = at === steps.length - 1;
    setText(byId("coach-count"), at && !last ? fill(texts.step_of, { n: at, m: steps.length - 2 }) : "");
    setText(byId("coach-title"), texts[`${step.id}_title`]);
    byId("coach-says").replaceChildren(...keyed(texts[`${step.text ?? step.id}_text`], actions()));
    setText(on, last ? texts.to_worklist : at ? texts.next : texts.begin);
    on.hidden = !step.reads;
    skip.hidden = Boolean(step.reads);
    byId("coach-done").hidden = true;
    byId("coach-end").hidden = last;
    setText(byId("coach-spoken"), ["coach-count", "coach-title", "coach-says"].map((id) => byId(id).textContent).join(" "));
  }

  /** The mark stays on what is meant, also when the light of the form goes on. */
  function point() {
    const meant = document.querySelector(steps[at].at ?? "#nothing");
    for (const marked of document.querySelectorAll(".is-coached")) if (marked !== meant) marked.classList.remove("is-coached");
    meant?.classList.add("is-coached");
  }

  /** @param {import("../reading/store.js").Durable | null} [durable] */
  function look(durable = null) {
    point();
    const now = { state, area, durable, save: sync.status.save, submitted };
    if (leaving || !steps[at].done?.(now, before, ways)) return;
    byId("coach-done").hidden = false;
    setText(byId("coach-spoken"), texts.done);
    leaving = window.setTimeout(() => show(at + 1), SEEN_MS);
  }

  store.subscribe((_, { durable, mask }) => {
    if (durable && mask) area = state.committed.reduce((sum, value) => sum + value, 0);
    look(durable ?? null);
  });
  sync.subscribe(() => look());
  for (const type of ["click", "keyup"]) document.addEventListener(type, () => look());
  skip.addEventListener("click", () => show(at + 1));
  on.addEventListener("click", () => {
    if (at === steps.length - 1) return end();
    show(at + 1);
    if (at === 1) byId("stage").focus({ preventScroll: true });
    return undefined;
  });

  function end() {
    const form = /** @type {HTMLFormElement} */ (byId("coach-end").closest("form"));
    /** @type {HTMLInputElement} */ (byId("coach-how")).value = "done";
    form.requestSubmit();
  }

  show(0);
  on.focus({ preventScroll: true });
  return {
    submitted() {
      submitted = true;
      if (steps[at].id === "submit") return look();
      show(steps.length - 1); // handed in ahead of the steps: that was the whole case
      return undefined;
    },
  };
}

/** @param {string} text @param {Record<string, number>} values */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** A text with its [[keys]] as key caps: an action's present key, or the key itself.
 * @param {string} text @param {Action[]} actions @returns {(Node | string)[]} */
function keyed(text, actions) {
  return text.split(/\[\[(.+?)\]\]/).map((part, i) => {
    if (i % 2 === 0) return part;
    const action = actions.find(({ id }) => id === part);
    return h("kbd", {}, action ? shown(action.keys[0]) : part);
  });
}
