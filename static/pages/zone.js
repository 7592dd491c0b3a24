/** Tells the server in which zone to write times: it stores them in UTC, and only the browser knows where the person is. */

/** @param {Document} page */
export function startZone(page) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || page.cookie.split("; ").includes(`zone=${zone}`)) return;
  const secure = location.protocol === "https:" ? "; secure" : "";
  page.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}
