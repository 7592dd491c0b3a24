/** What the page begins with: the server's reading, and what this browser had not yet sent. A draft that is older
 * than the server's reading is offered, never applied.
 * @import {Boot, FormState, Point, Raster, Spans} from "./types.js"
 * @import {Draft, Drafts, Kept, Write} from "./drafts.js"
 * @import {Patch} from "./store.js"
 * @import {History} from "./history.js" */
import { saidIn } from "./answers.js";
import { decodeMask } from "./codec.js";
import { repacked, standingMask } from "./drafts.js";
import { makeHistory, push } from "./history.js";
import { difference, unpackSpans } from "./spans.js";

/** @typedef {{
 *   mask: Raster, said: FormState, maskHistory: History<Spans>, formHistory: History<Patch>,
 *   polygon: Point[] | null, version: number,
 *   left: {write: Write | null, dirty: boolean, submitId: string | null, offers: Kept[]}
 * }} Start */

/** @param {Boot} boot @param {Drafts} drafts @param {(write: Write) => Promise<number | null>} resend
 * @returns {Promise<Start>} */
export async function recover(boot, drafts, resend) {
  const { reading } = boot;
  const server = { mask: await maskOf(boot), said: saidIn(reading) };
  const kept = await drafts.load().catch(() => null);
  const clean = { write: null, dirty: false, submitId: null, offers: [] };
  const fresh = { ...server, maskHistory: makeHistory(), formHistory: makeHistory(), polygon: null, left: clean,
    version: reading.version };
  if (!kept) return fresh;
  const { draft } = kept;
  const local = standingMask(draft, kept.maskSteps);
  if (local.width !== server.mask.width || local.height !== server.mask.height) return fresh;
  const histories = {
    maskHistory: makeHistory(kept.maskSteps.map(unpackSpans), draft.maskAt),
    formHistory: makeHistory(kept.formSteps, draft.formAt),
    polygon: draft.polygon,
  };
  const resumes = draft.dirty && (await isOurs(draft, reading.version, resend));
  if (resumes) {
    const write = draft.baseVersion === reading.version ? draft.write : null;
    return { ...fresh, ...histories, mask: local, said: draft.said,
      left: { write, dirty: true, submitId: draft.submitId, offers: draft.offers } };
  }
  const { said, keptAt } = draft;
  const offers = draft.dirty ? [...draft.offers, { ...repacked(draft, kept.maskSteps), said, keptAt }] : draft.offers;
  return { ...fresh, ...caughtUp(histories, local, server.mask), left: { ...clean, offers } };
}

/** Whether the server's reading is the one this draft builds on: the same version, or the one that a save made whose
 * answer never came.
 * @param {Draft} draft @param {number} version @param {(write: Write) => Promise<number | null>} resend */
async function isOurs(draft, version, resend) {
  if (draft.baseVersion === version) return true;
  return draft.write !== null && (await resend(draft.write)) === version;
}

/** The history goes on over what was drawn elsewhere: one more step, that can be undone.
 * @param {Pick<Start, "maskHistory" | "formHistory" | "polygon">} histories @param {Raster} local
 * @param {Raster} server */
function caughtUp(histories, local, server) {
  const all = { x0: 0, y0: 0, x1: server.width, y1: server.height };
  const spans = difference(local.data, server.data, server.width, all);
  if (!spans.length) return { maskHistory: histories.maskHistory, polygon: histories.polygon };
  return { maskHistory: push(histories.maskHistory, spans) };
}

/** @param {Boot} boot @returns {Promise<Raster>} @throws {RangeError} when mask and image differ in size */
export async function maskOf({ image: { width, height }, reading }) {
  if (!reading.mask) return { data: new Uint8Array(width * height), width, height };
  const mask = await decodeMask(reading.mask.data);
  if (mask.width !== width || mask.height !== height) throw new RangeError("mask and image differ in size");
  return mask;
}
