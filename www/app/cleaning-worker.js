// Cleans texts off the page's thread, and holds the last one for what is asked
// of it later: its reasons, its clean text.
//
// Spans go back as typed arrays, which are handed over and not copied: a text
// of 5 MB has some sixty thousand.

import init, { Cleaner, kinds } from "../../pkg/bodycopy.js";

const ready = init().then(() => {
  // The first run reads the weights, and the next let the engine compile well.
  const page = "Home\nShare this\nThe council voted on Monday to keep the old bridge open, officials said.\n".repeat(40);
  const cleaner = new Cleaner();
  for (const end = performance.now() + 40; performance.now() < end; ) cleaner.clean(page);
  cleaner.free();
  postMessage({ ready: true, kinds: kinds() });
});

let last = { text: "", favor: "balanced" };

onmessage = async ({ data }) => {
  await ready;
  try {
    const [reply, handed] = jobs[data.job](data);
    postMessage({ id: data.id, reply }, handed ?? []);
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
};

const jobs = {
  clean({ text, favor }) {
    last = { text, favor };
    const cleaner = new Cleaner({ favor });
    const start = performance.now();
    const { spans, text: _, ...parts } = cleaner.clean(text);
    const milliseconds = performance.now() - start;
    cleaner.free();
    const places = new Map(kinds().map(({ name }, place) => [name, place]));
    const starts = Uint32Array.from({ length: spans.length + 1 }, (_, i) => spans[i]?.start ?? text.length);
    const kindOf = Uint8Array.from(spans, (span) => places.get(span.kind));
    const confidence = Float32Array.from(spans, (span) => span.confidence);
    const wordCount = Uint32Array.from(spans, (span) => countWords(text.slice(span.start, span.end)));
    const reply = { starts, kindOf, confidence, wordCount, milliseconds, ...parts };
    return [reply, [starts.buffer, kindOf.buffer, confidence.buffer, wordCount.buffer]];
  },

  /** The clean text with the kinds of `keep`, as the library puts it. */
  text({ keep }) {
    const cleaner = new Cleaner({ favor: last.favor, keep });
    const { text } = cleaner.clean(last.text);
    cleaner.free();
    return [text];
  },

  /** The whole result as a JSON file shows it. */
  spans({ keep }) {
    const cleaner = new Cleaner({ favor: last.favor, keep });
    const cleaned = cleaner.clean(last.text);
    cleaner.free();
    return [JSON.stringify({ offsets: "utf-16", favor: last.favor, keep, ...cleaned }, null, 1)];
  },

  reasons({ index }) {
    const cleaner = new Cleaner({ favor: last.favor });
    const reasons = cleaner.explain(last.text, index);
    cleaner.free();
    return [reasons];
  },
};

/** Runs of letters and digits; in scripts without spaces, letters. */
function countWords(text) {
  return text.match(/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}][\p{L}\p{M}\p{N}'’.-]*/gu)?.length ?? 0;
}
