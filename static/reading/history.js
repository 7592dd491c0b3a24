/** Undo and redo as plain data: steps, and how many of them stand.
 * @template T @typedef {{steps: T[], at: number}} History */

/** @template T @param {T[]} steps @param {number} at @returns {History<T>} */
export function makeHistory(steps = [], at = steps.length) {
  return { steps, at };
}

/** @template T @param {History<T>} history @param {T} step @returns {History<T>} what was undone is forgotten */
export function push({ steps, at }, step) {
  steps.length = at;
  steps.push(step);
  return { steps, at: at + 1 };
}

/** @template T @param {History<T>} history @returns {{history: History<T>, step: T} | null} null at the beginning */
export function stepBack({ steps, at }) {
  return at ? { history: { steps, at: at - 1 }, step: steps[at - 1] } : null;
}

/** @template T @param {History<T>} history @returns {{history: History<T>, step: T} | null} null at the end */
export function stepForward({ steps, at }) {
  return at < steps.length ? { history: { steps, at: at + 1 }, step: steps[at] } : null;
}
