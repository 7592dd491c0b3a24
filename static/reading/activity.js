/** Time on task as raw intervals: the page visible, focused, and used within the last 30 seconds. Measured on the
 * monotonic clock and told as "so long ago", so that a wrong clock changes nothing. */

const IDLE_MS = 30_000;
const REPORT_MS = 60_000;

/** @typedef {{start: number, end: number}} Stretch performance.now() */

/** @param {(intervals: {start_ms_ago: number, end_ms_ago: number}[]) => Promise<boolean>} report
 * @param {() => number} now */
export function watchActivity(report, now = () => performance.now()) {
  /** @type {Stretch[]} */
  let done = [];
  /** @type {Stretch | null} */
  let open = null;

  function used() {
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const at = now();
    if (open && at - open.end > IDLE_MS) close();
    open = open ? { start: open.start, end: at } : { start: at, end: at };
  }

  function close() {
    if (open && open.end > open.start) done.push(open);
    open = null;
  }

  async function send() {
    close();
    if (!done.length) return;
    const sent = done;
    done = [];
    const at = now();
    const round = (/** @type {number} */ ms) => Math.round(at - ms);
    const ok = await report(sent.map((s) => ({ start_ms_ago: round(s.start), end_ms_ago: round(s.end) })));
    if (!ok) done = [...sent, ...done];
  }

  for (const type of ["pointerdown", "pointermove", "wheel", "keydown"]) {
    document.addEventListener(type, used, { passive: true, capture: true });
  }
  window.addEventListener("blur", close);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && void send());
  window.setInterval(() => void send(), REPORT_MS);
  used();
  return { send };
}
