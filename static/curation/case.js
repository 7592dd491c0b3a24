/** The ruler of an image: two presses on the image fill the four number fields; the fields alone do as well. */

/** @typedef {{ form: HTMLFormElement, picture: SVGSVGElement, button: HTMLButtonElement, pressed: number }} Ruler */

/** @param {Document} page */
export function startRuler(page) {
  const form = page.querySelector("form[data-calibrate]");
  const picture = page.querySelector("svg[data-ruler]");
  const button = form?.querySelector("[data-calibrate-point]");
  if (!(form instanceof HTMLFormElement && picture instanceof SVGSVGElement && button instanceof HTMLButtonElement)) return;
  const ruler = { form, picture, button, pressed: 0 };
  button.hidden = false;
  button.addEventListener("click", () => point(ruler, !picture.hasAttribute("data-pointing")));
  // not pointerdown: the rest of the press would take the focus away again
  picture.addEventListener("click", (event) => press(ruler, event));
  form.addEventListener("input", () => show(ruler));
  show(ruler);
}

/** @param {Ruler} ruler
 * @param {boolean} on */
function point(ruler, on) {
  ruler.picture.toggleAttribute("data-pointing", on);
  ruler.button.setAttribute("aria-pressed", String(on));
  ruler.pressed = 0;
}

/** @param {Ruler} ruler
 * @param {MouseEvent} event */
function press(ruler, event) {
  const matrix = ruler.picture.getScreenCTM();
  if (!ruler.picture.hasAttribute("data-pointing") || !matrix) return;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  const box = ruler.picture.viewBox.baseVal;
  const [x, y] = ruler.pressed === 0 ? ["x1", "y1"] : ["x2", "y2"];
  field(ruler, x).value = within(at.x, box.width);
  field(ruler, y).value = within(at.y, box.height);
  ruler.pressed += 1;
  show(ruler);
  if (ruler.pressed < 2) return;
  point(ruler, false);
  field(ruler, "mm").focus();
}

/** @param {Ruler} ruler
 * @param {string} name
 * @returns {HTMLInputElement} */
function field(ruler, name) {
  const found = ruler.form.elements.namedItem(name);
  if (!(found instanceof HTMLInputElement)) throw new Error(`the form has no field ${name}`);
  return found;
}

/** The line on the image and the scale that follows, as far as the fields are filled.
 * @param {Ruler} ruler */
function show(ruler) {
  const [x1, y1, x2, y2, mm] = ["x1", "y1", "x2", "y2", "mm"].map((name) => field(ruler, name).valueAsNumber);
  ruler.picture.querySelector("[data-ruler-line]")?.replaceChildren(...marks(x1, y1, x2, y2));
  const said = ruler.form.querySelector("[data-calibrate-scale]");
  const scale = mm / Math.hypot(x2 - x1, y2 - y1);
  if (!(said instanceof HTMLElement)) return;
  const known = Number.isFinite(scale) && scale > 0;
  said.textContent = known ? (said.dataset.words ?? "%s").replace("%s", scale.toFixed(4)) : "";
}

/** A line when both points are known, a ring when only the first is; each with a casing below it.
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @returns {SVGElement[]} */
function marks(x1, y1, x2, y2) {
  if (Number.isNaN(x1) || Number.isNaN(y1)) return [];
  const ends = [x2, y2].some(Number.isNaN);
  return ["ruler-casing", "ruler-line"].map((kind) =>
    ends ? shape("circle", { class: kind, cx: x1, cy: y1, r: 4 }) : shape("line", { class: kind, x1, y1, x2, y2 }),
  );
}

/** A place on the image as the field takes it: tenths of a px, inside the image.
 * @param {number} value
 * @param {number} most
 * @returns {string} */
function within(value, most) {
  return Math.min(Math.max(value, 0), most).toFixed(1);
}

/** @param {string} name
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement} */
function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
