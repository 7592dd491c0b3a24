/** Lengths of a mask, as the statistics define them: pixels are squares, the longest axis joins two pixel corners,
 * the width is the caliper width normal to it (the largest one when several axes are equally long).
 * @import {Line, Point, Raster, Spacing} from "./types.js"
 * @import {Part} from "./parts.js" */
import { partsOf } from "./parts.js";

/** Lengths in the unit of the spacing; lines in image px.
 * @typedef {{length: number, line: Line}} Extent
 * @typedef {{area: number, parts: number, smallest: {area: number, at: Point} | null, centroid: Point,
 *   max: Extent, min: Extent}} Geometry `max`, `min` and `centroid` are of the largest part, `area` is of all (px) */

const UNIT = { row_mm: 1, col_mm: 1 };

/** @param {Raster} mask @param {Pick<Spacing, "row_mm" | "col_mm"> | null} spacing null: px
 * @returns {Geometry | null} null for an empty mask */
export function measure(mask, spacing) {
  const parts = partsOf(mask);
  if (!parts.length) return null;
  const { row_mm: sy, col_mm: sx } = spacing ?? UNIT;
  const hull = hullOf(cornersOf(parts[0]).map(({ x, y }) => ({ x: x * sx, y: y * sy })));
  const { max, min } = axesOf(hull);
  const last = parts[parts.length - 1];
  return {
    area: parts.reduce((sum, part) => sum + part.area, 0),
    parts: parts.length,
    smallest: parts.length > 1 ? { area: last.area, at: centroidOf(last) } : null,
    centroid: centroidOf(parts[0]),
    max: inPixels(max, sx, sy),
    min: inPixels(min, sx, sy),
  };
}

/** @param {Line} line px @param {Pick<Spacing, "row_mm" | "col_mm"> | null} spacing @returns {number} mm, or px */
export function lengthOf([x1, y1, x2, y2], spacing) {
  const { row_mm, col_mm } = spacing ?? UNIT;
  return Math.hypot((x2 - x1) * col_mm, (y2 - y1) * row_mm);
}

/** The corners of a part that can lie on its convex hull: the ends of every run.
 * @param {Part} part @returns {Point[]} */
function cornersOf(part) {
  /** @type {Map<number, {x0: number, x1: number}>} */
  const rows = new Map();
  for (const { y, x0, x1 } of part.runs) {
    for (const edge of [y, y + 1]) {
      const row = rows.get(edge);
      rows.set(edge, row ? { x0: Math.min(row.x0, x0), x1: Math.max(row.x1, x1) } : { x0, x1 });
    }
  }
  return [...rows].flatMap(([y, { x0, x1 }]) => [
    { x: x0, y },
    { x: x1, y },
  ]);
}

/** Convex hull, counter-clockwise (Andrew's monotone chain), without collinear points.
 * @param {Point[]} points @returns {Point[]} */
export function hullOf(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  /** @param {Point[]} ordered */
  const chain = (ordered) => {
    /** @type {Point[]} */
    const half = [];
    for (const p of ordered) {
      while (half.length > 1 && turn(half[half.length - 2], half[half.length - 1], p) <= 0) half.pop();
      half.push(p);
    }
    return half.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

/** @param {Point} a @param {Point} b @param {Point} c */
function turn(a, b, c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** @param {Point[]} hull @returns {{max: Extent, min: Extent}} */
function axesOf(hull) {
  let longest = 0;
  /** @type {[Point, Point][]} */
  let ties = [];
  for (let i = 0; i < hull.length; i += 1) {
    for (let j = i + 1; j < hull.length; j += 1) {
      const d = Math.hypot(hull[j].x - hull[i].x, hull[j].y - hull[i].y);
      if (d > longest * (1 + 1e-12)) [longest, ties] = [d, []];
      if (d >= longest * (1 - 1e-12)) ties.push([hull[i], hull[j]]);
    }
  }
  const widths = ties.map(([a, b]) => widthAcross(hull, a, b, longest));
  const best = widths.reduce((k, width, i) => (width.length > widths[k].length ? i : k), 0);
  const [a, b] = ties[best];
  return { max: { length: longest, line: [a.x, a.y, b.x, b.y] }, min: widths[best] };
}

/** The caliper width normal to the axis ab, as a line halfway between the two points that bound it.
 * @param {Point[]} hull @param {Point} a @param {Point} b @param {number} length @returns {Extent} */
function widthAcross(hull, a, b, length) {
  const ux = (b.x - a.x) / length;
  const uy = (b.y - a.y) / length;
  let low = hull[0];
  let high = hull[0];
  /** @param {Point} p */
  const across = (p) => p.y * ux - p.x * uy;
  for (const p of hull) {
    if (across(p) < across(low)) low = p;
    if (across(p) > across(high)) high = p;
  }
  const along = ((low.x + high.x) * ux + (low.y + high.y) * uy) / 2;
  /** @param {number} n @returns {[number, number]} */
  const at = (n) => [along * ux - n * uy, along * uy + n * ux];
  return { length: across(high) - across(low), line: [...at(across(low)), ...at(across(high))] };
}

/** @param {Part} part @returns {Point} px, of the pixel squares */
function centroidOf({ runs, area }) {
  let x = 0;
  let y = 0;
  for (const run of runs) {
    const n = run.x1 - run.x0;
    x += (n * (run.x0 + run.x1)) / 2;
    y += n * (run.y + 0.5);
  }
  return { x: x / area, y: y / area };
}

/** @param {Extent} extent @param {number} sx @param {number} sy @returns {Extent} */
function inPixels({ length, line: [x1, y1, x2, y2] }, sx, sy) {
  return { length, line: [x1 / sx, y1 / sy, x2 / sx, y2 / sy] };
}
