// The whole document as a column of strips: a kept block is a full dark strip, a
// removed one a shorter strip in its kind's colour. Click to go there.

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
      const share = (event.clientY - canvas.getBoundingClientRect().top) / canvas.clientHeight;
      const all = this.#tops.at(-1);
      let line = 0;
      while (line < this.#layout.lines - 1 && this.#tops[line + 1] <= share * all) line++;
      const part = (share * all - this.#tops[line]) / (this.#tops[line + 1] - this.#tops[line] || 1);
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
    let top = 0;
    this.#tops = [0];
    for (let line = 0; line < layout.lines; line++) {
      const characters = layout.starts[layout.first[line + 1]] - layout.starts[layout.first[line]];
      this.#tops.push((top += 0.6 + Math.ceil(characters / 70) + (layout.gaps[line] ? 0.4 : 0)));
    }
    this.#soon();
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
    const unit = Math.min(height / this.#tops.at(-1), 6);
    // More lines than pixels: one strip a pixel is enough.
    let drawn = -1;
    for (let line = 0; line < layout.lines; line++) {
      const top = this.#tops[line] * unit;
      const bottom = this.#tops[line + 1] * unit;
      if (bottom - drawn < 0.5) continue;
      drawn = bottom;
      const span = layout.first[line];
      const kept = this.#keeps(span);
      pen.fillStyle = kept ? ink : colours[layout.kindOf[span]];
      pen.fillRect(kept ? 2 : width * 0.4, top, kept ? width - 4 : width * 0.6 - 2, Math.max(1, bottom - top - (bottom - top > 2.5 ? 1 : 0)));
    }
    const box = this.#sheet.box;
    if (box.scrollHeight > box.clientHeight + 4) {
      const at = (y) => {
        const line = this.#sheet.lineAt(y);
        const whole = Math.min(layout.lines - 1, Math.floor(line));
        return (this.#tops[whole] + (line - whole) * (this.#tops[whole + 1] - this.#tops[whole])) * unit;
      };
      const top = at(0);
      pen.strokeStyle = styles.getPropertyValue("--accent");
      pen.lineWidth = 1.5;
      pen.strokeRect(0.75, top + 0.75, width - 1.5, Math.max(8, at(box.clientHeight) - top - 1.5));
    }
  }
}
