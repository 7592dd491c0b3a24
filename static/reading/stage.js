/** The stage's size in device px, which the image is fitted to, and is fitted to again while nobody has moved it.
 * @import {Store} from "./store.js"
 * @import {Size} from "./transform.js" */
import { fit, resized } from "./transform.js";

/** @param {HTMLElement} element @param {Store} store
 * @param {{stage: Size, resize: (width: number, height: number) => void, paint: () => void}} view */
export function fitToStage(element, store, view) {
  const { state } = store;
  // the observer tells its first size a frame later, and the image would come a frame later too
  const first = inDevicePx(element.getBoundingClientRect());
  view.resize(first.width, first.height);
  store.set({ view: fit(state.mask, first) });
  view.paint();
  new ResizeObserver(([entry]) => {
    const box = entry.devicePixelContentBoxSize?.[0];
    // an emulated screen (devtools, some remote desktops) counts CSS px there
    const exact = box && Math.abs(box.inlineSize - entry.contentRect.width * window.devicePixelRatio) < 2;
    const after = exact ? { width: box.inlineSize, height: box.blockSize } : inDevicePx(entry.contentRect);
    const before = { ...view.stage };
    if (before.width === after.width && before.height === after.height) return;
    const fitted = JSON.stringify(state.view) === JSON.stringify(fit(state.mask, before));
    view.resize(after.width, after.height);
    store.set({ view: fitted ? fit(state.mask, after) : resized(state.view, before, after) });
  }).observe(element);
}

/** @param {DOMRectReadOnly} box CSS px @returns {Size} */
function inDevicePx({ width, height }) {
  const ratio = window.devicePixelRatio;
  return { width: Math.round(width * ratio), height: Math.round(height * ratio) };
}
