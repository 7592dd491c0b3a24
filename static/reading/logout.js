/** What a log-out leaves in this browser. */
import { wipeAcknowledged } from "./drafts.js";

/** What the server has goes from this browser with the reader; what it has not stays for their next log-in.
 * @param {string} user */
export function wipeAtLogOut(user) {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("logout-form"));
  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    await wipeAcknowledged(user).catch(() => undefined);
    form.submit();
  });
}
