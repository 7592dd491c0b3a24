/** Stored Vega-Lite figures, drawn in the page on request. No eval: expressions are trees, read by the interpreter.
 *
 * The libraries (0.8 MB) are fetched with the first figure that somebody wants to look at closer. */

/** @typedef {{ compile: (spec: object) => { spec: object } }} VegaLite */
/** @typedef {{ parse: Function, View: new (runtime: object, options: object) => { runAsync: () => Promise<unknown> } }} Vega */

/** @param {Document} page */
export function startFigures(page) {
  for (const figure of page.querySelectorAll("[data-figure]")) {
    const button = figure.querySelector("[data-look-closer]");
    if (!(figure instanceof HTMLElement) || !(button instanceof HTMLButtonElement)) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      await draw(figure);
      button.hidden = true;
    });
  }
}

/** @param {HTMLElement} figure */
async function draw(figure) {
  const picture = figure.querySelector(".stored-picture img");
  if (!picture) return;
  const [spec, libraries] = await Promise.all([ask(figure.dataset.figure ?? ""), load()]);
  const { vega, vegaLite, expressionInterpreter } = libraries;
  const runtime = vega.parse(vegaLite.compile(spec).spec, {}, { ast: true });
  // in a place of its own: Vega takes the first drawing that it finds in its container for its own
  const place = document.createElement("div");
  place.className = "stored-drawing";
  picture.replaceWith(place);
  const view = new vega.View(runtime, {
    renderer: "svg", container: place, hover: true, expr: expressionInterpreter, tooltip: tooltipOf(figure),
  });
  await view.runAsync();
  place.querySelector("svg")?.setAttribute("preserveAspectRatio", "xMinYMin meet");
  place.dataset.drawn = "";
}

/** @param {string} url */
async function ask(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

/** What the pointer is on, in the line below the figure: nothing lies over the points, and nothing moves.
 * @param {HTMLElement} figure */
function tooltipOf(figure) {
  const line = figure.querySelector("[data-under-pointer]");
  return (/** @type {unknown} */ _handler, /** @type {unknown} */ _event, /** @type {unknown} */ _item, /** @type {unknown} */ value) => {
    const said = value && typeof value === "object" ? Object.entries(value).map(([key, text]) => `${key} ${text}`) : [];
    if (line) line.textContent = said.join(" · ");
  };
}

/** @typedef {{ vega: Vega, vegaLite: VegaLite, expressionInterpreter: Function }} Libraries */
/** @type {Promise<Libraries> | undefined} */
let libraries;

/** @returns {Promise<Libraries>} */
function load() {
  libraries ??= (async () => {
    const here = document.querySelector("script[data-vega]");
    if (!(here instanceof HTMLScriptElement)) throw new Error("the page does not say where Vega lies");
    await classic(here.dataset.vega ?? "");
    await classic(here.dataset.vegaLite ?? "");
    const { expressionInterpreter } = await import("/static/vendor/vega/vega-interpreter.module.js");
    const held = /** @type {{ vega: Vega, vegaLite: VegaLite }} */ (/** @type {unknown} */ (globalThis));
    return { vega: held.vega, vegaLite: held.vegaLite, expressionInterpreter };
  })();
  return libraries;
}

/** @param {string} source
 * @returns {Promise<void>} */
function classic(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = source;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error(source)));
    document.head.append(script);
  });
}
