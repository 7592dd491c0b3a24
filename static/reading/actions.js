/** Everything a key or a button can do: one table for keys, toolbar and the page of keys.
 * @import {Store, State, ToolName} from "./store.js"
 * @import {Size, View} from "./transform.js" */
import { allButLargest, holesOf } from "./parts.js";
import { dropVertex } from "./polygon.js";
import { fit, oneToOne, zoomAt } from "./transform.js";

/** @typedef {{id: string, keys: string[], group: "mask" | "image" | "form" | "page", icon?: string,
 *   when?: (state: State) => boolean, on?: (state: State) => boolean, run: () => void}} Action
 * @typedef {{stage: Size, inForm: () => boolean, nextQuestion: (step: 1 | -1) => void, nextOpen: () => void,
 *   unanswer: () => void, keepAnswers: () => void, lookAgain: () => void, definition: () => void, submit: () => void, help: () => void, cancel: () => void,
 *   theme: () => void, exactScale: boolean}} Page what actions ask of the rest of the page */

const LARGEST_BRUSH = 200;
export const PRESETS = [[255, 127.5], [128, 64], [128, 128], [80, 50]];

/** @param {Store} store @param {Page} page @returns {Action[]} */
export function makeActions(store, page) {
  return [...maskActions(store, page), ...imageActions(store, page), ...pageActions(store, page)];
}

/** @param {Store} store @param {ToolName} tool @param {string} key @param {string} icon @returns {Action} */
function pick(store, tool, key, icon) {
  return {
    id: `tool.${tool}`,
    keys: [key],
    group: "mask",
    icon,
    on: (state) => state.tool === tool,
    run: () => store.set({ tool, line: null }),
  };
}

/** @param {Store} store @param {Page} page @returns {Action[]} */
function maskActions(store, page) {
  const { state } = store;
  /** @param {number} by */
  const resize = (by) => {
    const step = Math.max(1, Math.round(state.brushSize / 8)) * by;
    store.set({ brushSize: Math.max(1, Math.min(LARGEST_BRUSH, state.brushSize + step)) });
  };
  /** @param {"undo" | "redo"} kind */
  const travel = (kind) => {
    const of = page.inForm() ? "form" : "mask";
    if (kind === "undo" && of === "mask" && dropVertex(store)) return;
    store.commit({ kind, of });
  };
  /** @param {import("./types.js").Spans} spans */
  const flipNow = (spans) => store.commit({ kind: "mask", spans });
  /** @type {Action[]} */
  const tools = [
    pick(store, "pan", "h", "hand"),
    pick(store, "brush", "b", "brush"),
    pick(store, "eraser", "e", "eraser"),
    pick(store, "polygon", "p", "pentagon"),
    pick(store, "outline", "l", "lasso"),
    pick(store, "calipers", "m", "ruler"),
  ];
  if (!page.exactScale) tools.push(pick(store, "ruler", "r", "scaling"));
  return [
    ...tools,
    { id: "tool.swap", keys: ["x"], group: "mask", run: () => swap(store) },
    { id: "brush.grow", keys: ["]", "=", "+"], group: "mask", run: () => resize(1) },
    { id: "brush.shrink", keys: ["[", "-"], group: "mask", run: () => resize(-1) },
    { id: "mask.holes", keys: ["f"], group: "mask", icon: "paint-bucket", run: () => flipNow(holesOf(state.mask)) },
    { id: "mask.largest", keys: ["k"], group: "mask", icon: "shapes",
      run: () => flipNow(allButLargest(state.mask)) },
    { id: "undo", keys: ["ctrl+z"], group: "mask", icon: "undo-2",
      when: (s) => s.maskHistory.at > 0 || s.formHistory.at > 0, run: () => travel("undo") },
    { id: "redo", keys: ["ctrl+shift+z", "ctrl+y"], group: "mask", icon: "redo-2",
      when: (s) => s.maskHistory.at < s.maskHistory.steps.length || s.formHistory.at < s.formHistory.steps.length,
      run: () => travel("redo") },
  ];
}

/** @param {Store} store */
function swap({ state, set }) {
  set({ tool: state.tool === "brush" ? "eraser" : "brush" });
}

/** @param {Store} store @param {Page} page @returns {Action[]} */
function imageActions(store, page) {
  const { state } = store;
  const { stage } = page;
  const middle = () => ({ x: stage.width / 2, y: stage.height / 2 });
  /** @param {View} view */
  const show = (view) => store.set({ view });
  /** @param {number} w @param {number} l */
  const shift = (w, l) =>
    store.set({
      window: Math.max(2, Math.min(510, state.window + w)),
      level: Math.max(0, Math.min(255, state.level + l)),
    });
  const preset = () => {
    const at = PRESETS.findIndex(([w, l]) => w === state.window && l === state.level);
    const [window, level] = PRESETS[(at + 1) % PRESETS.length];
    store.set({ window, level });
  };
  return [
    { id: "window.preset", keys: ["c"], group: "image", icon: "contrast", run: preset },
    { id: "window.reset", keys: ["shift+c"], group: "image", run: () => store.set({ window: 255, level: 127.5 }) },
    { id: "window.wider", keys: ["alt+arrowright"], group: "image", run: () => shift(8, 0) },
    { id: "window.narrower", keys: ["alt+arrowleft"], group: "image", run: () => shift(-8, 0) },
    { id: "window.up", keys: ["alt+arrowup"], group: "image", run: () => shift(0, 4) },
    { id: "window.down", keys: ["alt+arrowdown"], group: "image", run: () => shift(0, -4) },
    { id: "image.invert", keys: ["i"], group: "image", on: (s) => s.inverted,
      run: () => store.set({ inverted: !state.inverted }) },
    { id: "zoom.fit", keys: ["z"], group: "image", icon: "zoom-in", run: () => show(fit(state.mask, stage)) },
    { id: "zoom.one", keys: ["shift+z"], group: "image", run: () => show(oneToOne(state.view, stage)) },
    { id: "zoom.in", keys: ["."], group: "image", run: () => show(zoomAt(state.view, 1.25, middle())) },
    { id: "zoom.out", keys: [","], group: "image", run: () => show(zoomAt(state.view, 0.8, middle())) },
    { id: "image.bare", keys: ["q"], group: "image", icon: "eye", on: (s) => s.bare,
      run: () => store.set({ bare: !state.bare }) },
    { id: "image.outline", keys: ["o"], group: "image", icon: "circle-dashed", on: (s) => s.outlineOnly,
      run: () => store.set({ outlineOnly: !state.outlineOnly }) },
    { id: "image.fusion", keys: ["u"], group: "image", icon: "blend", on: (s) => s.fusion,
      run: () => store.set({ fusion: !state.fusion }) },
    { id: "mask.opacity", keys: ["t"], group: "image",
      run: () => store.set({ fillOpacity: nextOpacity(state.fillOpacity) }) },
  ];
}

/** @param {number} now @returns {number} */
function nextOpacity(now) {
  const steps = [0, 0.07, 0.15, 0.3];
  return steps[(steps.indexOf(now) + 1) % steps.length];
}

/** @param {Store} store @param {Page} page @returns {Action[]} */
function pageActions(store, page) {
  return [
    { id: "form.next", keys: ["pagedown"], group: "form", run: () => page.nextQuestion(1) },
    { id: "form.previous", keys: ["pageup"], group: "form", run: () => page.nextQuestion(-1) },
    { id: "form.open", keys: ["n"], group: "form", run: page.nextOpen },
    { id: "form.unanswer", keys: ["delete", "backspace"], group: "form",
      run: () => { if (!dropVertex(store)) page.unanswer(); } },
    { id: "form.definition", keys: ["d"], group: "form", run: page.definition },
    { id: "question.keep", keys: ["y"], group: "page", run: page.keepAnswers },
    { id: "question.look", keys: ["a"], group: "page", run: page.lookAgain },
    { id: "page.submit", keys: ["ctrl+enter"], group: "page", run: page.submit },
    { id: "page.help", keys: ["?"], group: "page", run: page.help },
    { id: "page.theme", keys: ["shift+t"], group: "page", run: page.theme },
    { id: "page.cancel", keys: ["escape"], group: "page", run: page.cancel },
  ];
}
