/** The page of keys: every action, its keys, and a way to change or silence them (WCAG 2.1.4).
 * @import {Action} from "./actions.js"
 * @import {Settings} from "./settings.js" */
import { byId, h, setText, t } from "./dom.js";
import { keyTable, nameOf } from "./keys.js";
import { withKeys } from "./keyboard.js";

/** @type {Record<string, string>} */
const SIGNS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", pageup: "Page ↑", pagedown: "Page ↓",
  escape: "Esc" };

/** @param {Action[]} actions @param {Settings} settings @param {(patch: Partial<Settings>) => void} change */
export function makeHelp(actions, settings, change) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("help"));
  const [list, said] = [byId("help-keys"), byId("help-said")];
  const single = /** @type {HTMLInputElement} */ (byId("help-single-keys"));
  const finger = /** @type {HTMLInputElement} */ (byId("help-finger"));
  single.checked = settings.singleKeys;
  finger.checked = settings.fingerDraws;
  single.addEventListener("change", () => change({ singleKeys: single.checked }));
  finger.addEventListener("change", () => change({ fingerDraws: finger.checked }));
  byId("help-reset").addEventListener("click", () => {
    change({ keys: {} });
    draw();
  });

  function draw() {
    const current = withKeys(actions, settings.keys);
    const groups = /** @type {const} */ (["mask", "image", "form", "page"]);
    list.replaceChildren(...groups.map((group) => h("section", {}, h("h3", {}, t(`group_${group}`)),
      h("table", {}, h("tbody", {}, ...current.filter((a) => a.group === group).map(rowOf))))));
  }

  /** @param {Action} action */
  function rowOf(action) {
    const label = t(`action_${action.id}`);
    return h("tr", {}, h("th", { scope: "row" }, label),
      h("td", {}, ...action.keys.flatMap((key) => [h("kbd", {}, shown(key)), " "])),
      h("td", {}, h("button", { type: "button", class: "quiet", "aria-label": t("change_key_of", { action: label }),
        onclick: () => listen(action) }, t("change_key"))));
  }

  /** @param {Action} action */
  function listen(action) {
    setText(said, t("press_key_for", { action: t(`action_${action.id}`) }));
    dialog.addEventListener("keydown", (event) => {
      if (["Control", "Shift", "Alt", "Meta", "Tab"].includes(event.key)) return setText(said, "");
      event.preventDefault();
      if (event.key === "Escape") return setText(said, "");
      return take(action, nameOf(event));
    }, { once: true });
  }

  /** @param {Action} action @param {string} key */
  function take(action, key) {
    const keys = { ...settings.keys, [action.id]: [key] };
    try {
      keyTable(withKeys(actions, keys));
    } catch {
      const holder = withKeys(actions, settings.keys).find((other) => other.keys.includes(key));
      return setText(said, t("key_taken", { key: shown(key), action: t(`action_${holder?.id}`) }));
    }
    change({ keys });
    draw();
    return setText(said, t("key_set", { key: shown(key), action: t(`action_${action.id}`) }));
  }

  return {
    open() {
      draw();
      setText(said, "");
      dialog.showModal();
    },
  };
}

/** @param {string} key @returns {string} "Ctrl + Z" */
export function shown(key) {
  if (key === "+") return key;
  return key.split("+").map((part) => SIGNS[part] ?? part.charAt(0).toUpperCase() + part.slice(1)).join(" + ");
}
