/** From a key event to a name such as "ctrl+z", and where keys must not fire. */

/** @param {KeyboardEvent} event @returns {string} */
export function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace(" ", "space");
  const name = key === " " ? "space" : key;
  const typed = event.getModifierState("AltGraph");
  // Shift is part of a sign such as "?", and a modifier of a letter or a named key
  const signs = name.length === 1 && name.toUpperCase() === name;
  return [
    (event.ctrlKey || event.metaKey) && !typed ? "ctrl+" : "",
    event.altKey && !typed ? "alt+" : "",
    event.shiftKey && !signs ? "shift+" : "",
    name,
  ].join("");
}

/** The digit of a physical key, whatever the layout prints on it (AZERTY's row gives none without Shift).
 * @param {KeyboardEvent} event @returns {number | null} */
export function digitOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const match = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  return match ? Number(match[1]) : null;
}

const TEXT_TYPES = ["text", "number", "password", "search", "email"];

/** @param {EventTarget | null} target @returns {boolean} letters and digits belong to it */
export function takesText(target) {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && TEXT_TYPES.includes(target.type);
}

/** Actions on one key are refused: the page would do the one or the other by accident.
 * @param {{id: string, keys: string[]}[]} actions @returns {Map<string, string>} key to action id
 * @throws {Error} naming both */
export function keyTable(actions) {
  /** @type {Map<string, string>} */
  const table = new Map();
  for (const { id, keys } of actions) {
    for (const key of keys) {
      if (table.has(key)) throw new Error(`${id} and ${table.get(key)} are both on ${key}`);
      table.set(key, id);
    }
  }
  return table;
}
