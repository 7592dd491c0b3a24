/** Where the reading page begins: the only module that does something when it is loaded.
 * @import {Boot} from "./types.js" */
import { byId, jsonOf, setText, t } from "./dom.js";
import { openDrafts } from "./drafts.js";
import { wipeAtLogOut } from "./logout.js";
import { buildPage } from "./page.js";
import { decodeGrayPng } from "./png.js";
import { recover } from "./recover.js";
import { fetchImage, resend } from "./sync.js";

async function begin() {
  const boot = /** @type {Boot} */ (jsonOf("reading-data"));
  const drafts = openDrafts(boot.user.id, boot.assignment.id);
  const gray = decodeGrayPng(await fetchImage(boot.urls.image));
  const start = recover(boot, await drafts, (write) => resend(boot, write));
  buildPage(boot, await gray, await start, await drafts);
  document.documentElement.dataset.ready = "1";
  wipeAtLogOut(boot.user.id);
  const next = boot.urls.prefetch_image;
  if (next) requestIdleCallback(() => void fetchImage(next).catch(() => undefined));
}

begin().catch((error) => {
  const strip = byId("strip");
  strip.hidden = false;
  setText(strip, t("strip_not_begun", { why: error instanceof Error ? error.message : String(error) }));
});

// A page that comes back from the back-forward cache holds an old version number: begin again with the server's.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
