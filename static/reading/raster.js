/** From pointer paths to pixels, hard-edged and exact; no canvas draws a mask.
 * @import {Point, Raster, Rect} from "./types.js" */

/** A round brush of `size` px: per row its first column and width, relative to the cell under the pointer.
 * Odd sizes are centred on a pixel, even sizes on a corner, so size 1 is one pixel and size 2 is four.
 * @typedef {{size: number, odd: boolean, rows: {dy: number, dx: number, length: number}[]}} Brush */

/** @param {number} size px, a positive integer @returns {Brush} */
export function makeBrush(size) {
  const odd = size % 2 === 1;
  const half = Math.floor(size / 2);
  const shift = odd ? 0 : 0.5;
  const rows = [];
  for (let dy = -half; dy < half + (odd ? 1 : 0); dy += 1) {
    const reach = Math.sqrt((size / 2) ** 2 - (dy + shift) ** 2);
    const dx = Math.ceil(-reach - shift);
    rows.push({ dy, dx, length: Math.floor(reach - shift) - dx + 1 });
  }
  return { size, odd, rows };
}

/** The cell a brush sits on: a pixel (odd sizes), or the corner nearest to the point (even sizes).
 * @param {Brush} brush @param {Point} at @returns {Point} */
export function brushCell(brush, at) {
  const shift = brush.odd ? 0 : 0.5;
  return { x: Math.floor(at.x + shift), y: Math.floor(at.y + shift) };
}

/** Sweep a brush along a segment. The brush is set down on every cell that the segment passes, so what is painted
 * depends on the path alone, never on how many events reported it.
 * @param {Raster} mask changed in place @param {Brush} brush @param {Point} from @param {Point} to
 * @param {0 | 1} value @returns {Rect | null} the pixels that may have changed */
export function sweep(mask, brush, from, to, value) {
  const shift = brush.odd ? 0 : 0.5;
  /** @type {Rect} */
  const touched = { x0: mask.width, y0: mask.height, x1: 0, y1: 0 };
  eachCell(from.x + shift, from.y + shift, to.x + shift, to.y + shift, (cx, cy) => {
    stamp(mask, brush, cx, cy, value, touched);
  });
  return touched.x0 < touched.x1 ? touched : null;
}

/** @param {Raster} mask @param {Brush} brush @param {number} cx @param {number} cy @param {0 | 1} value
 * @param {Rect} touched grown in place */
function stamp({ data, width, height }, brush, cx, cy, value, touched) {
  for (const { dy, dx, length } of brush.rows) {
    const y = cy + dy;
    if (y < 0 || y >= height) continue;
    const x0 = Math.max(0, cx + dx);
    const x1 = Math.min(width, cx + dx + length);
    if (x0 >= x1) continue;
    data.fill(value, y * width + x0, y * width + x1);
    if (x0 < touched.x0) touched.x0 = x0;
    if (x1 > touched.x1) touched.x1 = x1;
    if (y < touched.y0) touched.y0 = y;
    if (y >= touched.y1) touched.y1 = y + 1;
  }
}

const TIE = 1e-9;

/** Every cell of the unit grid that a segment passes (Amanatides and Woo 1987); through a corner it steps
 * diagonally, so the cells do not depend on where a path was cut into segments.
 * @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
 * @param {(x: number, y: number) => void} visit */
export function eachCell(x0, y0, x1, y1, visit) {
  let x = Math.floor(x0);
  let y = Math.floor(y0);
  const endX = Math.floor(x1);
  const endY = Math.floor(y1);
  const dx = x1 - x0;
  const dy = y1 - y0;
  const stepX = Math.sign(dx);
  const stepY = Math.sign(dy);
  let nextX = dx ? ((stepX > 0 ? x + 1 : x) - x0) / dx : Infinity;
  let nextY = dy ? ((stepY > 0 ? y + 1 : y) - y0) / dy : Infinity;
  visit(x, y);
  const most = Math.abs(endX - x) + Math.abs(endY - y);
  for (let n = 0; n < most && (x !== endX || y !== endY); n += 1) {
    const gap = nextX - nextY;
    const both = Math.abs(gap) * Math.max(Math.abs(dx), Math.abs(dy)) < TIE;
    if (both || gap < 0) {
      x += stepX;
      nextX += stepX / dx;
    }
    if (both || gap > 0) {
      y += stepY;
      nextY += stepY / dy;
    }
    visit(x, y);
  }
}

/** Fill a closed polygon: a pixel belongs to it when its centre does (non-zero winding, half-open edges, so
 * polygons that share an edge share no pixel). Points may lie outside the image.
 * @param {Raster} mask changed in place @param {Point[]} points @param {0 | 1} value
 * @returns {Rect | null} */
export function fillPolygon(mask, points, value) {
  const rect = clip(mask, points);
  if (!rect || points.length < 3) return null;
  for (let y = rect.y0; y < rect.y1; y += 1) fillRow(mask, points, y, value);
  return rect;
}

/** @param {Raster} mask @param {Point[]} points @param {number} y @param {0 | 1} value */
function fillRow({ data, width }, points, y, value) {
  const crossings = crossingsAt(points, y + 0.5);
  let winding = 0;
  for (let i = 0; i < crossings.length - 1; i += 1) {
    winding += crossings[i].direction;
    if (!winding) continue;
    const x0 = Math.max(0, Math.ceil(crossings[i].x - 0.5));
    const x1 = Math.min(width, Math.ceil(crossings[i + 1].x - 0.5));
    if (x0 < x1) data.fill(value, y * width + x0, y * width + x1);
  }
}

/** @param {Point[]} points @param {number} yc */
function crossingsAt(points, yc) {
  const crossings = [];
  for (let i = 0; i < points.length; i += 1) {
    const a = points[i];
    const b = points[(i + 1) % points.length];
    if (a.y <= yc === b.y <= yc) continue;
    crossings.push({ x: a.x + ((yc - a.y) / (b.y - a.y)) * (b.x - a.x), direction: a.y < b.y ? 1 : -1 });
  }
  return crossings.sort((p, q) => p.x - q.x);
}

/** @param {{width: number, height: number}} size @param {Point[]} points @returns {Rect | null} */
function clip({ width, height }, points) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    x0 = Math.min(x0, x);
    x1 = Math.max(x1, x);
    y0 = Math.min(y0, y);
    y1 = Math.max(y1, y);
  }
  const rect = {
    x0: Math.max(0, Math.floor(x0)),
    y0: Math.max(0, Math.floor(y0)),
    x1: Math.min(width, Math.ceil(x1)),
    y1: Math.min(height, Math.ceil(y1)),
  };
  return rect.x0 < rect.x1 && rect.y0 < rect.y1 ? rect : null;
}

/** The stretch of a mask's data that holds all its ones. @param {Raster} mask @returns {{from: number, to: number}} */
export function stretchOf({ data, width, within }) {
  if (within === undefined) return { from: 0, to: data.length };
  return within ? { from: within.y0 * width, to: within.y1 * width } : { from: 0, to: 0 };
}

/** @param {Raster} mask @returns {boolean} */
export function isEmpty(mask) {
  const { from, to } = stretchOf(mask);
  return !mask.data.subarray(from, to).includes(1);
}

/** The rows that hold ones, over the whole width. @param {Raster} mask @returns {Rect | null} */
export function withinRows({ data, width }) {
  const first = data.indexOf(1);
  if (first < 0) return null;
  return { x0: 0, y0: Math.floor(first / width), x1: width, y1: Math.floor(data.lastIndexOf(1) / width) + 1 };
}

/** @param {Rect | null} a @param {Rect | null} b @returns {Rect | null} */
export function union(a, b) {
  if (!a || !b) return a ?? b;
  return {
    x0: Math.min(a.x0, b.x0),
    y0: Math.min(a.y0, b.y0),
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
  };
}
