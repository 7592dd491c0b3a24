/** What this browser keeps of a reading until the server has it: the draft as it stands, and every step of its
 * history. Keyed by user and assignment; never read under another log-in.
 *
 * An undo is kept at once and costs next to nothing: the mask was packed some steps before or after, and how many steps
 * stand is enough to come from there to where it is. It is packed anew when there is time (before a save), and when a
 * stroke replaces steps that lead to the packed one.
 * @import {FormState, Point, Raster} from "./types.js"
 * @import {Durable, Patch, State} from "./store.js" */
import { packMask, unpackMask } from "./codec.js";
import { flip, packSpans, unpackSpans } from "./spans.js";
import { packedMask } from "./store.js";

const DATABASE = "lymphus-reading";

/** @typedef {{write_id: string, version: number, seq: number, body: Record<string, unknown>}} Write a save on its way
 * @typedef {{
 *   key: string, user: string, assignment: string, baseVersion: number, dirty: boolean, mask: Uint8Array,
 *   packedAt?: number, said: FormState, maskAt: number, formAt: number, write: Write | null, submitId: string | null,
 *   polygon: Point[] | null, offers: Kept[], keptAt: number
 * }} Draft `packedAt`: how many steps `mask` holds, `maskAt` where it is not said
 * @typedef {{mask: Uint8Array, said: FormState, keptAt: number}} Kept an older state, until the reader takes or leaves it
 * @typedef {{key: [string, "mask" | "form", number], value: Uint8Array | Patch}} Step
 * @typedef {{baseVersion: number, dirty: boolean, write: Write | null, submitId: string | null, offers: Kept[]}} SyncPart
 *
 * @typedef {{
 *   keeps: boolean, load: () => Promise<{draft: Draft, maskSteps: Uint8Array[], formSteps: Patch[]} | null>,
 *   keep: (state: State, sync: SyncPart, change?: Durable) => Promise<void>, forget: () => Promise<void>
 * }} Drafts */

/** @param {string} user @param {string} assignment @returns {Promise<Drafts>} one that keeps nothing, and says so by
 *   `keeps`, where the browser has no database (some private windows) */
export async function openDrafts(user, assignment) {
  const key = `${user}/${assignment}`;
  const db = await open().catch(() => null);
  if (!db) return { keeps: false, load: async () => null, keep: async () => {}, forget: async () => {} };
  const whole = stepsOf(key);
  /** @type {import("./store.js").Packed | null} the mask that is in the database */
  let packed = null;
  let known = 0; // steps of the mask that are in the database as they are in the history

  return {
    keeps: true,

    async load() {
      const tx = db.transaction(["drafts", "steps"]);
      const draft = await answer(tx.objectStore("drafts").get(key));
      if (!draft) return null;
      known = draft.maskAt;
      const steps = /** @type {Step[]} */ (await answer(tx.objectStore("steps").getAll(whole)));
      /** @param {"mask" | "form"} of */
      const those = (of) => steps.filter((step) => step.key[1] === of).map((step) => step.value);
      return {
        draft,
        maskSteps: /** @type {Uint8Array[]} */ (those("mask")),
        formSteps: /** @type {Patch[]} */ (those("form")),
      };
    },

    async keep(state, sync, change) {
      const { steps, at } = state.maskHistory;
      if (change?.kind === "mask") known = Math.min(known, at - 1);
      const replaced = change?.kind === "mask" && packed && packed.at >= at;
      if (!packed || replaced || !change) packed = packedMask(state);
      const tx = db.transaction(["drafts", "steps"], "readwrite", { durability: "strict" });
      const part = { mask: packed.bytes, packedAt: packed.at };
      tx.objectStore("drafts").put({ ...draftOf(key, user, assignment, state, sync), ...part });
      if (known < steps.length) {
        tx.objectStore("steps").delete(IDBKeyRange.bound([key, "mask", known], [key, "mask", Infinity]));
        for (; known < steps.length; known += 1) {
          tx.objectStore("steps").put({ key: [key, "mask", known], value: packSpans(steps[known]) });
        }
      }
      if (change?.kind === "form") keepPatch(tx.objectStore("steps"), key, state.formHistory.at - 1, change.patch);
      await finished(tx).catch((error) => {
        known = 0; // whatever of it is there is written again
        throw error;
      });
    },

    async forget() {
      const tx = db.transaction(["drafts", "steps"], "readwrite");
      tx.objectStore("drafts").delete(key);
      tx.objectStore("steps").delete(whole);
      await finished(tx);
    },
  };
}

/** Take away all that a user left here and the server has: at log-out. Unsent work stays.
 * @param {string} user @returns {Promise<number>} drafts still unsent */
export async function wipeAcknowledged(user) {
  const db = await open();
  const unsent = (await unsentDrafts(user)).map(({ key }) => key);
  const tx = db.transaction(["drafts", "steps"], "readwrite");
  const drafts = /** @type {Draft[]} */ (await answer(tx.objectStore("drafts").getAll()));
  for (const { key } of drafts.filter((draft) => draft.user === user && !unsent.includes(draft.key))) {
    tx.objectStore("drafts").delete(key);
    tx.objectStore("steps").delete(stepsOf(key));
  }
  await finished(tx);
  return unsent.length;
}

/** @param {string} user @returns {Promise<Draft[]>} what of a user's work the server has not, or waits to be decided; their
 *   masks as they stood last */
export async function unsentDrafts(user) {
  const tx = (await open()).transaction(["drafts", "steps"]);
  const drafts = /** @type {Draft[]} */ (await answer(tx.objectStore("drafts").getAll()));
  const unsent = drafts.filter((draft) => draft.user === user && (draft.dirty || draft.offers.length));
  return Promise.all(unsent.map(async (draft) => {
    const steps = /** @type {Step[]} */ (await answer(tx.objectStore("steps").getAll(stepsOf(draft.key, "mask"))));
    return { ...draft, ...repacked(draft, steps.map(({ value }) => /** @type {Uint8Array} */ (value))) };
  }));
}

/** @param {Draft} draft @param {Uint8Array[]} steps all of its mask's, packed @returns {Raster} as it stood last */
export function standingMask({ mask, maskAt, packedAt = maskAt }, steps) {
  const raster = unpackMask(mask);
  const between = steps.slice(Math.min(maskAt, packedAt), Math.max(maskAt, packedAt));
  for (const step of between) flip(raster, unpackSpans(step));
  return raster;
}

/** @param {Draft} draft @param {Uint8Array[]} steps @returns {{mask: Uint8Array, packedAt: number}} */
export function repacked(draft, steps) {
  const { mask, maskAt, packedAt = maskAt } = draft;
  return { mask: packedAt === maskAt ? mask : packMask(standingMask(draft, steps)), packedAt: maskAt };
}

/** @param {string} key @param {"mask" | "form"} [kind] */
function stepsOf(key, kind) {
  return kind ? IDBKeyRange.bound([key, kind], [key, kind, Infinity]) : IDBKeyRange.bound([key], [key, []]);
}

/** The server has it, if only apart. @param {Draft} draft */
export async function settleDraft(draft) {
  const tx = (await open()).transaction("drafts", "readwrite");
  tx.objectStore("drafts").put({ ...draft, dirty: false, write: null, offers: [] });
  await finished(tx);
}

/** All but the mask. @param {string} key @param {string} user @param {string} assignment @param {State} state
 * @param {SyncPart} sync */
function draftOf(key, user, assignment, { said, polygon, maskHistory, formHistory }, sync) {
  return {
    key,
    user,
    assignment,
    ...sync,
    said,
    maskAt: maskHistory.at,
    formAt: formHistory.at,
    polygon: polygon && !polygon.closed ? polygon.points : null,
    keptAt: Date.now(),
  };
}

/** @param {IDBObjectStore} steps @param {string} key @param {number} at @param {Patch} patch */
function keepPatch(steps, key, at, patch) {
  steps.delete(IDBKeyRange.bound([key, "form", at], [key, "form", Infinity]));
  steps.put({ key: [key, "form", at], value: patch });
}

/** @type {Promise<IDBDatabase> | null} one connection for every case that comes to this page */
let connection = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  connection ??= connect().catch((error) => {
    connection = null;
    throw error;
  });
  return connection;
}

/** @returns {Promise<IDBDatabase>} */
async function connect() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("drafts", { keyPath: "key" });
    request.result.createObjectStore("steps", { keyPath: "key" });
  };
  const db = await answer(request);
  db.onclose = () => (connection = null);
  return db;
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} tx @returns {Promise<void>} */
function finished(tx) {
  return new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = tx.onerror = () => reject(tx.error);
  });
}
