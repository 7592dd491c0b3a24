/** Below the sixteen: the mask's own row, the score, the forced call, and remarks.
 * @import {Boot, Call} from "./types.js"
 * @import {State, Store} from "./store.js"
 * @import {Row} from "./form-view.js" */
import { fieldPatch } from "./answers.js";
import { byId, h, setText, t } from "./dom.js";
import { isBare, pointer } from "./form-view.js";
import { listen } from "./life.js";
import { hasMask } from "./store.js";

const TYPING_MS = 600;

/** @typedef {{boot: Boot, store: Store, light: (code: string) => void}} Context */

/** @param {HTMLElement} place @param {Context} context @returns {Map<string, Row>} the lit ones: score and call */
export function makeJudgement(place, context) {
  const rows = new Map([
    ["score", context.boot.score.style === "categories" ? categoriesRow(context) : scaleRow(context)],
    ["call", callRow(context)],
  ]);
  place.append(maskRow(context), ...[...rows.values()].map((row) => row.element));
  remarks(context.store);
  return rows;
}

/** @param {Store} store @param {"score" | "call" | "no_node" | "remarks"} key @param {unknown} value */
function put(store, key, value) {
  return store.commit({ kind: "form", patch: fieldPatch(store.state.said, key, value) });
}

/** @param {Context} context */
function maskRow({ store, light }) {
  const said = h("span", { class: "measure", id: "mask-said" });
  const toggle = h("button", { type: "button", class: "toggle", "aria-pressed": "false", onclick: choose },
    t("no_node"));
  const element = h("div", { class: "row wide", role: "group", "aria-labelledby": "q-mask", "data-code": "mask" },
    h("span", { class: "row-label", id: "q-mask" }, t("mask")), said, toggle);

  function choose() {
    const { state } = store;
    if (!state.said.no_node) {
      const { data, width, height } = { ...state.mask, data: state.committed };
      const all = Int32Array.from(runs(data));
      if (all.length && width && height) store.commit({ kind: "mask", spans: all });
    }
    put(store, "no_node", !state.said.no_node);
    if (state.said.no_node) light(state.said.score === null ? "score" : "call");
  }

  /** @param {State} state */
  function update(state) {
    setText(said, state.said.no_node ? "" : maskText(state) || t("mask_none"));
    toggle.setAttribute("aria-pressed", String(state.said.no_node));
    toggle.disabled = Boolean(state.frozen);
    element.classList.toggle("is-done", state.said.no_node || state.geometry !== null);
  }
  store.subscribe((state, { keys, durable, form }) => {
    if (durable && state.said.no_node && hasMask(state)) put(store, "no_node", false);
    if (form || durable || keys.has("geometry") || keys.has("frozen")) update(state);
  });
  update(store.state);
  return element;
}

/** @param {Uint8Array} data @returns {number[]} start and length of each run of ones */
function runs(data) {
  const spans = [];
  for (let start = data.indexOf(1); start >= 0; ) {
    let end = data.indexOf(0, start);
    if (end < 0) end = data.length;
    spans.push(start, end - start);
    start = data.indexOf(1, end);
  }
  return spans;
}

/** @param {State} state @param {boolean} [short] the area alone
 * @returns {string} "110 mm², 2 parts", empty without a mask */
export function maskText({ geometry, spacing }, short = false) {
  if (!geometry) return "";
  const area = spacing ? `${(geometry.area * spacing.row_mm * spacing.col_mm).toFixed(0)} mm²` : `${geometry.area} px`;
  return short ? area : `${area}, ${geometry.parts === 1 ? t("one_part") : t("parts", { n: geometry.parts })}`;
}

/** An analogue scale: a line without a thumb until it is touched, and a field in which the score can be typed.
 * @param {Context} context @returns {Row} */
function scaleRow({ boot, store, light }) {
  const input = h("input", { class: "number", type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "3",
    "aria-label": t("malignancy"), "aria-describedby": "score-ends", onchange: typed, onkeydown: onKey });
  const thumb = h("span", { class: "thumb" });
  const line = h("div", { class: "scale-line", "aria-hidden": "true", onpointerdown: press, onpointermove: drag,
    onpointerup: release,
    // the click that follows a finger would land on what has opened under it: a call that nobody made
    ontouchend: (event) => event.preventDefault() }, thumb);
  const hint = h("span", { class: "hint" });
  const element = h("div", { class: "row scale", "data-code": "score", role: "group", "aria-labelledby": "q-score",
    onfocusin: () => pointer.down || light("score"), onclick: (event) => !line.contains(event.target) && light("score") },
    h("div", { class: "scale-head" }, h("span", { class: "row-label", id: "q-score" }, t("malignancy")), hint, input),
    line,
    h("div", { class: "scale-ends", id: "score-ends" }, h("span", {}, `0 ${boot.score.low_label}`),
      h("span", {}, `${boot.score.high_label} 100`)));
  let pressed = false;
  let value = 0;

  function typed() {
    const n = Number(input.value.trim());
    if (!input.value.trim()) put(store, "score", null);
    else if (Number.isInteger(n) && n >= 0 && n <= 100) put(store, "score", n);
    else update(store.state);
  }
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    typed();
    if (store.state.said.score === null) return;
    input.blur();
    light("call");
    /** @type {HTMLInputElement | null} */ (document.querySelector("[data-code=call] input"))?.focus();
  }
  /** @param {PointerEvent} event */
  function press(event) {
    if (store.state.frozen) return;
    pressed = true;
    line.setPointerCapture(event.pointerId);
    drag(event);
  }
  /** @param {PointerEvent} event */
  function drag(event) {
    if (!pressed) return;
    const box = line.getBoundingClientRect();
    value = Math.round(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * 100);
    show(value);
  }
  function release() {
    if (pressed) put(store, "score", value);
    if (pressed) light(afterScore(store));
    pressed = false;
  }
  /** @param {number | null} score */
  function show(score) {
    thumb.hidden = score === null;
    thumb.style.left = `${score ?? 0}%`;
    setText(hint, score === null ? t("score_not_set") : "");
    if (document.activeElement !== input) input.value = score === null ? "" : String(score);
  }
  /** @param {State} state */
  function update({ said, frozen }) {
    show(said.score);
    input.readOnly = Boolean(frozen);
    element.classList.toggle("is-done", said.score !== null);
  }
  return { element, update, focus: () => input.focus({ preventScroll: true }), digit: () => focusIt() };

  function focusIt() {
    input.focus();
    return false;
  }
}

/** @param {Context} context @returns {Row} */
function categoriesRow({ boot, store, light }) {
  const categories = boot.score.categories ?? [];
  return radioRow("score", t("malignancy"), categories.map(({ value, label }) => ({ value, label })), store, light);
}

/** @param {Context} context @returns {Row} */
function callRow({ store, light }) {
  /** @type {{value: Call, label: string}[]} */
  const calls = [{ value: "benign", label: t("benign") }, { value: "malignant", label: t("malignant") }];
  return radioRow("call", t("call"), calls, store, light);
}

/** Where the light goes when the score is given: to the call, as long as that is open. @param {Store} store */
function afterScore({ state: { said } }) {
  return said.score !== null && said.call === null ? "call" : "score";
}

/** @param {"score" | "call"} key @param {string} label @param {{value: string | number, label: string}[]} values
 * @param {Store} store @param {(code: string) => void} light @returns {Row} */
function radioRow(key, label, values, store, light) {
  const { state } = store;
  /** @param {string | number} value */
  const choose = (value) => {
    put(store, key, state.said[key] === value ? null : value);
    if (key === "score" && !pointer.arrow) light(afterScore(store));
  };
  const inputs = values.map(({ value }) => h("input", { type: "radio", name: key, class: "segment-input",
    onclick: () => choose(value) }));
  const element = h("div", { class: `row wide is-${key}`, role: "radiogroup", "aria-labelledby": `q-${key}`, "data-code": key,
    onfocusin: () => pointer.down || light(key), onclick: (event) => isBare(event) && light(key) },
    h("span", { class: "row-label", id: `q-${key}` }, label),
    h("span", { class: "segments" }, ...values.map((value, i) => h("label", { class: "segment" }, inputs[i],
      h("kbd", { class: "digit" }, String(i + 1)), " ", h("span", {}, value.label)))));
  return {
    element,
    update({ said, frozen }) {
      element.classList.toggle("is-done", said[key] !== null);
      inputs.forEach((input, i) => Object.assign(input, { checked: said[key] === values[i].value,
        disabled: Boolean(frozen) }));
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0]).focus({ preventScroll: true }),
    digit(n) {
      if (n < 1 || n > values.length) return false;
      choose(values[n - 1].value);
      return true;
    },
  };
}

/** @param {Store} store */
function remarks(store) {
  const area = /** @type {HTMLTextAreaElement} */ (byId("remarks"));
  let timer = 0;
  const take = () => put(store, "remarks", area.value);
  area.value = store.state.said.remarks;
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(take, TYPING_MS);
  });
  area.addEventListener("change", take);
  // submitted by its key while the words are still warm: they go with it
  area.addEventListener("keydown", ({ key }) => key === "Enter" && take());
  listen(window, ["pagehide"], take);
  store.subscribe((state, { form, keys }) => {
    if (form && document.activeElement !== area) area.value = state.said.remarks;
    if (keys.has("frozen")) area.readOnly = Boolean(state.frozen);
  });
}
