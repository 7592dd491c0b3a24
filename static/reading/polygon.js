/** A polygon by its vertices, which stay movable after it is closed: each move replaces what the polygon had added,
 * as one step of the history.
 * @import {Point} from "./types.js"
 * @import {Polygon, Store} from "./store.js"
 * @import {Press, Tool} from "./tools.js" */
import { combine, flip } from "./spans.js";
import { fillPolygon, union } from "./raster.js";
import { settle } from "./strokes.js";

const NO_STEP = new Int32Array();

/** @param {Store} store @returns {Tool} */
export function makePolygonTool(store) {
  let moved = false;
  let ownChange = false;
  /** @type {WeakMap<import("./types.js").Spans, Polygon>} the polygon as each step of the history left it */
  const afterStep = new WeakMap();

  store.subscribe((state, { durable }) => {
    const touchesMask = durable && (durable.kind === "mask" || ("of" in durable && durable.of === "mask"));
    if (!touchesMask || ownChange || (state.polygon && !state.polygon.closed)) return;
    // undo and redo bring back the vertices as they were, as long as the mask then is this polygon's own doing
    const polygon = (state.tool === "polygon" && afterStep.get(lastStep())) || null;
    if (polygon !== state.polygon) store.set({ polygon });
  });

  function lastStep() {
    const { steps, at } = store.state.maskHistory;
    return steps[at - 1] ?? NO_STEP;
  }

  /** @param {Polygon} polygon */
  function fill(polygon) {
    const { mask } = store.state;
    const old = polygon.added ?? new Int32Array();
    const rect = union(flip(mask, old), fillPolygon(mask, polygon.points, polygon.value));
    ownChange = true;
    const spans = settle(store, rect);
    ownChange = false;
    const filled = { ...polygon, closed: true, held: null, added: combine(old, spans) };
    if (lastStep() !== NO_STEP) afterStep.set(lastStep(), filled);
    store.set({ polygon: filled });
  }

  /** @param {Press} press */
  function down({ at, reach }) {
    moved = false;
    const { polygon, erasing } = store.state;
    if (polygon && polygon.held !== null) return drop(polygon, polygon.held, at, reach);
    const near = polygon ? nearest(polygon.points, at, reach) : -1;
    if (polygon && !polygon.closed && polygon.points.length > 2 && endsIt(polygon.points, near)) {
      fill(polygon);
      return false;
    }
    if (polygon && near >= 0) {
      store.set({ polygon: { ...polygon, held: near } });
      return true;
    }
    const points = polygon && !polygon.closed ? [...polygon.points, at] : [at];
    const value = /** @type {0 | 1} */ (erasing ? 0 : 1);
    store.set({ polygon: { points, closed: false, added: null, held: null, value } });
    return false;
  }

  /** A vertex that a click has picked up goes where the next one is; on itself it stays where it was (WCAG 2.5.7).
   * @param {Polygon} polygon @param {number} held @param {Point} at @param {number} reach */
  function drop(polygon, held, at, reach) {
    const stays = nearest([polygon.points[held]], at, reach) === 0;
    const points = stays ? polygon.points : polygon.points.with(held, at);
    if (polygon.closed && !stays) fill({ ...polygon, points });
    else store.set({ polygon: { ...polygon, points, held: null } });
    return false;
  }

  return {
    down,
    move(points) {
      const { polygon } = store.state;
      if (!polygon || polygon.held === null) return;
      moved = true;
      const at = points[points.length - 1];
      store.set({ polygon: { ...polygon, points: polygon.points.with(polygon.held, at) } });
    },
    up() {
      const { polygon } = store.state;
      if (!polygon || polygon.held === null) return;
      if (polygon.closed && !moved) return; // clicked: picked up until the next click
      if (polygon.closed) fill(polygon);
      else store.set({ polygon: { ...polygon, held: null } });
    },
    cancel() {
      const { polygon } = store.state;
      if (polygon?.closed && moved) fill(polygon);
      else if (polygon) store.set({ polygon: { ...polygon, held: null } });
    },
  };
}

/** Take the last vertex of an open polygon back. @param {Store} store @returns {boolean} whether there was one */
export function dropVertex({ state, set }) {
  const { polygon } = state;
  if (!polygon || polygon.closed) return false;
  const points = polygon.points.slice(0, -1);
  set({ polygon: points.length ? { ...polygon, points } : null });
  return true;
}

/** The first vertex ends it, and the last one pressed again (a double click).
 * @param {Point[]} points @param {number} near */
function endsIt(points, near) {
  return near === 0 || near === points.length - 1;
}

/** @param {Point[]} points @param {Point} at @param {number} reach @returns {number} -1: none is near */
function nearest(points, at, reach) {
  let [best, distance] = [-1, reach];
  points.forEach((p, i) => {
    const d = Math.hypot(p.x - at.x, p.y - at.y);
    if (d <= distance) [best, distance] = [i, d];
  });
  return best;
}
