/** What a press on the image does, tool by tool. A stroke paints the live mask at once and becomes one durable change
 * when the pointer lifts.
 * @import {Point, Rect} from "./types.js"
 * @import {State, Store, ToolName} from "./store.js" */
import { fillPolygon, makeBrush, sweep, union } from "./raster.js";
import { discard, settle } from "./strokes.js";
import { makePolygonTool } from "./polygon.js";
import { makeCalipers } from "./calipers.js";

/** @typedef {{at: Point, reach: number}} Press image px; `reach`: how far a handle may be, image px
 * @typedef {{
 *   down: (press: Press) => boolean, move: (points: Point[]) => void, up: () => void, cancel: () => void
 * }} Tool `down` says whether the press goes on (a keyboard press that does not is over at once) */

/** @param {Store} store @param {(points: [number, number, number, number]) => void} onRuler
 * @returns {Record<Exclude<ToolName, "pan">, Tool>} */
export function makeTools(store, onRuler) {
  return {
    brush: makePaint(store, 1),
    eraser: makePaint(store, 0),
    outline: makeOutline(store),
    polygon: makePolygonTool(store),
    ...makeCalipers(store, onRuler),
  };
}

/** @param {Store} store @param {0 | 1} ink @returns {Tool} */
function makePaint(store, ink) {
  /** @type {Rect | null} */
  let touched = null;
  let brush = makeBrush(1);
  /** @type {Point | null} */
  let last = null;
  /** @type {0 | 1} */
  let value = ink;

  /** @param {Point[]} points */
  function paint(points) {
    /** @type {Rect | null} */
    let fresh = null;
    for (const point of points) {
      fresh = union(fresh, sweep(store.state.mask, brush, last ?? point, point, value));
      last = point;
    }
    touched = union(touched, fresh);
    if (fresh) store.set({}, fresh);
  }

  return {
    down({ at }) {
      brush = makeBrush(store.state.brushSize);
      value = store.state.erasing ? /** @type {0 | 1} */ (1 - ink) : ink;
      [last, touched] = [null, null];
      paint([at]);
      return true;
    },
    move: paint,
    up() {
      settle(store, touched);
      [last, touched] = [null, null];
    },
    cancel() {
      discard(store, touched);
      [last, touched] = [null, null];
    },
  };
}

/** @param {Store} store @returns {Tool} */
function makeOutline(store) {
  return {
    down({ at }) {
      store.set({ path: [at] });
      return true;
    },
    move(points) {
      store.set({ path: [...(store.state.path ?? []), ...points] });
    },
    up() {
      const { path, mask, erasing } = store.state;
      store.set({ path: null });
      settle(store, path && fillPolygon(mask, path, erasing ? 0 : 1));
    },
    cancel() {
      store.set({ path: null });
    },
  };
}
