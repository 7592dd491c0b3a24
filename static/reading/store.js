/** One state, one way to change it. Durable changes (strokes, answers, their undo and redo) are plain data and are
 * told to whoever keeps and sends them, and what was asked is never undone; ephemeral ones (view, tool, hover) are not.
 * @import {FormState, Raster, Rect, Spans, Point, Line, Spacing, AskedQuestion} from "./types.js"
 * @import {History} from "./history.js"
 * @import {Geometry} from "./geometry.js"
 * @import {View} from "./transform.js" */
import { makeHistory, push, stepBack, stepForward } from "./history.js";
import { packMask } from "./codec.js";
import { isEmpty, union, withinRows } from "./raster.js";
import { flip } from "./spans.js";
import { patchSaid } from "./answers.js";

/** A change of the form: each key's value before and after. Keys are fields of FormState, or "answers/<code>".
 * @typedef {{key: string, before: unknown, after: unknown}[]} Patch
 * @typedef {{kind: "mask", spans: Spans} | {kind: "form", patch: Patch} |
 *   {kind: "questions", questions: AskedQuestion[]} | {kind: "undo" | "redo", of: "mask" | "form"}} Durable
 *
 * @typedef {"pan" | "brush" | "eraser" | "polygon" | "outline" | "calipers" | "ruler"} ToolName
 * @typedef {{points: Point[], closed: boolean, added: Spans | null, held: number | null, value: 0 | 1}} Polygon
 * @typedef {{
 *   mask: Raster, committed: Uint8Array, geometry: Geometry | null, maskHash: string | null, maskRevision: number,
 *   maskHistory: History<Spans>, formHistory: History<Patch>, said: FormState, lit: string | null,
 *   view: View, tool: ToolName, brushSize: number, erasing: boolean, keyCursor: Point | null, hover: Point | null,
 *   window: number, level: number, inverted: boolean, bare: boolean, outlineOnly: boolean, fusion: boolean,
 *   fillOpacity: number, polygon: Polygon | null, path: Point[] | null, line: Line | null,
 *   spacing: Spacing | null, frozen: string | null, pointed: Point | null, packed: Packed | null
 * }} State
 * @typedef {{bytes: Uint8Array, at: number, revision: number}} Packed a committed mask, and how many steps it holds
 *
 * @typedef {{mask?: Rect | null, form?: boolean, keys: ReadonlySet<string>, durable?: Durable}} News
 * @typedef {ReturnType<typeof createStore>} Store */

/** @param {State} state */
export function createStore(state) {
  /** @type {Set<(state: State, news: News) => void>} */
  const listeners = new Set();
  /** @param {News} news */
  const tell = (news) => listeners.forEach((listener) => listener(state, news));

  return {
    state,

    /** @param {(state: State, news: News) => void} listener @returns {() => void} stop */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    /** An ephemeral change. @param {Partial<State>} patch @param {Rect | null} [mask] repainted px of a live stroke */
    set(patch, mask) {
      Object.assign(state, patch);
      if (mask) grow(state, mask);
      tell({ keys: new Set(Object.keys(patch)), mask });
    },

    /** A durable change. @param {Durable} change @returns {boolean} whether it applied */
    commit(change) {
      if (state.frozen) return false;
      const rect = applyDurable(state, change);
      if (rect === undefined) return false;
      tell({ keys: new Set(), mask: rect, form: rect === null, durable: change });
      return true;
    },
  };
}

/** @param {State} state @param {Durable} change
 * @returns {Rect | null | undefined} what to repaint; null: the form changed; undefined: nothing to do */
function applyDurable(state, change) {
  if (change.kind === "mask") {
    if (!change.spans.length) return undefined;
    state.maskHistory = push(state.maskHistory, change.spans);
    return flipBoth(state, change.spans);
  }
  if (change.kind === "form") {
    if (!change.patch.length) return undefined;
    state.formHistory = push(state.formHistory, change.patch);
    state.said = patchSaid(state.said, change.patch, "after");
    return null;
  }
  if (change.kind === "questions") {
    if (change.questions === state.said.questions) return undefined;
    state.said = { ...state.said, questions: change.questions };
    return null;
  }
  return change.of === "mask" ? travelMask(state, change.kind) : travelForm(state, change.kind);
}

/** @param {State} state @param {Rect} rect where mask or committed may hold ones from now on */
function grow({ mask }, rect) {
  if (rect.y0 < rect.y1) mask.within = union(mask.within ?? null, rect);
}

/** The live mask may already show the stroke: bring it back to the committed one, then flip both.
 * @param {State} state @param {Spans} spans @returns {Rect} */
function flipBoth(state, spans) {
  const { width, height } = state.mask;
  const rect = flip({ data: state.committed, width, height }, spans) ?? { x0: 0, y0: 0, x1: 0, y1: 0 };
  for (let y = rect.y0; y < rect.y1; y += 1) {
    const from = y * width + rect.x0;
    state.mask.data.set(state.committed.subarray(from, y * width + rect.x1), from);
  }
  grow(state, rect);
  state.maskRevision += 1;
  state.maskHash = null;
  return rect;
}

/** @param {State} state @param {"undo" | "redo"} way */
function travelMask(state, way) {
  const moved = way === "undo" ? stepBack(state.maskHistory) : stepForward(state.maskHistory);
  if (!moved) return undefined;
  state.maskHistory = moved.history;
  return flipBoth(state, moved.step);
}

/** @param {State} state @param {"undo" | "redo"} way */
function travelForm(state, way) {
  const moved = way === "undo" ? stepBack(state.formHistory) : stepForward(state.formHistory);
  if (!moved) return undefined;
  state.formHistory = moved.history;
  state.said = patchSaid(state.said, moved.step, way === "undo" ? "before" : "after");
  return null;
}

/** @param {Pick<State, "mask" | "committed">} state @returns {boolean} */
export function hasMask({ mask, committed }) {
  return !isEmpty({ ...mask, data: committed });
}

/** The committed mask packed, once for whoever keeps or sends it. @param {State} state @returns {Packed} */
export function packedMask(state) {
  const { mask, committed, maskRevision: revision, maskHistory: { at } } = state;
  if (state.packed?.revision !== revision) {
    state.packed = { bytes: packMask({ ...mask, data: committed }), at, revision };
  }
  return /** @type {Packed} */ (state.packed);
}

/** @param {Raster} mask @param {FormState} said @param {Pick<State, "view" | "spacing" | "lit">} rest
 * @returns {State} */
export function initialState(mask, said, rest) {
  return {
    mask: { ...mask, within: withinRows(mask) },
    committed: mask.data.slice(),
    geometry: null,
    maskHash: null,
    maskRevision: 0,
    maskHistory: makeHistory(),
    formHistory: makeHistory(),
    said,
    tool: "brush",
    brushSize: 12,
    erasing: false,
    keyCursor: null,
    hover: null,
    window: 255,
    level: 127.5,
    inverted: false,
    bare: false,
    outlineOnly: false,
    fusion: false,
    fillOpacity: 0.07,
    polygon: null,
    path: null,
    line: null,
    frozen: null,
    pointed: null,
    packed: null,
    ...rest,
  };
}
