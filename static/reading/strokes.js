/** From the live mask of a stroke to the durable change it makes, or back.
 * @import {Rect, Spans} from "./types.js"
 * @import {Store} from "./store.js" */
import { difference } from "./spans.js";

/** Make a live change of the mask durable. @param {Store} store @param {Rect | null} rect where it may differ
 * @returns {Spans} what changed, empty when nothing did */
export function settle(store, rect) {
  const { committed, mask } = store.state;
  const spans = rect ? difference(committed, mask.data, mask.width, rect) : new Int32Array();
  // a page that was closed under the pen keeps nothing of the stroke, and shows nothing of it
  if (spans.length && !store.commit({ kind: "mask", spans })) discard(store, rect);
  return spans;
}

/** Take a live change back. @param {Store} store @param {Rect | null} rect */
export function discard({ state, set }, rect) {
  if (!rect) return;
  const { committed, mask } = state;
  for (let y = rect.y0; y < rect.y1; y += 1) {
    const from = y * mask.width + rect.x0;
    mask.data.set(committed.subarray(from, y * mask.width + rect.x1), from);
  }
  set({}, rect);
}
