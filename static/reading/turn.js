/** From a case to the next one without a new document: its page is made when the case before was handed in, never
 * earlier, and takes the place of what stands. Whatever is not the same page with another case is navigated to.
 * @import {Picture} from "./view-bitmap.js" */
import { byId } from "./dom.js";
import { endCase } from "./life.js";
import { fetchImage, fetchPage } from "./sync.js";
import { pictureOf } from "./view-bitmap.js";

/** @type {{url: string, picture: Promise<Picture>} | null} */
let ahead = null;

/** Fetch and decode the next case's image while this one is read: the browser does both beside the page's thread.
 * @param {string} url */
export function fetchAhead(url) {
  const picture = decoded(url);
  ahead = { url, picture };
  picture.catch(() => (ahead = null));
}

/** @param {string} url @returns {Promise<Picture>} what was fetched ahead, else fetched now */
export function imageOf(url) {
  const found = ahead?.url === url ? ahead : null;
  ahead = null;
  return found?.picture ?? decoded(url);
}

/** @param {string} url */
async function decoded(url) {
  return pictureOf(await fetchImage(url));
}

/** The page at `url`, if the modules that run can serve it; else the browser is on its way there, or where the server
 * redirects to with its word on why.
 * @param {string} url @param {string} elsewhere @param {string | null} [sent] the page, if it is here already
 * @returns {Promise<{data: HTMLElement, stand: () => void} | null>} its boot
 *   data, and the way to make it the page that stands */
export async function pageAt(url, elsewhere, sent) {
  const { html, redirects } = sent ? { html: sent, redirects: false } : await fetchPage(url);
  const next = html === null ? null : new DOMParser().parseFromString(html, "text/html");
  const data = next?.getElementById("reading-data");
  if (next && data && frameOf(next) === frameOf(document)) return { data, stand: () => stand(next, data) };
  location.assign(redirects ? elsewhere : url);
  return null;
}

/** @param {Document} next @param {HTMLElement} data */
function stand(next, data) {
  endCase();
  delete document.documentElement.dataset.ready;
  document.title = next.title;
  byId("reading-data").replaceWith(data);
  document.body.replaceWith(next.body);
  window.scrollTo(0, 0);
}

/** What must be the same for the modules that run to serve the page: after an update of the server it is not.
 * @param {Document} page @returns {string} */
function frameOf({ documentElement, head }) {
  const parts = [...head.querySelectorAll("link:not([rel=preload]), script:not(#reading-data)")];
  return [documentElement.lang, ...parts.map((part) => part.getAttribute("href") ?? part.getAttribute("src") ?? part.textContent)].join("\n");
}
