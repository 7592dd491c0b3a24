/** Work that an earlier page could not send: told to its reader on their worklist. What can still count is sent by the
 * reading page when the case is opened; what came too late is sent from here, to be kept apart.
 * @import {Draft, Kept} from "./drafts.js" */
import { encodeMask, hashMask, unpackMask } from "./codec.js";
import { settleDraft, unsentDrafts } from "./drafts.js";
import { request } from "./sync.js";

/** @param {string} user @param {(assignment: string) => string} addressOf a reading in the API
 * @returns {Promise<{waiting: string[], apart: number}>} assignments with work to send, and of how many the server has
 *   just kept the work apart */
export async function sendKept(user, addressOf) {
  /** @type {string[]} */
  const waiting = [];
  let apart = 0;
  for (const draft of await unsentDrafts(user)) {
    const url = addressOf(draft.assignment);
    if ((await isClosed(url)) && (await sendLate(url, draft))) apart += 1;
    else waiting.push(draft.assignment);
  }
  return { waiting, apart };
}

/** @param {string} url @returns {Promise<boolean>} whether the server takes nothing for this case any more */
async function isClosed(url) {
  const response = await request("GET", url, undefined, {});
  const answer = await response?.json().catch(() => ({}));
  return response?.status === 409 || (response?.status === 200 && answer.state === "submitted");
}

/** @param {string} url @param {Draft} draft @returns {Promise<boolean>} whether the server has kept all of it apart */
async function sendLate(url, draft) {
  for (const state of [...draft.offers, ...(draft.dirty ? [draft] : [])]) {
    const response = await request("PUT", url, await bodyOf(state), { "If-Match": `"${draft.baseVersion}"` });
    const answer = await response?.json().catch(() => ({}));
    if (!answer?.kept) return false;
  }
  await settleDraft(draft);
  return true;
}

/** @param {Kept} state */
async function bodyOf({ mask, said }) {
  const raster = unpackMask(mask);
  const hasMask = raster.data.includes(1);
  return { write_id: crypto.randomUUID(), ...said, mask: hasMask ? { data: await encodeMask(mask) } : null,
    mask_sha256: hasMask ? await hashMask(raster) : null };
}
