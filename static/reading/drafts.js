/** What this browser keeps of a reading until the server has it: the draft as it stands, and every step of its
 * history. Keyed by user and assignment; never read under another log-in.
 * @import {FormState, Point, Spans} from "./types.js"
 * @import {Durable, Patch, State} from "./store.js" */
import { packMask } from "./codec.js";
import { packSpans } from "./spans.js";

const DATABASE = "lymphus-reading";

/** @typedef {{write_id: string, version: number, seq: number, body: Record<string, unknown>}} Write a save on its way
 * @typedef {{
 *   key: string, user: string, assignment: string, baseVersion: number, dirty: boolean, mask: Uint8Array,
 *   said: FormState, maskAt: number, formAt: number, write: Write | null, submitId: string | null,
 *   polygon: Point[] | null, offers: Kept[], keptAt: number
 * }} Draft
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
  const whole = IDBKeyRange.bound([key], [key, []]);

  return {
    keeps: true,

    async load() {
      const tx = db.transaction(["drafts", "steps"]);
      const draft = await answer(tx.objectStore("drafts").get(key));
      if (!draft) return null;
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
      const tx = db.transaction(["drafts", "steps"], "readwrite", { durability: "strict" });
      tx.objectStore("drafts").put(draftOf(key, user, assignment, state, sync));
      if (change) keepStep(tx.objectStore("steps"), key, state, change);
      await finished(tx);
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
    tx.objectStore("steps").delete(IDBKeyRange.bound([key], [key, []]));
  }
  await finished(tx);
  return unsent.length;
}

/** @param {string} user @returns {Promise<Draft[]>} what of a user's work the server has not, or waits to be decided */
export async function unsentDrafts(user) {
  const db = await open();
  const drafts = /** @type {Draft[]} */ (await answer(db.transaction("drafts").objectStore("drafts").getAll()));
  return drafts.filter((draft) => draft.user === user && (draft.dirty || draft.offers.length));
}

/** The server has it, if only apart. @param {Draft} draft */
export async function settleDraft(draft) {
  const tx = (await open()).transaction("drafts", "readwrite");
  tx.objectStore("drafts").put({ ...draft, dirty: false, write: null, offers: [] });
  await finished(tx);
}

/** @param {string} key @param {string} user @param {string} assignment @param {State} state @param {SyncPart} sync
 * @returns {Draft} */
function draftOf(key, user, assignment, state, sync) {
  const { mask, committed, said, polygon } = state;
  return {
    key,
    user,
    assignment,
    ...sync,
    mask: packMask({ ...mask, data: committed }),
    said,
    maskAt: state.maskHistory.at,
    formAt: state.formHistory.at,
    polygon: polygon && !polygon.closed ? polygon.points : null,
    keptAt: Date.now(),
  };
}

/** @param {IDBObjectStore} steps @param {string} key @param {State} state @param {Durable} change */
function keepStep(steps, key, state, change) {
  if (change.kind !== "mask" && change.kind !== "form") return;
  const at = (change.kind === "mask" ? state.maskHistory : state.formHistory).at - 1;
  steps.delete(IDBKeyRange.bound([key, change.kind, at], [key, change.kind, Infinity]));
  const value = change.kind === "mask" ? packSpans(change.spans) : change.patch;
  steps.put({ key: [key, change.kind, at], value });
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
