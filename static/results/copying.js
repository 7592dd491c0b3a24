/** A figure's sentence to the clipboard, for a manuscript. Without a secure context the text is selected instead. */

/** @param {Document} page */
export function startCopying(page) {
  for (const button of page.querySelectorAll("[data-copy]")) {
    if (!(button instanceof HTMLElement)) continue;
    const text = button.parentElement?.querySelector("[data-copy-text]");
    const said = button.parentElement?.querySelector("[data-copy-said]");
    if (!(text instanceof HTMLElement) || !said) continue;
    button.hidden = false;
    button.addEventListener("click", () => void copy(page, text, button, said));
  }
}

/** @param {Document} page @param {HTMLElement} text @param {HTMLElement} button @param {Element} said */
async function copy(page, text, button, said) {
  page.getSelection()?.selectAllChildren(text);
  try {
    await navigator.clipboard.writeText(text.textContent ?? "");
  } catch {  // no secure context, or the browser refuses: it stays selected, for Ctrl-C
    return;
  }
  said.textContent = button.dataset.copied ?? "";
}
