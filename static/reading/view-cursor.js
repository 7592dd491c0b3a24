/** The brush under the pointer, shown as the very pixels it would paint; a picture of its own, made anew only when its
 * size or the zoom changes.
 * @import {State} from "./store.js"
 * @import {Brush} from "./raster.js"
 * @import {Box} from "./view-fill.js" */
import { brushCell, makeBrush } from "./raster.js";
import { chain, segmentsIn } from "./outline.js";
import { toStage } from "./transform.js";
import { joined } from "./view-fill.js";
import { context } from "./view-bitmap.js";
import { cased, pathOf, strokeSegments } from "./view-marks.js";

const MARGIN = 4; // CSS px for the casing of the line

export function makeCursor() {
  const picture = document.createElement("canvas");
  let drawn = "";
  /** @type {Brush} */
  let brush = makeBrush(1);
  /** @type {Box | null} */
  let box = null;

  return {
    /** @param {State} state @param {Box | null} also what is painted anew anyway, device px
     * @returns {Box | null} that, and what the cursor leaves and takes; null: nothing changes */
    place(state, also) {
      const before = box;
      const changed = prepare(state);
      box = boxOf(state);
      const stays = before?.x === box?.x && before?.y === box?.y;
      return stays && !changed && !also ? null : joined(also, joined(before, box));
    },

    /** @param {CanvasRenderingContext2D} ctx */
    draw(ctx) {
      if (box) ctx.drawImage(picture, box.x, box.y);
    },
  };

  /** @param {State} state @returns {boolean} whether it looks otherwise than before */
  function prepare(state) {
    const ratio = window.devicePixelRatio;
    const key = [state.brushSize, state.view.scale, ratio, state.erasing, state.tool].join();
    if (key === drawn || !isShown(state)) return false;
    brush = makeBrush(state.brushSize);
    drawBrush(picture, brush, state, ratio);
    drawn = key;
    return true;
  }

  /** @param {State} state @returns {Box | null} */
  function boxOf(state) {
    const at = state.keyCursor ?? state.hover;
    if (!at || !isShown(state)) return null;
    const cell = brushCell(brush, at);
    const corner = toStage(state.view, { x: cell.x - reach(brush), y: cell.y - reach(brush) });
    const margin = MARGIN * window.devicePixelRatio;
    const { width, height } = picture;
    return { x: Math.round(corner.x - margin), y: Math.round(corner.y - margin), width, height };
  }
}

/** @param {State} state */
function isShown({ keyCursor, hover, tool, bare, frozen }) {
  return Boolean(keyCursor ?? hover) && (tool === "brush" || tool === "eraser") && !bare && !frozen;
}

/** @param {Brush} brush px from its cell to the edge of its raster */
function reach({ size }) {
  return Math.floor(size / 2) + 1;
}

/** @param {HTMLCanvasElement} canvas @param {Brush} brush @param {State} state @param {number} ratio */
function drawBrush(canvas, brush, { view, tool, erasing }, ratio) {
  const side = 2 * reach(brush) + 1;
  const mask = { data: new Uint8Array(side * side), width: side, height: side };
  for (const { dy, dx, length } of brush.rows) {
    const start = (dy + reach(brush)) * side + dx + reach(brush);
    mask.data.fill(1, start, start + length);
  }
  const px = Math.ceil(side * view.scale + 2 * MARGIN * ratio);
  Object.assign(canvas, { width: px, height: px });
  const all = { x0: 0, y0: 0, x1: side, y1: side };
  const shift = { scale: view.scale, x: MARGIN * ratio, y: MARGIN * ratio };
  const edge = segmentsIn(mask, all, view.scale < 4);
  const ctx = context(canvas);
  if ((tool === "eraser") === erasing) return strokeSegments(ctx, shift, edge, ratio, { colour: "#FFFFFF", width: 1 });
  // a dash begins anew at every segment, so they are joined; round ends would fill its gaps
  const pen = { colour: "#E2B45C", width: 1.5, dash: [5, 5], cap: /** @type {const} */ ("butt") };
  return chain(edge).forEach((line) => cased(ctx, pathOf(shift, line, false), ratio, pen));
}
