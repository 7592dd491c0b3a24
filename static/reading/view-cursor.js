/** The brush under the pointer, shown as the very pixels it would paint; moved by the compositor, redrawn only when
 * its size or the zoom changes.
 * @import {State} from "./store.js"
 * @import {Brush} from "./raster.js" */
import { brushCell, makeBrush } from "./raster.js";
import { segmentsIn } from "./outline.js";
import { toStage } from "./transform.js";
import { strokeSegments } from "./view-marks.js";

/** @param {HTMLCanvasElement} canvas */
export function makeCursor(canvas) {
  let drawn = "";
  /** @type {Brush} */
  let brush = makeBrush(1);

  return {
    /** @param {State} state */
    place(state) {
      const at = state.keyCursor ?? state.hover;
      const draws = state.tool === "brush" || state.tool === "eraser";
      canvas.hidden = !at || !draws || state.bare || Boolean(state.frozen);
      if (canvas.hidden || !at) return;
      const ratio = window.devicePixelRatio;
      const key = [state.brushSize, state.view.scale, ratio, state.erasing, state.tool].join();
      if (key !== drawn) {
        brush = makeBrush(state.brushSize);
        draw(canvas, brush, state, ratio);
        drawn = key;
      }
      const cell = brushCell(brush, at);
      const corner = toStage(state.view, { x: cell.x - reach(brush), y: cell.y - reach(brush) });
      const css = [corner.x / ratio - 4, corner.y / ratio - 4];
      canvas.style.transform = `translate(${css[0]}px, ${css[1]}px)`;
    },
  };
}

/** @param {Brush} brush px from its cell to the edge of its raster */
function reach({ size }) {
  return Math.floor(size / 2) + 1;
}

/** @param {HTMLCanvasElement} canvas @param {Brush} brush @param {State} state @param {number} ratio */
function draw(canvas, brush, { view, tool, erasing }, ratio) {
  const side = 2 * reach(brush) + 1;
  const mask = { data: new Uint8Array(side * side), width: side, height: side };
  for (const { dy, dx, length } of brush.rows) {
    const start = (dy + reach(brush)) * side + dx + reach(brush);
    mask.data.fill(1, start, start + length);
  }
  const px = Math.ceil(side * view.scale + 8 * ratio);
  Object.assign(canvas, { width: px, height: px });
  canvas.style.width = canvas.style.height = `${px / ratio}px`;
  const ctx = canvas.getContext("2d");
  const all = { x0: 0, y0: 0, x1: side, y1: side };
  const shift = { scale: view.scale, x: 4 * ratio, y: 4 * ratio };
  const wipes = (tool === "eraser") !== erasing;
  const pen = { colour: wipes ? "#E2B45C" : "#FFFFFF", width: 1, dash: wipes ? [3, 3] : [] };
  if (ctx) strokeSegments(ctx, shift, segmentsIn(mask, all, view.scale < 4), ratio, pen);
}
