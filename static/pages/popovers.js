/** The browser's own popovers, put beside the control that opens them and kept inside the window. */

const GAP_PX = 6;

/**
 * @param {{ left: number, top: number, right: number, bottom: number }} opener in window px
 * @param {{ width: number, height: number }} box
 * @param {{ width: number, height: number }} view
 * @returns {{ left: number, top: number }} below the opener if there is room, else above, else beside; never outside
 */
export function place(opener, box, view) {
  const below = opener.bottom + GAP_PX;
  const above = opener.top - GAP_PX - box.height;
  const lowest = view.height - box.height - GAP_PX;
  const beside = below > lowest && above < 0;
  const top = below <= lowest ? below : beside ? lowest : above;
  const left = Math.min(beside ? opener.right + GAP_PX : opener.left, view.width - box.width - GAP_PX);
  return { left: Math.max(GAP_PX, left), top: Math.max(GAP_PX, top) };
}

/** @param {HTMLElement} box */
function putBeside(box) {
  const opener = document.querySelector(`[popovertarget="${CSS.escape(box.id)}"]`);
  if (!opener) return;
  const view = { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight };
  const { left, top } = place(opener.getBoundingClientRect(), box.getBoundingClientRect(), view);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

/** @param {Document} page */
export function startPopovers(page) {
  // toggle does not bubble: listen on the way down, so that popovers made later are met too
  page.addEventListener(
    "toggle",
    (event) => {
      const box = event.target;
      if (event instanceof ToggleEvent && event.newState === "open" && box instanceof HTMLElement && box.popover) {
        putBeside(box);
      }
    },
    true,
  );
}
