/** Where the reading page begins: the only module that does something when it is loaded.
 * @import {Boot} from "./types.js" */
import { byId, jsonOf, setText, t } from "./dom.js";
import { openDrafts } from "./drafts.js";
import { wipeAtLogOut } from "./logout.js";
import { buildPage } from "./page.js";
import { recover } from "./recover.js";
import { noteSubmitted } from "./submitted.js";
import { resend } from "./sync.js";
import { fetchAhead, imageOf, pageAt } from "./turn.js";

/** All that a case's page waits for, so that it then stands at once.
 * @param {Boot} boot */
async function prepared(boot) {
  const picture = imageOf(boot.urls.image);
  picture.catch(() => undefined); // told where it is awaited
  const drafts = await openDrafts(boot.user.id, boot.assignment.id);
  const start = await recover(boot, drafts, (write) => resend(boot, write));
  return { boot, drafts, start, picture: await picture };
}

/** @param {Awaited<ReturnType<typeof prepared>>} parts */
function begin({ boot, picture, start, drafts }) {
  buildPage(boot, picture, start, drafts, { leave });
  document.documentElement.dataset.ready = "1";
  wipeAtLogOut(boot.user.id);
  const next = boot.urls.prefetch_image;
  if (next) requestIdleCallback(() => fetchAhead(next));

  /** @type {import("./page.js").Outside["leave"]} */
  async function leave(url, position, { submitted_at, next_page }) {
    noteSubmitted(position, submitted_at);
    const { next_url, worklist_url } = boot.assignment;
    if (url === next_url) await turn(url, worklist_url, next_page);
    else location.assign(url);
  }
}

/** @param {string} url of the next case @param {string} elsewhere @param {string | null | undefined} sent its page, if it came
 *   with the answer to Submit */
async function turn(url, elsewhere, sent) {
  const page = await pageAt(url, elsewhere, sent);
  if (!page) return;
  const parts = await prepared(JSON.parse(page.data.textContent ?? "")).catch(() => null);
  if (!parts) return location.assign(url);
  page.stand();
  begin(parts);
  // the case before is handed in: Back leads to where one came from, not to a page that the server would turn away. Chromium
  // styles the page anew for a new address, so the image comes first
  requestAnimationFrame(() => setTimeout(() => history.replaceState(null, "", url)));
  // a browser names a new document to who listens; this one stayed
  setTimeout(() => setText(byId("turned"), document.title), 100);
  return undefined;
}

/** @param {unknown} error */
function saysWhy(error) {
  const strip = byId("strip");
  strip.hidden = false;
  setText(strip, t("strip_not_begun", { why: error instanceof Error ? error.message : String(error) }));
}

prepared(jsonOf("reading-data")).then(begin).catch(saysWhy);

// A page that comes back from the back-forward cache holds an old version number: begin again with the server's.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
