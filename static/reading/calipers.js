/** Calipers for the two diameters, and the line on the image's own ruler.
 * @import {Line, Point} from "./types.js"
 * @import {Store} from "./store.js"
 * @import {Tool} from "./tools.js" */
import { MAX, MIN, answerPatch } from "./answers.js";
import { lengthOf } from "./geometry.js";

const LEAST_PX = 2;

/** @param {Store} store @param {(line: Line) => void} onRuler @returns {{calipers: Tool, ruler: Tool}} */
export function makeCalipers(store, onRuler) {
  /** @type {string | null} the diameter whose end is being moved */
  let moving = null;
  const calipers = makeLine(
    store,
    "calipers",
    (at, reach) => {
      const grabbed = grab(store, at, reach);
      moving = grabbed?.code ?? null;
      return grabbed?.line ?? null;
    },
    (line) => measureAs(store, moving ?? targetOf(store), line),
  );
  return { calipers, ruler: makeLine(store, "ruler", () => null, onRuler) };
}

/** A line by dragging, or by a click at either end (WCAG 2.5.7).
 * @param {Store} store @param {import("./store.js").ToolName} name
 * @param {(at: Point, reach: number) => Line | null} startAt a line to go on with
 * @param {(line: Line) => void} done @returns {Tool} */
function makeLine(store, name, startAt, done) {
  const { state } = store;
  let pressed = false;
  /** @type {[number, number] | null} one end is clicked, the other follows the pointer until the second click */
  let from = null;

  store.subscribe((_, { keys }) => {
    if (keys.has("line") && !state.line) from = null;
    if (from && !pressed && keys.has("hover") && state.hover && state.tool === name) {
      store.set({ line: [...from, state.hover.x, state.hover.y] });
    }
  });

  return {
    down({ at, reach }) {
      pressed = true;
      store.set({ line: from ? [...from, at.x, at.y] : (startAt(at, reach) ?? [at.x, at.y, at.x, at.y]) });
      return true;
    },
    move(points) {
      const { line } = state;
      const { x, y } = points[points.length - 1];
      if (line) store.set({ line: [line[0], line[1], x, y] });
    },
    up() {
      const { line } = state;
      pressed = false;
      if (line && !from && lengthOf(line, null) < LEAST_PX) {
        from = [line[0], line[1]];
        return;
      }
      store.set({ line: null });
      if (line && lengthOf(line, null) >= LEAST_PX) done(line);
    },
    cancel() {
      pressed = false;
      store.set({ line: null });
    },
  };
}

/** The diameter a new line is for: the lit one, else the first without an answer, else the maximum.
 * @param {Store} store @returns {string} */
function targetOf({ state: { lit, said } }) {
  if (lit === MAX || lit === MIN) return lit;
  return said.answers[MAX] && !said.answers[MIN] ? MIN : MAX;
}

/** @param {Store} store @param {string} code @param {Line} points */
function measureAs(store, code, points) {
  const { said } = store.state;
  store.commit({ kind: "form", patch: answerPatch(said, code, { value: { points } }) });
}

/** An end near the press, with the line turned so that this end is the moving one.
 * @param {Store} store @param {Point} at @param {number} reach */
function grab({ state }, at, reach) {
  for (const code of [MAX, MIN]) {
    const value = state.said.answers[code]?.value;
    if (!value || typeof value === "string" || !("points" in value)) continue;
    const [x1, y1, x2, y2] = value.points;
    if (Math.hypot(x2 - at.x, y2 - at.y) <= reach) return { code, line: value.points };
    if (Math.hypot(x1 - at.x, y1 - at.y) <= reach) {
      return { code, line: /** @type {Line} */ ([x2, y2, x1, y1]) };
    }
  }
  return null;
}
