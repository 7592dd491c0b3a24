/** A table of results as text for a manuscript or a spreadsheet: tab-separated, a figure a line with what stands behind it. */

/** @typedef {{ head: string, pairs: [string, string][] }} Figure */
/** @typedef {{ lead: [string, string][], figures: Figure[] }} Row */

/** Columns that lead each row, then the figure's column, then what stands behind it: value, n, interval, estimator.
 * @param {string} title @param {Row[]} rows @param {string} figureHead */
export function linesOf(title, rows, figureHead) {
  const lead = union(rows.map((row) => row.lead.map(([head]) => head)));
  const behind = union(rows.flatMap((row) => row.figures.map((figure) => figure.pairs.map(([word]) => word))));
  const withFigures = rows.some((row) => row.figures.length > 0);
  const lines = [[...lead, ...(withFigures ? [figureHead, ...behind] : [])]];
  for (const row of rows) {
    const start = lead.map((head) => valueOf(row.lead, head));
    if (!withFigures) lines.push(start);
    for (const figure of row.figures) {
      lines.push([...start, figure.head, ...behind.map((word) => valueOf(figure.pairs, word))]);
    }
  }
  return [title, ...lines.map((line) => line.join("\t"))].filter((line) => line !== "").join("\n");
}

/** @param {string[][]} lists @returns {string[]} */
function union(lists) {
  return [...new Set(lists.flat())];
}

/** @param {[string, string][]} pairs @param {string} word */
function valueOf(pairs, word) {
  return pairs.find(([own]) => own === word)?.[1] ?? "";
}

/** What a table of the page holds; its plot, its figures' popovers and what is not read aloud stay out.
 * @param {HTMLTableElement} table @returns {Row[]} */
export function rowsOf(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map(said);
  const caption = table.caption ? said(table.caption) : "";
  return [...table.tBodies].flatMap((body) => [...body.rows].filter((row) => !row.classList.contains("group"))).map((row) => {
    /** @type {Row} */
    const found = { lead: caption ? [["", caption]] : [], figures: [] };
    for (const cell of row.cells) take(found, cell, heads[cell.cellIndex] ?? "");
    return found;
  });
}

/** @param {Row} row @param {HTMLTableCellElement} cell @param {string} head */
function take(row, cell, head) {
  if (cell.classList.contains("forest-cell") || cell.getAttribute("aria-hidden") === "true") return;
  const values = cell.querySelectorAll(".computed");
  for (const computed of values) row.figures.push({ head, pairs: pairsOf(computed) });
  const text = values.length > 0 ? "" : said(cell);
  if (text !== "" || cell.tagName === "TH") row.lead.push([head, text]);
}

/** @param {Element} computed @returns {[string, string][]} */
function pairsOf(computed) {
  return [...(computed.querySelector("dl")?.children ?? [])]
    .filter((pair) => !pair.hasAttribute("data-about"))
    .map((pair) => [said(pair.querySelector("dt")), said(pair.querySelector("dd"))]);
}

/** @param {Element | null} node */
function said(node) {
  return (node?.textContent ?? "").replace(/[\s\u00a0]+/g, " ").trim();
}
