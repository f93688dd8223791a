// The border: UTF-16 offsets, options, errors, reasons.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bodycopy, PKG, ROOT } from "./package.js";

const { clean, Cleaner, kinds } = bodycopy;
const STORY = "The council voted on Monday to keep the old bridge open, officials said in a statement.";

/** The spans' slices; fails unless they tile the text. */
function slices(text, options) {
  const { spans } = clean(text, options);
  let at = 0;
  for (const span of spans) {
    assert.equal(span.start, at);
    assert.ok(span.end > span.start);
    at = span.end;
  }
  assert.equal(at, text.length);
  return spans.map((span) => text.slice(span.start, span.end));
}

for (const [name, line] of [
  ["emoji, some of several code points", "😀 Share 👩‍👩‍👧‍👦 🇺🇦"],
  ["ideographs beyond the Basic Multilingual Plane", "𠮷野家と𩸽を食べた。"],
  ["combining marks", "Re\u0301sume\u0301 a\u0308\u0323 Z\u0351\u0343"],
  ["right-to-left text", "شارك هذا المقال على فيسبوك"],
  ["lone surrogates", "Share \ud83d this \ude00 page"],
  ["a zero and a byte-order mark", "a\0\ufeffb"],
]) {
  test(`offsets are UTF-16 code units: ${name}`, () => {
    const text = `${line}\n${STORY}\r\n\r\n${line}`;
    assert.deepEqual(slices(text), [`${line}\n`, `${STORY}\r\n\r\n`, line]);
  });
}

test("texts without a word are texts too", () => {
  assert.deepEqual(clean("").spans, []);
  assert.deepEqual(slices(" \n\t\n"), [" \n\t\n"]);
  assert.deepEqual(clean("\ud800").spans.length, 1);
});

test("a page without an article says so", () => {
  const list = "Home\nNews\nSport\n\nLatest news\n\nFerry company looks for captains\n3 hours ago\n\nLog in\nPrivacy policy\n";
  const { hasBody, text, spans } = clean(list);
  assert.deepEqual([hasBody, text, spans.some(({ kept }) => kept)], [false, "", false]);
  assert.equal(clean(STORY).hasBody, true);
});

test("strange texts do not break the border", () => {
  const units = ["\ud83d", "\ude00", "\n", "\r", " ", "a", "。", "\u0301", "\u202e", "\0", ".", "Share", "\u2028", "<img>"];
  let seed = 1;
  const next = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let run = 0; run < 300; run++) {
    slices(Array.from({ length: next(200) }, () => units[next(units.length)]).join(""));
  }
});

test("the text is made of the kept spans, a lone surrogate as U+FFFD", () => {
  const { spans, text } = clean(`${STORY} \ud83d.\n${STORY}`, { keep: ["body", ...kinds().map((kind) => kind.name)] });
  assert.ok(spans.every((span) => span.kept));
  assert.equal(text, `${STORY} \ufffd.\n${STORY}`);
});

test("every kind has a row, the declarations name the same, and spans use them", () => {
  const names = kinds().map((kind) => kind.name);
  const declared = /export type Kind =([^;]*);/.exec(readFileSync(join(PKG, "bodycopy.d.ts"), "utf8"))[1];
  assert.deepEqual([...declared.matchAll(/"(\w+)"/g)].map((match) => match[1]), names);
  const rows = [...readFileSync(join(ROOT, "src/kind.rs"), "utf8").matchAll(/^ {4}\w+ "(\w+)" (article|clutter) "(.*)"$/gm)];
  assert.deepEqual(kinds(), rows.map(([, name, part, meaning]) => ({ name, meaning, article: part === "article" })));
});

test("options do what they say", () => {
  const page = `A bridge stays open\n\n${STORY}\n\n${STORY}\n\n${STORY}\n\nZebra puzzles of the day\n\nShare this`;
  assert.equal(new Cleaner({ keep: [] }).clean(page).text, "");
  assert.equal(new Cleaner({ keep: kinds().map((kind) => kind.name) }).clean(page).text, page);
  const kept = (favor) => new Cleaner({ favor }).clean(page).spans.filter((span) => span.kept).length;
  assert.ok(kept("recall") >= kept("balanced") && kept("balanced") >= kept("precision"));
  const place = (options) => new Cleaner(options).clean(page).spans.findIndex((span) => page.slice(span.start).startsWith("Zebra"));
  const odds = (options) => {
    const span = new Cleaner(options).clean(page).spans[place(options)];
    return span.kind === "body" ? span.confidence : 1 - span.confidence;
  };
  const drop = [{ phrase: "zebra PUZZLES", anchor: "start" }];
  assert.ok(odds({ drop }) < odds({}));
  assert.ok(odds({ keepPhrase: ["zebra puzzles"] }) > odds({}));
  assert.equal(odds({ drop, keepPhrase: ["zebra puzzles"] }), odds({ keepPhrase: ["zebra puzzles"] }));
  assert.equal(odds({ drop: [{ phrase: "zebra puzzles", anchor: "end" }] }), odds({}));
  assert.deepEqual(clean(page, null), clean(page, undefined));
  assert.deepEqual(clean(page, { favor: undefined }), clean(page));
});

test("reasons come when asked for, all or one", () => {
  const page = `Share this\n${STORY}\n${STORY}`;
  const cleaner = new Cleaner({ reasons: true });
  const { spans } = cleaner.clean(page);
  assert.deepEqual(cleaner.explain(page, 0), spans[0].reasons);
  assert.ok(spans[0].reasons.length > 0);
  for (const { text, weight } of spans.flatMap((span) => span.reasons)) {
    assert.equal(typeof text, "string");
    assert.ok(weight > 0);
  }
  assert.equal("reasons" in clean(page).spans[0], false);
});

test("results can be posted and written as JSON", () => {
  const cleaned = clean(`Share\n${STORY}`, { reasons: true });
  assert.deepEqual(structuredClone(cleaned), cleaned);
  assert.deepEqual(JSON.parse(JSON.stringify(cleaned)), cleaned);
});

for (const [options, message] of [
  [{ keep: ["boddy"] }, /^keep\[0\]: unknown kind "boddy"; the kinds are: body, headline/],
  [{ keep: "body" }, /^keep: expected an array of kinds, got "body"$/],
  [{ keep: [7] }, /^keep\[0\]: expected a kind's name, got number$/],
  [{ favor: "speed" }, /^favor: expected "recall" or "balanced" or "precision", got "speed"$/],
  [{ favor: null }, /^favor: expected .*, got null$/],
  [{ reasons: 1 }, /^reasons: expected true or false, got number$/],
  [{ drop: "x" }, /^drop: expected an array of phrases, got "x"$/],
  [{ drop: [{}] }, /^drop\[0\]\.phrase: expected a string, got undefined$/],
  [{ drop: ["…"] }, /^drop\[0\]: expected a phrase with a letter or digit in it, got "…"$/],
  [{ drop: ["x", 1n] }, /^drop\[1\]: expected a phrase, or \{ phrase, anchor \}, got bigint$/],
  [{ keepPhrase: [{ phrase: "x", anchor: "middle" }] }, /^keepPhrase\[0\]\.anchor: expected "whole" or .*, got "middle"$/],
  [{ favour: "recall" }, /^unknown option "favour"; the options are keep, favor/],
  ["body", /^options: expected an object, got "body"$/],
  [[], /^options: expected an object, got an array$/],
  [Symbol("x"), /^options: expected an object, got symbol$/],
]) {
  test(`wrong options are named: ${message.source}`, () => {
    assert.throws(() => new Cleaner(options), (error) => error instanceof TypeError && message.test(error.message));
    assert.throws(() => clean("x", options), TypeError);
  });
}

test("wrong texts and places are named", () => {
  const cleaner = new Cleaner();
  assert.throws(() => cleaner.clean(7), { name: "TypeError", message: "text: expected a string, got number" });
  assert.throws(() => clean(), { name: "TypeError", message: "text: expected a string, got undefined" });
  assert.throws(() => cleaner.explain("x", 1), { name: "RangeError", message: "index: the text has 1 spans, got 1" });
  assert.throws(() => cleaner.explain("x", -1), RangeError);
  assert.throws(() => cleaner.explain("x", Infinity), Error);
  assert.throws(() => cleaner.explain("x", 0.5), TypeError);
  const thrower = { get keep() { throw new Error("mine"); } };
  assert.throws(() => new Cleaner(thrower), { message: "mine" });
  // What went wrong leaves the module usable.
  assert.equal(clean(STORY).spans.length, 1);
});
