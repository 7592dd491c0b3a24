/** Two tabs on one case: the second is told and waits; it may take over, and then the first one waits.
 * The server's version check is the guard; this is the courtesy before it. */

import { atEnd } from "./life.js";

/** @param {string} caseKey user and assignment @param {{onHeld: () => void, onTaken: () => Promise<void>}} rest
 *   `onHeld`: another tab has it; `onTaken`: another tab takes it from here (send what is unsent, then wait)
 * @returns {{takeOver: () => Promise<void>}} */
export function announceTab(caseKey, { onHeld, onTaken }) {
  if (!("BroadcastChannel" in window)) return { takeOver: async () => {} };
  const channel = new BroadcastChannel(`lymphus-reading/${caseKey}`);
  atEnd(() => channel.close());
  let holds = true;
  /** @type {(() => void) | null} */
  let released = null;

  channel.onmessage = async ({ data }) => {
    if (data === "hello" && holds) channel.postMessage("held");
    if (data === "held" && holds) {
      holds = false;
      onHeld();
    }
    if (data === "take" && holds) {
      holds = false;
      await onTaken();
      channel.postMessage("released");
    }
    if (data === "released") released?.();
  };
  channel.postMessage("hello");
  return {
    async takeOver() {
      const answered = new Promise((resolve) => (released = () => resolve(undefined)));
      channel.postMessage("take");
      await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 2000))]);
    },
  };
}
