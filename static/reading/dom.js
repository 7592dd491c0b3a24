/** Small words for making elements, and the texts of the page, which the server has translated. */

/** @typedef {Record<string, string | number | boolean | ((event: any) => void)>} Props */

/** Make an element: properties that begin with "on" listen, the rest are attributes (false leaves one out).
 * @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {Props} [props]
 * @param {...(Node | string | null)} children @returns {HTMLElementTagNameMap[T]} */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the page's sprite; its meaning stands in the text beside it.
 * @param {string} name @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} id @returns {HTMLElement} @throws {Error} when the template lacks it */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** @param {string} id @returns {any} the JSON of a data block of the page */
export function jsonOf(id) {
  return JSON.parse(byId(id).textContent ?? "null");
}

/** @type {Record<string, string> | null} */
let texts = null;

/** A text of the page by its key, with {names} filled in.
 * @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
export function t(key, values = {}) {
  texts ??= /** @type {Record<string, string>} */ (jsonOf("reading-strings"));
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Change an element's text only when it differs: a live region speaks each change.
 * @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// made once: toLocaleTimeString makes one at every call, which is a third of what an undo takes
const CLOCK = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

/** @param {Date} when @returns {string} hh:mm:ss in the reader's zone */
export function clock(when) {
  return CLOCK.format(when);
}
