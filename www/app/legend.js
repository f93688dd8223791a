// The kinds in the document, with counts; each a switch that takes the kind into
// the clean text or out of it.

import { element } from "./element.js";
import { called } from "./lines.js";

export function showLegend(box, { kinds, counts, keep, onToggle }) {
  const focused = document.activeElement?.dataset?.kind;
  const buttons = kinds.map(({ name, meaning }, place) => {
    if (!counts[place] && !keep.has(name)) return null;
    const kept = keep.has(name);
    const button = element(
      "button",
      { type: "button", class: "kind", title: meaning, "aria-pressed": String(kept), "data-kind": name },
      element("span", { class: "swatch", "aria-hidden": "true" }, kept ? "✓" : ""),
      element("span", { class: "name" }, called(name)),
      element("span", { class: "count" }, String(counts[place] ?? 0)),
    );
    button.onclick = () => onToggle(name);
    return button;
  });
  box.replaceChildren(...buttons.filter(Boolean));
  if (focused) box.querySelector(`[data-kind="${focused}"]`)?.focus();
}
