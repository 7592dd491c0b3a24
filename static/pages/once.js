/** A form that is on its way is not sent again by the second half of a double click: "Make the study" makes one. */

const WAIT_MS = 5000; // longer, and a person means it: an upload that was stopped, an answer that never came

/** @param {Document} page @param {() => number} now ms */
export function startOnce(page, now) {
  /** @type {WeakMap<HTMLFormElement, number>} */
  const sent = new WeakMap();
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "post") return;
    if (now() - (sent.get(form) ?? -Infinity) < WAIT_MS) event.preventDefault();
    else sent.set(form, now());
  });
}
