// The article's parts, each by its name.

import { element } from "./element.js";

const PARTS = ["headline", "standfirst", "byline", "timestamp", "caption"];

export function showParts(box, layout) {
  const rows = PARTS.map((part) => {
    const found = layout[part];
    const words = element("dd", { dir: "auto", class: found ? "" : "missing" }, found ?? "not found");
    return element("div", { "data-kind": part }, element("dt", {}, part), words);
  });
  const shapes = { lines: "one paragraph a line", wrapped: "hard-wrapped at a column", flattened: "whole pages on one line" };
  rows.push(element("div", {}, element("dt", {}, "line breaks"), element("dd", {}, shapes[layout.shape] ?? layout.shape)));
  box.replaceChildren(element("dl", {}, ...rows));
}
