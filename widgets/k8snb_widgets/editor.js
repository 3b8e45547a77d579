/** The editor of waivers and attestations. It asks for fields and for what a person clicked on; never for a file. */
const FIELDS = ["kind", "control", "subject", "status", "who", "why", "until"];

class EditorView extends Form {
  build() {
    const { words } = this;
    this.timers = new Map();
    this.inputs = {};
    this.wrong = {};
    const typed = (field) => ({
      "aria-describedby": `${this.id}-${field}-wrong`, autocomplete: "off", maxlength: this.told.most,
      oninput: () => this.typed(field), onchange: () => this.flush(),
    });
    this.kinds = ["waiver", "attestation"].map((kind) =>
      h("input", { type: "radio", name: `${this.id}-kind`, value: kind, onchange: () => this.ask({ ask: "kind", kind }) }));
    this.inputs.control = h("select", { "aria-describedby": `${this.id}-control-wrong`, onchange: (event) => this.ask({ ask: "control", id: event.target.value }) });
    this.inputs.subject = h("select", { "aria-describedby": `${this.id}-subject-wrong`, onchange: (event) => this.ask({ ask: "scope", value: event.target.value }) });
    this.inputs.status = h("select", { "aria-describedby": `${this.id}-status-wrong`, onchange: (event) => this.ask({ ask: "status", status: event.target.value }) });
    this.inputs.who = h("input", { type: "text", ...typed("who") });
    this.inputs.why = h("input", { type: "text", ...typed("why") });
    this.inputs.until = h("input", { type: "date", min: this.told.today, ...typed("until"), maxlength: undefined });
    this.covers = h("p", { role: "status", class: "found" });
    this.items = h("ul", { class: "plain", "aria-label": words.covered });
    this.note = h("p", { role: "status", class: "note" });
    this.preview = h("button", { type: "submit", class: "main" }, words.preview);
    this.file = h("section", { class: "file", "aria-labelledby": `${this.id}-file`, hidden: true });
    this.list = h("div", { class: "w" });
    this.rowOfStatus = this.field("status", words.status);
    const form = h("form", { "aria-label": words.new, novalidate: true, onsubmit: (event) => this.submitted(event) },
      h("fieldset", { class: "kinds" }, h("legend", {}, words.kind),
        ...this.kinds.map((input) => h("label", {}, input, " ", words[input.value]))),
      h("div", { class: "grid" }, this.field("control", words.control), this.field("subject", words.scope), this.rowOfStatus,
        this.field("who", words.who), this.field("until", words.until), this.field("why", words.why)),
      this.covers, this.items, h("div", { class: "acts" }, this.preview));
    return h("div", { class: "k8snb k8snb-form", role: "group", "aria-label": words.title },
      h("h3", {}, words.title), this.list, h("h4", {}, words.new), form, this.trouble, this.file, this.note);
  }

  field(name, label) {
    const id = `${this.id}-${name}`;
    this.inputs[name].id = id;
    this.wrong[name] = h("small", { class: "fail", id: `${id}-wrong` });
    return h("div", { class: `field ${name}` }, h("label", { for: id }, label), this.inputs[name], this.wrong[name]);
  }

  take(told) {
    const { draft, problems } = told;
    const { words } = this;
    for (const input of this.kinds) input.checked = input.value === draft.kind;
    fill(this.inputs.control, [{ value: "", label: words.choose }, ...told.controls], draft.control);
    fill(this.inputs.subject, told.scopes.map(({ value, label, count }) => ({ value, label: count < 2 ? label : `${label} (${count})` })), draft.subject);
    fill(this.inputs.status, [{ value: "", label: words.choose }, ...told.statuses], draft.status);
    this.rowOfStatus.hidden = draft.kind !== "attestation";
    for (const field of ["who", "why", "until"]) {
      const input = this.inputs[field];
      if (document.activeElement !== input && !this.timers.has(field) && input.value !== draft[field]) input.value = draft[field];
    }
    for (const field of FIELDS.filter((one) => one in this.wrong)) {
      say(this.wrong[field], problems[field] ?? "");
      this.inputs[field].toggleAttribute("aria-invalid", false);
      if (problems[field]) this.inputs[field].setAttribute("aria-invalid", "true");
    }
    say(this.covers, told.covers.told);
    this.items.hidden = !told.covers.items.length;
    this.items.replaceChildren(...told.covers.items.map((one) => h("li", {},
      h("span", { class: `v ${one.colour}` }, h("span", { "aria-hidden": "true" }, one.symbol), ` ${one.verdict}`), " ", h("b", {}, one.subject), " ", h("small", {}, one.message))));
    say(this.note, told.note);
    this.showFile(told.proposal);
    this.showEntries(told.entries);
    if (this.submitting && Object.keys(problems).length) this.inputs[FIELDS.find((one) => problems[one])]?.focus();
    this.submitting = false;
  }

  typed(field) {
    clearTimeout(this.timers.get(field));
    this.timers.set(field, setTimeout(() => this.flush(field), 250));
  }

  /** Send what was typed and not sent yet. */
  flush(only) {
    for (const [field, timer] of [...this.timers]) {
      if (only && field !== only) continue;
      clearTimeout(timer);
      this.timers.delete(field);
      this.ask({ ask: "write", field, value: this.inputs[field].value });
    }
  }

  submitted(event) {
    event.preventDefault();
    this.flush();
    this.submitting = true;
    this.wantsFile = true;
    this.ask({ ask: "preview" });
  }

  showFile(proposal) {
    const key = JSON.stringify(proposal);
    if (key === this.shownFile) return;
    this.shownFile = key;
    const inside = this.file.contains(document.activeElement);
    this.file.hidden = !proposal;
    this.file.replaceChildren(...(proposal ? this.fileOf(proposal) : []));
    if (proposal && this.wantsFile) this.file.querySelector("h4").focus();
    if (!proposal && inside) this.preview.focus();
    this.wantsFile = false;
  }

  fileOf(proposal) {
    const { words } = this;
    const marks = { "+": ["ins", words.added], "-": ["del", words.removed] };
    const lines = proposal.lines.map(({ change, text }) => {
      const [tag, name] = marks[change] ?? ["span", ""];
      return h(tag, { class: "line", title: name || undefined }, `${change || " "} ${text}\n`);
    });
    return [
      h("h4", { id: `${this.id}-file`, tabindex: "-1" }, `${words.file}: `, h("code", {}, proposal.path)),
      h("p", {}, proposal.what),
      h("pre", { tabindex: "0", role: "region", "aria-label": proposal.path }, ...lines),
      h("div", { class: "acts" },
        h("button", { type: "button", class: "main save", onclick: () => this.ask({ ask: "save" }) }, `${words.save} ${proposal.path}`),
        h("button", { type: "button", onclick: () => this.ask({ ask: "cancel" }) }, words.cancel)),
    ];
  }

  showEntries(entries) {
    const { words } = this;
    const key = JSON.stringify(entries);
    if (key === this.shownEntries) return;
    this.shownEntries = key;
    if (!entries.length) {
      this.list.replaceChildren(h("p", { class: "s" }, words.none));
      return;
    }
    const head = [words.control, words.subject, words.by, words.why, words.day, words.covers];
    const rows = entries.map((one) => h("tr", { role: "row", class: one.state },
      h("th", { scope: "row", role: "rowheader" }, h("code", { title: one.title || undefined }, one.control), " ", h("small", {}, one.kind)),
      ...[one.subject, one.who, one.why].map((text, at) => h("td", { role: "cell", "data-title": head[at + 1] }, text)),
      h("td", { role: "cell", "data-title": words.day }, one.until, " ", h("small", { class: one.state ? "fail" : "" }, one.left)),
      h("td", { role: "cell", "data-title": words.covers }, one.covers, " ", one.ends && h("button", { type: "button", "aria-label": `${words.end} ${one.control} ${one.subject}`, onclick: () => this.end(one.id) }, words.end))));
    this.list.replaceChildren(h("table", { role: "table", "aria-label": words.entries },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...head.map((title) => h("th", { scope: "col", role: "columnheader" }, title)))), h("tbody", { role: "rowgroup" }, ...rows)));
  }

  end(id) {
    this.wantsFile = true;
    this.ask({ ask: "end", id });
  }

  escaped() {
    if (this.told.proposal) this.ask({ ask: "cancel" });
    return Boolean(this.told.proposal);
  }
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const view = new EditorView(model, el);
  return () => view.stop();
}

export default { render };
