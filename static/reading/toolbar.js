/** The rail of tools and the panel of what has no place there: a button for everything that a key does to mask and image,
 * so that a finger has it too.
 * @import {Action} from "./actions.js"
 * @import {State, Store} from "./store.js" */
import { byId, h, icon, setText, t } from "./dom.js";
import { shown } from "./help.js";

/** @param {HTMLElement} place @param {Action[]} actions @param {Store} store
 * @param {() => Action[]} current the actions with the keys they have now
 * @returns {{relabel: () => void}} after a change of keys */
export function makeToolbar(place, actions, store, current) {
  const shows = actions.filter((action) => action.icon);
  const rail = shows.map(({ id, icon: name, run }) => h("button", { type: "button", class: "tool", "data-action": id,
    onclick: run }, icon(name ?? ""), h("span", { class: "only-heard" }, t(`action_${id}`)),
    h("span", { class: "tool-key", "aria-hidden": "true" })));
  let group = "";
  let tool = true;
  shows.forEach((action, i) => {
    const breaks = (group && group !== action.group) || (tool && !action.id.startsWith("tool.")) || action.id === "undo";
    if (breaks) place.append(h("hr", {}));
    [group, tool] = [action.group, action.id.startsWith("tool.")];
    place.append(rail[i]);
  });
  place.append(byId("panel-button"));
  makePanel(actions, store);

  function relabel() {
    for (const { id, keys } of current()) {
      for (const button of document.querySelectorAll(`button[data-action="${id}"]`)) label(button, id, keys[0]);
    }
  }

  function refresh() {
    shows.forEach((action, i) => {
      if (action.on) rail[i].setAttribute("aria-pressed", String(action.on(store.state)));
      rail[i].disabled = Boolean(action.when && !action.when(store.state));
    });
  }
  store.subscribe((_, { keys, durable }) => {
    const tools = ["tool", "bare", "outlineOnly", "fusion", "inverted"];
    if (durable || tools.some((key) => keys.has(key))) refresh();
  });
  relabel();
  refresh();
  return { relabel };
}

/** @param {Element} button @param {string} id @param {string} key */
function label(button, id, key) {
  const letter = key.length === 1 ? key.toUpperCase() : "";
  button.setAttribute("title", `${t(`action_${id}`)} (${shown(key)})`);
  if (letter) button.setAttribute("aria-keyshortcuts", letter);
  else button.removeAttribute("aria-keyshortcuts");
  const cap = button.querySelector(".tool-key");
  if (cap) setText(cap, letter);
}

/** Steps of brush, zoom, window and level, and the switches without a place on the rail.
 * @param {Action[]} actions @param {Store} store */
function makePanel(actions, store) {
  const panel = byId("panel");
  for (const { id, run } of actions) {
    const button = panel.querySelector(`[data-action="${id}"]`);
    button?.addEventListener("click", run);
    if (button && !button.textContent?.trim()) button.append(h("span", {}, t(`action_${id}`)));
    else button?.setAttribute("aria-label", t(`action_${id}`));
  }
  const values = ["brush", "zoom", "window", "level", "opacity"].map((name) => byId(`panel-${name}`));
  const invert = panel.querySelector('[data-action="image.invert"]');
  /** @param {State} state */
  const show = ({ brushSize, view, window, level, fillOpacity, inverted }) => {
    const texts = [`${brushSize} px`, `${Math.round(view.scale * 100)} %`, window.toFixed(0), level.toFixed(0),
      `${Math.round(fillOpacity * 100)} %`];
    texts.forEach((text, i) => setText(values[i], text));
    invert?.setAttribute("aria-pressed", String(inverted));
  };
  // it follows only while it is open: a stroke must not pay for what nobody sees
  panel.addEventListener("toggle", () => show(store.state));
  store.subscribe((state, { keys }) => {
    const shows = ["brushSize", "view", "window", "level", "fillOpacity", "inverted"];
    if (panel.matches(":popover-open") && shows.some((key) => keys.has(key))) show(state);
  });
}
