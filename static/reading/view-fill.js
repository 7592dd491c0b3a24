/** The mask's fill as the stage shows it: each device px takes the image px under its middle, so that a dab costs what
 * it covers on the screen and nothing grows with the image.
 * @import {Raster} from "./types.js"
 * @import {Size, View} from "./transform.js" */

/** @typedef {{x: number, y: number, width: number, height: number}} Box whole device px of the stage */

/** @param {Uint32Array} words the stage's pixels, row-major, written within the box @param {Size} stage device px
 * @param {Box} box @param {Raster} mask @param {View} view @param {number} on the word of a px in the mask */
export function sampleFill(words, stage, box, mask, { scale, x, y }, on) {
  const columns = new Int32Array(box.width);
  for (let i = 0; i < box.width; i += 1) {
    const column = Math.floor((box.x + i + 0.5 - x) / scale);
    columns[i] = column < mask.width ? column : -1;
  }
  for (let j = 0; j < box.height; j += 1) {
    const row = Math.floor((box.y + j + 0.5 - y) / scale);
    const to = (box.y + j) * stage.width + box.x;
    if (row < 0 || row >= mask.height) words.fill(0, to, to + box.width);
    else sampleRow(words.subarray(to, to + box.width), columns, mask.data, row * mask.width, on);
  }
}

/** @param {Uint32Array} words @param {Int32Array} columns negative: beside the image @param {Uint8Array} data
 * @param {number} from where the image's row begins @param {number} on */
function sampleRow(words, columns, data, from, on) {
  for (let i = 0; i < words.length; i += 1) words[i] = columns[i] >= 0 && data[from + columns[i]] ? on : 0;
}

/** @param {Box | null} a @param {Box | null} b @returns {Box | null} the least that holds both */
export function joined(a, b) {
  if (!a || !b) return a ?? b;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const right = Math.max(a.x + a.width, b.x + b.width);
  const bottom = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: bottom - y };
}

/** The word of a colour in canvas pixels (little-endian RGBA). @param {number[]} rgb @param {number} opacity 0-1 */
export function wordOf([r, g, b], opacity) {
  return ((Math.round(opacity * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
