// Compiled by the tests under `tsc --strict`: what is used must type-check, and
// every line after `@ts-expect-error` must not.

import init, { clean, Cleaner, initSync, kinds } from "bodycopy";
import type { Cleaned, Favor, Kind, KindInfo, Options, Reason, Span } from "bodycopy";

await init();
initSync({ module: new Uint8Array() });

const options: Options = {
  keep: ["headline", "body"],
  favor: "precision",
  drop: ["Sponsored by", { phrase: "Our puzzles", anchor: "start" }],
  keepPhrase: [{ phrase: "Editor's pick" }],
  reasons: true,
};
const cleaner: Cleaner = new Cleaner(options);
const cleaned: Cleaned = cleaner.clean("text");
const headline: string | null = cleaned.headline;
const spans: Span[] = cleaned.spans;
const first: Reason | undefined = spans[0]?.reasons?.[0];
const why: Reason[] = cleaner.explain("text", 0);
const counts = new Map<Kind, number>(kinds().map((kind: KindInfo) => [kind.name, 0]));
for (const span of clean("text").spans) counts.set(span.kind, span.end - span.start);
const favor: Favor = "recall";
export { counts, favor, first, headline, why };
cleaner.free();

// @ts-expect-error: no such kind
clean("text", { keep: ["boddy"] });
// @ts-expect-error: no such option
clean("text", { favour: "recall" });
// @ts-expect-error: no such anchor
clean("text", { drop: [{ phrase: "x", anchor: "middle" }] });
// @ts-expect-error: a text is a string
clean(7);
// @ts-expect-error: kinds are a union, not any string
const wrong: Kind = "boddy" as string;
// @ts-expect-error: a headline may be missing
const sure: string = cleaned.headline;
