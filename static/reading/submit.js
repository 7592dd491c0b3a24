/** Submit: what is missing is named, a mask of several parts is asked about, and what is handed in goes once.
 * @import {Boot} from "./types.js"
 * @import {Store} from "./store.js"
 * @import {Sync} from "./sync.js" */
import { openQuestions } from "./answers.js";
import { t } from "./dom.js";
import { measure } from "./geometry.js";
import { allButLargest } from "./parts.js";
import { hasMask } from "./store.js";

const NAMED = 6; // of what is missing: more would cover the form

/** @typedef {{dock: ReturnType<typeof import("./dock.js").makeDock>, form: ReturnType<typeof import("./form-view.js").makeForm>,
 *   leave: import("./page.js").Outside["leave"]}} Around */

/** @param {Boot} boot @param {Store} store @param {Sync} sync @param {Around} around @returns {() => void} */
export function makeSubmit(boot, store, sync, { dock, form, leave }) {
  const { state } = store;
  let leaving = false;
  async function handIn() {
    dock.ask(null);
    store.set({ pointed: null });
    const submitted = await sync.submit();
    // every press waits for the one answer; one of them leaves
    if (!submitted || leaving) return;
    leaving = true;
    const { position, worklist_url } = boot.assignment;
    leave(submitted.feedback_url ?? submitted.next_url ?? worklist_url, position, submitted);
  }
  return () => {
    if (state.frozen || dock.isAsking()) return;
    const open = openQuestions(boot.form, state.said, hasMask(state));
    if (open.length) {
      form.light(open[0]);
      form.rows.get(open[0])?.focus();
      dock.tell(`${t("submit_waits")}: ${t("open_n", { n: open.length })}`, open.slice(0, NAMED).map(nameOf).join(", ") + (open.length > NAMED ? ", …" : ""));
      return;
    }
    // the figures on the page follow a stroke by a frame or two: what is handed in is measured now
    const geometry = measure(state.mask, state.spacing);
    if (!geometry?.smallest || state.said.no_node) return void handIn();
    store.set({ pointed: geometry.smallest.at });
    dock.ask({
      id: "parts",
      title: t("parts_title", { n: geometry.parts, px: geometry.smallest.area }),
      text: t("parts_text"),
      choices: [
        { label: t("keep_largest"), main: true, run: () => { keepLargest(); void handIn(); } },
        { label: t("keep_all"), run: () => void handIn() },
        { label: t("back"), run: () => { dock.ask(null); store.set({ pointed: null }); } },
      ],
    });
  };

  /** @param {string} code @returns {string} */
  function nameOf(code) {
    if (code === "score") return t("malignancy");
    return boot.form.features.find((f) => f.code === code)?.label ?? t(code);
  }

  function keepLargest() {
    store.commit({ kind: "mask", spans: allButLargest({ ...state.mask, data: state.committed }) });
  }
}
