// The whole document as a column of strips: a kept block is a full dark strip, a
// removed one a shorter strip in its kind's colour. Click to go there.

import { lastAtMost } from "./layout.js";

export class DocumentMap {
  #canvas;
  #sheet;
  #layout = null;
  #tops = [];
  #keeps = () => false;
  #kinds = [];

  constructor(canvas, sheet) {
    this.#canvas = canvas;
    this.#sheet = sheet;
    const go = (event) => {
      if (event.buttons !== 1 || !this.#layout) return;
      const at = (event.clientY - canvas.getBoundingClientRect().top) / this.#unit();
      const line = this.#layout.lineOf(lastAtMost(this.#tops, at, this.#layout.count));
      const [top, bottom] = this.#edges(line);
      const part = (at - top) / (bottom - top || 1);
      this.#sheet.element(line);
      this.#sheet.scrollToLine(line + Math.min(0.999, Math.max(0, part)), this.#sheet.box.clientHeight / 2);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      go(event);
    });
    canvas.addEventListener("pointermove", go);
    sheet.box.addEventListener("scroll", () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#soon()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#soon());
  }

  /** `kinds`: their names, by place. */
  show(layout, keeps, kinds) {
    this.#layout = layout;
    this.#kinds = kinds;
    this.#keeps = keeps;
    // In rows of text, about; blocks of one line share its rows.
    let top = 0;
    this.#tops = [0];
    for (let line = 0; line < layout.lines; line++) {
      const alone = layout.first[line + 1] - layout.first[line] === 1;
      for (let i = layout.first[line]; i < layout.first[line + 1]; i++) {
        const rows = (layout.starts[i + 1] - layout.starts[i]) / 70;
        this.#tops.push((top += alone ? 0.6 + Math.ceil(rows) + (layout.gaps[line] ? 0.4 : 0) : rows));
      }
    }
    this.#soon();
  }

  /** Pixels a row. */
  #unit() {
    return Math.min(this.#canvas.clientHeight / this.#tops.at(-1), 6);
  }

  /** Where a line starts and ends, in rows. */
  #edges(line) {
    return [this.#tops[this.#layout.first[line]], this.#tops[this.#layout.first[line + 1]]];
  }

  #waiting = 0;
  #soon() {
    this.#waiting ||= requestAnimationFrame(() => {
      this.#waiting = 0;
      this.#draw();
    });
  }

  #draw() {
    const canvas = this.#canvas;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!width || !height) return;
    const scale = devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    if (!this.#layout || this.#layout.count === 0) return;
    const layout = this.#layout;
    const styles = getComputedStyle(canvas);
    const ink = styles.getPropertyValue("--map-kept");
    const colours = this.#kinds.map((kind) => styles.getPropertyValue(`--kind-${kind}`));
    const unit = this.#unit();
    // More blocks than pixels: one strip a pixel is enough.
    let drawn = -1;
    for (let span = 0; span < layout.count; span++) {
      const top = this.#tops[span] * unit;
      const bottom = this.#tops[span + 1] * unit;
      if (bottom - drawn < 0.5) continue;
      drawn = bottom;
      const kept = this.#keeps(span);
      pen.fillStyle = kept ? ink : colours[layout.kindOf[span]];
      pen.fillRect(kept ? 2 : width * 0.4, top, kept ? width - 4 : width * 0.6 - 2, Math.max(1, bottom - top - (bottom - top > 2.5 ? 1 : 0)));
    }
    const box = this.#sheet.box;
    if (box.scrollHeight > box.clientHeight + 4) {
      const at = (y) => {
        const line = this.#sheet.lineAt(y);
        const whole = Math.min(layout.lines - 1, Math.floor(line));
        const [start, end] = this.#edges(whole);
        return (start + (line - whole) * (end - start)) * unit;
      };
      const top = at(0);
      pen.strokeStyle = styles.getPropertyValue("--accent");
      pen.lineWidth = 1.5;
      pen.strokeRect(0.75, top + 0.75, width - 1.5, Math.max(8, at(box.clientHeight) - top - 1.5));
    }
  }
}
