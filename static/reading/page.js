/** The parts of the reading page put together.
 * @import {Boot} from "./types.js"
 * @import {Start} from "./recover.js"
 * @import {Drafts} from "./drafts.js"
 * @import {Picture} from "./view-bitmap.js" */
import { makeActions } from "./actions.js";
import { watchActivity } from "./activity.js";
import { openQuestions, spacingOf } from "./answers.js";
import { hashMask } from "./codec.js";
import { makeDock } from "./dock.js";
import { byId, t } from "./dom.js";
import { makeForm } from "./form-view.js";
import { measure } from "./geometry.js";
import { makeHelp } from "./help.js";
import { listenToPointers } from "./input.js";
import { makeJudgement } from "./judgement-view.js";
import { listenToKeys, withKeys } from "./keyboard.js";
import { makeLogin } from "./login.js";
import { compare, opened, stateOf, take } from "./offers.js";
import { askLength } from "./ruler.js";
import { loadSettings } from "./settings.js";
import { fitToStage } from "./stage.js";
import { makeStatus } from "./status.js";
import { makeSubmit } from "./submit.js";
import { noteSubmitted } from "./submitted.js";
import { createStore, hasMask, initialState } from "./store.js";
import { createSync, request } from "./sync.js";
import { announceTab } from "./tabs.js";
import { makeToolbar } from "./toolbar.js";
import { makeTools } from "./tools.js";
import { createView } from "./view.js";

/** What lies outside the page: whom it asks and where it goes when the case is handed in. Practice has its own.
 * @typedef {{ask: typeof request, leave: (url: string, position: number, answer: import("./sync.js").Submitted) => void}} Outside */

/** @param {Boot} boot @param {Picture} picture @param {Start} start @param {Drafts} drafts
 * @param {Partial<Outside>} [outside] */
export function buildPage(boot, picture, start, drafts, { ask = request, leave = leaveFor } = {}) {
  const { settings, change } = loadSettings(boot.user.id, { stored: boot.settings, send: settingsWay(boot, ask) });
  const store = createStore(beginning(boot, start, settings));
  const { state } = store;
  const sync = createSync({ ...boot, reading: { ...boot.reading, version: start.version } }, store, drafts, start.left, ask);
  const element = byId("stage");
  const view = createView(layers(), store, picture);
  keepMeasured(store, boot);

  const form = makeForm(byId("questions"), boot, store);
  for (const [code, row] of makeJudgement(byId("judgement"), { boot, store, light: form.light })) {
    form.rows.set(code, row);
  }
  const dock = makeDock(boot, store, { light: form.light, keyOf: (id) => withKeys(actions, settings.keys).find((a) => a.id === id)?.keys[0] });
  const tools = makeTools(store, (line) => askLength(store, dock, line));
  const submit = makeSubmit(boot, store, sync, { dock, form, leave });
  const logIn = makeLogin(sync);

  const actions = makeActions(store, {
    stage: view.stage,
    inForm: () => byId("form").contains(document.activeElement),
    nextQuestion: form.step,
    nextOpen: form.nextOpen,
    unanswer: form.unanswer,
    keepAnswers: dock.keepAnswers,
    lookAgain: dock.lookAgain,
    definition: form.toggleMore,
    submit,
    help: () => help.open(),
    theme: () => setTheme(settings.theme === "room" ? "paper" : "room"),
    cancel: () => cancel(),
    exactScale: Boolean(boot.image.spacing),
  });
  const help = makeHelp(actions, settings, (patch) => {
    change(patch);
    if (patch.keys) {
      toolbar.relabel();
      dock.relabel();
    }
    layOut();
  });
  const toolbar = makeToolbar(byId("tools"), actions, store, () => withKeys(actions, settings.keys));
  listenToPointers(element, store, {
    tools,
    stage: view.stage,
    fingerDraws: () => settings.fingerDraws,
    resizeBrush: (by) => actions.find(({ id }) => id === (by > 0 ? "brush.grow" : "brush.shrink"))?.run(),
  });
  listenToKeys(element, store, {
    actions,
    tools,
    digit: (n) => (dock.isAsking() ? dock.digit(n) : form.digit(n)),
    singleKeys: () => settings.singleKeys,
    remap: () => settings.keys,
  });
  makeStatus(boot, store, sync, {
    keepMine: () => void keepMine(),
    takeTheirs: () => void takeTheirs(),
    takeOver: () => void takeOver(),
    logIn,
    leave: () => location.assign(boot.assignment.worklist_url),
  });
  let before = "";
  sync.subscribe(({ save }) => {
    // asked once: who puts it off is told by the strip, and goes on reading
    if (save === "expired" && before !== "expired") logIn();
    before = save;
  });
  for (const [id, run] of /** @type {[string, () => void][]} */ ([["submit", submit], ["open-link", form.nextOpen],
    ["help-button", () => help.open()], ["theme-button", () => setTheme(settings.theme === "room" ? "paper" : "room")]])) {
    byId(id).addEventListener("click", run);
  }
  const tab = announceTab(`${boot.user.id}/${boot.assignment.id}`, {
    onHeld: () => pause(),
    onTaken: () => Promise.race([sync.flush(), new Promise((done) => setTimeout(done, 1500))]).then(pause),
  });
  const activity = watchActivity(sync.report);
  store.subscribe((_, { keys }) => {
    if (keys.has("brushSize") || keys.has("fillOpacity")) {
      change({ brushSize: state.brushSize, fillOpacity: state.fillOpacity });
    }
  });
  setTheme(settings.theme);
  layOut();
  form.light(openQuestions(boot.form, state.said, hasMask(state))[0] ?? "call");
  fitToStage(element, store, view);
  offerOlder();
  dock.relabel();
  if (!drafts.keeps) sync.say({ code: "not_kept" });
  if (state.frozen) sync.say({ save: "locked", code: "already_submitted" });
  void sync.flush();
  return { store, sync, activity, form, actions: () => withKeys(actions, settings.keys) };

  function pause() {
    store.set({ frozen: "passive" });
    sync.say({ save: "passive" });
  }

  /** What the other tab had is read anew from server and browser, for which the line is needed. */
  async function takeOver() {
    if (!(await sync.isReachable())) return sync.say({ code: "takeover_offline" });
    await tab.takeOver();
    location.reload();
    return undefined;
  }

  async function takeTheirs() {
    const { current } = sync.status;
    if (!current) return;
    take(store, await stateOf(boot, current));
    await sync.resume(current.version);
  }

  /** Mine on top of theirs: theirs is one undo away, as mine is when theirs is taken. */
  async function keepMine() {
    const { current } = sync.status;
    if (!current) return;
    const mine = { mask: { ...state.mask, data: state.committed.slice() }, said: state.said };
    take(store, await stateOf(boot, current));
    take(store, mine);
    await sync.resume(current.version);
  }

  function offerOlder() {
    const kept = sync.offers().at(-1);
    if (!kept) return;
    const offer = opened(kept);
    const { pixels, answers } = compare(store, offer);
    const done = () => {
      dock.ask(null);
      void sync.settle(kept).then(offerOlder);
    };
    if (!pixels && !answers) return done();
    const when = new Date(offer.keptAt).toLocaleString();
    dock.ask({ id: "offer", title: t("offer_title", { when }), text: t("offer_text", { pixels, answers }), choices: [
      { label: t("offer_leave"), run: done, main: true },
      { label: t("offer_take"), run: () => { take(store, offer); done(); } }] });
    return undefined;
  }

  function cancel() {
    if (dock.isAsking()) dock.ask(null);
    tools[state.tool === "pan" ? "brush" : state.tool].cancel();
    store.set({ line: null, path: null, pointed: null, polygon: state.polygon?.closed ? state.polygon : null });
    if (document.activeElement instanceof HTMLElement && document.activeElement !== element) element.focus();
  }

  function layOut() {
    document.documentElement.dataset.form = settings.formLeft ? "left" : "right";
  }

  /** @param {"room" | "paper"} theme */
  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    change({ theme });
  }
}

/** @param {Boot} boot @param {typeof request} ask */
function settingsWay({ urls: { settings: url } }, ask) {
  if (!url) return undefined;
  return async (/** @type {unknown} */ settings) => (await ask("PUT", url, settings, {}, true))?.status === 204;
}

/** @type {Outside["leave"]} */
function leaveFor(url, position, { submitted_at }) {
  noteSubmitted(position, submitted_at);
  location.assign(url);
}

/** @param {Boot} boot @param {Start} start @param {import("./settings.js").Settings} settings */
function beginning(boot, start, settings) {
  const { mask, said, maskHistory, formHistory, polygon } = start;
  const spacing = spacingOf(boot, said);
  const state = initialState(mask, said, { view: { scale: 1, x: 0, y: 0 }, spacing, lit: null });
  return Object.assign(state, {
    maskHistory,
    formHistory,
    brushSize: settings.brushSize,
    fillOpacity: settings.fillOpacity,
    frozen: boot.reading.state === "submitted" ? "submitted" : null,
    polygon: polygon && { points: polygon, closed: false, added: null, held: null, value: /** @type {1} */ (1) },
    tool: /** @type {import("./store.js").ToolName} */ (polygon ? "polygon" : "brush"),
  });
}

function layers() {
  const [image, mask, marks] = ["image", "mask", "marks"].map((name) =>
    /** @type {HTMLCanvasElement} */ (byId(`canvas-${name}`)));
  return { image, mask, marks };
}

/** Area, diameters and hash follow every change of the mask; the scale follows a calibration.
 * @param {import("./store.js").Store} store @param {Boot} boot */
function keepMeasured(store, boot) {
  const { state } = store;
  async function remeasure() {
    const revision = state.maskRevision;
    const raster = { ...state.mask, data: state.committed };
    store.set({ geometry: measure(raster, state.spacing) });
    const hash = state.geometry ? await hashMask(raster) : null;
    if (revision === state.maskRevision) store.set({ maskHash: hash });
  }
  store.subscribe((_, { durable, form, mask, keys }) => {
    const spacing = form ? spacingOf(boot, state.said) : state.spacing;
    if (JSON.stringify(spacing) !== JSON.stringify(state.spacing)) {
      store.set({ spacing });
      void remeasure();
    } else if (durable && mask) soon();
    else if (mask && !keys.size) measureSoon();
  });
  let waiting = 0;
  /** After the frame that shows the stroke: the figures may come a moment later than the line. */
  function soon() {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      setTimeout(remeasure);
    });
  }
  let frame = 0;
  let cost = 0;
  let last = 0;
  let later = 0;
  /** While a stroke goes on the figures follow it, after the frame that shows it, but take no more than a tenth of the time;
   * the last change, which may be that the stroke was given up, is measured too. */
  function measureSoon() {
    clearTimeout(later);
    if (frame) return;
    const wait = last + 10 * cost + 60 - performance.now();
    if (wait > 0) {
      later = window.setTimeout(measureSoon, wait);
      return;
    }
    frame = requestAnimationFrame(() => setTimeout(() => {
      frame = 0;
      const began = performance.now();
      store.set({ geometry: measure(state.mask, state.spacing) });
      last = performance.now();
      cost = last - began;
    }));
  }
  void remeasure();
}
