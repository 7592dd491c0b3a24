/** What is seen: three canvases over one another (image, mask, marks), painted once a frame, the mask only where it
 * changed. Together with view-marks.js the only place that touches a canvas.
 * @import {Raster, Rect} from "./types.js"
 * @import {State, Store, News} from "./store.js"
 * @import {Size} from "./transform.js" */
import { segmentsIn } from "./outline.js";
import { union } from "./raster.js";
import { toStage, visible } from "./transform.js";
import { drawMarks, strokeSegments } from "./view-marks.js";
import { makeCursor } from "./view-cursor.js";

export const CRISP_FROM = 4;
const OWN = [0x5c, 0xc8, 0xf2];
const REPAINTS_IMAGE = ["view", "window", "level", "inverted", "fusion"];
const REPAINTS_MASK = ["view", "bare", "outlineOnly", "fillOpacity", "fusion"];

/** @typedef {{image: HTMLCanvasElement, mask: HTMLCanvasElement, marks: HTMLCanvasElement,
 *   cursor: HTMLCanvasElement}} Layers */

/** @param {Layers} layers @param {Store} store @param {Raster} gray the image, 0-255 */
export function createView(layers, store, gray) {
  const size = { width: gray.width, height: gray.height };
  const shown = bitmap(size);
  const filled = bitmap(size);
  const dirty = { image: true, mask: true, marks: true, rect: /** @type {Rect | null} */ (null), frame: 0 };
  const cursor = makeCursor(layers.cursor);
  /** @type {Size} */
  const stage = { width: 0, height: 0 };

  /** @param {State} state @param {News} news */
  function heed(state, { keys, mask, form, durable }) {
    if (REPAINTS_IMAGE.some((key) => keys.has(key))) dirty.image = true;
    if (REPAINTS_MASK.some((key) => keys.has(key))) dirty.mask = true;
    if (state.fusion && mask) dirty.image = true;
    if (["window", "level", "inverted"].some((key) => keys.has(key))) applyWindow(shown, gray, state);
    if (mask) {
      fillBitmap(filled, state.mask, mask);
      dirty.rect = union(dirty.rect, mask);
    }
    if (form || durable || ![...keys].every((key) => key === "hover")) dirty.marks = true;
    schedule();
  }

  function schedule() {
    if (!dirty.frame) dirty.frame = requestAnimationFrame(paint);
  }

  function paint() {
    dirty.frame = 0;
    const { state } = store;
    if (!stage.width) return;
    if (dirty.image) paintImage(context(layers.image), stage, state, shown.canvas, filled.canvas);
    if (dirty.mask) paintMask(context(layers.mask), stage, state, filled.canvas, null);
    else if (dirty.rect) paintMask(context(layers.mask), stage, state, filled.canvas, dirty.rect);
    if (dirty.marks) drawMarks(context(layers.marks), stage, state);
    cursor.place(state);
    Object.assign(dirty, { image: false, mask: false, marks: false, rect: null });
  }

  applyWindow(shown, gray, store.state);
  fillBitmap(filled, store.state.mask, { x0: 0, y0: 0, x1: size.width, y1: size.height });
  store.subscribe(heed);
  return {
    stage,
    /** @param {number} width @param {number} height device px */
    resize(width, height) {
      Object.assign(stage, { width, height });
      for (const canvas of [layers.image, layers.mask, layers.marks]) Object.assign(canvas, { width, height });
      Object.assign(dirty, { image: true, mask: true, marks: true });
      schedule();
    },
  };
}

/** @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D} */
export function context(canvas) {
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("this browser gives no 2d canvas");
  return ctx;
}

/** @param {Size} size */
export function bitmap({ width, height }) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pixels = new ImageData(width, height);
  return { canvas, pixels, words: new Uint32Array(pixels.data.buffer) };
}

/** Linear window and level, as in DICOM PS3.3 C.11.2 with round numbers.
 * @param {ReturnType<typeof bitmap>} target @param {Raster} gray
 * @param {{window: number, level: number, inverted: boolean}} state */
export function applyWindow({ canvas, pixels, words }, gray, { window, level, inverted }) {
  const table = new Uint32Array(256);
  for (let v = 0; v < 256; v += 1) {
    const shade = Math.round(Math.max(0, Math.min(255, ((v - level) / window + 0.5) * 255)));
    const out = inverted ? 255 - shade : shade;
    table[v] = (0xff000000 | (out << 16) | (out << 8) | out) >>> 0;
  }
  for (let i = 0; i < words.length; i += 1) words[i] = table[gray.data[i]];
  context(canvas).putImageData(pixels, 0, 0);
}

/** @param {ReturnType<typeof bitmap>} target @param {Raster} mask @param {Rect} rect @param {number[]} [colour] */
export function fillBitmap({ canvas, pixels, words }, { data, width }, rect, [r, g, b] = OWN) {
  const on = (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
  for (let y = rect.y0; y < rect.y1; y += 1) {
    for (let p = y * width + rect.x0; p < y * width + rect.x1; p += 1) words[p] = data[p] ? on : 0;
  }
  const { x0, y0 } = rect;
  context(canvas).putImageData(pixels, 0, 0, x0, y0, rect.x1 - x0, rect.y1 - y0);
}

/** @param {CanvasRenderingContext2D} ctx @param {Size} stage @param {Pick<State, "view" | "fusion">} state
 * @param {HTMLCanvasElement} shown @param {HTMLCanvasElement} filled */
export function paintImage(ctx, stage, { view, fusion }, shown, filled) {
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, stage.width, stage.height);
  ctx.imageSmoothingEnabled = view.scale < CRISP_FROM;
  ctx.imageSmoothingQuality = "high";
  ctx.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
  ctx.drawImage(shown, 0, 0);
  if (!fusion) return;
  ctx.imageSmoothingEnabled = false;
  ctx.globalCompositeOperation = "destination-in";
  ctx.drawImage(filled, 0, 0);
  ctx.globalCompositeOperation = "source-over";
}

/** @param {CanvasRenderingContext2D} ctx @param {Size} stage @param {State} state
 * @param {HTMLCanvasElement} filled @param {Rect | null} rect image px, null: all */
function paintMask(ctx, stage, state, filled, rect) {
  const { view } = state;
  const ratio = window.devicePixelRatio;
  const margin = 2 + Math.ceil((4 * ratio) / view.scale);
  const seen = visible(view, stage, state.mask);
  const area = rect ? overlap(seen, grow(rect, margin)) : seen;
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  clipTo(ctx, stage, rect ? stageRect(view, area) : { x: 0, y: 0, width: stage.width, height: stage.height });
  if (!state.bare && area.x1 >= area.x0 && area.y1 >= area.y0) {
    if (!state.outlineOnly && !state.fusion) paintFill(ctx, state, filled);
    const smooth = view.scale < CRISP_FROM * 2;
    strokeSegments(ctx, view, segmentsIn(state.mask, grow(area, margin), smooth), ratio);
  }
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {State} state @param {HTMLCanvasElement} filled */
function paintFill(ctx, { view, fillOpacity }, filled) {
  ctx.imageSmoothingEnabled = false;
  ctx.globalAlpha = fillOpacity;
  ctx.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
  ctx.drawImage(filled, 0, 0);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {Size} stage
 * @param {{x: number, y: number, width: number, height: number}} box */
function clipTo(ctx, stage, { x, y, width, height }) {
  ctx.beginPath();
  ctx.rect(x, y, Math.min(width, stage.width), Math.min(height, stage.height));
  ctx.clip();
  ctx.clearRect(x, y, width, height);
}

/** @param {import("./transform.js").View} view @param {Rect} rect whole device px around it */
function stageRect(view, rect) {
  const a = toStage(view, { x: rect.x0, y: rect.y0 });
  const b = toStage(view, { x: rect.x1, y: rect.y1 });
  const [x, y] = [Math.floor(a.x), Math.floor(a.y)];
  return { x, y, width: Math.ceil(b.x) - x, height: Math.ceil(b.y) - y };
}

/** @param {Rect} rect @param {number} by @returns {Rect} */
function grow({ x0, y0, x1, y1 }, by) {
  return { x0: x0 - by, y0: y0 - by, x1: x1 + by, y1: y1 + by };
}

/** @param {Rect} a @param {Rect} b @returns {Rect} */
function overlap(a, b) {
  return {
    x0: Math.max(a.x0, b.x0),
    y0: Math.max(a.y0, b.y0),
    x1: Math.min(a.x1, b.x1),
    y1: Math.min(a.y1, b.y1),
  };
}

