/** A diameter's row: typed in mm where the scale is known, measured by calipers, or taken from the mask as proposed.
 * @import {Answer, Feature} from "./types.js"
 * @import {State} from "./store.js"
 * @import {Row, RowContext} from "./form-view.js" */
import { MAX, diameterOf, isStale } from "./answers.js";
import { h, icon, setText, t } from "./dom.js";
import { frame } from "./form-view.js";

/** @param {Feature} feature @param {RowContext} context @returns {Row} */
export function diameterRow(feature, context) {
  const { store, answer } = context;
  const { state } = store;
  const unit = h("span", { class: "unit" });
  let taken = false; // Enter has taken what is typed: the field says "change" once more when it is left
  const input = h("input", { class: "number", type: "text", inputmode: "decimal", autocomplete: "off",
    "aria-labelledby": `q-${feature.code}`, onchange: () => !taken && type(input.value), onkeydown: onKey });
  const note = h("span", { class: "note" });
  const propose = h("button", { type: "button", class: "propose", onclick: accept },
    h("kbd", { class: "digit" }, "1"), " ", h("span", {}));
  const toggleCannot = () => answer(feature, state.said.answers[feature.code]?.cannot_assess ? null : { cannot_assess: true });
  const cannot = h("button", { type: "button", class: "cannot", "aria-pressed": "false", onclick: toggleCannot,
    title: t("cannot_assess") }, h("span", { class: "only-heard" }, `0 ${t("cannot_assess")}`), icon("eye-off"));
  const control = h("span", { class: "measure" }, h("span", { class: "field" }, input, unit), propose, note);
  const { element, note: under } = frame(feature, context, control, cannot, "group");

  /** @param {string} text */
  function type(text) {
    const mm = Number(text.trim().replace(",", "."));
    if (!text.trim()) answer(feature, null);
    else if (Number.isFinite(mm) && mm > 0) answer(feature, { value: { mm } });
    else update(state);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.key !== "Enter" || event.ctrlKey) return;
    event.preventDefault();
    taken = Boolean(input.value.trim());
    if (taken) type(input.value); // while focus is here: it goes on with the light, as after a digit
    taken = false;
    if (document.activeElement !== input) return;
    input.blur();
    context.light(feature.code);
  }

  /** @returns {Answer | null} */
  function proposal() {
    const extent = state.geometry && (feature.code === MAX ? state.geometry.max : state.geometry.min);
    if (!extent || !state.maskHash) return null;
    return { value: { points: extent.line }, proposed: true, mask_sha256: state.maskHash };
  }

  function accept() {
    const proposed = proposal();
    if (proposed) answer(feature, proposed);
  }

  /** @param {State} now */
  function update({ said, spacing, maskHash, frozen }) {
    const { no_node } = said;
    const given = said.answers[feature.code];
    const length = diameterOf(given, spacing);
    const offered = proposal();
    const stale = isStale(given, maskHash);
    if (document.activeElement !== input) input.value = length ? length.length.toFixed(1) : "";
    input.readOnly = !spacing || no_node || Boolean(frozen);
    setText(unit, length?.unit ?? (spacing ? "mm" : "px"));
    element.classList.toggle("is-done", Boolean(given) && !no_node);
    element.classList.toggle("is-not-asked", no_node);
    element.classList.toggle("is-stale", stale && !no_node);
    element.classList.toggle("is-unassessable", Boolean(given?.cannot_assess) && !no_node);
    cannot.setAttribute("aria-pressed", String(Boolean(given?.cannot_assess)));
    cannot.disabled = no_node || Boolean(frozen);
    setText(under, no_node ? "" : stale ? t("mask_changed") : given?.cannot_assess ? t("cannot_assess") : "");
    propose.hidden = !offered || no_node || Boolean(frozen) || (Boolean(given) && !stale);
    const offeredLength = offered && diameterOf(offered, spacing);
    if (offeredLength) {
      setText(propose.children[1], t(stale ? "take_now" : "take_from_mask", { length: offeredLength.length.toFixed(1), unit: offeredLength.unit }));
    }
    setText(note, no_node ? t("not_asked", { value: t("no_node_short") }) : noteOf(given, stale, Boolean(offered)));
  }

  return {
    element,
    update,
    focus: () => (input.readOnly ? propose.hidden ? cannot : propose : input).focus({ preventScroll: true }),
    digit(n) {
      if (state.said.no_node) return false;
      if (n === 0) toggleCannot();
      else if (n === 1 && proposal()) accept();
      else return false;
      return true;
    },
  };
}

/** @param {Answer | undefined} given @param {boolean} stale @param {boolean} offered @returns {string} */
function noteOf(given, stale, offered) {
  if (stale || given?.cannot_assess) return "";
  if (given?.proposed) return `✓ ${t("from_mask")}`;
  const value = given?.value;
  if (value && typeof value === "object") return "mm" in value ? t("typed") : t("by_calipers");
  return offered ? "" : t("measure_or_draw");
}
