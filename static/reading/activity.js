/** Time on task as raw intervals: the page visible, focused, and used within the last 30 seconds. Measured on the
 * monotonic clock and told as "so long ago", so that a wrong clock changes nothing. */
import { atEnd, every, listen } from "./life.js";

const IDLE_MS = 30_000;
const REPORT_MS = 60_000;

/** @typedef {{start_ms_ago: number, end_ms_ago: number}} Interval */

/** The stretches of use, without a page. Times in ms of any one clock. */
export function watchIntervals() {
  /** @type {{start: number, end: number}[]} */
  let stretches = [];
  let open = false;

  return {
    /** @param {number} at */
    used(at) {
      const last = stretches[stretches.length - 1];
      if (open && last && at - last.end <= IDLE_MS) last.end = at;
      else stretches.push({ start: at, end: at });
      open = true;
    },
    pause() {
      open = false;
    },
    /** @param {number} at @returns {Interval[]} all since the last call */
    take(at) {
      const taken = stretches.filter(({ start, end }) => end > start);
      stretches = [];
      open = false;
      return taken.map(({ start, end }) => ({ start_ms_ago: Math.round(at - start), end_ms_ago: Math.round(at - end) }));
    },
  };
}

/** @param {(intervals: Interval[]) => Promise<boolean>} report
 * @returns {{send: () => Promise<void>}} */
export function watchActivity(report) {
  const track = watchIntervals();
  /** @type {{at: number, intervals: Interval[]}[]} not yet taken by the server */
  let waiting = [];

  function used() {
    if (document.visibilityState === "visible" && document.hasFocus()) track.used(performance.now());
  }

  async function send() {
    const now = performance.now();
    const fresh = track.take(now);
    if (fresh.length) waiting.push({ at: now, intervals: fresh });
    if (!waiting.length) return;
    const sent = waiting;
    waiting = [];
    const ok = await report(sent.flatMap(({ at, intervals }) => intervals.map((i) => ({
      start_ms_ago: i.start_ms_ago + Math.round(now - at), end_ms_ago: i.end_ms_ago + Math.round(now - at) }))));
    if (!ok) waiting = [...sent, ...waiting];
  }

  listen(document, ["pointerdown", "pointermove", "wheel", "keydown"], used, { passive: true, capture: true });
  listen(window, ["blur"], track.pause);
  listen(document, ["visibilitychange"], () => document.visibilityState === "hidden" && void send());
  every(REPORT_MS, () => void send());
  // the next case comes first
  atEnd(() => setTimeout(send, 50));
  used();
  return { send };
}
