/** Log in again in place: the page stays, and what was not sent is sent.
 * @import {Sync} from "./sync.js" */
import { byId, setText, t } from "./dom.js";

/** @param {Sync} sync @returns {() => void} open the dialog */
export function makeLogin(sync) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("login"));
  const form = /** @type {HTMLFormElement} */ (byId("login-form"));
  const said = byId("login-said");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(form);
    const result = await sync.logIn(String(given.get("username")), String(given.get("password")));
    if (!result.ok) return setText(said, result.detail ?? t("log_in_refused"));
    form.reset();
    setText(said, "");
    return dialog.close();
  });
  byId("login-later").addEventListener("click", () => dialog.close());
  return () => {
    if (!dialog.open) dialog.showModal();
  };
}
