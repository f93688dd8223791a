
/** What a stretch of the input is. `kinds()` tells what each means. */
export type Kind =
  | "body"
  | "headline"
  | "standfirst"
  | "byline"
  | "timestamp"
  | "caption"
  | "navigation"
  | "related"
  | "subscription"
  | "share"
  | "advertisement"
  | "comments"
  | "legal"
  | "tags"
  | "author_bio"
  | "widget"
  | "notice"
  | "other";

/** Which fault to avoid where there is doubt. */
export type Favor = "recall" | "balanced" | "precision";

/** Where in a block a phrase has to stand. */
export type Anchor = "whole" | "start" | "end" | "anywhere";

/** How the input is broken into lines. */
export type Shape = "lines" | "wrapped" | "flattened";

/** A phrase of your own, with a letter or digit in it; words are compared, without case or punctuation. */
export type Phrase = string | { readonly phrase: string; /** Default: `"anywhere"`. */ readonly anchor?: Anchor };

export interface Options {
  /** The kinds that `text` keeps. Default: `["body"]`. */
  readonly keep?: readonly Kind[];
  /** Default: `"balanced"`. */
  readonly favor?: Favor;
  /** Blocks with one of these phrases are clutter. */
  readonly drop?: readonly Phrase[];
  /** Blocks with one of these phrases belong to the article, whatever `drop` says. */
  readonly keepPhrase?: readonly Phrase[];
  /**
   * Gives every span its reasons. They cost some hundred times what the spans
   * cost; `explain` gives those of one span. Default: `false`.
   */
  readonly reasons?: boolean;
}

/** One piece of evidence for a decision. */
export interface Reason {
  /** What was seen, in words. */
  text: string;
  /** By how much it raised the log odds of the decision; more than 0. */
  weight: number;
}

/**
 * A stretch of the input that has one kind. Offsets are UTF-16 code units:
 * `input.slice(span.start, span.end)` is the span, with the space after it.
 */
export interface Span {
  start: number;
  end: number;
  kind: Kind;
  /** Probability, from 0 to 1, that a `body` span is body or another is not. */
  confidence: number;
  /** Whether `text` has it. */
  kept: boolean;
  /** Strongest first; only with the option `reasons`. */
  reasons?: Reason[];
}

/** What became of a text: a plain object that can be posted and stored. */
export interface Cleaned {
  /** The kept copy: every character is the input's, in the input's order. */
  text: string;
  /** Spans that tile the input, first unit to last. */
  spans: Span[];
  headline: string | null;
  standfirst: string | null;
  byline: string | null;
  timestamp: string | null;
  /** The first caption. */
  caption: string | null;
  /** Whether anything in the input was found to be body. */
  hasBody: boolean;
  shape: Shape;
}

/** A row of the legend. */
export interface KindInfo {
  name: Kind;
  /** What the kind means, in one line. */
  meaning: string;
  /** Whether it is a part of the article itself, not clutter. */
  article: boolean;
}

/** Every kind, the article's own first, in a fixed order. */
export function kinds(): KindInfo[];

/**
 * Cleans one text. Any string is a text; cleaning cannot fail.
 * @throws {TypeError} names the option that is wrong and what it takes.
 */
export function clean(text: string, options?: Options | null): Cleaned;

/** A cleaner that is built once and used often. */
export class Cleaner {
  /** @throws {TypeError} names the option that is wrong and what it takes. */
  constructor(options?: Options | null);
  clean(text: string): Cleaned;
  /**
   * Why the span at `index` of `clean(text).spans` got its kind, strongest
   * reason first.
   * @throws {RangeError} when the text has no such span.
   */
  explain(text: string, index: number): Reason[];
  /** Gives its memory back at once; else the garbage collector does. */
  free(): void;
  [Symbol.dispose](): void;
}
