/** Tables that can be put in order by a column. */

/** @typedef {"text" | "number"} Kind */

/**
 * @param {string[]} values one a row
 * @param {Kind} kind
 * @param {boolean} descending
 * @returns {number[]} row numbers in the new order; rows without a value stay last either way
 */
export function ordered(values, kind, descending) {
  const sign = descending ? -1 : 1;
  const known = (/** @type {number} */ row) => values[row].trim() !== "" && (kind === "text" || !Number.isNaN(Number(values[row])));
  return values
    .map((_value, row) => row)
    .sort((a, b) => {
      if (known(a) !== known(b)) return known(a) ? -1 : 1;
      if (!known(a)) return a - b;
      const by = kind === "number" ? Number(values[a]) - Number(values[b]) : values[a].localeCompare(values[b]);
      return by === 0 ? a - b : sign * by;
    });
}

/**
 * @param {HTMLTableElement} table
 * @param {HTMLTableCellElement} heading
 */
function sortBy(table, heading) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const values = rows.map((row) => {
    const cell = row.cells[heading.cellIndex];
    return cell?.dataset.value ?? cell?.textContent ?? "";
  });
  const descending = heading.getAttribute("aria-sort") === "ascending";
  const kind = heading.dataset.sort === "number" ? "number" : "text";
  for (const other of heading.parentElement?.children ?? []) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  body.append(...ordered(values, kind, descending).map((row) => rows[row]));
}

/** @param {Document} page */
export function startTables(page) {
  for (const table of page.querySelectorAll("table[data-sortable]")) {
    if (!(table instanceof HTMLTableElement)) continue;
    for (const heading of table.querySelectorAll("thead th[data-sort]")) {
      if (!(heading instanceof HTMLTableCellElement)) continue;
      const button = page.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      button.addEventListener("click", () => sortBy(table, heading));
      heading.append(button);
    }
  }
}
