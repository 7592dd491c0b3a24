/** The results page: printing, copying, and figures that answer to the pointer when somebody asks to look closer. */
import { startCopying, startCopyingTables } from "/static/results/copying.js";
import { startFigures } from "/static/results/figures.js";

startFigures(document);
startCopying(document);
startCopyingTables(document);
for (const button of document.querySelectorAll("[data-print]")) {
  if (!(button instanceof HTMLElement)) continue;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
