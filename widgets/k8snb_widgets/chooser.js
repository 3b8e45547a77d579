/** The chooser of a source. It names one of those that are offered, by id. */
class ChooserView extends Form {
  build() {
    const { words } = this;
    this.choices = h("div", { class: "choices" });
    this.status = h("p", { role: "status", class: "found" });
    this.missing = h("details", { hidden: true }, h("summary", {}, words.missing));
    this.again = h("button", { type: "button", onclick: () => this.look({ ask: "again" }) }, words.again);
    const root = h("div", { class: "k8snb k8snb-form k8snb-chooser", role: "group", "aria-label": words.title },
      h("fieldset", {}, h("legend", {}, words.title), this.choices), this.status, this.missing, this.trouble,
      h("div", { class: "acts" }, this.again));
    return root;
  }

  look(request) {
    say(this.status, this.words.looking);
    this.root.setAttribute("aria-busy", "true");
    this.ask(request);
  }

  hear(message) {
    super.hear(message);
    if (message.tell === "trouble" && this.wanted) {
      this.wanted = undefined;
      this.take(this.told);
    }
  }

  take({ choices, chosen, glance }) {
    if (this.wanted && this.wanted !== chosen) return; // what was found of the source before
    this.wanted = undefined;
    this.show(choices, chosen);
    if (!glance) {
      if (this.begun !== chosen) this.look({ ask: "again" });
      this.begun = chosen;
      return;
    }
    this.begun = chosen;
    this.root.removeAttribute("aria-busy");
    this.status.className = `found ${glance.colour}`;
    say(this.status, `${glance.symbol} ${glance.told} ${glance.colour === "fail" ? "" : this.words.next}`);
    this.missing.hidden = !glance.missing.length;
    this.missing.replaceChildren(h("summary", {}, this.words.missing), h("ul", {}, ...glance.missing.map((one) => h("li", {}, one))));
  }

  show(choices, chosen) {
    const key = JSON.stringify(choices);
    if (key !== this.key_) {
      this.key_ = key;
      const focused = this.choices.contains(document.activeElement) ? document.activeElement.value : "";
      this.choices.replaceChildren(...choices.map((one) => h("label", {},
        h("input", { type: "radio", name: `${this.id}-source`, value: one.id, onchange: () => this.chose(one.id) }),
        h("b", {}, one.word), " ", h("small", {}, one.what))));
      if (focused) this.choices.querySelector(`input[value="${focused}"]`)?.focus();
    }
    for (const input of this.choices.querySelectorAll("input")) input.checked = input.value === chosen;
  }

  chose(id) {
    this.begun = this.wanted = id;
    this.look({ ask: "choose", id });
  }
}

/** @param {{model: any, el: HTMLElement}} context */
function render({ model, el }) {
  const view = new ChooserView(model, el);
  return () => view.stop();
}

export default { render };
