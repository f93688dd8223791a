// Why a block got its kind: a card beside it, or at the foot of a small window.

import { byId, element } from "./element.js";
import { called } from "./lines.js";

export class Card {
  #card = byId("card");
  #reasons;
  #known = new Map();
  #owner = null;
  pinned = false;

  /** `reasons(i)` promises the reasons of span `i`; `onToggle(kind)` keeps or drops a kind. */
  constructor({ reasons, onToggle }) {
    this.#reasons = reasons;
    this.onToggle = onToggle;
  }

  /** The reasons of another text. */
  forget() {
    this.#known.clear();
    this.hide();
  }

  hide() {
    this.#owner?.removeAttribute("aria-describedby");
    this.#owner = null;
    this.pinned = false;
    this.#card.hidden = true;
  }

  /** Shows the card of a block; `block` has kind, confidence, kept. */
  async show(owner, block, pinned = false) {
    this.#owner?.removeAttribute("aria-describedby");
    this.#owner = owner;
    this.pinned = pinned;
    owner.setAttribute("aria-describedby", "card");
    const { info, confidence, kept, index } = block;
    const list = element("ol", { class: "reasons" });
    this.#card.dataset.kind = info.name;
    this.#card.replaceChildren(
      element(
        "p",
        { class: "verdict" },
        element("span", { class: "swatch", "aria-hidden": "true" }),
        element("strong", {}, called(info.name)),
        element("span", { class: "state" }, kept ? "kept" : "removed"),
      ),
      element("p", { class: "meaning" }, info.meaning),
      element("p", { class: "sure" }, `${sure(confidence)} that it is ${info.name === "body" ? "" : "not "}body`),
      list,
      ...(pinned ? [this.#buttons(info, kept)] : []),
    );
    this.#card.classList.toggle("pinned", pinned);
    this.#card.hidden = false;
    if (this.#known.has(index)) this.#list(list, this.#known.get(index));
    this.#place(owner);
    if (this.#known.has(index)) return;
    const known = this.#known;
    const reasons = await this.#reasons(index).catch(() => []);
    known.set(index, reasons);
    if (this.#owner !== owner || !list.isConnected) return;
    this.#list(list, reasons);
    this.#place(owner);
  }

  #list(list, reasons) {
    const strongest = Math.max(...reasons.map((reason) => reason.weight), 1);
    const rows = reasons.map(({ text, weight }) => {
      const bar = element("span", { class: "bar", "aria-hidden": "true" });
      bar.style.inlineSize = `${Math.max(4, (100 * weight) / strongest)}%`;
      return element("li", {}, element("span", { dir: "auto" }, text), bar);
    });
    list.replaceChildren(...(rows.length > 0 ? rows : [element("li", {}, "no single sign; the block as a whole")]));
  }

  #buttons(info, kept) {
    const toggle = element("button", { type: "button" }, `${kept ? "Remove" : "Keep"} ${called(info.name)}`);
    toggle.onclick = () => this.onToggle(info.name);
    const close = element("button", { type: "button" }, "Close");
    close.onclick = () => {
      // A block that gets the focus shows its card, so hiding comes last.
      this.#owner?.focus({ preventScroll: true });
      this.hide();
    };
    return element("p", { class: "actions" }, toggle, close);
  }

  /** Beside the pane that the block is in; CSS puts it at the foot of small windows. */
  #place(owner) {
    const { offsetWidth: width, offsetHeight: height } = this.#card;
    const { top } = owner.getBoundingClientRect();
    const { right } = owner.closest(".pane").getBoundingClientRect();
    this.#card.style.top = `${Math.max(8, Math.min(top, innerHeight - height - 8))}px`;
    this.#card.style.left = `${Math.max(8, Math.min(right + 4, innerWidth - width - 8))}px`;
  }
}

function sure(confidence) {
  const percent = confidence * 100;
  if (percent > 99.5) return "over 99% sure";
  return `${Math.round(percent)}% sure`;
}
