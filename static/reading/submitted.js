/** That a case was handed in, told on the next one: the page that did it is gone by then. */

const PLACE = "lymphus-submitted";

/** @param {number} position in the worklist @param {string} at when, by the server's clock (ISO 8601) */
export function noteSubmitted(position, at) {
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ position, at }));
  } catch {
    // no storage in this browser: the next page says nothing of it
  }
}

/** @returns {{position: number, at: string} | null} once: a page that is loaded again tells no old news */
export function lastSubmitted() {
  try {
    const note = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    return note && JSON.parse(note);
  } catch {
    return null;
  }
}
