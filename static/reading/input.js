/** The only listener to pointers, wheel and keys on the image. A stroke captures its pointer, so it ends wherever it
 * is let go; right-drag is window and level, middle or Space pans, two fingers zoom, a pen silences the palm.
 * @import {Point} from "./types.js"
 * @import {Store} from "./store.js"
 * @import {Tool} from "./tools.js"
 * @import {Size} from "./transform.js" */
import { listen } from "./life.js";
import { panBy, toImage, zoomAt } from "./transform.js";

const HANDLE_CSS_PX = 10;
const PALM_MS = 1500;
const CLICK_PX = 4; // a hand that clicks moves no further, device px

/** @typedef {{kind: "tool", tool: Tool, id: number} | {kind: "pan" | "window", id: number, from: Point, last: Point}} Gesture */

/** @param {HTMLElement} element the stage @param {Store} store
 * @param {{tools: Record<string, Tool>, stage: Size, fingerDraws: () => boolean, resizeBrush: (by: 1 | -1) => void}}
 *   rest */
export function listenToPointers(element, store, { tools, stage, fingerDraws, resizeBrush }) {
  const { state } = store;
  /** @type {Gesture | null} */
  let gesture = null;
  /** @type {Map<number, Point>} fingers on the stage, device px */
  const fingers = new Map();
  let penAt = -Infinity;

  // asked for at most once between layouts: asking on every move would force one each time
  /** @type {DOMRect | null} */
  let known = null;
  const forget = () => (known = null);
  new ResizeObserver(forget).observe(element);
  listen(window, ["scroll", "resize", "pointerdown"], forget, { capture: true });
  element.addEventListener("pointerenter", forget);

  /** By the stage's own size, not the window's ratio: the two differ by a fraction of a px at most zooms, and by more in
   * windows that only claim a ratio.
   * @param {MouseEvent} event @returns {Point} stage, device px */
  const place = (event) => {
    const box = (known ??= element.getBoundingClientRect());
    const [across, down] = [stage.width / box.width, stage.height / box.height];
    return { x: (event.clientX - box.left) * across, y: (event.clientY - box.top) * down };
  };
  /** @param {Point} at */
  const inImage = (at) => toImage(state.view, at);

  /** @param {PointerEvent} event */
  function down(event) {
    if (event.pointerType === "pen") penAt = event.timeStamp;
    if (event.pointerType === "touch" && event.timeStamp - penAt < PALM_MS) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    const at = place(event);
    if (event.pointerType === "touch") fingers.set(event.pointerId, at);
    if (fingers.size === 2) return pinch();
    if (gesture || fingers.size > 2) return undefined;
    element.setPointerCapture(event.pointerId);
    store.set({ keyCursor: null });
    gesture = begin(event, at);
    return undefined;
  }

  /** @param {PointerEvent} event @param {Point} at @returns {Gesture | null} */
  function begin(event, at) {
    const id = event.pointerId;
    if (event.button === 2) return { kind: "window", id, from: at, last: at };
    const finger = event.pointerType === "touch" && !fingerDraws();
    if (event.button === 1 || state.tool === "pan" || finger || element.dataset.space) {
      return { kind: "pan", id, from: at, last: at };
    }
    if (event.button !== 0 && event.button !== 5) return null;
    if (state.frozen) return null;
    if (event.button === 5 || event.ctrlKey || event.metaKey) store.set({ erasing: true });
    const tool = tools[state.tool];
    tool.down({ at: inImage(at), reach: (HANDLE_CSS_PX * window.devicePixelRatio) / state.view.scale });
    return { kind: "tool", tool, id };
  }

  function pinch() {
    if (gesture?.kind === "tool") gesture.tool.cancel();
    gesture = null;
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (event.pointerType === "pen") penAt = event.timeStamp;
    const at = place(event);
    if (fingers.has(event.pointerId) && fingers.size === 2) return zoomByFingers(event.pointerId, at);
    if (event.pointerType !== "touch" || gesture) store.set({ hover: inImage(at) });
    if (!gesture || gesture.id !== event.pointerId) return undefined;
    if (gesture.kind === "tool") gesture.tool.move(eventsOf(event).map((e) => inImage(place(e))));
    else drag(gesture, at);
    return undefined;
  }

  /** @param {Exclude<Gesture, {kind: "tool"}>} dragging @param {Point} at */
  function drag(dragging, at) {
    const [dx, dy] = [at.x - dragging.last.x, at.y - dragging.last.y];
    dragging.last = at;
    if (dragging.kind === "pan") {
      store.set({ view: panBy(state.view, dx, dy, state.mask, stage) });
      return;
    }
    const per = 0.5 / window.devicePixelRatio;
    store.set({
      window: Math.max(2, Math.min(510, state.window + dx * per)),
      level: Math.max(0, Math.min(255, state.level - dy * per)),
    });
  }

  /** @param {number} id @param {Point} at */
  function zoomByFingers(id, at) {
    const other = [...fingers].find(([key]) => key !== id)?.[1];
    const was = fingers.get(id);
    fingers.set(id, at);
    if (!other || !was) return;
    const [a, b] = [Math.hypot(was.x - other.x, was.y - other.y), Math.hypot(at.x - other.x, at.y - other.y)];
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const zoomed = zoomAt(state.view, b / Math.max(a, 1), middle);
    store.set({ view: panBy(zoomed, (at.x - was.x) / 2, (at.y - was.y) / 2, state.mask, stage) });
  }

  /** @param {PointerEvent} event */
  function up(event) {
    fingers.delete(event.pointerId);
    if (!gesture || gesture.id !== event.pointerId) return;
    const ended = gesture;
    gesture = null;
    if (ended.kind === "tool") {
      // the browser takes a pointer away for its own ends (a swipe, a lost pen): what was drawn until then stays
      ended.tool.up();
      store.set({ erasing: false });
    } else if (ended.kind === "pan" && state.tool === "pan") centre(ended);
  }

  /** A click of the hand brings what is under it to the middle: panning without a drag (WCAG 2.5.7).
   * @param {{from: Point, last: Point}} click */
  function centre({ from, last }) {
    if (Math.hypot(last.x - from.x, last.y - from.y) > CLICK_PX) return;
    store.set({ view: panBy(state.view, stage.width / 2 - last.x, stage.height / 2 - last.y, state.mask, stage) });
  }

  /** @param {WheelEvent} event */
  function wheel(event) {
    event.preventDefault();
    const delta = event.deltaY || event.deltaX;
    if (event.shiftKey) return resizeBrush(delta < 0 ? 1 : -1);
    const px = event.deltaMode ? delta * 16 : delta;
    store.set({ view: zoomAt(state.view, Math.exp(-px * 0.0015), place(event)) });
    return undefined;
  }

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", move);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", () => !gesture && store.set({ hover: null }));
  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("contextmenu", (event) => event.preventDefault());
}

/** Every position since the last frame; insecure contexts give only the last, and the sweep joins what is between.
 * @param {PointerEvent} event @returns {PointerEvent[]} */
function eventsOf(event) {
  const all = event.getCoalescedEvents?.() ?? [];
  return all.length ? all : [event];
}
