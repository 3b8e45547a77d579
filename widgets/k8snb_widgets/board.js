/**
 * The assessment board. It shows what its Python side tells it, and asks only for what a person clicked on.
 * Every text becomes a text node; nothing is ever parsed as HTML.
 */
const ROW = 32;
const AHEAD = 20;
const FACETS = { chapter: "Chapter", control: "Control", namespace: "Namespace" };
const GROUPS = { "": "Not grouped", control: "By control", namespace: "By namespace", severity: "By severity", subject: "By subject" };
const COLUMNS = ["Verdict", "Severity", "Control", "Subject", "What was seen"];
/** @type {Record<string, string>} Labels in the language in use, by their English. */
let labels = {};
/** @param {string} text @param {Record<string, unknown>} [values] what stands for `{name}` */
const t = (text, values = {}) => (labels[text] ?? text).replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));

/** Text in which `backticks` mark code. @param {string} text */
const prose = (text) => text.split("`").map((part, at) => (at % 2 ? h("code", {}, part) : part));
const verdict = (marks, name, word = "") =>
  h("span", { class: `v ${marks[name].colour}` }, h("span", { "aria-hidden": "true" }, marks[name].symbol), ` ${word || marks[name].word}`);
const severity = (word) => h("span", { class: `c ${word}`, style: `background:var(--${word})` }, t(word));

/** A score with its doubt. */
function bar(score) {
  const low = h("i", { class: "lo" });
  const open = h("i", { class: "un" });
  low.style.width = `${score.low}%`;
  open.style.width = `${score.high - score.low}%`;
  return h("div", { class: "score" }, h("span", {}, score.name), h("b", {}, score.text),
    h("div", { class: "bar", role: "img", "aria-label": `${score.name}: ${score.told}`, title: score.told }, low, open));
}

/** The detail of a finding. */
function detailOf(detail, marks, id, ask) {
  const heading = h("h3", { id: `${id}-heading`, tabindex: "-1" }, ...prose(detail.title || detail.control));
  const close = h("button", { type: "button", class: "close", onclick: () => ask({ ask: "select", id: "" }) }, t("Close"));
  const about = h("p", {}, verdict(marks, detail.verdict), " ", severity(detail.severity), " ", h("b", {}, detail.subject),
    detail.pods === null ? "" : h("small", {}, ` ${t(detail.pods === 1 ? "{count} pod" : "{count} pods", { count: detail.pods })}`));
  const told = h("div", { class: "told" },
    h("p", {}, ...prose(detail.message)), evidence(detail),
    detail.answer ? h("p", { class: "acts" }, h("button", { type: "button", "data-do": "answer", onclick: (event) => answer(event, detail.id, ask) }, detail.answer)) : null,
    h("div", { "data-part": "remediation" }, ...remedyOf(detail.remedy, ask)),
    ...section(t("Why it matters"), detail.why), ...section(t("How to fix"), detail.fix),
    detail.caution ? h("p", { class: "s" }, `${t("Caution")}: `, ...prose(detail.caution)) : null,
    ...references(detail.references), ...others(detail.others, marks, ask),
    h("p", { class: "s" }, detail.notes.join(" · ")));
  const objects = h("div", { class: "objects" }, ...detail.manifests.map(manifest));
  return [h("header", {}, heading, close), h("p", { class: "s" }, `${detail.chapter} · `, h("code", {}, detail.control)), about,
    h("div", { class: "pair" }, told, detail.manifests.length ? objects : null)];
}

/** Begin an entry about a finding in the notebook's editor, and go there. */
function answer(event, id, ask) {
  ask({ ask: "answer", id });
  const forms = (event.target.closest(".jp-Notebook") ?? document).querySelectorAll(".k8snb-form:not(.k8snb-chooser) .who input");
  forms[forms.length - 1]?.focus();
}

const section = (title, text) => (text ? [h("h4", {}, title), h("p", {}, ...prose(text))] : []);

function evidence(detail) {
  const items = detail.evidence.map((one) => h("li", {}, h("code", {}, one.at), ` ${t("is")} `, h("code", {}, one.observed),
    `, ${t("expected")} `, ...prose(one.expected), one.source === "object" ? null : h("small", {}, ` (${t(one.source)})`)));
  return h("ul", { class: "evidence" }, ...items, detail.more ? h("li", {}, t("… and {count} more", { count: detail.more })) : null);
}

function references(pairs) {
  if (!pairs.length) return [];
  const terms = pairs.flatMap(([name, ids]) => [h("dt", {}, name), h("dd", {}, ids)]);
  return [h("h4", {}, t("Where else the rule stands")), h("dl", {}, ...terms)];
}

function others(found, marks, ask) {
  if (!found.length) return [];
  const items = found.map((one) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => ask({ ask: "select", id: one.id }) },
    verdict(marks, one.verdict), " ", one.title || one.control)));
  return [h("h4", {}, t("Also on this subject")), h("ul", { class: "others" }, ...items)];
}

function manifest(one) {
  const lines = one.lines.map((line) => {
    const text = line.text || " ";
    if (!line.marked) return h("span", { class: "line" }, `${text}\n`);
    return h("mark", { class: line.absent ? "line absent" : "line" }, text, line.note ? h("span", { class: "note" }, ` ← ${line.note}`) : null, "\n");
  });
  const left = one.left_out ? h("p", { class: "s" }, t("{count} more lines of it are left out.", { count: one.left_out })) : null;
  return h("figure", {}, h("figcaption", {}, one.name, h("small", {}, ` ${t("as far as it was read")}`)),
    h("pre", { tabindex: "0", role: "region", "aria-label": t("YAML of {name}", { name: one.name }) }, ...lines), left);
}

class View {
  constructor(model, el) {
    this.id = `k8snb-${(serial += 1)}-${Math.random().toString(36).slice(2, 8)}`;
    this.model = model;
    this.active = 0;
    this.rows = new Map();
    this.asked = new Set();
    this.told = null;
    this.shown = "";
    this.wantsFocus = false;
    this.ask = (request) => {
      if (request.ask === "fix" || request.ask === "take back") this.doing(t("Asking the cluster …"));
      model.send(request);
    };
    this.build();
    el.append(this.root);
    this.unwatch = resting(model, this.root, t("The kernel was restarted: run the cell again."));
    this.heard = (message) => this.hear(message);
    this.key = (event) => this.pressed(event);
    model.on("msg:custom", this.heard);
    window.addEventListener("keydown", this.key, { capture: true });
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.list);
    this.ask({ ask: "look" });
  }

  stop() {
    this.unwatch();
    this.model.off("msg:custom", this.heard);
    window.removeEventListener("keydown", this.key, { capture: true });
    this.sized.disconnect();
    clearTimeout(this.timer);
  }

  build() {
    this.scores = h("div", { class: "scores" });
    this.chips = {
      status: h("div", { class: "chips", role: "group", "aria-label": t("Verdicts") }),
      severity: h("div", { class: "chips", role: "group", "aria-label": t("Severities") }),
    };
    this.search = h("input", { type: "search", placeholder: t("Search findings"), "aria-label": t("Search findings"), maxlength: "200", autocomplete: "off", spellcheck: "false", oninput: () => this.typed() });
    this.selects = Object.fromEntries(Object.entries(FACETS).map(([facet, title]) =>
      [facet, h("select", { "aria-label": t(title), onchange: (event) => this.ask({ ask: "choose", facet, values: event.target.value === "all" ? [] : [event.target.value.slice(1)] }) })]));
    this.group = h("select", { "aria-label": t("Group by"), onchange: (event) => this.ask({ ask: "group", by: event.target.value }) },
      ...Object.entries(GROUPS).map(([value, label]) => h("option", { value }, t(label))));
    this.reset = h("button", { type: "button", onclick: () => this.ask({ ask: "reset" }) }, t("Show all"));
    this.status = h("p", { role: "status", "aria-live": "polite", class: "found" });
    this.trouble = h("p", { role: "alert", class: "fail" });
    this.head = h("div", { class: "row head", role: "row" }, ...COLUMNS.map((title) => h("span", { role: "columnheader" }, t(title))));
    this.space = h("div", { class: "space", role: "rowgroup" });
    this.list = h("div", { class: "list", role: "treegrid", tabindex: "0", "aria-label": t("Findings"), "aria-colcount": COLUMNS.length, onscroll: () => this.draw() },
      h("div", { role: "rowgroup", class: "top" }, this.head), this.space);
    this.detail = h("section", { class: "detail", "aria-labelledby": `${this.id}-heading`, hidden: true });
    this.help = h("p", { class: "s keys" }, t("Arrow keys move, Enter opens, Escape closes, / searches."));
    this.root = h("div", { class: "k8snb k8snb-live", role: "group", "aria-label": t("Assessment board") }, this.scores,
      h("div", { class: "filters", role: "search", "aria-label": t("Filters") }, this.chips.status, this.chips.severity,
        h("div", { class: "fields" }, this.search, ...Object.values(this.selects), this.group, this.reset)),
      h("div", { class: "line-up" }, this.status, this.help), this.trouble, h("div", { class: "body" }, this.list, this.detail));
  }

  hear(message) {
    if (message.tell === "state") this.take(message);
    if (message.tell === "trouble") {
      this.trouble.textContent = message.text;
      this.showDetail();
    }
    if (message.tell === "progress") this.doing(message.text);
    if (message.tell === "rows") {
      message.rows.forEach((row, at) => this.rows.set(message.start + at, row));
      this.draw();
    }
  }

  /** Take over a whole state. */
  take(told) {
    const first = this.told === null;
    const filtered = first || JSON.stringify({ ...this.told.state, selected: "" }) !== JSON.stringify({ ...told.state, selected: "" });
    this.told = told;
    this.trouble.textContent = "";
    this.rows = new Map(told.rows.map((row, at) => [at, row]));
    this.asked = new Set();
    this.scores.replaceChildren(...told.scores.map(bar));
    for (const facet of ["status", "severity"]) this.fillChips(facet);
    for (const facet of Object.keys(FACETS)) this.fillSelect(facet);
    this.group.value = told.state.group;
    if (document.activeElement !== this.search) this.search.value = told.state.text;
    if (this.status.textContent !== told.found) this.status.textContent = told.found;
    this.list.setAttribute("aria-rowcount", String(told.lines + 1));
    this.space.style.height = `${told.lines * ROW}px`;
    if (filtered) this.active = Math.max(0, told.at >= 0 ? told.at : this.regroup(first));
    this.active = Math.min(this.active, Math.max(0, told.lines - 1));
    if (first && told.at >= 0) this.reveal();
    this.draw();
    this.showDetail();
  }

  /** Where to stand after the list changed: a group that was opened or closed keeps its place. */
  regroup(first) {
    return !first && this.keeps ? this.active : 0;
  }

  fillChips(facet) {
    const { marks, state, facets } = this.told;
    const focused = this.chips[facet].contains(document.activeElement) ? document.activeElement.dataset.value : null;
    const chips = facets[facet].map(({ value, label, count }) => {
      const on = state[facet].includes(value);
      const values = on ? state[facet].filter((one) => one !== value) : [...state[facet], value];
      const face = facet === "status" ? verdict(marks, value, label) : severity(value);
      return h("button", { type: "button", class: count || on ? "chip" : "chip quiet", "data-value": value, "aria-pressed": String(on), onclick: () => this.ask({ ask: "choose", facet, values }) },
        face, h("small", {}, ` ${count.toLocaleString("en")}`));
    });
    this.chips[facet].replaceChildren(...chips);
    if (focused !== null) chips.find((one) => one.dataset.value === focused)?.focus();
  }

  fillSelect(facet) {
    const { state, facets } = this.told;
    const taken = state[facet];
    const several = taken.length > 1;
    this.selects[facet].replaceChildren(
      h("option", { value: "all" }, t("{filter}: all", { filter: t(FACETS[facet]) })),
      ...(several ? [h("option", { value: "several", disabled: true }, t("{count} chosen", { count: taken.length }))] : []),
      ...facets[facet].map(({ value, label, count }) => h("option", { value: `=${value}` }, `${label} (${count.toLocaleString("en")})`)));
    this.selects[facet].value = several ? "several" : taken.length ? `=${taken[0]}` : "all";
    this.selects[facet].hidden = facets[facet].length < 2 && !taken.length;
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask({ ask: "search", text: this.search.value }), 90);
  }

  /** Draw the lines that can be seen, and ask for those that are not there yet. */
  draw() {
    if (!this.told) return;
    const size = this.told.lines;
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW) - 4);
    const last = Math.min(size, first + Math.ceil(this.list.clientHeight / ROW) + 8);
    const drawn = [];
    for (let at = first; at < last; at += 1) drawn.push(this.row(at));
    this.space.replaceChildren(...drawn);
    const seen = this.active >= first && this.active < last;
    if (seen && size) this.list.setAttribute("aria-activedescendant", `${this.id}-${this.active}`);
    else this.list.removeAttribute("aria-activedescendant");
    this.fetch(first, last);
  }

  fetch(first, last) {
    let start = first;
    while (start < last && this.rows.has(start)) start += 1;
    if (start >= last || this.asked.has(start)) return;
    this.asked.add(start);
    const from = Math.max(0, start - AHEAD);
    this.ask({ ask: "rows", start: from, count: last - from + AHEAD });
  }

  row(at) {
    const row = this.rows.get(at);
    const current = at === this.active;
    const place = { id: `${this.id}-${at}`, role: "row", "aria-rowindex": at + 2, style: `top:${at * ROW}px`, onclick: () => this.clicked(at) };
    if (!row) return h("div", { ...place, class: "row" }, h("span", { role: "gridcell", class: "s" }, "…"));
    if (row.group !== undefined) {
      return h("div", { ...place, class: `row group${current ? " active" : ""}`, "aria-expanded": String(row.opened), "aria-level": 1 },
        h("span", { role: "gridcell", "aria-colspan": COLUMNS.length }, h("span", { class: "fold", "aria-hidden": "true" }, row.opened ? "▾" : "▸"),
          h("b", {}, row.label), h("small", {}, ` ${row.count.toLocaleString("en")}`), row.failing && row.failing !== row.count ? h("small", { class: "fail" }, ` ${t("{count} fail", { count: row.failing.toLocaleString("en") })}`) : null));
    }
    const selected = row.id === this.told.state.selected;
    const cell = (name, text, ...children) => h("span", { role: "gridcell", class: name, title: text || undefined }, ...(children.length ? children : [text]));
    return h("div", { ...place, class: `row${current ? " active" : ""}`, "aria-selected": String(selected), "aria-level": this.told.state.group ? 2 : 1 },
      cell("verdict", "", verdict(this.told.marks, row.verdict), row.done ? h("small", {}, ` ${row.done}`) : null), cell("", "", severity(row.severity)),
      cell("control", row.control), cell("subject", row.subject), cell("seen", row.message));
  }

  clicked(at) {
    this.active = at;
    this.list.focus({ preventScroll: true });
    this.enter(false);
  }

  /** Open what is active: a group, or the detail of a finding. */
  enter(focus) {
    const row = this.rows.get(this.active);
    if (!row) return;
    this.keeps = row.group !== undefined;
    if (this.keeps) this.ask({ ask: "open", group: row.group, opened: !row.opened });
    else if (row.id === this.told.state.selected) focus && this.detail.querySelector("h3")?.focus();
    else {
      this.wantsFocus = focus;
      this.ask({ ask: "select", id: row.id });
    }
    this.draw();
  }

  showDetail() {
    const { detail, marks } = this.told;
    const inside = this.detail.contains(document.activeElement);
    if ((detail?.id ?? "") === this.shown) {
      if (detail) this.showRemedy(detail.remedy);
      return;
    }
    this.shown = detail?.id ?? "";
    this.detail.hidden = !detail;
    this.root.classList.toggle("with-detail", Boolean(detail));
    this.fix = JSON.stringify(detail?.remedy);
    this.detail.replaceChildren(...(detail ? detailOf(detail, marks, this.id, this.ask) : []));
    this.detail.querySelectorAll("pre").forEach((one) => {
      const mark = one.querySelector("mark");
      if (mark) one.scrollTop = mark.offsetTop - 72;
    });
    if (detail && (this.wantsFocus || inside)) this.detail.querySelector("h3").focus();
    if (!detail && inside) this.list.focus();
    this.wantsFocus = false;
    this.draw();
  }

  /** Show how the fix stands; who pressed a button there keeps a place. */
  showRemedy(fix) {
    const told = JSON.stringify(fix);
    const panel = this.detail.querySelector("[data-part=remediation]");
    if (told === this.fix && !panel.hasAttribute("aria-busy")) return;
    this.fix = told;
    const act = panel.contains(document.activeElement) ? document.activeElement.dataset.do : undefined;
    panel.removeAttribute("aria-busy");
    panel.replaceChildren(...remedyOf(fix, this.ask));
    if (act !== undefined || this.acted) (panel.querySelector(`[data-do="${act}"]:enabled`) ?? panel.querySelector("h4"))?.focus();
    this.acted = false;
  }

  /** A step takes a while: its buttons rest, and progress is told. */
  doing(text) {
    const panel = this.detail.querySelector("[data-part=remediation]");
    if (!panel) return;
    this.acted = this.acted || panel.contains(document.activeElement);
    panel.setAttribute("aria-busy", "true");
    panel.querySelectorAll("button").forEach((one) => { one.disabled = true; });
    panel.querySelector(".doing").textContent = text;
  }

  reveal() {
    const top = this.active * ROW;
    const height = this.list.clientHeight - this.head.offsetHeight;
    if (top < this.list.scrollTop) this.list.scrollTop = top;
    else if (top + ROW > this.list.scrollTop + height) this.list.scrollTop = top + ROW - height;
  }

  /** Keys that belong to the board do not reach the notebook, whose one-key commands would cut or run cells. */
  pressed(event) {
    if (!this.root.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    event.stopPropagation();
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    const done = event.target === this.list ? this.moved(event) : false;
    if (done || (event.key === "Escape" && this.escaped(event.target)) || (event.key === "/" && !typing && this.searched())) event.preventDefault();
  }

  moved(event) {
    const page = Math.max(1, Math.floor(this.list.clientHeight / ROW) - 2);
    const last = this.told ? this.told.lines - 1 : 0;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -last, End: last }[event.key];
    if (by !== undefined) {
      this.active = Math.max(0, Math.min(last, this.active + by));
      this.reveal();
      this.draw();
      return true;
    }
    const row = this.rows.get(this.active);
    const folds = row?.group !== undefined && ((event.key === "ArrowRight" && !row.opened) || (event.key === "ArrowLeft" && row.opened));
    if (event.key === "Enter" || event.key === " " || folds) this.enter(true);
    return event.key === "Enter" || event.key === " " || folds;
  }

  escaped(target) {
    if (target === this.search && this.search.value) {
      this.search.value = "";
      this.typed();
    } else if (this.told?.state.selected) {
      this.ask({ ask: "select", id: "" });
      this.list.focus();
    } else return false;
    return true;
  }

  searched() {
    this.search.focus();
    return true;
  }
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  labels = model.get("labels");
  const view = new View(model, el);
  return () => view.stop();
}

export default { render };
