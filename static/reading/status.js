/** What the page says of itself: the state of saving, the strip for what is out of the ordinary, the readout under
 * the image, what is open, and Submit.
 * @import {Boot} from "./types.js"
 * @import {State, Store} from "./store.js"
 * @import {Sync, SyncState} from "./sync.js" */
import { doneCount, openQuestions } from "./answers.js";
import { byId, clock, h, icon, setText, t } from "./dom.js";
import { every } from "./life.js";
import { maskText } from "./judgement-view.js";
import { hasMask } from "./store.js";
import { lastSubmitted } from "./submitted.js";

/** @typedef {{keepMine: () => void, takeTheirs: () => void, takeOver: () => void, logIn: () => void,
 *   leave: () => void}} Ways */

/** @param {Boot} boot @param {Store} store @param {Sync} sync @param {Ways} ways */
export function makeStatus(boot, store, sync, ways) {
  const [save, urgent, strip] = [byId("save-state"), byId("save-urgent"), byId("strip")];
  const [openLink, submit, done] = [byId("open-link"), byId("submit"), byId("done-count")];
  const [submitLabel, saveText] = [byId("submit-label"), byId("save-text")];

  const before = lastSubmitted();

  function refresh() {
    const { state } = store;
    const open = openQuestions(boot.form, state.said, hasMask(state));
    setText(done, t("done_of", { done: doneCount(boot.form.features, state.said, state.spacing), all: boot.form.features.length }));
    setText(openLink, open.length ? t("open_n", { n: open.length }) : t("complete"));
    openLink.classList.toggle("is-empty", !open.length);
    // what is not taken any more does not wait either
    openLink.hidden = submit.hidden = sync.status.save === "locked";
    const waits = ["kept", "conflict", "expired", "passive"].includes(sync.status.save);
    submit.classList.toggle("is-filled", !open.length && !waits);
    setText(submitLabel, t(waits ? "submit_waits" : "submit"));
    showSave();
  }

  function showSave() {
    const { save: is, savedAt } = sync.status;
    if (save.dataset.state !== is) save.dataset.state = is;
    const said = textOf(is, savedAt);
    setText(saveText, said);
    setText(urgent, is === "conflict" || is === "expired" || is === "locked" ? said : "");
  }

  /** @param {SyncState["save"]} is @param {Date | null} savedAt */
  function textOf(is, savedAt) {
    if (is === "saved") return savedAt ? t("save_saved", { time: clock(savedAt) }) : "";
    if (is !== "idle") return t(`save_${is}`, { n: sync.status.unsent });
    if (before) return t("save_submitted", { n: before.position, time: clock(new Date(before.at)) });
    return boot.reading.version ? t("save_idle") : "";
  }

  let drawn = "";
  /** @param {SyncState} status */
  function showStrip(status) {
    const content = stripOf(status, ways);
    const key = content ? `${status.save} ${content.text}` : "";
    if (key === drawn) return;
    drawn = key;
    const held = strip.contains(document.activeElement);
    strip.hidden = !content;
    strip.replaceChildren();
    if (!content) return;
    strip.append(icon(content.icon), h("span", {}, content.text),
      ...content.buttons.map(([label, run]) => h("button", { type: "button", class: "button is-outlined",
        onclick: run }, label)), h("span", { class: "strip-next" }));
    if (held) strip.querySelector("button")?.focus();
  }

  function countDown() {
    const next = strip.querySelector(".strip-next");
    const { offlineSince, nextTry } = sync.status;
    if (next && offlineSince && nextTry) {
      setText(next, t("next_try", { s: Math.max(0, Math.ceil((nextTry - Date.now()) / 1000)) }));
    }
  }

  // every durable change is told by `sync`, which has counted it
  store.subscribe((_, { keys }) => void (keys.has("spacing") && refresh()));
  sync.subscribe((status) => {
    refresh();
    showStrip(status);
  });
  every(1000, countDown);
  refresh();
  showStrip(sync.status);
  readout(boot, store);
}

/** @param {SyncState} status @param {Ways} ways
 * @returns {{icon: string, text: string, buttons: [string, () => void][]} | null} */
function stripOf(status, ways) {
  const { save, offlineSince, unsent, code, detail } = status;
  if (save === "conflict") {
    return { icon: "copy", text: t("strip_conflict"), buttons: [[t("take_theirs"), ways.takeTheirs],
      [t("keep_mine"), ways.keepMine]] };
  }
  if (save === "expired") return { icon: "lock", text: t("strip_expired"), buttons: [[t("log_in"), ways.logIn]] };
  if (save === "passive") {
    const text = code === "takeover_offline" ? "strip_takeover_offline" : "strip_passive";
    return { icon: "copy", text: t(text), buttons: [[t("continue_here"), ways.takeOver]] };
  }
  if (save === "locked") {
    return { icon: "lock", text: `${lockedText(code, detail)} ${t(unsent ? "kept_apart" : "kept_on_server")}`,
      buttons: [[t("to_worklist"), ways.leave]] };
  }
  if (save === "refused") return { icon: "circle-alert", text: detail ?? t("save_refused"), buttons: [] };
  if (offlineSince) {
    return { icon: "cloud-off", text: t("strip_offline", { time: clock(offlineSince), n: unsent }), buttons: [] };
  }
  if (code === "not_kept") return { icon: "circle-alert", text: t("strip_not_kept"), buttons: [] };
  return null;
}

/** @param {string | null} code @param {string | null} detail @returns {string} */
function lockedText(code, detail) {
  const known = ["study_closed", "case_excluded", "assignment_withdrawn", "already_submitted", "not_found"];
  return code && known.includes(code) ? t(`strip_${code}`) : (detail ?? t("strip_locked"));
}

/** @param {Boot} boot @param {Store} store */
function readout(boot, store) {
  const [brush, zoom, win, level, mask, extent, middle, scale] = ["brush", "zoom", "window", "level", "mask", "extent",
    "middle", "scale"].map((name) => byId(`readout-${name}`));
  /** @param {State} state */
  const show = (state) => {
    setText(brush, `${state.brushSize} px`);
    setText(zoom, `${Math.round(state.view.scale * 100)} %`);
    setText(win, state.window.toFixed(0));
    setText(level, state.level.toFixed(0));
    const { spacing, geometry } = state;
    setText(mask, maskText(state, geometry?.parts === 1) || "–");
    setText(extent, geometry ? `${geometry.max.length.toFixed(1)} × ${geometry.min.length.toFixed(1)} ${spacing ? "mm" : "px"}` : "");
    setText(middle, geometry ? `${geometry.centroid.x.toFixed(0)}, ${geometry.centroid.y.toFixed(0)}` : "");
    setText(scale, spacing ? `${spacing.col_mm.toFixed(3)} mm/px, ${boot.image.spacing ? spacing.source : t("your_ruler")}`
      : t("scale_unknown"));
  };
  store.subscribe((state, { keys, durable }) => {
    if (durable || ["brushSize", "view", "window", "level", "geometry", "spacing"].some((k) => keys.has(k))) show(state);
  });
  show(store.state);
}
