/** A figure's sentence, or a whole table, to the clipboard, for a manuscript. Without a secure context the text is selected. */
import { linesOf, rowsOf } from "/static/results/table-text.js";

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

/** Whole tables. Without a secure context the text stands below the table, selected.
 * @param {Document} page */
export function startCopyingTables(page) {
  for (const button of page.querySelectorAll("[data-copy-table]")) {
    const place = button.closest(".result-table, .result-figure");
    const said = button.parentElement?.querySelector("[data-copy-said]");
    if (!(button instanceof HTMLElement) || !place || !said) continue;
    button.hidden = false;
    button.addEventListener("click", () => void copyTable(place, button, said));
  }
}

/** @param {Element} place @param {HTMLElement} button @param {Element} said */
async function copyTable(place, button, said) {
  const rows = [...place.querySelectorAll("table")].flatMap((table) => rowsOf(table));
  const text = linesOf(titleOf(place), rows, button.dataset.figure ?? "");
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    said.textContent = button.dataset.copied ?? "";
    return;
  }
  const shown = place.querySelector("textarea") ?? document.createElement("textarea");
  shown.readOnly = true;
  shown.value = text;
  shown.setAttribute("aria-label", button.textContent ?? "");
  place.append(shown);
  shown.select();
}

/** @param {Element} place */
function titleOf(place) {
  return (place.querySelector("h2, figcaption")?.textContent ?? "").replace(/\s+/g, " ").trim();
}
