/** The picture of the feedback page: the image, one's own outline solid, the reference dashed, and what only one of
 * them drew hatched in its colour.
 * @import {Point, Raster} from "./types.js"
 * @import {Size} from "./transform.js" */
import { CRISP_FROM, bitmap, context } from "./view-bitmap.js";
import { chain, segmentsIn } from "./outline.js";
import { fit } from "./transform.js";
import { sampleFill, wordOf } from "./view-fill.js";
import { cased, pathOf } from "./view-marks.js";

const OWN = "#5CC8F2";
const REFERENCE = "#FFB224";

/** @typedef {{bare: boolean, outlineOnly: boolean, reference: boolean}} Shown
 * @typedef {{own: Raster | null, reference: Raster | null}} Masks */

/** @param {HTMLCanvasElement} canvas @param {ImageBitmap} image @param {Masks} masks */
export function createFeedbackView(canvas, image, { own, reference }) {
  const lines = { own: linesOf(own), reference: linesOf(reference) };
  const only = { own: onlyIn(own, reference), reference: onlyIn(reference, own) };
  /** @type {Size} */
  let stage = { width: 0, height: 0 };

  return {
    /** @param {Size} size device px */
    resize(size) {
      stage = size;
      Object.assign(canvas, size);
    },
    /** @param {Shown} shown */
    paint(shown) {
      const ctx = context(canvas);
      const view = fit(image, stage);
      const ratio = window.devicePixelRatio;
      ctx.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
      ctx.imageSmoothingEnabled = view.scale < CRISP_FROM;
      ctx.drawImage(image, 0, 0);
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      if (shown.bare) return;
      if (!shown.outlineOnly && shown.reference) {
        if (only.own) hatch(ctx, only.own, view, stage, OWN, ratio);
        if (only.reference) hatch(ctx, only.reference, view, stage, REFERENCE, ratio);
      }
      for (const line of lines.own) cased(ctx, pathOf(view, line, false), ratio, { colour: OWN });
      if (!shown.reference) return;
      for (const line of lines.reference) {
        cased(ctx, pathOf(view, line, false), ratio, { colour: REFERENCE, dash: [9, 5], cap: "butt" });
      }
    },
  };
}

/** @param {Raster | null} mask @returns {Point[][]} */
function linesOf(mask) {
  if (!mask) return [];
  return chain(segmentsIn(mask, { x0: 0, y0: 0, x1: mask.width, y1: mask.height }, true));
}

/** @param {Raster | null} a @param {Raster | null} b @returns {Raster | null} the pixels of a without b */
function onlyIn(a, b) {
  return a && b && { ...a, data: a.data.map((value, i) => (value && !b.data[i] ? 1 : 0)) };
}

/** @param {CanvasRenderingContext2D} ctx @param {Raster} region @param {import("./transform.js").View} view
 * @param {Size} stage @param {string} colour @param {number} ratio */
function hatch(ctx, region, view, stage, colour, ratio) {
  const { canvas: layer, pixels, words } = bitmap(stage);
  sampleFill(words, stage, { x: 0, y: 0, ...stage }, region, view, wordOf([0, 0, 0], 1));
  const pen = context(layer);
  pen.putImageData(pixels, 0, 0);
  pen.globalCompositeOperation = "source-in";
  const lines = new Path2D();
  const gap = 7 * ratio;
  for (let x = -stage.height; x < stage.width; x += gap) {
    lines.moveTo(x, 0);
    lines.lineTo(x + stage.height, stage.height);
  }
  pen.strokeStyle = colour;
  pen.lineWidth = 1.2 * ratio;
  pen.stroke(lines);
  ctx.globalAlpha = 0.75;
  ctx.drawImage(layer, 0, 0);
  ctx.globalAlpha = 1;
}
