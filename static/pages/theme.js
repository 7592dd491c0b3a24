/** Light or dark at once: the server is told, the page does not reload. */

/**
 * @param {string | undefined} chosen the page's data-theme, if the person chose one
 * @param {boolean} systemIsDark
 * @returns {"paper" | "night"} the other one
 */
export function otherTheme(chosen, systemIsDark) {
  const dark = chosen === "night" || (chosen === undefined && systemIsDark);
  return dark ? "paper" : "night";
}

/** @param {Document} page */
export function startTheme(page) {
  const form = page.querySelector("form[data-theme-form]");
  if (!(form instanceof HTMLFormElement)) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = otherTheme(page.documentElement.dataset.theme, matchMedia("(prefers-color-scheme: dark)").matches);
    const body = new FormData(form);
    body.set("theme", theme);
    page.documentElement.dataset.theme = theme;
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {
      // the choice holds for this page; the next one asks the server again
    });
  });
}
