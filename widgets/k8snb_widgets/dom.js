/**
 * What every widget builds its elements with: text becomes text nodes; nothing is ever parsed as HTML.
 */
let serial = 0;

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on…` are listeners; undefined, false and null are left out.
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}
