/** What the reading page keeps in this browser, as the other pages see it: unsent work is told on the worklist, and
 * logging out takes away what the server has. */

/** @param {Document} page */
export function startKept(page) {
  const form = /** @type {HTMLFormElement | null} */ (page.querySelector("form[data-user]"));
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { wipeAcknowledged } = await import("../reading/drafts.js");
    await wipeAcknowledged(form.dataset.user ?? "").catch(() => undefined);
    form.submit();
  });
  const place = page.getElementById("kept-here");
  if (place) void tell(place, place.dataset.user ?? "").catch(() => undefined);
}

/** @param {HTMLElement} place @param {string} user */
async function tell(place, user) {
  const { sendKept } = await import("../reading/kept.js");
  const { read = "", api = "" } = place.dataset;
  const { waiting, apart } = await sendKept(user, (assignment) => api.replace("ASSIGNMENT", assignment));
  /** @param {string} name */
  const part = (name) => /** @type {HTMLElement} */ (place.querySelector(`[data-kept=${name}]`));
  part("apart").hidden = !apart;
  part("waiting").hidden = !waiting.length;
  const link = /** @type {HTMLAnchorElement} */ (part("waiting").querySelector("a"));
  if (waiting.length) link.href = read.replace("ASSIGNMENT", waiting[0]);
  place.hidden = !apart && !waiting.length;
}
