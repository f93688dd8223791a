// One line of the document, as each of the three views shows it.

import { element } from "./element.js";

/** What a kind is called in the page. */
export const called = (kind) => kind.replaceAll("_", " ");

/**
 * As scraped: every block; what is removed is tinted, struck and named.
 * The names have a direction of their own, so that the words alone set the block's.
 */
export function rawLine(layout, line, view) {
  const spans = layout.spansOf(line);
  const shown = spans.map((i) => {
    const kind = view.kinds[layout.kindOf[i]].name;
    const kept = view.keeps(i);
    const words = layout.words(i);
    const first = i === 0 || layout.kindOf[i - 1] !== layout.kindOf[i] || !sameLineOrNext(layout, i);
    return element(
      "span",
      {
        class: kept ? "block kept" : "block removed",
        role: "option",
        tabIndex: i === view.current ? 0 : -1,
        dir: "auto",
        "data-span": i,
        "data-kind": kind,
        "aria-setsize": layout.count,
        "aria-posinset": i + 1,
        "aria-selected": String(i === view.current),
      },
      kept && kind === "body" ? null : element("span", { class: first ? "tag" : "tag again", dir: "ltr" }, called(kind)),
      element("span", { class: "hidden", dir: "ltr" }, kept ? " kept: " : " removed: "),
      element(kept ? "span" : "s", { class: "words" }, words),
      " ",
    );
  });
  return element("div", { class: lineClass(layout, line, spans), role: "presentation" }, ...shown);
}

/** Body copy: what is kept, or null. */
export function cleanLine(layout, line, view) {
  const spans = layout.spansOf(line).filter((i) => view.keeps(i));
  if (spans.length === 0) return null;
  const shown = spans.flatMap((i) => [
    element("span", { "data-span": i, "data-kind": view.kinds[layout.kindOf[i]].name }, layout.words(i)),
    " ",
  ]);
  return element("p", { dir: "auto", class: layout.gaps[line] ? "gap" : "" }, ...shown);
}

/** Changes: a line with its sign; what is cut out inside it is marked there. */
export function changedLine(layout, line, view) {
  const spans = layout.spansOf(line);
  const kept = spans.filter((i) => view.keeps(i)).length;
  const [sign, name, meaning] =
    kept === spans.length ? [" ", "same", ""] : kept === 0 ? ["−", "cut", "removed: "] : ["~", "partly", "changed: "];
  const shown = spans.flatMap((i) => {
    const words = layout.words(i);
    return [view.keeps(i) ? words : element("del", {}, words), " "];
  });
  return element(
    "div",
    { class: `change ${name}` },
    element("span", { class: "sign", "aria-hidden": "true" }, sign),
    meaning ? element("span", { class: "hidden" }, meaning) : null,
    element("span", { class: "words", dir: "auto" }, ...shown),
  );
}

function lineClass(layout, line, spans) {
  return `line${layout.gaps[line] ? " gap" : ""}${spans.length > 1 ? " run" : ""}`;
}

/** Whether no wider space parts span `i` from the one before. */
function sameLineOrNext(layout, i) {
  const line = layout.lineOf(i);
  return layout.first[line] !== i || !layout.gaps[line];
}
