/** How long a case stands. The next one comes into the same document, so what listens to the window or comes back by the
 * clock does so for its case only; what listens to the page's own elements goes with them. */

let life = new AbortController();

/** @param {EventTarget} target window or document @param {string[]} types @param {(event: any) => void} hear
 * @param {AddEventListenerOptions} [options] */
export function listen(target, types, hear, options = {}) {
  for (const type of types) target.addEventListener(type, hear, { ...options, signal: life.signal });
}

/** @param {() => void} run @param {number} ms */
export function every(ms, run) {
  const timer = window.setInterval(run, ms);
  atEnd(() => clearInterval(timer));
}

/** @param {() => void} run when the case on the page gives way to the next */
export function atEnd(run) {
  life.signal.addEventListener("abort", run);
}

export function endCase() {
  life.abort();
  life = new AbortController();
}
