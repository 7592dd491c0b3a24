/** An example drawing for each feature: a grey node, and in amber what is meant. Ours, after no picture.
 * A line of shapes each: kind and numbers on a grid of 72 x 48, then its style. */

const SVG = "http://www.w3.org/2000/svg";
const NODE = "e 36 24 32 18 node";
const HILUM = "e 36 26 17 5 bright";

/** @type {Record<string, string[]>} */
const DRAWINGS = {
  max_diameter_mm: [NODE, HILUM, "l 4 24 68 24 mark"],
  min_diameter_mm: [NODE, HILUM, "l 4 24 68 24 faint", "l 36 6 36 42 mark"],
  aspect_ratio: [NODE, "l 4 24 68 24 mark", "l 36 6 36 42 mark"],
  hypoechoic: [NODE, "e 26 24 13 9 dark", "e 26 24 13 9 mark"],
  hyperechoic: [NODE, "e 46 22 12 8 bright", "e 46 22 12 8 mark"],
  isoechoic: ["r 0 0 72 48 tissue", "e 36 24 32 18 same", "e 36 24 32 18 mark"],
  homogeneity: [NODE, "e 22 20 8 5 dark", "e 40 30 9 5 bright", "e 50 18 7 4 dark", "l 36 4 36 44 mark"],
  prominent_echogenicity: [NODE, "e 30 24 22 13 dark", "e 54 24 6 5 bright", "e 30 24 22 13 mark"],
  fatty_hilum_loss: [NODE, "e 36 26 17 5 mark"],
  centrality: [NODE, "e 36 33 20 6 bright", "l 36 7 36 26 mark"],
  microcalcifications: [NODE, "c 24 20 1.6 spot", "c 31 29 1.6 spot", "c 42 18 1.6 spot", "c 48 28 1.6 spot",
    "c 38 25 1.6 spot"],
  necrosis: [NODE, "e 26 22 11 8 dark", "e 50 26 9 7 black", "e 26 22 11 8 mark", "e 50 26 9 7 mark"],
  margin_regularity: ["p M4 24 Q8 8 22 10 T36 6 T52 9 T64 20 T60 34 T44 40 T24 42 T4 24 node",
    "p M36 6 T52 9 T64 20 T60 34 T44 40 mark"],
  margin_definition: ["e 36 24 30 17 blur", "e 36 24 26 14 node", "p M36 7 A30 17 0 0 1 36 41 mark"],
  internal_component: [NODE, "e 48 24 12 9 black", "e 48 24 12 9 mark"],
  intranodal_cystic_lesion: [NODE, "e 28 22 9 7 black", "e 28 22 9 7 mark"],
};

/** @type {Record<string, (numbers: string[]) => [string, Record<string, string>]>} */
const SHAPES = {
  e: ([cx, cy, rx, ry]) => ["ellipse", { cx, cy, rx, ry }],
  c: ([cx, cy, r]) => ["circle", { cx, cy, r }],
  l: ([x1, y1, x2, y2]) => ["line", { x1, y1, x2, y2 }],
  r: ([x, y, width, height]) => ["rect", { x, y, width, height }],
  p: (words) => ["path", { d: words.join(" ") }],
};

/** @param {string} code @returns {SVGSVGElement | null} null for a feature that has none */
export function drawingOf(code) {
  const shapes = DRAWINGS[code];
  if (!shapes) return null;
  const svg = make("svg", { viewBox: "0 0 72 48", class: "drawing", "aria-hidden": "true" });
  for (const line of shapes) {
    const words = line.split(" ");
    const [tag, attributes] = SHAPES[words[0]](words.slice(1, -1));
    svg.append(make(tag, { ...attributes, class: `drawing-${words[words.length - 1]}` }));
  }
  return /** @type {SVGSVGElement} */ (svg);
}

/** @param {string} tag @param {Record<string, string>} attributes @returns {SVGElement} */
function make(tag, attributes) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
