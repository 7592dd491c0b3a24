/** Pixels and canvases: what the views of the reading page and of its feedback have in common.
 * @import {Raster} from "./types.js"
 * @import {Size} from "./transform.js" */
import { decodeGrayPng } from "./png.js";

export const CRISP_FROM = 4;

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Ctx */

/** @param {HTMLCanvasElement} canvas @returns {CanvasRenderingContext2D} */
export function context(canvas) {
  const ctx = canvas.getContext("2d");
  if (!ctx) throw new Error("this browser gives no 2d canvas");
  return ctx;
}

/** A layer that seldom changes: painted out of sight and handed over whole. Chromium without a graphics card copies
 * every canvas that has a 2d context of its own in each frame of a stroke, even where nothing changed; not this one.
 * @param {HTMLCanvasElement} canvas */
export function stillLayer(canvas) {
  const shown = canvas.getContext("bitmaprenderer");
  const hidden = new OffscreenCanvas(1, 1);
  const ctx = hidden.getContext("2d");
  if (!shown || !ctx) throw new Error("this browser gives no canvas");
  return {
    /** @param {Size} size device px */
    resize({ width, height }) {
      for (const one of [canvas, hidden]) Object.assign(one, { width, height });
    },
    /** @param {(ctx: Ctx) => void} draw on an empty canvas */
    paint(draw) {
      draw(ctx);
      shown.transferFromImageBitmap(hidden.transferToImageBitmap());
    },
  };
}

/** @param {Size} size */
export function bitmap({ width, height }) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pixels = new ImageData(width, height);
  return { canvas, pixels, words: new Uint32Array(pixels.data.buffer) };
}

/** An image as the browser decodes it, and its stored values, which are decoded when somebody asks for them first.
 * @typedef {{shown: ImageBitmap, gray: () => Promise<Raster>}} Picture */

/** The stored PNG has no profile and no gamma, so the browser's own decoder, which is off the page's thread, shows each px as
 * it is stored: window 255, level 127.5. It is never read back.
 * @param {ArrayBuffer} bytes @returns {Promise<Picture>} */
export async function pictureOf(bytes) {
  const shown = await createImageBitmap(new Blob([bytes], { type: "image/png" }), { colorSpaceConversion: "none" });
  /** @type {Promise<Raster> | undefined} */
  let gray;
  return { shown, gray: () => (gray ??= decodeGrayPng(bytes)) };
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
  const { data } = gray;
  for (let i = 0; i < words.length; i += 1) words[i] = table[data[i]];
  context(canvas).putImageData(pixels, 0, 0);
}
