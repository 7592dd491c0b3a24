/** Parts of a mask: runs joined where they touch, at a corner too (8-neighbours); holes join by sides only.
 * @import {Raster, Spans} from "./types.js" */
import { stretchOf } from "./raster.js";

/** @typedef {{y: number, x0: number, x1: number}} Run half-open in x */
/** @typedef {{runs: Run[], area: number}} Part */

/** @param {Raster} mask @param {0 | 1} value @returns {Run[]} */
function runsOfRows(mask, value) {
  const { width } = mask;
  const { from, to } = value ? stretchOf(mask) : { from: 0, to: mask.data.length };
  const data = mask.data.subarray(0, to);
  /** @type {Run[]} */
  const runs = [];
  let start = data.indexOf(value, from);
  while (start >= 0) {
    const y = Math.floor(start / width);
    const rowEnd = (y + 1) * width;
    let end = data.indexOf(value ^ 1, start);
    if (end < 0 || end > rowEnd) end = rowEnd;
    runs.push({ y, x0: start - y * width, x1: end - y * width });
    start = data.indexOf(value, end);
  }
  return runs;
}

/** @param {Run[]} runs @param {0 | 1} corners 1 when touching at a corner joins @returns {Int32Array} root of each */
function joined(runs, corners) {
  const parent = Int32Array.from(runs, (_, i) => i);
  /** @param {number} i */
  const find = (i) => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  let above = 0;
  for (let i = 0; i < runs.length; i += 1) {
    const run = runs[i];
    while (runs[above].y < run.y - 1) above += 1;
    while (runs[above].y === run.y - 1 && runs[above].x1 + corners <= run.x0) above += 1;
    for (let j = above; runs[j].y === run.y - 1 && runs[j].x0 < run.x1 + corners; j += 1) {
      parent[find(j)] = find(i);
    }
  }
  return parent.map((_, i) => find(i));
}

/** @param {Raster} mask @returns {Part[]} largest first; equal ones in reading order */
export function partsOf(mask) {
  return collect(runsOfRows(mask, 1), 1).sort((a, b) => b.area - a.area);
}

/** @param {Run[]} runs @param {0 | 1} corners @returns {Part[]} */
function collect(runs, corners) {
  const roots = joined(runs, corners);
  /** @type {Map<number, Part>} */
  const parts = new Map();
  runs.forEach((run, i) => {
    const part = parts.get(roots[i]) ?? { runs: [], area: 0 };
    part.runs.push(run);
    part.area += run.x1 - run.x0;
    parts.set(roots[i], part);
  });
  return [...parts.values()];
}

/** What to flip so that only the largest part stays.
 * @param {Raster} mask @returns {Spans} */
export function allButLargest(mask) {
  return spansOf(mask, partsOf(mask).slice(1));
}

/** What to flip so that every hole is filled: background that no side-by-side path joins to the image's edge.
 * @param {Raster} mask @returns {Spans} */
export function holesOf(mask) {
  const { width, height } = mask;
  const holes = collect(runsOfRows(mask, 0), 0).filter((part) =>
    part.runs.every(({ y, x0, x1 }) => y > 0 && y < height - 1 && x0 > 0 && x1 < width),
  );
  return spansOf(mask, holes);
}

/** @param {Raster} mask @param {Part[]} parts @returns {Spans} */
function spansOf({ width }, parts) {
  const runs = parts.flatMap((part) => part.runs).sort((a, b) => a.y - b.y || a.x0 - b.x0);
  return Int32Array.from(runs.flatMap(({ y, x0, x1 }) => [y * width + x0, x1 - x0]));
}
