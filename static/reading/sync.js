/** The way to the server and back: one save at a time, the newest state after it, the same write id until an answer
 * has come. The only module that fetches.
 * @import {Boot, Reading} from "./types.js"
 * @import {Store} from "./store.js"
 * @import {Drafts, Kept, Write} from "./drafts.js" */
import { applicable } from "./answers.js";
import { encodeMask, hashMask } from "./codec.js";
import { listen } from "./life.js";
import { hasMask, packedMask } from "./store.js";

const PAUSE_MS = 150;
const TIMEOUT_MS = 30_000;
const RETRIES_S = [2, 4, 8, 15];
// too large, no version, another mask than its hash: the next change makes a body the server may take
const MENDABLE = [400, 413, 428];

/** What the page says of its saving.
 * @typedef {{
 *   save: "idle" | "saving" | "saved" | "kept" | "conflict" | "expired" | "locked" | "refused" | "passive",
 *   savedAt: Date | null, offlineSince: Date | null, nextTry: number | null, unsent: number,
 *   current: Reading | null, code: string | null, detail: string | null
 * }} SyncState
 * @typedef {ReturnType<typeof createSync>} Sync
 * @typedef {{state: string, submitted_at: string, next_url: string | null, feedback_url: string | null,
 *   next_page?: string | null}} Submitted */

/** @param {Boot} boot @param {Store} store @param {Drafts} drafts
 * @param {import("./recover.js").Start["left"]} left what an earlier page left unsent
 * @param {typeof request} [ask] whom to ask: the server, or in practice nobody */
export function createSync(boot, store, drafts, left, ask = request) {
  /** @type {SyncState} */
  const status = { save: left.dirty ? "saving" : "idle", savedAt: null, offlineSince: null, nextTry: null, unsent: 0, current: null,
    code: null, detail: null };
  /** @type {Set<(status: SyncState) => void>} */
  const listeners = new Set();
  let version = boot.reading.version;
  let wanted = left.dirty ? 1 : 0;
  let acknowledged = 0;
  // an earlier page's save counts nothing here: after its answer the state as it stands is sent
  let write = left.write && { ...left.write, seq: 0 };
  let { submitId, offers } = left;
  let tries = 0;
  /** @type {Promise<void> | null} */
  let running = null;
  let timer = 0;
  /** @type {Promise<Submitted | null> | null} */
  let submitting = null;

  /** @param {Partial<SyncState>} patch */
  function say(patch) {
    Object.assign(status, patch, { unsent: wanted - acknowledged });
    listeners.forEach((listener) => listener(status));
  }
  const isStopped = () => ["conflict", "expired", "locked", "passive"].includes(status.save);
  const part = () => ({ baseVersion: version, dirty: wanted > acknowledged, write, submitId, offers });
  // a tab that waits leaves what this browser keeps to the tab that has the case
  const keep = async (/** @type {import("./store.js").Durable | undefined} */ change) => status.save === "passive"
    ? undefined : drafts.keep(store.state, part(), change).catch((error) => say({ code: "not_kept", detail: String(error) }));

  store.subscribe((_, { durable, keys }) => {
    if (keys.has("polygon")) void keep(undefined);
    if (!durable) return;
    wanted += 1;
    void keep(durable);
    if (isStopped()) return say({});
    say({ save: status.offlineSince ? "kept" : "saving" });
    schedule(PAUSE_MS);
  });

  /** @param {number} ms */
  function schedule(ms) {
    clearTimeout(timer);
    timer = window.setTimeout(() => void pump(), ms);
  }

  /** Send until the server has everything. @returns {Promise<void>} */
  function pump() {
    clearTimeout(timer);
    running ??= drain().finally(() => (running = null));
    return running;
  }

  async function drain() {
    while ((write || wanted > acknowledged) && !isStopped()) {
      write ??= await snapshot();
      await keep(undefined);
      if (!(await sendWrite(write))) return;
    }
  }

  /** @returns {Promise<Write>} */
  async function snapshot() {
    const { state } = store;
    const { said } = state;
    const seq = wanted;
    const write_id = crypto.randomUUID();
    // both are begun with the mask as it is now
    const [data, mask_sha256] = await Promise.all(hasMask(state) ? [encodeMask(packedMask(state).bytes), hashOf(state)] : []);
    const body = {
      write_id,
      form_version: boot.form.version,
      ...said,
      answers: applicable(boot.form, said.answers),
      mask: data ? { data } : null,
      mask_sha256: mask_sha256 ?? null,
    };
    return { write_id, version, seq, body };
  }

  /** @param {Write} sent @returns {Promise<boolean>} whether to go on at once */
  async function sendWrite(sent) {
    const response = await ask("PUT", boot.urls.reading, sent.body, { "If-Match": `"${sent.version}"` });
    if (!response || response.status >= 500 || response.status === 429) return offline();
    tries = 0;
    if (status.offlineSince) say({ offlineSince: null, nextTry: null });
    if (response.status === 200) return acknowledge(sent, await response.json());
    const problem = await response.json().catch(() => ({}));
    return problem.kept ? keptApart(sent, problem) : refuse(response.status, problem);
  }

  /** Too late to count: the server keeps it apart. What was done meanwhile goes after it, and then nothing is taken.
   * @param {Write} sent @param {{code?: string, detail?: string}} problem @returns {boolean} */
  function keptApart(sent, { code = undefined, detail = undefined }) {
    store.set({ frozen: "locked" });
    write = null;
    acknowledged = Math.max(acknowledged, sent.seq);
    void keep(undefined);
    if (wanted > acknowledged) return true;
    say({ save: "locked", code: code ?? null, detail: detail ?? null });
    return false;
  }

  /** @param {Write} sent @param {{version: number, mask_sha256: string | null, saved_at: string}} answer */
  async function acknowledge(sent, answer) {
    version = answer.version;
    write = null;
    if (answer.mask_sha256 !== sent.body.mask_sha256) {
      say({ save: "kept", code: "mask_differs" });
      schedule(RETRIES_S[0] * 1000);
      return false;
    }
    acknowledged = Math.max(acknowledged, sent.seq);
    await keep(undefined);
    if (isStopped()) return false;
    const done = acknowledged === wanted;
    say({ save: done ? "saved" : "saving", savedAt: new Date(answer.saved_at), code: null, detail: null });
    return true;
  }

  /** @param {number} code @param {{code?: string, detail?: string, current?: Reading}} problem */
  function refuse(code, problem) {
    const text = { code: problem.code ?? null, detail: problem.detail ?? null };
    if (problem.code === "stale_reading" && problem.current) {
      write = null;
      say({ save: "conflict", current: problem.current, ...text });
    } else if (code === 401 || code === 403 || code === 0) say({ save: "expired", ...text });
    else if (MENDABLE.includes(code) || problem.code === "hash_mismatch") {
      // the server will not have this state: the next change makes a new one
      write = null;
      say({ save: "refused", ...text });
    } else {
      store.set({ frozen: "locked" });
      say({ save: "locked", ...text });
    }
    void keep(undefined);
    return false;
  }

  /** @returns {number} ms until the next try */
  function saysOffline() {
    const wait = RETRIES_S[Math.min(tries, RETRIES_S.length - 1)] * 1000;
    tries += 1;
    say({ save: "kept", offlineSince: status.offlineSince ?? new Date(), nextTry: Date.now() + wait });
    return wait;
  }

  function offline() {
    schedule(saysOffline());
    return false;
  }

  /** @returns {Promise<unknown>} */
  function waitForLine() {
    const wait = saysOffline();
    return new Promise((resolve) => {
      setTimeout(resolve, wait);
      window.addEventListener("online", resolve, { once: true });
    });
  }

  /** Hand the reading in, once, after everything in it has been acknowledged.
   * @returns {Promise<Submitted | null>} null: the page says why */
  function submit() {
    const run = submitting ?? handIn().finally(() => (submitting = null));
    submitting = run;
    return run;
  }

  /** @returns {Promise<Submitted | null>} */
  async function handIn() {
    await pump();
    if (wanted > acknowledged || write) return null;
    submitId ??= crypto.randomUUID();
    // what is handed in is what was seen when Submit was pressed
    store.set({ frozen: "submitting" });
    await keep(undefined);
    const mask_sha256 = hasMask(store.state) ? await hashOf(store.state) : null;
    const body = { version, mask_sha256, write_id: submitId, with_next_page: true };
    const headers = { "If-Match": `"${version}"`, "Idempotency-Key": submitId };
    // the idempotency key makes asking again harmless: a submission that was begun is seen through
    let response = await ask("POST", boot.urls.submit, body, headers);
    while (!response || response.status >= 500) {
      await waitForLine();
      response = await ask("POST", boot.urls.submit, body, headers);
    }
    say({ offlineSince: null, nextTry: null });
    const answer = await response.json().catch(() => ({}));
    if (response.status !== 200) {
      if (store.state.frozen === "submitting") store.set({ frozen: null });
      refuse(response.status, answer);
      submitId = null;
      return null;
    }
    // not waited for: what stays if it fails has been acknowledged, and goes at log-out
    void drafts.forget().catch(() => undefined);
    return /** @type {Submitted} */ (answer);
  }

  listen(window, ["online"], () => void pump());

  return {
    status,
    submit,
    flush: pump,
    say,
    /** Older states of this browser that wait to be taken or left, the newest last. */
    offers: () => offers,
    /** @param {Kept} offer taken or left: it is offered no more @returns {Promise<unknown>} */
    settle(offer) {
      offers = offers.filter((other) => other !== offer);
      return keep(undefined);
    },
    /** @param {(status: SyncState) => void} listener */
    subscribe: (listener) => void listeners.add(listener),
    /** After a conflict: what is here goes on top of what the server has. @param {number} onto */
    resume(onto) {
      version = onto;
      wanted += 1;
      say({ save: "saving", current: null, code: null, detail: null });
      return pump();
    },
    /** Whether an answer comes, of whatever kind. @returns {Promise<boolean>} */
    isReachable: async () => (await ask("GET", boot.urls.reading, undefined, {})) !== null,
    /** After logging in again. @param {string} username @param {string} password
     * @returns {Promise<{ok: boolean, detail: string | null}>} */
    async logIn(username, password) {
      const response = await ask("POST", boot.urls.login, { username, password }, {});
      const answer = response?.status === 200 ? {} : await response?.json().catch(() => ({}));
      if (response?.status !== 200) return { ok: false, detail: answer?.detail ?? null };
      const unsent = write || wanted > acknowledged;
      say({ save: unsent ? "saving" : status.savedAt ? "saved" : "idle", code: null, detail: null });
      void pump();
      return { ok: true, detail: null };
    },
    /** @param {{start_ms_ago: number, end_ms_ago: number}[]} intervals @returns {Promise<boolean>} */
    async report(intervals) {
      const response = await ask("POST", boot.urls.activity, { intervals }, {}, true);
      return Boolean(response?.ok);
    },
  };
}

/** @param {import("./store.js").State} state @returns {Promise<string>} of the committed mask as it is at the call */
async function hashOf({ committed, mask, maskHash }) {
  return maskHash ?? hashMask({ ...mask, data: committed });
}

/** @param {string} method @param {string} url @param {unknown} body @param {Record<string, string>} headers
 * @param {boolean} [keepalive] @returns {Promise<Response | null>} null: no answer came */
export async function request(method, url, body, headers, keepalive = false) {
  const all = { "Content-Type": "application/json", Accept: "application/json", ...headers };
  try {
    return await fetch(url, {
      method,
      headers: { ...all, "X-CSRFToken": cookie("csrftoken") },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      keepalive,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return null;
  }
}

/** Read anew each time: logging in again changes it. @param {string} name @returns {string} */
function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Ask again for the answer to a save whose answer was lost; the server knows its write id.
 * @param {Boot} boot @param {Write} write @returns {Promise<number | null>} the version it made, null: not taken */
export async function resend(boot, write) {
  const headers = { "If-Match": `"${write.version}"` };
  const response = await request("PUT", boot.urls.reading, write.body, headers);
  return response?.status === 200 ? (await response.json()).version : null;
}

/** @param {string} url @returns {Promise<{html: string | null, redirects: boolean}>} the page as the server makes it now;
 *   null: it leads elsewhere, is none, or no answer came */
export async function fetchPage(url) {
  const how = /** @type {const} */ ({ credentials: "same-origin", cache: "no-store", redirect: "manual" });
  try {
    const response = await fetch(url, { ...how, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { html: response.ok ? await response.text() : null, redirects: response.type === "opaqueredirect" };
  } catch {
    return { html: null, redirects: false };
  }
}

/** @param {string} url @returns {Promise<ArrayBuffer>} @throws {Error} with the status */
export async function fetchImage(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(String(response.status));
  return response.arrayBuffer();
}
