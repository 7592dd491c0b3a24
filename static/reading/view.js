/** What is seen: three canvases over one another (image, mask, marks), painted once a frame, the mask only where it
 * changed. The modules called view are the only ones that touch a canvas.
 * @import {Rect} from "./types.js"
 * @import {State, Store, News} from "./store.js"
 * @import {Size, View} from "./transform.js"
 * @import {Box} from "./view-fill.js"
 * @import {Ctx, Picture} from "./view-bitmap.js" */
import { CRISP_FROM, applyWindow, bitmap, context, stillLayer } from "./view-bitmap.js";
import { segmentsIn } from "./outline.js";
import { union } from "./raster.js";
import { toImage, toStage } from "./transform.js";
import { sampleFill, wordOf } from "./view-fill.js";
import { drawMarks, strokeSegments } from "./view-marks.js";
import { makeCursor } from "./view-cursor.js";

const OWN = [0x5c, 0xc8, 0xf2];
const REPAINTS_IMAGE = ["view", "window", "level", "inverted", "fusion"];
const REPAINTS_MASK = ["view", "bare", "outlineOnly", "fillOpacity", "fusion"];
const REPAINTS_MARKS = ["view", "bare", "spacing", "line", "path", "polygon", "pointed", "keyCursor", "tool"];

/** @typedef {{image: HTMLCanvasElement, mask: HTMLCanvasElement, marks: HTMLCanvasElement}} Layers
 * @typedef {{stage: Size, pixels: ImageData, words: Uint32Array}} Fill of the stage's size */

/** @param {Layers} layers @param {Store} store @param {Picture} picture */
export function createView(layers, store, picture) {
  const [image, marks] = [stillLayer(layers.image), stillLayer(layers.marks)];
  const mask = context(layers.mask);
  let fill = fillOf({ width: 1, height: 1 });
  const dirty = { image: true, mask: true, marks: true, window: false, rect: /** @type {Rect | null} */ (null), frame: 0 };
  const shades = makeShades(picture);
  const cursor = makeCursor();
  /** @type {Size} */
  const stage = { width: 0, height: 0 };

  /** @param {State} state @param {News} news */
  function heed(state, { keys, mask: rect, form }) {
    const changes = (/** @type {string[]} */ names) => names.some((key) => keys.has(key));
    if (changes(REPAINTS_IMAGE) || (state.fusion && rect)) dirty.image = true;
    if (changes(REPAINTS_MASK)) dirty.mask = true;
    if (changes(["window", "level", "inverted"])) dirty.window = true;
    if (rect) dirty.rect = union(dirty.rect, rect);
    // the line from an open polygon's last vertex follows the pointer
    if (form || changes(REPAINTS_MARKS) || (state.polygon && keys.has("hover"))) dirty.marks = true;
    if (!dirty.frame) dirty.frame = requestAnimationFrame(paint);
  }

  function paint() {
    cancelAnimationFrame(dirty.frame);
    dirty.frame = 0;
    const { state } = store;
    if (!stage.width || !stage.height) return;
    if (dirty.window) void shades.apply(state)?.then(again);
    if (dirty.image) image.paint((ctx) => paintImage(ctx, stage, state, shades.shown()));
    // the brush's outline lies on the mask's canvas: one canvas that changes is what a frame of a stroke costs
    const changed = dirty.mask ? { x: 0, y: 0, ...stage } : dirty.rect && boxAround(state, dirty.rect);
    const touched = cursor.place(state, changed);
    const box = touched && cut(touched, { x: 0, y: 0, ...stage });
    if (box) {
      paintMask(mask, fill, state, box);
      cursor.draw(mask);
    }
    if (dirty.marks) marks.paint((ctx) => drawMarks(ctx, stage, state));
    Object.assign(dirty, { image: false, mask: false, marks: false, window: false, rect: null });
  }

  /** The stored values are there now. */
  function again() {
    Object.assign(dirty, { image: true, window: true });
    if (!dirty.frame) dirty.frame = requestAnimationFrame(paint);
  }

  store.subscribe(heed);
  return {
    stage,
    paint,
    /** @param {number} width @param {number} height device px */
    resize(width, height) {
      Object.assign(stage, { width, height });
      image.resize(stage);
      marks.resize(stage);
      Object.assign(layers.mask, stage);
      fill = fillOf(stage);
      Object.assign(dirty, { image: true, mask: true, marks: true });
      if (!dirty.frame) dirty.frame = requestAnimationFrame(paint);
    },
  };
}

/** The image in its window and level. Until one is asked for, it is shown as the browser decoded it.
 * @param {Picture} picture */
function makeShades({ shown, gray }) {
  /** @type {import("./types.js").Raster | null} */
  let raster = null;
  /** @type {ReturnType<typeof bitmap> | null} */
  let windowed = null;
  return {
    shown: () => windowed?.canvas ?? shown,
    /** @param {State} state @returns {Promise<void> | null} resolves when it can be done: ask again then */
    apply(state) {
      if (!raster) return gray().then((values) => void (raster = values));
      windowed ??= bitmap(raster);
      applyWindow(windowed, raster, state);
      return null;
    },
  };
}

/** @param {Size} stage device px @returns {Fill} */
function fillOf({ width, height }) {
  const pixels = new ImageData(Math.max(1, width), Math.max(1, height));
  return { stage: { width, height }, pixels, words: new Uint32Array(pixels.data.buffer) };
}

/** @param {Ctx} ctx @param {Size} stage @param {State} state @param {HTMLCanvasElement | ImageBitmap} shown */
function paintImage(ctx, stage, { view, fusion, mask }, shown) {
  ctx.imageSmoothingEnabled = view.scale < CRISP_FROM;
  ctx.imageSmoothingQuality = "high";
  ctx.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
  ctx.drawImage(shown, 0, 0);
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  if (!fusion) return;
  const within = bitmap(stage);
  sampleFill(within.words, stage, { x: 0, y: 0, ...stage }, mask, view, wordOf(OWN, 1));
  context(within.canvas).putImageData(within.pixels, 0, 0);
  ctx.globalCompositeOperation = "destination-in";
  ctx.drawImage(within.canvas, 0, 0);
  ctx.globalCompositeOperation = "source-over";
}

/** @param {CanvasRenderingContext2D} ctx @param {Fill} fill @param {State} state @param {Box} box on the stage */
function paintMask(ctx, { stage, pixels, words }, state, box) {
  const { view, mask } = state;
  const fills = !state.bare && !state.outlineOnly && !state.fusion;
  const held = mask.within === undefined ? box : mask.within && cut(box, boxAround(state, mask.within));
  const whole = held?.width === box.width && held.height === box.height;
  if (!fills || !whole) ctx.clearRect(box.x, box.y, box.width, box.height);
  if (state.bare || !held) return;
  const { x, y, width, height } = held;
  if (fills) {
    sampleFill(words, stage, held, mask, view, wordOf(OWN, state.fillOpacity));
    ctx.putImageData(pixels, 0, 0, x, y, width, height);
  }
  const [a, b] = [toImage(view, held), toImage(view, { x: x + width, y: y + height })];
  const area = { x0: Math.floor(a.x), y0: Math.floor(a.y), x1: Math.ceil(b.x), y1: Math.ceil(b.y) };
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  const near = grow(area, marginOf(view));
  strokeSegments(ctx, view, segmentsIn(mask, near, view.scale < CRISP_FROM * 2), window.devicePixelRatio);
  ctx.restore();
}

/** How far around a px its outline reaches. @param {View} view @returns {number} image px */
function marginOf({ scale }) {
  return 2 + Math.ceil((4 * window.devicePixelRatio) / scale);
}

/** @param {State} state @param {Rect} rect image px that changed @returns {Box} with the outline around them */
function boxAround({ view }, rect) {
  const { x0, y0, x1, y1 } = grow(rect, marginOf(view));
  const [a, b] = [toStage(view, { x: x0, y: y0 }), toStage(view, { x: x1, y: y1 })];
  const [x, y] = [Math.floor(a.x), Math.floor(a.y)];
  return { x, y, width: Math.ceil(b.x) - x, height: Math.ceil(b.y) - y };
}

/** @param {Box} box @param {Box} area @returns {Box | null} what of it is in the area */
function cut(box, area) {
  const [x, y] = [Math.max(area.x, box.x), Math.max(area.y, box.y)];
  const width = Math.min(area.x + area.width, box.x + box.width) - x;
  const height = Math.min(area.y + area.height, box.y + box.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** @param {Rect} rect @param {number} by @returns {Rect} */
function grow({ x0, y0, x1, y1 }, by) {
  return { x0: x0 - by, y0: y0 - by, x1: x1 + by, y1: y1 + by };
}
