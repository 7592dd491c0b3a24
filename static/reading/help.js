/** The page of keys: every action, its keys, and a way to change or silence them (WCAG 2.1.4).
 * @import {Action} from "./actions.js"
 * @import {Settings} from "./settings.js" */
import { byId, h, setText, t } from "./dom.js";
import { digitOf, keyTable, nameOf } from "./keys.js";
import { withKeys } from "./keyboard.js";

/** @type {Record<string, string>} */
const SIGNS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", pageup: "Page ↑", pagedown: "Page ↓",
  escape: "Esc" };
// they move the focus and the cursor, and press what has the focus
const OF_THE_PAGE = ["enter", "space", "arrowleft", "arrowright", "arrowup", "arrowdown", "shift+arrowleft", "shift+arrowright",
  "shift+arrowup", "shift+arrowdown"];

/** @param {Action[]} actions @param {Settings} settings @param {(patch: Partial<Settings>) => void} change */
export function makeHelp(actions, settings, change) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("help"));
  const [list, said] = [byId("help-keys"), byId("help-said")];
  const single = /** @type {HTMLInputElement} */ (byId("help-single-keys"));
  const finger = /** @type {HTMLInputElement} */ (byId("help-finger"));
  const left = /** @type {HTMLInputElement} */ (byId("help-form-left"));
  single.checked = settings.singleKeys;
  finger.checked = settings.fingerDraws;
  left.checked = settings.formLeft;
  /** @type {Action | null} the one that a key is asked for */
  let waiting = null;
  dialog.addEventListener("keydown", hear);
  dialog.addEventListener("close", () => (waiting = null));
  single.addEventListener("change", () => change({ singleKeys: single.checked }));
  finger.addEventListener("change", () => change({ fingerDraws: finger.checked }));
  left.addEventListener("change", () => change({ formLeft: left.checked }));
  byId("help-reset").addEventListener("click", () => {
    change({ keys: {} });
    draw();
  });

  /** @param {string} [changed] the action whose button had the focus */
  function draw(changed) {
    const current = withKeys(actions, settings.keys);
    const groups = /** @type {const} */ (["mask", "image", "form", "page"]);
    list.replaceChildren(...groups.map((group) => h("section", {}, h("h3", {}, t(`group_${group}`)),
      h("table", {}, h("tbody", {}, ...current.filter((a) => a.group === group).map(rowOf))))));
    /** @type {HTMLElement | null} */ (list.querySelector(`[data-changes="${changed}"]`))?.focus();
  }

  /** @param {Action} action */
  function rowOf(action) {
    const label = t(`action_${action.id}`);
    return h("tr", {}, h("th", { scope: "row" }, label),
      h("td", {}, ...action.keys.flatMap((key) => [h("kbd", {}, shown(key)), " "])),
      h("td", {}, h("button", { type: "button", class: "quiet", "aria-label": t("change_key_of", { action: label }), "data-changes": action.id,
        onclick: () => listen(action) }, t("change_key"))));
  }

  /** @param {Action} action */
  function listen(action) {
    waiting = action;
    setText(said, t("press_key_for", { action: t(`action_${action.id}`) }));
  }

  /** The key that is pressed next; a modifier alone waits for the key that it is held for.
   * @param {KeyboardEvent} event */
  function hear(event) {
    if (!waiting || ["Control", "Shift", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
    const action = waiting;
    waiting = null;
    setText(said, "");
    if (event.key === "Tab") return;
    event.preventDefault();
    if (event.key !== "Escape") take(action, event);
  }

  /** @param {Action} action @param {KeyboardEvent} event */
  function take(action, event) {
    const key = nameOf(event);
    if (digitOf(event) !== null || OF_THE_PAGE.includes(key)) return setText(said, t("key_of_page", { key: shown(key) }));
    const keys = { ...settings.keys, [action.id]: [key] };
    try {
      keyTable(withKeys(actions, keys));
    } catch {
      const holder = withKeys(actions, settings.keys).find((other) => other !== action && other.keys.includes(key));
      return setText(said, t("key_taken", { key: shown(key), action: t(`action_${holder?.id}`) }));
    }
    change({ keys });
    draw(action.id);
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
