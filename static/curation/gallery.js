/** A gallery without a button to press: a choice is sent at once, arrows go from picture to picture, Enter on the picked
 * one opens it. Without this script the button does the first, Tab the second, "Open" the third. */

const KEPT = "gallery-focus";

/** @param {Document} page */
export function startGallery(page) {
  const form = page.querySelector("form[data-facets]");
  const thumbs = page.querySelector("[data-thumbs]");
  if (form instanceof HTMLFormElement) sendAtOnce(form);
  if (thumbs instanceof HTMLElement) walk(thumbs);
}

/** @param {HTMLFormElement} form */
function sendAtOnce(form) {
  const end = form.querySelector(".facets-end");
  if (end instanceof HTMLElement) end.hidden = true;
  giveFocusBack(form);
  form.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    // the page is fetched anew: whoever works by keyboard goes on where they were
    sessionStorage.setItem(KEPT, `${event.target.name}=${event.target.type === "checkbox" ? event.target.value : ""}`);
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    for (const field of form.querySelectorAll("input[type=number]")) {
      if (field instanceof HTMLInputElement && field.value === "") field.disabled = true;
    }
  });
}

/** @param {HTMLFormElement} form */
function giveFocusBack(form) {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  const [name, value] = kept.split("=", 2);
  const fields = [...form.querySelectorAll("input")].filter((field) => field.name === name);
  const field = fields.find((one) => one.type !== "checkbox" || one.value === value);
  field?.focus({ preventScroll: true });
}

/** @param {HTMLElement} thumbs */
function walk(thumbs) {
  const links = [...thumbs.querySelectorAll("a")];
  thumbs.addEventListener("keydown", (event) => {
    const at = links.findIndex((link) => link === document.activeElement);
    const next = at < 0 ? undefined : links[at + stepOf(event.key, links)];
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
    if (next === links[at]) return;
    event.preventDefault();
    next.focus();
  });
  thumbs.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !link.hasAttribute("aria-current") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.location.assign(link.dataset.open ?? link.href);
  });
}

/** How far an arrow goes in the list; up and down go by rows as they stand on the screen.
 * @param {string} key
 * @param {HTMLElement[]} links
 * @returns {number} */
function stepOf(key, links) {
  const top = links[0]?.getBoundingClientRect().top;
  const columns = Math.max(1, links.filter((link) => link.getBoundingClientRect().top === top).length);
  return { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
}
