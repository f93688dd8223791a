// Tabs as the ARIA authoring practices describe them: arrow keys walk and show.

import { byId } from "./element.js";

export function tabs(buttons, onSelect) {
  const made = { selected: buttons[0].id };
  const select = (button) => {
    made.selected = button.id;
    for (const other of buttons) {
      const on = other === button;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      byId(other.getAttribute("aria-controls")).hidden = !on;
    }
    onSelect(button.id);
  };
  buttons.forEach((button, place) => {
    button.onclick = () => select(button);
    button.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = buttons[(place + step + buttons.length) % buttons.length];
      select(next);
      next.focus();
    };
  });
  return made;
}
