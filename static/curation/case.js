/** The ruler of an image: two presses on the image fill the four number fields; the fields alone do as well. */

/** @param {Document} page */
export function startRuler(page) {
  const form = page.querySelector("form[data-calibrate]");
  const picture = page.querySelector("svg[data-ruler]");
  if (form instanceof HTMLFormElement && picture instanceof SVGSVGElement) new Ruler(form, picture).start();
}

class Ruler {
  /** @param {HTMLFormElement} form
   * @param {SVGSVGElement} picture */
  constructor(form, picture) {
    this.form = form;
    this.picture = picture;
    this.pressed = 0;
  }

  start() {
    const button = this.form.querySelector("[data-calibrate-point]");
    if (button instanceof HTMLButtonElement) {
      button.hidden = false;
      button.addEventListener("click", () => this.point(button, !this.picture.hasAttribute("data-pointing")));
      this.picture.addEventListener("pointerdown", (event) => this.press(event, button));
    }
    this.form.addEventListener("input", () => this.show());
    this.show();
  }

  /** @param {HTMLButtonElement} button
   * @param {boolean} on */
  point(button, on) {
    this.picture.toggleAttribute("data-pointing", on);
    button.setAttribute("aria-pressed", String(on));
    this.pressed = 0;
  }

  /** @param {PointerEvent} event
   * @param {HTMLButtonElement} button */
  press(event, button) {
    const matrix = this.picture.getScreenCTM();
    if (!this.picture.hasAttribute("data-pointing") || event.button !== 0 || !matrix) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    const box = this.picture.viewBox.baseVal;
    const names = this.pressed === 0 ? ["x1", "y1"] : ["x2", "y2"];
    this.field(names[0]).value = within(at.x, box.width);
    this.field(names[1]).value = within(at.y, box.height);
    this.pressed += 1;
    this.show();
    if (this.pressed < 2) return;
    this.point(button, false);
    this.field("mm").focus();
  }

  /** @param {string} name
   * @returns {HTMLInputElement} */
  field(name) {
    const found = this.form.elements.namedItem(name);
    if (!(found instanceof HTMLInputElement)) throw new Error(`the form has no field ${name}`);
    return found;
  }

  /** The line on the image and the scale that follows, as far as the fields are filled. */
  show() {
    const [x1, y1, x2, y2, mm] = ["x1", "y1", "x2", "y2", "mm"].map((name) => this.field(name).valueAsNumber);
    const marks = [];
    if (![x1, y1, x2, y2].some(Number.isNaN)) {
      for (const kind of ["ruler-casing", "ruler-line"]) marks.push(shape("line", { class: kind, x1, y1, x2, y2 }));
    } else if (![x1, y1].some(Number.isNaN)) {
      for (const kind of ["ruler-casing", "ruler-line"]) marks.push(shape("circle", { class: kind, cx: x1, cy: y1, r: 4 }));
    }
    this.picture.querySelector("[data-ruler-line]")?.replaceChildren(...marks);
    const said = this.form.querySelector("[data-calibrate-scale]");
    const scale = mm / Math.hypot(x2 - x1, y2 - y1);
    if (!(said instanceof HTMLElement)) return;
    said.textContent = Number.isFinite(scale) && scale > 0 ? (said.dataset.words ?? "%s").replace("%s", scale.toFixed(4)) : "";
  }
}

/** A place on the image as the field takes it: tenths of a px, inside the image.
 * @param {number} value
 * @param {number} most
 * @returns {string} */
function within(value, most) {
  return Math.min(Math.max(value, 0), most).toFixed(1);
}

/** @param {string} name
 * @param {Record<string, string | number | undefined>} attributes
 * @returns {SVGElement} */
function shape(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
