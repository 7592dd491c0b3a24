/** What a reader has set for the page, remembered in this browser under their log-in. */

/** @typedef {{brushSize: number, fillOpacity: number, theme: "room" | "paper", fingerDraws: boolean,
 *   singleKeys: boolean, keys: Record<string, string[]>}} Settings */

/** @type {Settings} */
const DEFAULTS = { brushSize: 12, fillOpacity: 0.07, theme: "room", fingerDraws: true, singleKeys: true, keys: {} };

/** @param {string} user */
export function loadSettings(user) {
  const place = `lymphus-settings/${user}`;
  /** @type {Settings} */
  const settings = { ...DEFAULTS, ...read(place) };
  return {
    settings,
    /** @param {Partial<Settings>} patch */
    change(patch) {
      Object.assign(settings, patch);
      try {
        localStorage.setItem(place, JSON.stringify(settings));
      } catch {
        // storage is full or forbidden: the setting holds for this page
      }
    },
  };
}

/** @param {string} place @returns {Partial<Settings>} */
function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place) ?? "{}");
  } catch {
    return {};
  }
}
