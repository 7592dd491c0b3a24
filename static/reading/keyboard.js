/** Keys of the whole page: the table of actions, digits for the form, keys that count while held, and the cursor by
 * which the image is drawn on without a pointer.
 * @import {Point} from "./types.js"
 * @import {Store} from "./store.js"
 * @import {Tool} from "./tools.js"
 * @import {Action} from "./actions.js" */
import { digitOf, keyTable, nameOf, takesText } from "./keys.js";
import { listen } from "./life.js";

const ARROWS = { arrowleft: [-1, 0], arrowright: [1, 0], arrowup: [0, -1], arrowdown: [0, 1] };
const IN_TEXT = ["ctrl+enter", "escape", "pagedown", "pageup"];
const NATIVE_ON_BUTTON = ["enter", "space"];

/** @param {HTMLElement} element the stage @param {Store} store
 * @param {{actions: Action[], tools: Record<string, Tool>, digit: (n: number) => boolean,
 *   singleKeys: () => boolean, remap: () => Record<string, string[]>}} rest */
export function listenToKeys(element, store, { actions, tools, digit, singleKeys, remap }) {
  const { state } = store;
  const dialogs = document.getElementsByTagName("dialog");
  const byId = new Map(actions.map((action) => [action.id, action]));
  /** @type {Map<string, string>} */
  let table = new Map();
  /** @type {unknown} the keys it was made of: they seldom change, and it is a tenth of what an undo takes */
  let tabled = null;
  /** @type {Tool | null} a press by the keyboard that is not over yet */
  let pressed = null;

  /** @param {KeyboardEvent} event */
  function keydown(event) {
    if ([...dialogs].some(({ open }) => open)) return;
    const name = nameOf(event);
    const inText = takesText(event.target);
    if (inText && !IN_TEXT.includes(name)) return;
    if (event.target === element && onStage(name, event)) return void event.preventDefault();
    if (!inText && held(name, event)) return;
    if (event.target instanceof HTMLButtonElement && NATIVE_ON_BUTTON.includes(name)) return;
    const number = inText ? null : digitOf(event);
    if (number !== null && answersTo(event) && !event.repeat && digit(number)) return void event.preventDefault();
    if (tabled !== remap()) table = keyTable(withKeys(actions, (tabled = remap())));
    const action = byId.get(table.get(name) ?? "");
    if (!action || (isSingle(name) && !singleKeys()) || (action.when && !action.when(state))) return;
    event.preventDefault();
    if (name === "escape") pressed = null;
    action.run();
  }

  /** Where single keys are silenced a digit still answers the question that has the focus (WCAG 2.1.4).
   * @param {KeyboardEvent} event */
  function answersTo({ target }) {
    return singleKeys() || (target instanceof Element && target.closest(".row.is-lit, .dock") !== null);
  }

  /** @param {string} name @param {KeyboardEvent} event @returns {boolean} */
  function held(name, event) {
    if (event.key === "Control" || event.key === "Meta") store.set({ erasing: true });
    if (bareKeys().includes(name) && singleKeys()) {
      if (!event.repeat) store.set({ bare: true });
      return true;
    }
    if (name !== "space" || event.target !== document.body) return false;
    element.dataset.space = "1";
    event.preventDefault();
    return true;
  }

  /** @param {KeyboardEvent} event */
  function keyup(event) {
    if (event.key === "Control" || event.key === "Meta") store.set({ erasing: false });
    const key = event.key.toLowerCase();
    if (state.bare && bareKeys().some((name) => name.replace("shift+", "") === key)) store.set({ bare: false });
    if (event.key === " ") delete element.dataset.space;
  }

  /** What is held for the bare image, wherever the reader has put it.
   * @returns {string[]} */
  function bareKeys() {
    return (remap()["image.bare"] ?? byId.get("image.bare")?.keys ?? []).filter(isSingle);
  }

  /** A key that goes up in another window is never heard of here. */
  function letGo() {
    store.set({ erasing: false, bare: false });
    delete element.dataset.space;
  }

  /** @param {string} name @param {KeyboardEvent} event @returns {boolean} */
  function onStage(name, event) {
    const key = name.replace("shift+", "");
    if (key in ARROWS) {
      const [dx, dy] = ARROWS[/** @type {keyof typeof ARROWS} */ (key)];
      const step = event.shiftKey ? 10 : 1;
      moveCursor(dx * step, dy * step);
      return true;
    }
    if (name === "space" && !state.keyCursor) {
      element.dataset.space = "1";
      return true;
    }
    if ((name !== "enter" && name !== "space") || !state.keyCursor || state.tool === "pan") return false;
    if (!event.repeat) press(state.keyCursor, name === "space");
    return true;
  }

  /** @param {number} dx @param {number} dy */
  function moveCursor(dx, dy) {
    const { width, height } = state.mask;
    const from = state.keyCursor ?? { x: Math.floor(width / 2) + 0.5, y: Math.floor(height / 2) + 0.5 };
    const moved = state.keyCursor !== null;
    const at = {
      x: Math.max(0.5, Math.min(width - 0.5, from.x + (moved ? dx : 0))),
      y: Math.max(0.5, Math.min(height - 0.5, from.y + (moved ? dy : 0))),
    };
    store.set({ keyCursor: at, hover: at });
    pressed?.move([at]);
  }

  /** Enter goes down and up by turns, so that arrows draw in between; Space is one dab.
   * @param {Point} at @param {boolean} dab */
  function press(at, dab) {
    if (pressed) {
      pressed.up();
      pressed = null;
      return;
    }
    if (state.frozen) return;
    const tool = tools[state.tool];
    const goesOn = tool.down({ at, reach: 1.5 });
    if (goesOn && !dab) pressed = tool;
    else tool.up();
  }

  listen(document, ["keydown"], keydown);
  listen(document, ["keyup"], keyup);
  listen(window, ["blur"], letGo);
  element.addEventListener("blur", () => {
    pressed?.up();
    pressed = null;
    store.set({ keyCursor: null });
  });
}

/** @param {string} name @returns {boolean} a letter, sign or digit alone, with Shift too */
function isSingle(name) {
  return name.replace(/^shift\+/, "").length === 1 || name === "delete" || name === "backspace";
}

/** @param {Action[]} actions @param {Record<string, string[]>} remap @returns {Action[]} */
export function withKeys(actions, remap) {
  return actions.map((action) => (remap[action.id] ? { ...action, keys: remap[action.id] } : action));
}
