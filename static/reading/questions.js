/** What became of the questions back: that each was asked stays with the reading, whatever is answered then. No undo takes
 * it away, because a study must know which answers were given after a prompt.
 * @import {AskedQuestion} from "./types.js" */

const MOST_OF_A_CODE = 20; // the server holds 100 in all; who goes to and fro more often uses the last entry again

/** @param {AskedQuestion[]} asked @param {string} code @returns {AskedQuestion | undefined} the entry that stands for a
 *   contradiction as long as it holds */
export function standingOf(asked, code) {
  return asked.find((question) => question.code === code && question.ended !== "changed");
}

/** The entries after a change of the form or of what is shown.
 * @param {AskedQuestion[]} asked @param {string[]} holds codes of the contradictions there are now
 * @param {ReadonlyMap<string, string>} shown when each of those that were put to the reader was shown first
 * @param {string} now ISO 8601 @returns {AskedQuestion[]} the same list where nothing is new */
export function followed(asked, holds, shown, now) {
  let next = asked;
  for (const [code, shown_at] of shown) {
    if (!standingOf(next, code)) next = withNew(next, { code, shown_at, ended: null, ended_at: null });
  }
  if (next.every(({ code, ended }) => ended === "changed" || holds.includes(code))) return next;
  return next.map((question) => question.ended === "changed" || holds.includes(question.code) ? question
    : { ...question, ended: /** @type {"changed"} */ ("changed"), ended_at: now });
}

/** @param {AskedQuestion[]} asked @param {string} code @param {string} now @returns {AskedQuestion[]} */
export function keptAsItIs(asked, code, now) {
  const stands = standingOf(asked, code);
  return asked.map((question) => (question === stands ? { ...question, ended: "kept", ended_at: now } : question));
}

/** Of two states of one reading: whatever was asked in either, and how it ended where it ended.
 * @param {AskedQuestion[]} mine @param {AskedQuestion[]} theirs @returns {AskedQuestion[]} in the order of being asked */
export function united(mine, theirs) {
  /** @type {Map<string, AskedQuestion>} */
  const all = new Map();
  for (const question of [...theirs, ...mine]) {
    const key = `${question.code} ${question.shown_at}`;
    if (question.ended || !all.get(key)?.ended) all.set(key, question);
  }
  return [...all.values()].sort((a, b) => a.shown_at.localeCompare(b.shown_at));
}

/** @param {AskedQuestion[]} asked @param {AskedQuestion} question @returns {AskedQuestion[]} */
function withNew(asked, question) {
  const before = asked.filter(({ code }) => code === question.code);
  if (before.length < MOST_OF_A_CODE) return [...asked, question];
  const last = before[before.length - 1];
  return asked.map((one) => (one === last ? { ...one, ended: null, ended_at: null } : one));
}
