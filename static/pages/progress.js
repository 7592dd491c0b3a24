/** Long work on a page: the bar follows the server's own count; when the work has ended the page is fetched anew. */

const EVERY_MS = 1000;

/** @typedef {{ running: boolean, done: number, total: number, text: string }} Progress */

/** Follow every `data-progress-url` of a page. Without this script the page says the same after a reload.
 * @param {Document} page */
export function startProgress(page) {
  for (const place of page.querySelectorAll("[data-progress-url]")) {
    if (place instanceof HTMLElement) follow(place);
  }
}

/** @param {HTMLElement} place */
function follow(place) {
  setTimeout(async () => {
    const now = await ask(place.dataset.progressUrl ?? "");
    if (now && !now.running) {
      window.location.reload();
      return;
    }
    if (now) show(place, now);
    follow(place);
  }, EVERY_MS);
}

/** The server's word, or null while it cannot be reached: then the bar stays where it was and asks again.
 * @param {string} url
 * @returns {Promise<Progress | null>} */
async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** @param {HTMLElement} place
 * @param {Progress} now */
function show(place, now) {
  const bar = place.querySelector("progress");
  if (bar && now.total > 0) {
    bar.max = now.total;
    bar.value = now.done;
  }
  const text = place.querySelector("[data-progress-text]") ?? place.querySelector(".progress-text");
  if (text && now.text) text.textContent = now.text;
}
