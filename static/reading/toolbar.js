/** The rail of tools: a button for each action that has an icon.
 * @import {Action} from "./actions.js"
 * @import {Store} from "./store.js" */
import { h, icon, t } from "./dom.js";

/** @param {HTMLElement} place @param {Action[]} actions @param {Store} store */
export function makeToolbar(place, actions, store) {
  const shown = actions.filter((action) => action.icon);
  const buttons = shown.map((action) => button(action));
  let group = "";
  let tool = true;
  shown.forEach((action, i) => {
    const breaks = (group && group !== action.group) || (tool && !action.id.startsWith("tool.")) || action.id === "undo";
    if (breaks) place.append(h("hr", {}));
    [group, tool] = [action.group, action.id.startsWith("tool.")];
    place.append(buttons[i]);
  });

  function refresh() {
    shown.forEach((action, i) => {
      if (action.on) buttons[i].setAttribute("aria-pressed", String(action.on(store.state)));
      buttons[i].disabled = Boolean(action.when && !action.when(store.state));
    });
  }
  store.subscribe((_, { keys, durable }) => {
    const tools = ["tool", "bare", "outlineOnly", "fusion", "inverted"];
    if (durable || tools.some((key) => keys.has(key))) refresh();
  });
  refresh();
}

/** @param {Action} action @returns {HTMLButtonElement} */
function button({ id, keys, icon: name, run }) {
  const label = t(`action_${id}`);
  const shown = keys[0].length === 1 ? keys[0].toUpperCase() : "";
  return h("button", { type: "button", class: "tool", "data-action": id, title: `${label} (${keys[0]})`, "aria-keyshortcuts": shown,
    onclick: run }, icon(name ?? ""), h("span", { class: "only-heard" }, label),
    h("span", { class: "tool-key", "aria-hidden": "true" }, shown));
}
