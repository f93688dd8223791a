// The committed package gives the native library's answer.
//
// More pages can be compared: BODYCOPY_PAGES=folder, with .txt files in it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bodycopy, native, pages, STALE } from "./package.js";

test("spans, kinds and text are the native library's", () => {
  const cleaner = new bodycopy.Cleaner();
  const files = pages();
  assert.ok(files.length >= 5, "the five seeds are there");
  let compared = 0;
  for (const { path, ...expected } of native(...files)) {
    const bytes = readFileSync(path);
    const { spans, ...got } = cleaner.clean(bytes.toString());
    // Native offsets are bytes; decoding up to each gives UTF-16 code units.
    let [at, units] = [0, 0];
    expected.spans.forEach(({ start, end, confidence, ...same }, i) => {
      assert.equal(start, at, path);
      const from = units;
      units += bytes.toString("utf8", start, end).length;
      at = end;
      const { confidence: gotConfidence, ...gotSame } = spans[i] ?? {};
      assert.deepEqual(gotSame, { start: from, end: units, ...same }, `${path}, span ${i}: ${STALE}`);
      assert.ok(Math.abs(gotConfidence - confidence) < 1e-3, `${path}, span ${i}, confidence: ${STALE}`);
    });
    assert.equal(spans.length, expected.spans.length, `${path}: ${STALE}`);
    delete expected.spans;
    assert.deepEqual(got, expected, `${path}: ${STALE}`);
    compared++;
  }
  assert.equal(compared, files.length);
  console.log(`compared ${compared} pages with the native library`);
});
