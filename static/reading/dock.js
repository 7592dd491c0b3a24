/** Questions back to the reader, docked above Submit: they never cover the image and never block.
 * @import {Boot} from "./types.js"
 * @import {Store} from "./store.js"
 * @import {Contradiction} from "./answers.js" */
import { contradictions, fieldPatch } from "./answers.js";
import { byId, h, t } from "./dom.js";

/** @typedef {{label: string, run: () => void, main?: boolean}} Choice
 * @typedef {{id: string, title: string, text: string, choices: Choice[], extra?: HTMLElement}} Question */

/** @param {Boot} boot @param {Store} store @param {(code: string) => void} light */
export function makeDock(boot, store, light) {
  const place = byId("dock");
  /** @type {Question | null} a question of the page itself, before any contradiction */
  let asked = null;
  /** @type {Question | null} said once, gone with the next answer; digits go on answering the lit question */
  let told = null;
  /** @type {Map<string, string>} when each contradiction was first shown */
  const shownAt = new Map();
  let drawn = "";

  function refresh() {
    const { said, spacing, frozen } = store.state;
    const found = frozen ? [] : contradictions(said.answers, spacing);
    const open = found.find(({ code }) => !said.questions.some((q) => q.code === code));
    const question = asked ?? told ?? (open ? aboutContradiction(open) : null);
    const key = question?.id ?? "";
    if (key === drawn) return;
    drawn = key;
    place.replaceChildren(...(question ? [render(question, question === asked && !question.extra)] : []));
    place.hidden = !question;
  }

  /** @param {Contradiction} found @returns {Question} */
  function aboutContradiction({ code, about }) {
    if (!shownAt.has(code)) shownAt.set(code, new Date().toISOString());
    const names = about.map((c) => boot.form.features.find((f) => f.code === c)?.label ?? c).join(", ");
    return {
      id: code,
      title: t(`question_${code}`),
      text: names,
      choices: [
        { label: t("keep_answers"), run: () => keepBoth(code) },
        { label: t("look_again"), run: () => light(about[0]) },
      ],
    };
  }

  /** @param {string} code */
  function keepBoth(code) {
    const { said } = store.state;
    const kept = { code, shown_at: shownAt.get(code) ?? new Date().toISOString(), kept: /** @type {true} */ (true) };
    store.commit({ kind: "form", patch: fieldPatch(said, "questions", [...said.questions, kept]) });
  }

  store.subscribe((_, { form, keys }) => {
    if (form) told = null;
    if (form || keys.has("frozen") || keys.has("spacing")) refresh();
  });
  refresh();

  return {
    /** @param {Question | null} question null: it is answered */
    ask(question) {
      asked = question;
      refresh();
      if (question) /** @type {HTMLElement | null} */ (place.querySelector("input, button"))?.focus();
    },
    /** @param {string} title @param {string} text */
    tell(title, text) {
      told = { id: `${title} ${text}`, title, text, choices: [] };
      refresh();
    },
    isAsking: () => asked !== null,
    /** @param {number} n @returns {boolean} */
    digit(n) {
      const choice = asked?.extra ? undefined : asked?.choices[n - 1];
      choice?.run();
      return Boolean(choice);
    },
  };
}

/** @param {Question} question @param {boolean} keyed digits choose (where none is to be typed) @returns {HTMLElement} */
function render({ title, text, choices, extra }, keyed) {
  const buttons = choices.map(({ label, run, main }, i) => h("button",
    { type: "button", class: main ? "button is-outlined is-main" : "button is-outlined", onclick: run },
    label, keyed ? h("kbd", {}, String(i + 1)) : null));
  return h("div", { class: "dock-question", role: "group", "aria-label": title },
    h("p", { class: "dock-title" }, title), h("p", { class: "dock-text" }, text), extra ?? null,
    h("div", { class: "dock-choices" }, ...buttons));
}
