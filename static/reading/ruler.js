/** The line on the image's own ruler is drawn: how long is it? The answer gives the reading its scale.
 * @import {Line} from "./types.js"
 * @import {Store} from "./store.js" */
import { fieldPatch } from "./answers.js";
import { h, t } from "./dom.js";

/** @param {Store} store @param {ReturnType<typeof import("./dock.js").makeDock>} dock @param {Line} line image px */
export function askLength(store, dock, line) {
  const input = h("input", { class: "number", type: "text", inputmode: "decimal", "aria-label": t("ruler_length"),
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.ctrlKey) return;
      event.preventDefault();
      set();
    } });

  function set() {
    const mm = Number(input.value.replace(",", "."));
    if (!(mm > 0)) return input.focus();
    dock.ask(null);
    store.set({ line: null, tool: "calipers" });
    store.commit({ kind: "form", patch: fieldPatch(store.state.said, "calibration", { points: line, mm }) });
    return undefined;
  }

  store.set({ line });
  dock.ask({ id: `ruler ${line}`, title: t("ruler_title"), text: t("ruler_text"), extra: h("label", {}, input, "mm"), choices: [
    { label: t("ruler_set"), run: set, main: true },
    { label: t("back"), run: () => { dock.ask(null); store.set({ line: null }); } }] });
}
