// Spans → lines: what stands on one line of the page's text.

const BREAK = /[\n\r\v\f\u0085\u2028\u2029]/;
/** Spans on one line before it is broken for display; flattened pages are one line. */
const MOST = 24;
/** Characters of a span that are shown; what is longer is no text to read. */
export const LONGEST = 20_000;

/** A text with its spans, arranged in lines. */
export class Layout {
  constructor(text, result) {
    this.text = text;
    Object.assign(this, result);
    this.count = this.kindOf.length;
    const first = [];
    const gaps = [];
    let breaks = 1;
    for (let i = 0; i < this.count; i++) {
      if (i === 0 || breaks > 0 || i - first.at(-1) >= MOST) {
        first.push(i);
        gaps.push(breaks > 1);
      }
      breaks = this.#breaksAfter(i);
    }
    this.lines = first.length;
    this.first = Uint32Array.from([...first, this.count]);
    this.gaps = gaps;
  }

  /** What span `i` says, without the white space around it. */
  words(i) {
    const whole = this.text.slice(this.starts[i], this.starts[i + 1]).trim();
    return whole.length > LONGEST ? `${whole.slice(0, LONGEST)} …` : whole;
  }

  /** The line on which span `i` stands. */
  lineOf(i) {
    return lastAtMost(this.first, i, this.lines);
  }

  spansOf(line) {
    return Array.from({ length: this.first[line + 1] - this.first[line] }, (_, n) => this.first[line] + n);
  }

  #breaksAfter(i) {
    let breaks = 0;
    for (let at = this.starts[i + 1] - 1; at >= this.starts[i]; at--) {
      const unit = this.text[at];
      if (unit.trim() !== "" && unit !== "\u0085") break;
      if (BREAK.test(unit) && !(unit === "\r" && this.text[at + 1] === "\n")) breaks++;
    }
    return breaks;
  }
}

/** The last place of `sorted` whose value is at most `value`. */
export function lastAtMost(sorted, value, length = sorted.length) {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
