/** The steps of the practice case: what each waits for, and what it points at. Texts: parts/coach_strings.html, by id.
 * @import {Boot} from "../reading/types.js"
 * @import {Durable, State} from "../reading/store.js" */
import { MAX, MIN, levelOf, openQuestions } from "../reading/answers.js";

/** What has happened at a moment of the practice.
 * @typedef {{state: State, area: number, durable: Durable | null, save: string, submitted: boolean}} Moment `area`: px
 * @typedef {{area: number, scale: number, window: number, level: number, said: number, cannot: number}} Before
 * @typedef {{light: (code: string) => void, cut: () => void, mend: () => void, shows: (selector: string) => boolean}} Page
 * @typedef {{id: string, at?: string, text?: string, reads?: boolean, begin?: (page: Page) => void,
 *   done?: (now: Moment, before: Before, page: Page) => boolean}} Step
 *   `at`: what on the page is meant; `reads`: nothing is to be done, a button goes on */

const LEAST_PX = 200; // a click by mistake is no outline

/** @param {Boot} boot @returns {Step[]} */
export function stepsOf(boot) {
  const scored = boot.score.style === "categories" ? "categories" : "score";
  return [
    { id: "begin", reads: true },
    { id: "zoom", at: "#stage", done: ({ state }, before) => state.view.scale > before.scale * 1.1 },
    { id: "window", at: "[data-action='window.preset']",
      done: ({ state }, before) => state.window !== before.window || state.level !== before.level },
    { id: "outline", at: "[data-action='tool.outline']", done: ({ area }, before) => area >= before.area + LEAST_PX },
    { id: "brush", at: "[data-action='tool.brush']",
      done: ({ state, area, durable }, before) => isStroke(durable) && state.tool === "brush" && area > before.area },
    { id: "eraser", at: "[data-action='tool.eraser']",
      done: ({ area, durable }, before) => isStroke(durable) && area < before.area },
    { id: "undo", at: "[data-action='undo']",
      done: ({ durable }) => durable?.kind === "undo" && durable.of === "mask" },
    { id: "diameters", at: `[data-code=${MAX}]`, begin: (page) => page.light(MAX),
      done: ({ state: { said } }) => Boolean(said.answers[MAX] && said.answers[MIN]) },
    { id: "answer", at: ".row.is-lit", begin: (page) => page.light("hypoechoic"),
      done: ({ state }, before) => counts(state).said > before.said },
    { id: "cannot", at: ".row.is-lit", done: ({ state }, before) => counts(state).cannot > before.cannot },
    { id: "picture", at: ".row.is-lit", done: (_, __, page) => page.shows(".row.is-lit.shows-more") },
    { id: "rest", at: "#open-link", done: ({ state }) => openQuestions(boot.form, state.said, true)
      .every((code) => code === "score" || code === "call") },
    { id: "score", text: scored, at: "[data-code=score]", begin: (page) => page.light("score"),
      done: ({ state }) => state.said.score !== null },
    { id: "call", at: "[data-code=call]", begin: (page) => page.light("call"), done: ({ state }) => state.said.call !== null },
    { id: "cut", at: "#save-state", begin: (page) => page.cut(), done: ({ save }) => save === "kept" },
    { id: "saved", at: "#save-state", reads: true, begin: (page) => page.mend() },
    { id: "help", at: "#help-button", done: (_, __, page) => page.shows("#help[open]") },
    { id: "submit", at: "#submit", done: ({ submitted }) => submitted },
    { id: "end", reads: true },
  ];
}

/** What is there when a step begins. @param {State} state @param {number} area @returns {Before} */
export function beforeOf(state, area) {
  const { window, level, view } = state;
  return { area, scale: view.scale, window, level, ...counts(state) };
}

/** @param {State} state how many questions have a named level, and how many cannot be assessed */
function counts({ said }) {
  const all = Object.values(said.answers);
  return { said: all.filter((answer) => levelOf(answer) !== null).length,
    cannot: all.filter((answer) => answer.cannot_assess).length };
}

/** @param {Durable | null} durable */
function isStroke(durable) {
  return durable?.kind === "mask";
}
