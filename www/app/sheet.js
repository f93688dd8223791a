// A long document in a scrolling box: lines in chunks, of which only those near
// the window are in the page. Short documents are there whole, so that the
// browser's own search finds everything in them.

import { lastAtMost, LONGEST } from "./layout.js";

/** Most lines and, save for one long line, characters of a chunk. */
const LINES = 40;
const CHARACTERS = 8000;
/** Documents of up to so many chunks are there whole. */
const WHOLE = 50;
/** How far from the window lines are put into the page, in pixels. */
const NEAR = 1500;

export class Sheet {
  #box;
  #chunks = [];
  /** The first line of every chunk, and the end. */
  #starts = [0];
  #line = () => null;
  #seen = null;

  constructor(box) {
    this.#box = box;
  }

  get box() {
    return this.#box;
  }

  /**
   * Shows `lines` lines; `line(n)` makes the element of one, or null where
   * there is nothing to show; `size(n)` guesses its characters.
   */
  show(lines, line, size) {
    this.#seen?.disconnect();
    this.#line = line;
    const perRow = Math.max(20, this.#box.clientWidth / 8.5);
    this.#chunks = [];
    this.#starts = [];
    const heights = [];
    let characters = 0;
    for (let n = 0; n < lines; n++) {
      if (n === 0 || n - this.#starts.at(-1) >= LINES || characters > CHARACTERS) {
        characters = 0;
        const chunk = document.createElement("div");
        chunk.className = "chunk";
        chunk.dataset.chunk = this.#chunks.length;
        this.#chunks.push(chunk);
        this.#starts.push(n);
        heights.push(0);
      }
      const inLine = Math.min(size(n), LONGEST);
      characters += inLine;
      if (inLine > 0) heights[heights.length - 1] += 10 + 26 * Math.ceil(inLine / perRow);
    }
    this.#starts.push(lines);
    this.#box.replaceChildren(...this.#chunks);
    if (this.#chunks.length <= WHOLE) {
      this.fillAll();
      return;
    }
    this.#chunks.forEach((chunk, c) => {
      chunk.style.height = `${heights[c]}px`;
    });
    this.#seen = new IntersectionObserver((entries) => entries.forEach((entry) => this.#see(entry)), {
      root: this.#box,
      rootMargin: `${NEAR}px 0px`,
    });
    this.#chunks.forEach((chunk) => this.#seen.observe(chunk));
  }

  #see({ target, isIntersecting }) {
    if (isIntersecting) this.#fill(target);
    else if (target.childElementCount > 0 && !target.contains(document.activeElement)) {
      target.style.height = `${target.offsetHeight}px`;
      target.replaceChildren();
    }
  }

  #fill(chunk) {
    if (chunk.childElementCount > 0) return;
    const [from, end] = this.#range(chunk);
    const lines = [];
    for (let n = from; n < end; n++) {
      const element = this.#line(n);
      if (!element) continue;
      element.dataset.line = n;
      lines.push(element);
    }
    chunk.style.height = "";
    chunk.replaceChildren(...lines);
  }

  #range(chunk) {
    const c = Number(chunk.dataset.chunk);
    return [this.#starts[c], this.#starts[c + 1]];
  }

  #chunkOf(line) {
    return this.#chunks[lastAtMost(this.#starts, line, this.#chunks.length)];
  }

  /** Puts everything into the page, for printing. */
  fillAll() {
    this.#chunks.forEach((chunk) => this.#fill(chunk));
  }

  /** The element of a line, put into the page if it is not there. */
  element(line) {
    const chunk = this.#chunkOf(line);
    if (!chunk) return null;
    this.#fill(chunk);
    return chunk.querySelector(`:scope > [data-line="${line}"]`);
  }

  /** Lines near the window are made anew, the others when they come near. */
  refresh() {
    const focused = this.#box.contains(document.activeElement) ? document.activeElement.dataset.span : null;
    for (const chunk of this.#chunks) {
      if (chunk.childElementCount === 0 && chunk.style.height !== "") continue;
      chunk.replaceChildren();
      this.#fill(chunk);
    }
    if (focused) this.#box.querySelector(`[data-span="${focused}"]`)?.focus({ preventScroll: true });
  }

  /**
   * The line at a height of the box's window, and how far down in it: line
   * 12.25 is a quarter down line 12.
   */
  lineAt(y) {
    const top = this.#box.getBoundingClientRect().top + y;
    const chunk = lastAbove(this.#chunks, top);
    if (!chunk) return 0;
    const line = lastAbove(chunk.children, top);
    const part = ({ top: start, height }) => Math.min(1, Math.max(0, (top - start) / (height || 1)));
    if (line) return Number(line.dataset.line) + 0.999 * part(line.getBoundingClientRect());
    const [from, end] = this.#range(chunk);
    return from + part(chunk.getBoundingClientRect()) * (end - from);
  }

  /** Scrolls so that a line, with its fraction, stands at height `y` of the window. */
  scrollToLine(at, y) {
    const chunk = this.#chunkOf(Math.floor(at));
    if (!chunk) return;
    const [from, end] = this.#range(chunk);
    const place = Math.floor(at);
    let target = null;
    for (const line of chunk.children) {
      if (Number(line.dataset.line) > place) break;
      target = line;
    }
    const rect = (target ?? chunk).getBoundingClientRect();
    let part = target ? at - place : 0;
    // A line without anything to show stands at the end of the one before.
    if (target && Number(target.dataset.line) < place) part = 1;
    if (!target && chunk.childElementCount === 0) part = (at - from) / (end - from);
    this.#box.scrollTop += rect.top + part * rect.height - this.#box.getBoundingClientRect().top - y;
  }
}

/** The last of some elements, in order of height, that starts above `top`. */
function lastAbove(elements, top) {
  let low = 0;
  let high = elements.length - 1;
  if (high < 0) return null;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (elements[middle].getBoundingClientRect().top <= top) low = middle;
    else high = middle - 1;
  }
  return elements[low];
}
