/** Questions back to the reader, docked above Submit: they never cover the image and never block.
 * @import {Boot} from "./types.js"
 * @import {Store} from "./store.js"
 * @import {Contradiction} from "./answers.js" */
import { contradictions } from "./answers.js";
import { byId, h, t } from "./dom.js";
import { shown as nameOfKey } from "./help.js";
import { followed, keptAsItIs, standingOf } from "./questions.js";

const SHOWN_MS = 200;

/** @typedef {{label: string, run: () => void, main?: boolean, action?: string}} Choice `action`: whose key does the same
 * @typedef {{id: string, title: string, text: string, choices: Choice[], extra?: HTMLElement}} Question */

/** @param {Boot} boot @param {Store} store
 * @param {{light: (code: string) => void, keyOf: (action: string) => string | undefined}} rest
 *   `keyOf` is asked from the first `relabel` on, which shows what there is to ask at the beginning */
export function makeDock(boot, store, { light, keyOf }) {
  const place = byId("dock");
  /** @type {Question | null} a question of the page itself, before any contradiction */
  let asked = null;
  /** @type {Question | null} said once, gone with the next answer; digits go on answering the lit question */
  let told = null;
  /** @type {Map<string, string>} when a contradiction was first shown that the reading does not tell of yet */
  const shownAt = new Map();
  let drawn = "";
  let soon = 0;

  function refresh() {
    const open = openContradiction();
    const question = asked ?? told ?? (open ? aboutContradiction(open) : null);
    const key = question?.id ?? "";
    if (key === drawn) return;
    drawn = key;
    place.replaceChildren(...(question ? [render(question, question === asked && !question.extra, keyOf)] : []));
    place.hidden = !question;
    // what is shown without a change of the form (as the page opens, after a question of its own) is kept as well, once a tab
    // that has the case has had time to say so
    if (shownAt.size) soon = window.setTimeout(follow, SHOWN_MS);
  }

  /** @returns {Contradiction[]} */
  function found() {
    const { said, spacing, frozen } = store.state;
    return frozen ? [] : contradictions(said.answers, spacing);
  }

  /** @returns {Contradiction | undefined} the first that was not answered by keeping it */
  function openContradiction() {
    return found().find(({ code }) => standingOf(store.state.said.questions, code)?.ended !== "kept");
  }

  /** @param {Contradiction} contradiction @returns {Question} */
  function aboutContradiction({ code, about }) {
    const isTold = standingOf(store.state.said.questions, code);
    if (!isTold && !shownAt.has(code)) shownAt.set(code, new Date().toISOString());
    const names = about.map((c) => boot.form.features.find((f) => f.code === c)?.label ?? c).join(", ");
    return {
      id: code,
      title: t(`question_${code}`),
      text: names,
      choices: [
        { label: t("keep_answers"), run: keepAnswers, action: "question.keep" },
        { label: t("look_again"), run: lookAgain, action: "question.look" },
      ],
    };
  }

  /** Keep what was asked with the reading, and whether the answers have changed since. */
  function follow() {
    clearTimeout(soon);
    if (store.state.frozen) return;
    const { questions } = store.state.said;
    const next = followed(questions, found().map(({ code }) => code), shownAt, new Date().toISOString());
    shownAt.clear();
    store.commit({ kind: "questions", questions: next });
  }

  /** @returns {Contradiction | undefined} the one that is on the page now */
  const onPage = () => (asked || told ? undefined : openContradiction());

  function keepAnswers() {
    const code = onPage()?.code;
    if (!code) return;
    follow();
    store.commit({ kind: "questions", questions: keptAsItIs(store.state.said.questions, code, new Date().toISOString()) });
  }

  function lookAgain() {
    const contradiction = onPage();
    if (contradiction) light(contradiction.about[0]);
  }

  store.subscribe((_, { form, keys, durable }) => {
    const isNews = (form && durable?.kind !== "questions") || keys.has("spacing");
    if (isNews && form) told = null;
    if (form || keys.has("frozen") || keys.has("spacing")) refresh();
    if (isNews) follow();
  });

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
    keepAnswers,
    lookAgain,
    /** After a change of keys. */
    relabel() {
      drawn = "";
      refresh();
    },
    /** @param {number} n @returns {boolean} */
    digit(n) {
      const choice = asked?.extra ? undefined : asked?.choices[n - 1];
      choice?.run();
      return Boolean(choice);
    },
  };
}

/** @param {Question} question @param {boolean} numbered digits choose (where none is to be typed)
 * @param {(action: string) => string | undefined} keyOf @returns {HTMLElement} */
function render({ title, text, choices, extra }, numbered, keyOf) {
  const buttons = choices.map(({ label, run, main, action }, i) => {
    const key = action ? nameOfKey(keyOf(action) ?? "") : numbered ? String(i + 1) : "";
    return h("button", { type: "button", class: main ? "button is-outlined is-main" : "button is-outlined", onclick: run,
      ...(key ? { "aria-keyshortcuts": key } : {}) }, label, key ? h("kbd", { "aria-hidden": "true" }, key) : null);
  });
  return h("div", { class: "dock-question", role: "group", "aria-label": title },
    h("p", { class: "dock-title" }, title), h("p", { class: "dock-text" }, text), extra ?? null,
    h("div", { class: "dock-choices" }, ...buttons));
}
