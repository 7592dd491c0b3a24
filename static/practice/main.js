/** Where the practice case begins: the modules of the reading page, with a line that leads nowhere and a browser that
 * keeps nothing.
 * @import {Boot} from "../reading/types.js"
 * @import {Drafts} from "../reading/drafts.js" */
import { byId, jsonOf, setText, t } from "../reading/dom.js";
import { wipeAtLogOut } from "../reading/logout.js";
import { buildPage } from "../reading/page.js";
import { recover } from "../reading/recover.js";
import { fetchImage } from "../reading/sync.js";
import { pictureOf } from "../reading/view-bitmap.js";
import { makeCoach } from "./coach.js";
import { makeLine } from "./line.js";

/** @type {Drafts} */
const NOTHING_KEPT = { keeps: true, load: async () => null, keep: async () => {}, forget: async () => {} };

async function begin() {
  const boot = /** @type {Boot} */ (jsonOf("reading-data"));
  boot.assignment.id = crypto.randomUUID(); // a second practice beside this one is no second tab on one case
  const picture = await pictureOf(await fetchImage(boot.image.url));
  const start = await recover(boot, NOTHING_KEPT, async () => null);
  const line = makeLine();
  const page = buildPage(boot, picture, start, NOTHING_KEPT, { ask: line.ask, leave: () => coach.submitted() });
  const coach = makeCoach(boot, page, line);
  wipeAtLogOut(boot.user.id);
  document.documentElement.dataset.ready = "1";
}

begin().catch((error) => {
  const strip = byId("strip");
  strip.hidden = false;
  setText(strip, t("strip_not_begun", { why: error instanceof Error ? error.message : String(error) }));
});
