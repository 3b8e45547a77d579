/**
 * What the forms share. Every text becomes a text node; nothing is ever parsed as HTML.
 */

/** Give an element new text only if it says something else: live regions speak on every change. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Give a select its options, and leave it alone where they are the same. */
function fill(select, options, value) {
  const key = JSON.stringify(options);
  if (select.dataset.key !== key) {
    select.replaceChildren(...options.map((one) => h("option", { value: one.value }, one.label)));
    select.dataset.key = key;
  }
  if (select.value !== value) select.value = value;
}

/**
 * A view that its Python side fills. Subclasses have `build()`, which gives the root once there are labels, and
 * `take(told)`, which shows a state.
 */
class Form {
  constructor(model, el) {
    this.id = `k8snb-${(serial += 1)}-${Math.random().toString(36).slice(2, 8)}`;
    this.model = model;
    this.el = el;
    this.root = null;
    this.heard = (message) => this.hear(message);
    this.key = (event) => this.pressed(event);
    model.on("msg:custom", this.heard);
    window.addEventListener("keydown", this.key, { capture: true });
    this.ask({ ask: "look" });
  }

  ask(request) {
    this.model.send(request);
  }

  stop() {
    this.unwatch?.();
    this.model.off("msg:custom", this.heard);
    window.removeEventListener("keydown", this.key, { capture: true });
  }

  hear(message) {
    if (message.tell === "trouble") say(this.trouble, message.text);
    if (message.tell !== "state") return;
    this.told = message;
    this.words = message.labels;
    if (!this.root) {
      this.trouble = h("p", { role: "alert", class: "fail" });
      this.root = this.build();
      this.el.append(this.root);
      this.unwatch = resting(this.model, this.root, message.restarted);
    }
    say(this.trouble, message.trouble);
    this.take(message);
  }

  /** Keys that belong to the form do not reach the notebook, whose one-key commands would cut or run cells. */
  pressed(event) {
    if (!this.root?.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab") return;
    event.stopPropagation();
    if (event.key === "Escape" && this.escaped?.()) event.preventDefault();
  }
}
