/** A figure's sentence to the clipboard, for a manuscript. Without a secure context the text is selected instead. */

/** @param {Document} page */
export function startCopying(page) {
  for (const button of page.querySelectorAll("[data-copy]")) {
    if (!(button instanceof HTMLElement)) continue;
    const text = button.parentElement?.querySelector("[data-copy-text]");
    if (!(text instanceof HTMLElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => void copy(page, text));
  }
}

/** @param {Document} page
 * @param {HTMLElement} text */
async function copy(page, text) {
  page.getSelection()?.selectAllChildren(text);
  await navigator.clipboard?.writeText(text.textContent ?? "").catch(() => undefined);
}
