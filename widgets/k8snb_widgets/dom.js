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

/**
 * Let a view rest, and say why, once its kernel was restarted: it still shows, and nobody listens any more. That is the
 * only time that JupyterLab changes whether the comm of a model is live.
 * @param {any} model @param {HTMLElement} root @param {string} text
 * @returns {() => void} stops watching
 */
function resting(model, root, text) {
  const stop = () => model.off("comm_live_update", heard);
  const heard = () => {
    stop();
    for (const one of root.children) one.inert = true;
    root.prepend(h("p", { role: "alert", class: "fail" }, text));
  };
  model.on("comm_live_update", heard);
  return stop;
}
