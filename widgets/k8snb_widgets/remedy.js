
/**
 * The panel of a fix. Its texts and buttons come from the Python side, which is asked for a step by the id of the plan.
 * @param {any} fix @param {(request: object) => void} ask
 */
function remedyOf(fix, ask) {
  if (!fix) return [];
  const step = (button) => () => ask({ ask: "fix", do: button.do, plan: fix.plan, ...(button.cluster ? { cluster: button.cluster } : {}) });
  const buttons = fix.buttons.map((one) => h("button",
    { type: "button", class: one.main ? "main" : "", "data-do": one.do, disabled: Boolean(one.why), title: one.why, onclick: step(one) }, one.label));
  const reasons = fix.buttons.filter((one) => one.why).map((one) => h("p", { class: "fail" }, ...prose(one.why)));
  return [h("h4", { tabindex: "-1" }, fix.heading),
    ...(fix.conflict ? [difference(fix.conflict)] : []), ...fix.steps.map(difference),
    ...fix.lists.flatMap((one) => [h("h5", {}, one.title), h("ul", {}, ...one.texts.map((text) => h("li", {}, ...prose(text))))]),
    ...fix.procedures.flatMap(procedure), ...reasons,
    h("p", { role: "status", "aria-live": "polite", class: "doing" }, ...prose(fix.told)),
    h("p", { role: "alert", class: "fail" }, ...prose(fix.trouble)), h("p", { class: "acts" }, ...buttons), ...history(fix, ask)];
}

function difference(one) {
  const kind = { "+": "add", "-": "del", "@": "at" };
  const lines = one.lines.map((text) => h("span", { class: `line ${kind[text[0]] ?? ""}` }, `${text || " "}\n`));
  return h("figure", {}, h("figcaption", {}, one.name, one.how ? h("small", {}, `, ${one.how}`) : null),
    h("pre", { tabindex: "0", role: "region", "aria-label": one.name }, ...lines));
}

function procedure(one) {
  const files = one.files.map(([name, lines]) => h("details", {}, h("summary", {}, name),
    h("pre", { tabindex: "0", role: "region", "aria-label": name }, ...lines.map((text) => h("span", { class: "line" }, `${text || " "}\n`)))));
  return [h("h5", {}, one.title), h("p", {}, ...prose(one.why)), h("ol", {}, ...one.steps.map((text) => h("li", {}, ...prose(text)))), ...files];
}

function history(fix, ask) {
  if (!fix.history) return [];
  const items = fix.history.entries.map((one) => h("li", {}, one.text, " ", one.id
    ? h("button", { type: "button", "data-do": "back", onclick: () => ask({ ask: "take back", entry: one.id }) }, fix.history.label) : null));
  return [h("details", { class: "past" }, h("summary", {}, fix.history.title), h("ul", {}, ...items))];
}
