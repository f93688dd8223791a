//! A cleaned page → one JSON object.

use bodycopy::{Cleaned, Kind, Reason, Shape};
use serde::Serialize;

#[derive(Serialize)]
struct Page<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    headline: Option<&'a str>,
    standfirst: Option<&'a str>,
    byline: Option<&'a str>,
    timestamp: Option<&'a str>,
    caption: Option<&'a str>,
    text: &'a str,
    has_body: bool,
    shape: Shape,
    spans: Vec<Span>,
}

/// A stretch of the input.
#[derive(Serialize)]
pub struct Span {
    /// Bytes of the input.
    start: usize,
    end: usize,
    kind: Kind,
    confidence: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<Vec<Why>>,
}

#[derive(Serialize)]
struct Why {
    text: String,
    weight: f32,
}

/// The spans of a page; their reasons cost some hundred times as much.
pub fn spans(page: &Cleaned, with_reasons: bool) -> Vec<Span> {
    let why = |reason: Reason| Why { text: reason.text, weight: rounded(reason.weight) };
    page.spans()
        .map(|span| Span {
            start: span.range().start,
            end: span.range().end,
            kind: span.kind(),
            confidence: rounded(span.confidence()),
            reasons: with_reasons.then(|| span.reasons().into_iter().map(why).collect()),
        })
        .collect()
}

/// Four decimals are as much as the model can mean.
fn rounded(x: f32) -> f32 {
    (x * 1e4).round() / 1e4
}

/// One object, and a line break.
pub fn object(page: &Cleaned, text: &str, file: Option<&str>) -> Vec<u8> {
    let object = Page {
        file,
        headline: page.headline(),
        standfirst: page.standfirst(),
        byline: page.byline(),
        timestamp: page.timestamp(),
        caption: page.caption(),
        text,
        has_body: page.has_body(),
        shape: page.shape(),
        spans: spans(page, true),
    };
    let mut bytes = serde_json::to_vec(&object).expect("strings and numbers always serialise");
    bytes.push(b'\n');
    bytes
}
