/** Where the feedback page begins: the two masks over the image, their figures and drawings. The words are in the
 * page already.
 * @import {Raster, Spacing} from "./types.js" */
import { decodeMask } from "./codec.js";
import { byId, jsonOf, setText } from "./dom.js";
import { drawingOf } from "./drawings.js";
import { measure } from "./geometry.js";
import { nameOf } from "./keys.js";
import { fetchImage } from "./sync.js";
import { pictureOf } from "./view-bitmap.js";
import { createFeedbackView } from "./view-feedback.js";

/** @typedef {{
 *   image: {url: string, width: number, height: number, spacing: Spacing | null},
 *   own_mask: {data: string} | null, reference_mask: {data: string} | null
 * }} FeedbackData */

async function begin() {
  const data = /** @type {FeedbackData} */ (jsonOf("feedback-data"));
  const { shown: image } = await pictureOf(await fetchImage(data.image.url));
  const own = data.own_mask && (await decodeMask(data.own_mask.data));
  const reference = data.reference_mask && (await decodeMask(data.reference_mask.data));
  const canvas = /** @type {HTMLCanvasElement} */ (byId("canvas-feedback"));
  const view = createFeedbackView(canvas, image, { own, reference });
  const shown = { bare: false, outlineOnly: false, reference: true };

  new ResizeObserver(([entry]) => {
    const ratio = window.devicePixelRatio;
    const { width, height } = entry.contentRect;
    view.resize({ width: Math.round(width * ratio), height: Math.round(height * ratio) });
    view.paint(shown);
  }).observe(byId("stage"));
  listen(shown, () => view.paint(shown));
  fill("own", own, data.image.spacing);
  fill("reference", reference, data.image.spacing);
  for (const place of document.querySelectorAll("[data-drawing]")) {
    const drawing = drawingOf(place.getAttribute("data-drawing") ?? "");
    if (drawing) place.append(drawing);
  }
  document.documentElement.dataset.ready = "1";
}

/** @param {{bare: boolean, outlineOnly: boolean, reference: boolean}} shown @param {() => void} paint */
function listen(shown, paint) {
  const keys = /** @type {Record<string, keyof typeof shown>} */ ({ q: "bare", o: "outlineOnly", r: "reference" });
  for (const button of document.querySelectorAll("[data-shows]")) {
    const what = /** @type {keyof typeof shown} */ (button.getAttribute("data-shows"));
    button.addEventListener("click", () => {
      shown[what] = !shown[what];
      button.setAttribute("aria-pressed", String(shown[what]));
      paint();
    });
  }
  document.addEventListener("keydown", (event) => {
    const what = keys[nameOf(event)];
    if (!what) return;
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-shows=${what}]`))?.click();
  });
}

/** Area and diameters of one mask. @param {"own" | "reference"} whose @param {Raster | null} mask
 * @param {Spacing | null} spacing */
function fill(whose, mask, spacing) {
  const geometry = mask && measure(mask, spacing);
  const unit = spacing ? "mm" : "px";
  const scale = spacing ? spacing.row_mm * spacing.col_mm : 1;
  const texts = geometry
    ? [`${(geometry.area * scale).toFixed(0)} ${unit}²`, `${geometry.max.length.toFixed(1)} ${unit}`,
        `${geometry.min.length.toFixed(1)} ${unit}`]
    : ["–", "–", "–"];
  ["area", "max", "min"].forEach((name, i) => setText(byId(`${whose}-${name}`), texts[i]));
}

begin().catch((error) => setText(byId("feedback-said"), String(error)));
