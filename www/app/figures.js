// The line of figures: what went in, what came out, how long it took.

import { byId } from "./element.js";

export function showFigures(layout, view) {
  let [wordsIn, wordsOut, kept] = [0, 0, 0];
  for (let i = 0; i < layout.count; i++) {
    wordsIn += layout.wordCount[i];
    if (!view.keeps(i)) continue;
    wordsOut += layout.wordCount[i];
    kept++;
  }
  const share = wordsIn > 0 ? (100 * (wordsIn - wordsOut)) / wordsIn : 0;
  const { milliseconds } = layout;
  byId("words-in").textContent = wordsIn.toLocaleString();
  byId("words-out").textContent = wordsOut.toLocaleString();
  byId("removed").textContent = `${share < 10 && share > 0 ? share.toFixed(1) : Math.round(share)}%`;
  byId("blocks").textContent = `${kept.toLocaleString()} of ${layout.count.toLocaleString()}`;
  byId("time").textContent = `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}
