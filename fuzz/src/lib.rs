//! What must hold of every result, whatever text and options it comes from; and
//! the command line's readers.

// Their files are the command line's own; not all in them is used here.
#![allow(dead_code)]

#[path = "../../src/bin/bodycopy/failure.rs"]
pub mod failure;
#[path = "../../src/bin/bodycopy/json.rs"]
pub mod json;
#[path = "../../src/bin/bodycopy/jsonl.rs"]
pub mod jsonl;
#[path = "../../src/bin/bodycopy/source.rs"]
pub mod source;
#[path = "../../src/bin/bodycopy/tally.rs"]
pub mod tally;
#[path = "../../src/bin/bodycopy/warc.rs"]
pub mod warc;

use std::ops::Range;

use bodycopy::{Cleaned, Cleaner, Kind};

/// Everything that a result says of its spans.
fn told(cleaned: &Cleaned) -> Vec<(Range<usize>, Kind, u32, bool)> {
    let span = |span: bodycopy::Span| (span.range(), span.kind(), span.confidence().to_bits(), span.is_kept());
    cleaned.spans().map(span).collect()
}

/// Cleans a text and checks the result: spans tile the text, the kept text is a
/// subsequence of it and has every kept span in order, and it is the same the
/// second time.
pub fn clean<'a>(cleaner: &Cleaner, text: &'a str) -> Cleaned<'a> {
    let cleaned = cleaner.clean(text);
    let mut end = 0;
    for span in cleaned.spans() {
        assert_eq!(span.range().start, end, "spans tile");
        end = span.range().end;
        assert!(!span.range().is_empty() && span.source() == &text[span.range()]);
        assert!(span.source().contains(span.text()));
    }
    assert_eq!(end, text.len(), "spans tile to the end");

    let clean = cleaned.text();
    let mut rest = text.chars();
    assert!(clean.chars().all(|c| rest.any(|other| other == c)), "the text is a subsequence");
    let mut at = 0;
    for span in cleaned.spans().filter(|span| span.is_kept()) {
        let found = clean[at..].find(span.text()).expect("the text has every kept span");
        assert!(clean[at..at + found].chars().all(char::is_whitespace), "only space parts kept spans");
        at += found + span.text().len();
    }
    assert_eq!(at, clean.len(), "nothing follows the last kept span");
    assert_eq!(cleaned.has_body(), cleaned.parts(Kind::Body).next().is_some());

    let again = cleaner.clone().clean(text);
    assert_eq!((told(&cleaned), clean, cleaned.shape()), (told(&again), again.text(), again.shape()), "determinism");
    cleaned
}
