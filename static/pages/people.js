/** On the page of a new study: the people whom the chosen purpose asks for come first. The server puts them so for the
 * purpose it knows; here the order follows the choice. In the document itself, so that Tab goes as the eye does. */

/** @param {Document} page */
export function startPeople(page) {
  for (const list of page.querySelectorAll("[data-people]")) {
    const radios = page.getElementsByName(list.getAttribute("data-people") ?? "");
    for (const radio of radios) radio.addEventListener("change", () => follow(list, radio));
    for (const radio of radios) follow(list, radio); // a browser that goes back keeps its choice
  }
}

/** @param {Element} list @param {HTMLElement} radio */
function follow(list, radio) {
  if (!(radio instanceof HTMLInputElement) || !radio.checked) return;
  list.append(...inOrder([...list.children], radio.value));
}

/** Those who read for this purpose first, each part in the order it had.
 * @template {{getAttribute(name: string): string | null}} T
 * @param {T[]} groups @param {string} purpose @returns {T[]} */
export function inOrder(groups, purpose) {
  const rank = (/** @type {T} */ group) => {
    const reads = (group.getAttribute("data-reads") ?? "").split(" ");
    return reads.includes(purpose) ? (reads.length > 1 ? 1 : 0) : 2;
  };
  return [...groups].sort((a, b) => rank(a) - rank(b));
}
