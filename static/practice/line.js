/** The line of the practice case: it answers as the server would, from this page alone, and can be cut. */

/** @typedef {typeof import("../reading/sync.js").request} Ask */

/** @returns {{ask: Ask, cut: () => void, mend: () => void}} */
export function makeLine() {
  let down = false;
  let version = 0;

  /** @type {Ask} */
  async function ask(method, url, body) {
    if (down) return null;
    if (method === "PUT") {
      version += 1;
      const { mask_sha256 } = /** @type {{mask_sha256: string | null}} */ (body);
      return json({ version, mask_sha256, saved_at: now(), missing: [] });
    }
    if (url === "submit") return json({ state: "submitted", submitted_at: now(), next_url: null, feedback_url: null });
    return json({});
  }

  return {
    ask,
    cut: () => void (down = true),
    mend() {
      down = false;
      window.dispatchEvent(new Event("online")); // what waits is sent at once, as after a real one
    },
  };
}

const now = () => new Date().toISOString();

/** @param {Record<string, unknown>} answer */
function json(answer) {
  return new Response(JSON.stringify(answer), { status: 200, headers: { "Content-Type": "application/json" } });
}
