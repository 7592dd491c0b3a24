/** What a reader has set for the page: kept under their log-in on the server, so that another machine knows it too, and in
 * this browser until the server has it. */

import { atEnd } from "./life.js";

/** @typedef {{brushSize: number, fillOpacity: number, theme: "room" | "paper", fingerDraws: boolean, formLeft: boolean,
 *   singleKeys: boolean, keys: Record<string, string[]>}} Settings
 * @typedef {{settings: Partial<Settings>, waits: boolean}} Kept `waits`: the server has not heard of it */

/** @type {Settings} */
const DEFAULTS = { brushSize: 12, fillOpacity: 0.07, theme: "room", fingerDraws: true, formLeft: false, singleKeys: true,
  keys: {} };
const PAUSE_MS = 1000; // a brush is sized in many steps: the last one is told

/** @param {string} user
 * @param {{stored?: Partial<Settings>, send?: (settings: Settings) => Promise<boolean>}} [server] what it remembers, and
 *   the way to it (none in the practice case) */
export function loadSettings(user, { stored = {}, send } = {}) {
  const place = `lymphus-settings/${user}`;
  const here = read(place);
  /** @type {Settings} */
  const settings = { ...DEFAULTS, ...here.settings, ...(here.waits ? {} : stored) };
  let timer = 0;

  /** @param {boolean} waits */
  function keep(waits) {
    try {
      localStorage.setItem(place, JSON.stringify({ settings, waits }));
    } catch {
      // storage is full or forbidden: the setting holds for this page
    }
  }

  async function tell() {
    const told = JSON.stringify(settings);
    if (await send?.(settings)) keep(told !== JSON.stringify(settings));
  }

  function soon() {
    clearTimeout(timer);
    timer = window.setTimeout(() => void tell(), PAUSE_MS);
  }

  // what waits is told by the next case, which finds it in this browser
  atEnd(() => clearTimeout(timer));
  if (here.waits) soon();
  return {
    settings,
    /** @param {Partial<Settings>} patch */
    change(patch) {
      const before = JSON.stringify(settings);
      Object.assign(settings, patch);
      if (JSON.stringify(settings) === before) return;
      keep(true);
      soon();
    },
  };
}

/** @param {string} place @returns {Kept} */
function read(place) {
  try {
    return { settings: {}, waits: false, ...JSON.parse(localStorage.getItem(place) ?? "{}") };
  } catch {
    return { settings: {}, waits: false };
  }
}
