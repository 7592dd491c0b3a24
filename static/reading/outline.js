/** The border of a mask as line segments in image px, found locally, so that a dab repaints only its surroundings.
 * @import {Point, Raster, Rect} from "./types.js" */

/** Around every pixel corner the border joins the middles of the pixel edges it crosses: directly (smooth, for small
 * zoom), or by way of the corner (exact, the staircase itself).
 * @param {Raster} mask @param {Rect} rect corners looked at, both ends included @param {boolean} smooth
 * @returns {number[]} x1, y1, x2, y2 of each segment */
export function segmentsIn({ data, width, height }, rect, smooth) {
  /** @type {number[]} */
  const out = [];
  for (let y = Math.max(0, rect.y0); y <= Math.min(height, rect.y1); y += 1) {
    const up = y > 0 ? (y - 1) * width : -1;
    const down = y < height ? y * width : -1;
    for (let x = Math.max(0, rect.x0); x <= Math.min(width, rect.x1); x += 1) {
      const a = up >= 0 && x > 0 ? data[up + x - 1] : 0;
      const b = up >= 0 && x < width ? data[up + x] : 0;
      const c = down >= 0 && x > 0 ? data[down + x - 1] : 0;
      const d = down >= 0 && x < width ? data[down + x] : 0;
      const sum = a + b + c + d;
      if (sum === 0 || sum === 4) continue;
      if (smooth) smoothCorner(out, x, y, a, b, c, d);
      else exactCorner(out, x, y, a, b, c, d);
    }
  }
  return out;
}

/** @param {number[]} out @param {number} x @param {number} y @param {number} a @param {number} b @param {number} c
 * @param {number} d */
function exactCorner(out, x, y, a, b, c, d) {
  if (a !== b) out.push(x, y, x, y - 0.5);
  if (c !== d) out.push(x, y, x, y + 0.5);
  if (a !== c) out.push(x, y, x - 0.5, y);
  if (b !== d) out.push(x, y, x + 0.5, y);
}

/** @param {number[]} out @param {number} x @param {number} y @param {number} a @param {number} b @param {number} c
 * @param {number} d */
function smoothCorner(out, x, y, a, b, c, d) {
  if (a === d && b === c) {
    // two pixels that touch at the corner: they are one part, so the lines pass on either side of it
    if (a) out.push(x, y - 0.5, x + 0.5, y, x - 0.5, y, x, y + 0.5);
    else out.push(x, y - 0.5, x - 0.5, y, x + 0.5, y, x, y + 0.5);
    return;
  }
  const ends = [];
  if (a !== b) ends.push(x, y - 0.5);
  if (c !== d) ends.push(x, y + 0.5);
  if (a !== c) ends.push(x - 0.5, y);
  if (b !== d) ends.push(x + 0.5, y);
  out.push(...ends);
}

/** Segments joined end to end, for dashes that run on.
 * @param {number[]} segments @returns {Point[][]} polylines */
export function chain(segments) {
  /** @type {Map<string, number[]>} */
  const at = new Map();
  /** @param {number} i */
  const key = (i) => `${segments[i]},${segments[i + 1]}`;
  for (let i = 0; i < segments.length; i += 2) at.set(key(i), [...(at.get(key(i)) ?? []), i]);
  const used = new Uint8Array(segments.length / 4);
  const lines = [];
  for (let s = 0; s < used.length; s += 1) {
    if (!used[s]) lines.push(follow(s * 4));
  }
  return lines;

  /** @param {number} start @returns {Point[]} */
  function follow(start) {
    const line = [{ x: segments[start], y: segments[start + 1] }];
    for (let end = start; ; ) {
      used[end >> 2] = 1;
      const far = end % 4 ? end - 2 : end + 2;
      line.push({ x: segments[far], y: segments[far + 1] });
      const next = (at.get(key(far)) ?? []).find((i) => !used[i >> 2]);
      if (next === undefined) return line;
      end = next;
    }
  }
}
