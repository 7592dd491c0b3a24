/** A trainee's curve: a point for each case, a line for the mean of the last five. */

const SVG = "http://www.w3.org/2000/svg";
const BOX = { left: 30, right: 380, top: 8, bottom: 148 };
const LAST = 5;
const LINE = 13;

/** @typedef {{label: string, values: (number | null)[], kind: "own" | "answers"}} Series */

/** Mean of each value and up to four before it; cases without a value are left out, not counted as 0.
 * @param {(number | null)[]} values @returns {(number | null)[]} */
export function meanOfLast(values) {
  return values.map((_, i) => {
    const known = values.slice(Math.max(0, i + 1 - LAST), i + 1).filter((value) => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  });
}

/** @param {SVGSVGElement} svg @param {Series[]} series values from 0 to 1 */
export function drawCurve(svg, series) {
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const least = Math.min(0.8, Math.floor(Math.min(...all, 1) * 5) / 5);
  const count = Math.max(2, ...series.map(({ values }) => values.length));
  /** @param {number} i */
  const x = (i) => BOX.left + (i / (count - 1)) * (BOX.right - BOX.left);
  /** @param {number} value */
  const y = (value) => BOX.bottom - ((value - least) / (1 - least)) * (BOX.bottom - BOX.top);
  for (let value = least; value < 1.01; value += 0.2) {
    add(svg, "line", { x1: BOX.left, x2: BOX.right, y1: y(value), y2: y(value), class: "curve-grid" });
    add(svg, "text", { x: 0, y: y(value) + 4, class: "curve-tick" }).textContent = value.toFixed(1);
  }
  /** @type {number[]} */
  const labelled = [];
  for (const { label, values, kind } of series) {
    values.forEach((value, i) => {
      if (value !== null) add(svg, "circle", { cx: x(i), cy: y(value), r: 2.2, class: `curve-point is-${kind}` });
    });
    const means = meanOfLast(values).flatMap((value, i) => (value === null ? [] : [[x(i), y(value)]]));
    add(svg, "polyline", { points: means.map((pair) => pair.join()).join(" "), class: `curve-line is-${kind}` });
    const end = means[means.length - 1];
    if (!end) continue;
    const beside = end[1] + 4;
    const clash = labelled.find((other) => Math.abs(other - beside) < LINE);
    const at = clash === undefined ? beside : clash + (beside < clash ? -LINE : LINE);
    labelled.push(at);
    add(svg, "text", { x: end[0] + 8, y: at, class: `curve-label is-${kind}` }).textContent = label;
  }
}

/** @param {SVGElement} parent @param {string} tag @param {Record<string, string | number>} attributes */
function add(parent, tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  parent.append(element);
  return element;
}
