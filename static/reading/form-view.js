/** The sixteen questions as rows: one is lit, the rest is open, answered, derived or not asked.
 * @import {Answer, Boot, Feature} from "./types.js"
 * @import {State, Store} from "./store.js" */
import { MAX, MIN, answerPatch, doneCount, fieldPatch, levelOf, neighbour, openQuestions, ratioOf, standing, stops } from "./answers.js";
import { h, icon, setText, t } from "./dom.js";
import { diameterRow } from "./diameter-view.js";
import { drawingOf } from "./drawings.js";
import { listen } from "./life.js";
import { hasMask } from "./store.js";

/** @typedef {{element: HTMLElement, update: (state: State) => void, focus: () => void,
 *   digit: (n: number) => boolean}} Row */

/** @param {HTMLElement} place @param {Boot} boot @param {Store} store */
export function makeForm(place, boot, store) {
  const { form } = boot;
  const { state } = store;
  /** @type {Map<string, Row>} */
  const rows = new Map();
  let showsMore = false;
  place.parentElement?.addEventListener("pointerdown", () => (pointer.down = true), { capture: true });
  listen(window, ["pointerup"], () => setTimeout(() => (pointer.down = false)), { capture: true });
  listen(window, ["pointercancel"], () => (pointer.down = false), { capture: true });
  // a page that is zoomed or turned keeps in view what is being answered; who is at the image stays there
  listen(window, ["resize"], () => {
    if (place.parentElement?.contains(document.activeElement)) rows.get(state.lit ?? "")?.element.scrollIntoView({ block: "nearest" });
  });

  place.parentElement?.addEventListener("keydown", ({ key }) => (pointer.arrow = key.startsWith("Arrow")), { capture: true });
  place.parentElement?.addEventListener("keyup", () => (pointer.arrow = false), { capture: true });

  /** @param {Feature} feature @param {Answer | null} answer */
  function answer(feature, answer) {
    const applied = store.commit({ kind: "form", patch: answerPatch(state.said, feature.code, answer) });
    if (applied && answer && !pointer.arrow) light(neighbour(form, state.said.answers, feature.code, 1), true);
  }

  /** @param {string} code @param {boolean} [follow] focus goes with the light when it is in the form already */
  function light(code, follow = false) {
    const focused = document.activeElement;
    const inForm = place.contains(focused);
    store.set({ lit: code });
    if (follow && (inForm || code === "score")) rows.get(code)?.focus();
    rows.get(code)?.element.scrollIntoView({ block: "nearest" });
  }

  const context = { boot, store, light, answer };
  for (const group of form.groups) {
    const features = form.features.filter((f) => f.group === group.code);
    const count = h("span", { class: "group-count" });
    const section = h("section", { class: "group", "aria-label": group.label },
      h("h2", { class: "group-head" }, h("span", {}, group.label), count));
    for (const feature of features) {
      const row = makeRow(feature, context);
      rows.set(feature.code, row);
      section.append(row.element);
    }
    place.append(section);
    store.subscribe((_, { form: said, keys }) => {
      if (said || keys.has("spacing")) setText(count, countOf(features, state));
    });
    setText(count, countOf(features, state));
  }

  const repaint = () => rows.forEach((row, code) => {
    row.element.classList.toggle("is-lit", state.lit === code);
    row.element.classList.toggle("shows-more", state.lit === code && showsMore);
    row.update(state);
  });
  store.subscribe((_, news) => {
    if (news.keys.has("frozen")) place.closest(".form")?.toggleAttribute("data-frozen", Boolean(state.frozen));
    if (news.form || ["lit", "spacing", "frozen"].some((key) => news.keys.has(key))) repaint();
    else if (news.keys.has("geometry") || news.keys.has("maskHash")) {
      // only the diameters look at the mask
      for (const code of [MAX, MIN]) rows.get(code)?.update(state);
    }
  });
  place.closest(".form")?.toggleAttribute("data-frozen", Boolean(state.frozen));

  return {
    rows,
    light,
    /** @param {number} n @returns {boolean} */
    digit: (n) => Boolean(state.lit && rows.get(state.lit)?.digit(n)),
    /** @param {1 | -1} step */
    step: (step) => light(neighbour(form, state.said.answers, state.lit ?? stops(form)[0], step, true), true),
    unanswer() {
      const feature = form.features.find((f) => f.code === state.lit);
      if (feature) answer(feature, null);
      else if (state.lit === "call" || state.lit === "score") {
        store.commit({ kind: "form", patch: fieldPatch(state.said, state.lit, null) });
      }
    },
    nextOpen() {
      const open = openQuestions(form, state.said, hasMask(state));
      const after = open.find((code) => stops(form).indexOf(code) > stops(form).indexOf(state.lit ?? ""));
      const code = after ?? open[0];
      if (!code) return;
      light(code);
      rows.get(code)?.focus();
    },
    toggleMore() {
      showsMore = !showsMore;
      repaint();
    },
  };
}

/** @param {Feature[]} features @param {State} state */
function countOf(features, { said, spacing }) {
  return t("n_of_m", { n: doneCount(features, said, spacing), m: features.length });
}

/** @typedef {{boot: Boot, store: Store, light: (code: string) => void,
 *   answer: (feature: Feature, answer: Answer | null) => void}} RowContext */

/** @param {Feature} feature @param {RowContext} context @returns {Row} */
function makeRow(feature, context) {
  if (feature.derived) return derivedRow(feature, context);
  if (feature.kind === "continuous") return diameterRow(feature, context);
  return choiceRow(feature, context);
}

/** The frame of every row: label, note under it, the answering part, and the definition that unfolds when lit.
 * @param {Feature} feature @param {RowContext} context @param {HTMLElement} control @param {HTMLElement} cannot
 * @param {string} role */
export function frame(feature, { light }, control, cannot, role) {
  const id = `q-${feature.code}`;
  const note = h("span", { class: "row-note" });
  const element = h("div", { class: "row", role, "aria-labelledby": id, "aria-describedby": `${id}-def`,
    "data-code": feature.code, onfocusin: () => pointer.down || light(feature.code), onclick: (event) => isBare(event) && light(feature.code) },
    h("span", { class: "row-label", id }, feature.label, note), control, cannot,
    definitionOf(feature, `${id}-def`));
  return { element, note };
}

/** While the pointer is down no row may unfold: it would move what is being clicked from under the pointer. And an arrow
 * key chooses among a question's answers: the light stays until the reader is through with them (WCAG 3.2.2). */
export const pointer = { down: false, arrow: false };

/** A click beside the choices: these have an answer of their own, after which the light goes on.
 * @param {MouseEvent} event */
export function isBare(event) {
  return event.target instanceof Element && !event.target.closest("label, button");
}

/** @param {Feature} feature @param {string} id */
function definitionOf(feature, id) {
  const drawing = drawingOf(feature.code);
  const more = h("div", { class: "definition-more" }, h("p", {}, feature.question),
    h("p", { class: "source" }, feature.source));
  if (drawing) more.prepend(drawing);
  return h("div", { class: "definition", id },
    h("p", {}, feature.definition, " ", h("kbd", {}, "D"), " ", h("span", { class: "hint" }, t("picture_and_source"))),
    more);
}

/** Never asked, but its definition and picture are to be had like any other's.
 * @param {Feature} feature @param {RowContext} context @returns {Row} */
function derivedRow(feature, context) {
  const value = h("output", { class: "figure", tabindex: "-1", "aria-labelledby": `q-${feature.code}` });
  const measure = h("span", { class: "measure" }, value, h("span", { class: "note" }, t("derived")));
  const { element } = frame(feature, context, measure, h("span", {}), "group");
  element.classList.add("is-derived");
  return {
    element,
    update({ said, spacing }) {
      const ratio = ratioOf(said.answers, spacing);
      setText(value, ratio === null ? "–" : ratio.toFixed(2));
      element.classList.toggle("is-done", ratio !== null);
    },
    focus: () => value.focus({ preventScroll: true }),
    digit: () => false,
  };
}

/** @param {Feature} feature @param {RowContext} context @returns {Row} */
function choiceRow(feature, context) {
  const { store, answer } = context;
  const { state } = store;
  /** @type {{input: HTMLInputElement, answer: Answer}[]} */
  const options = [];
  /** @param {Answer} given @param {string} key @param {Node | string} text @param {string} className */
  const option = (given, key, text, className) => {
    const input = h("input", { type: "radio", name: feature.code, class: "segment-input",
      // a click, not a change: the chosen one clicked again takes the answer back (arrow keys click too)
      onclick: () => answer(feature, isGiven(state.said.answers[feature.code], given) ? null : given) });
    options.push({ input, answer: given });
    return h("label", { class: className }, input, h("kbd", { class: "digit" }, key), " ", text);
  };
  const segments = h("span", { class: "segments" }, ...feature.values.map((value, i) =>
    option({ value: value.code }, value.key ?? String(i + 1), h("span", {}, value.label), "segment")));
  const cannotName = h("span", { class: "only-heard" }, t("cannot_assess"));
  const cannot = option({ cannot_assess: true }, "0", cannotName, "cannot");
  cannot.append(icon("eye-off"));
  cannot.title = t("cannot_assess");
  if (!feature.allow_cannot_assess) cannot.hidden = true;
  const notAsked = h("span", { class: "not-asked" });
  const { element, note } = frame(feature, context, h("span", { class: "choice" }, segments, notAsked), cannot,
    "radiogroup");

  return {
    element,
    update({ said, frozen }) {
      const given = said.answers[feature.code];
      const stands = standing(feature, said.answers, said.no_node);
      element.classList.toggle("is-done", Boolean(given) && stands === "asked");
      element.classList.toggle("is-not-asked", stands !== "asked");
      element.classList.toggle("is-unassessable", Boolean(given?.cannot_assess) && stands === "asked");
      setText(note, given?.cannot_assess && stands === "asked" ? t("cannot_assess") : "");
      setText(notAsked, stands === "asked" ? "" : said.no_node ? t("not_asked", { value: t("no_node_short") }) : reason(context.boot, feature, stands, said.answers));
      for (const { input, answer: is } of options) {
        input.checked = isGiven(given, is);
        input.disabled = stands !== "asked" || Boolean(frozen);
      }
    },
    focus: () => (options.find(({ input }) => input.checked) ?? options[0]).input.focus({ preventScroll: true }),
    digit(n) {
      if (standing(feature, state.said.answers, state.said.no_node) !== "asked") return false;
      const i = n === 0 ? options.length - 1 : feature.values.findIndex((v, k) => (v.key ?? String(k + 1)) === String(n));
      const chosen = options[i];
      if (!chosen || (n === 0 && !feature.allow_cannot_assess)) return false;
      answer(feature, isGiven(state.said.answers[feature.code], chosen.answer) ? null : chosen.answer);
      return true;
    },
  };
}

/** @param {Answer | undefined} given @param {Answer} is */
function isGiven(given, is) {
  if (!given) return false;
  return is.cannot_assess ? Boolean(given.cannot_assess) : given.value === is.value;
}

/** @param {Boot} boot @param {Feature} feature @param {"waiting" | "not_asked"} stands
 * @param {import("./types.js").Answers} answers */
function reason({ form }, feature, stands, answers) {
  const parent = form.features.find((f) => f.code === feature.applies_when?.feature);
  if (!parent || !feature.applies_when) return "";
  /** @param {string | null} code */
  const named = (code) => parent.values.find((v) => v.code === code)?.label.toLowerCase() ?? t("cannot_assess");
  const key = stands === "waiting" ? "asked_if" : "not_asked";
  const level = stands === "waiting" ? feature.applies_when.value : levelOf(answers[parent.code]);
  return t(key, { value: named(level) });
}
