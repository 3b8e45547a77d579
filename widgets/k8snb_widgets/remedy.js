
/**
 * The panel of a fix. Its texts and buttons come from the Python side, which is asked for a step by the id of the plan.
 * @param {any} fix @param {(request: object) => void} ask
 */
function remedyOf(fix, ask) {
  if (!fix) return [];
  const step = (button) => () => ask({ ask: "fix", do: button.do, plan: fix.plan, ...(button.cluster ? { cluster: button.cluster } : {}) });
  const buttons = fix.buttons.map((one) => h("button",
    { type: "button", class: one.main ? "main" : "", "data-do": one.do, disabled: Boolean(one.why), title: one.why, onclick: step(one) }, one.label));
  return [h("h4", { tabindex: "-1" }, fix.heading), ...fix.sections.flatMap(told),
    h("p", { role: "status", "aria-live": "polite", class: "doing" }, ...prose(fix.told)),
    h("p", { role: "alert", class: "fail" }, ...prose(fix.trouble)), h("p", { class: "acts" }, ...buttons), ...history(fix, ask)];
}

/** One thing that is said: sentences, or by its tone a difference, steps, or a file. */
function told(one) {
  if (one.tone === "difference") return [h("figure", {}, h("figcaption", {}, one.heading), code(one))];
  if (one.tone === "file") return [h("details", {}, h("summary", {}, one.heading), code(one))];
  const list = h(one.tone === "steps" ? "ol" : "ul", {}, ...one.lines.map((text) => h("li", {}, ...prose(text))));
  return one.heading ? [h("h5", { class: one.tone }, one.heading), list] : [list];
}

function code(one) {
  const kind = one.tone === "difference" ? { "+": "add", "-": "del", "@": "at" } : {};
  const lines = one.lines.map((text) => h("span", { class: `line ${kind[text[0]] ?? ""}` }, `${text || " "}\n`));
  return h("pre", { tabindex: "0", role: "region", "aria-label": one.heading }, ...lines);
}

function history(fix, ask) {
  if (!fix.history) return [];
  const back = (one) => h("button", { type: "button", "data-do": "back", onclick: () => ask({ ask: "take back", entry: one.id }) }, fix.history.label);
  const items = fix.history.entries.map((one) => h("li", {}, one.lines.join(" · "), " ", one.id ? back(one) : null));
  return [h("details", { class: "past" }, h("summary", {}, fix.history.title), h("ul", {}, ...items))];
}
