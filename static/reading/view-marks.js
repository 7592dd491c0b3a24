/** What the reader put on the image besides the mask: calipers, half-drawn polygons and outlines, the keyboard's
 * cursor, and the scale bar.
 * @import {Line, Point} from "./types.js"
 * @import {State} from "./store.js"
 * @import {Size, View} from "./transform.js"
 * @import {Ctx} from "./view-bitmap.js" */
import { MAX, MIN, diameterOf } from "./answers.js";
import { toStage } from "./transform.js";

const OWN = "#5CC8F2";
const CALIPER = "#DDF1F9";
const CASING = "rgb(0 0 0 / 60%)";

/** @typedef {{colour?: string, dash?: number[], width?: number, cap?: CanvasLineCap}} Pen widths in CSS px */

/** Stroke a path twice: a black casing, then the colour, so that an edge shows on every grey.
 * @param {Ctx} ctx @param {Path2D} path @param {number} ratio device px per CSS px
 * @param {Pen} [pen] */
export function cased(ctx, path, ratio, { colour = OWN, dash = [], width = 1.8, cap = "round" } = {}) {
  ctx.lineJoin = "round";
  ctx.lineCap = cap;
  ctx.setLineDash(dash.map((d) => d * ratio));
  ctx.lineWidth = (width + 2.2) * ratio;
  ctx.strokeStyle = CASING;
  ctx.stroke(path);
  ctx.lineWidth = width * ratio;
  ctx.strokeStyle = colour;
  ctx.stroke(path);
  ctx.setLineDash([]);
}

/** @param {Ctx} ctx @param {View} view @param {number[]} segments image px
 * @param {number} ratio @param {Pen} [pen] */
export function strokeSegments(ctx, { scale, x, y }, segments, ratio, pen) {
  if (!segments.length) return;
  const path = new Path2D();
  for (let i = 0; i < segments.length; i += 4) {
    path.moveTo(segments[i] * scale + x, segments[i + 1] * scale + y);
    path.lineTo(segments[i + 2] * scale + x, segments[i + 3] * scale + y);
  }
  cased(ctx, path, ratio, pen);
}

/** @param {View} view @param {Point[]} points @param {boolean} closed @returns {Path2D} */
export function pathOf(view, points, closed) {
  const path = new Path2D();
  for (const point of points) {
    const { x, y } = toStage(view, point);
    path.lineTo(x, y);
  }
  if (closed) path.closePath();
  return path;
}

/** @param {Ctx} ctx empty @param {Size} stage @param {State} state */
export function drawMarks(ctx, stage, state) {
  const ratio = window.devicePixelRatio;
  if (state.bare) return;
  for (const code of [MAX, MIN]) {
    const value = state.said.answers[code]?.value;
    if (value && typeof value === "object" && "points" in value) drawCaliper(ctx, state, value.points, ratio);
  }
  if (state.said.calibration) drawLine(ctx, state.view, state.said.calibration.points, ratio);
  if (state.line) drawCaliper(ctx, state, state.line, ratio);
  if (state.path) cased(ctx, pathOf(state.view, state.path, false), ratio);
  if (state.polygon) drawPolygon(ctx, state, ratio);
  if (state.pointed) ring(ctx, toStage(state.view, state.pointed), ratio);
  if (state.keyCursor) drawKeyCursor(ctx, toStage(state.view, state.keyCursor), ratio);
  if (state.spacing) drawScaleBar(ctx, stage, state.view.scale / state.spacing.col_mm, ratio);
}

/** @param {Ctx} ctx @param {View} view @param {Line} line @param {number} ratio */
function drawLine(ctx, view, [x1, y1, x2, y2], ratio) {
  const [a, b] = [toStage(view, { x: x1, y: y1 }), toStage(view, { x: x2, y: y2 })];
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [tx, ty] = [((a.y - b.y) / length) * 5 * ratio, ((b.x - a.x) / length) * 5 * ratio];
  const dots = new Path2D();
  dots.moveTo(a.x, a.y);
  dots.lineTo(b.x, b.y);
  cased(ctx, dots, ratio, { colour: CALIPER, dash: [1, 3], width: 1, cap: "butt" });
  const ticks = new Path2D();
  for (const end of [a, b]) {
    ticks.moveTo(end.x - tx, end.y - ty);
    ticks.lineTo(end.x + tx, end.y + ty);
  }
  cased(ctx, ticks, ratio, { colour: CALIPER, width: 1, cap: "butt" });
}

/** @param {Ctx} ctx @param {State} state @param {Line} line @param {number} ratio */
function drawCaliper(ctx, state, line, ratio) {
  drawLine(ctx, state.view, line, ratio);
  const measured = diameterOf({ value: { points: line } }, state.spacing);
  if (!measured) return;
  const end = line[3] > line[1] ? { x: line[2], y: line[3] } : { x: line[0], y: line[1] };
  const { x, y } = toStage(state.view, end);
  label(ctx, `${measured.length.toFixed(1)} ${measured.unit}`, x + 10 * ratio, y + 16 * ratio, ratio);
}

/** @param {Ctx} ctx @param {string} text @param {number} x @param {number} y
 * @param {number} ratio */
export function label(ctx, text, x, y, ratio) {
  ctx.font = `${12 * ratio}px Inter, system-ui, sans-serif`;
  ctx.lineJoin = "round";
  ctx.lineWidth = 3 * ratio;
  ctx.strokeStyle = "rgb(0 0 0 / 80%)";
  ctx.strokeText(text, x, y);
  ctx.fillStyle = CALIPER;
  ctx.fillText(text, x, y);
}

/** @param {Ctx} ctx @param {State} state @param {number} ratio */
function drawPolygon(ctx, { view, polygon, hover, tool }, ratio) {
  if (!polygon) return;
  const { points, closed } = polygon;
  const rubber = !closed && hover && tool === "polygon" ? [...points, hover] : points;
  cased(ctx, pathOf(view, rubber, closed), ratio, { dash: closed ? [] : [6, 4] });
  points.forEach((point, i) => {
    const { x, y } = toStage(view, point);
    const half = (i === 0 && !closed ? 5 : 3.5) * ratio;
    ctx.fillStyle = "#000";
    ctx.fillRect(x - half - ratio, y - half - ratio, 2 * half + 2 * ratio, 2 * half + 2 * ratio);
    ctx.fillStyle = i === polygon.held ? "#fff" : OWN;
    ctx.fillRect(x - half, y - half, 2 * half, 2 * half);
  });
}

/** @param {Ctx} ctx @param {Point} at stage px @param {number} ratio */
function ring(ctx, { x, y }, ratio) {
  const path = new Path2D();
  path.arc(x, y, 16 * ratio, 0, 7);
  cased(ctx, path, ratio, { colour: CALIPER, width: 1.5 });
}

/** @param {Ctx} ctx @param {Point} at stage px @param {number} ratio */
function drawKeyCursor(ctx, { x, y }, ratio) {
  const path = new Path2D();
  for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
    path.moveTo(x + dx * 4 * ratio, y + dy * 4 * ratio);
    path.lineTo(x + dx * 14 * ratio, y + dy * 14 * ratio);
  }
  cased(ctx, path, ratio, { colour: "#fff", width: 1.4, cap: "butt" });
}

/** @param {Ctx} ctx @param {Size} stage @param {number} perMm device px @param {number} ratio */
function drawScaleBar(ctx, stage, perMm, ratio) {
  const fits = [50, 20, 10, 5, 2, 1, 0.5].find((mm) => mm * perMm <= stage.width * 0.2);
  if (!fits) return;
  const [right, y] = [stage.width - 24 * ratio, stage.height - 20 * ratio];
  const left = right - fits * perMm;
  const path = new Path2D();
  path.moveTo(left, y - 6 * ratio);
  path.lineTo(left, y);
  path.lineTo(right, y);
  path.lineTo(right, y - 6 * ratio);
  cased(ctx, path, ratio, { colour: CALIPER, width: 1, cap: "butt" });
  label(ctx, `${fits} mm`, (left + right) / 2 - 14 * ratio, y - 9 * ratio, ratio);
}
