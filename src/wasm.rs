//! The border to JavaScript: options in, plain objects out.
//!
//! Offsets become UTF-16 code units ([`utf16`]). A lone surrogate comes across as
//! U+FFFD, which is one unit too, so offsets hold for the string as the caller
//! has it.
//!
//! Results are plain objects, so that they can be posted between threads,
//! stored and written as JSON. Reasons cost far more than spans, so they come
//! only when asked for: all with the option `reasons`, one with `explain`.

use std::ops::Range;

use js_sys::{Array, JsString, Object, RangeError, Reflect, TypeError};
use wasm_bindgen::prelude::*;

use crate::{Anchor, Cleaned, Favor, Kind, Reason, Shape, Span, utf16};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("wasm.d.ts");

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type SpanObject;
    #[wasm_bindgen(method, setter)]
    fn set_start(this: &SpanObject, units: u32);
    #[wasm_bindgen(method, setter)]
    fn set_end(this: &SpanObject, units: u32);
    #[wasm_bindgen(method, setter)]
    fn set_kind(this: &SpanObject, name: &JsString);
    #[wasm_bindgen(method, setter)]
    fn set_confidence(this: &SpanObject, probability: f32);
    #[wasm_bindgen(method, setter)]
    fn set_kept(this: &SpanObject, kept: bool);
    #[wasm_bindgen(method, setter)]
    fn set_reasons(this: &SpanObject, reasons: &Array);
}

/// Every kind, in a fixed order, the article's own first.
#[wasm_bindgen(skip_typescript)]
pub fn kinds() -> Array {
    let row = |kind: &Kind| {
        object(&[
            ("name", kind.name().into()),
            ("meaning", kind.meaning().into()),
            ("article", kind.is_article().into()),
        ])
    };
    Kind::ALL.iter().map(row).collect()
}

/// Cleans one text; a [`Cleaner`] saves reading the options again.
#[wasm_bindgen(skip_typescript)]
pub fn clean(text: JsValue, options: JsValue) -> Result<Object, JsValue> {
    Cleaner::new(options)?.clean(text)
}

/// A cleaner with options of its own, built once and used often.
#[wasm_bindgen(skip_typescript)]
pub struct Cleaner {
    cleaner: crate::Cleaner,
    reasons: bool,
}

#[wasm_bindgen]
impl Cleaner {
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Cleaner, JsValue> {
        let mut made = Cleaner { cleaner: crate::Cleaner::new(), reasons: false };
        if options.is_undefined() || options.is_null() {
            return Ok(made);
        }
        if !options.is_object() || Array::is_array(&options) {
            return Err(wrong("options", "an object", &options));
        }
        for name in Object::keys(options.unchecked_ref::<Object>()) {
            let value = Reflect::get(&options, &name)?;
            if !value.is_undefined() {
                made.set(&String::from(JsString::from(name)), &value)?;
            }
        }
        // The last rule that fits counts: what is to be kept beats what is to be dropped.
        for name in ["drop", "keepPhrase"] {
            let value = Reflect::get(&options, &name.into())?;
            for (phrase, anchor) in phrases(name, &value)? {
                made.cleaner = match name {
                    "drop" => made.cleaner.drop(&phrase, anchor),
                    _ => made.cleaner.keep_phrase(&phrase, anchor),
                };
            }
        }
        Ok(made)
    }

    pub fn clean(&self, text: JsValue) -> Result<Object, JsValue> {
        let text = text.as_string().ok_or_else(|| wrong("text", "a string", &text))?;
        let cleaned = self.cleaner.clean(&text);
        let part = |slice: Option<&str>| slice.map_or(JsValue::NULL, JsValue::from_str);
        Ok(object(&[
            ("text", cleaned.text().into()),
            ("spans", spans(&cleaned, self.reasons).into()),
            ("headline", part(cleaned.headline())),
            ("standfirst", part(cleaned.standfirst())),
            ("byline", part(cleaned.byline())),
            ("timestamp", part(cleaned.timestamp())),
            ("caption", part(cleaned.caption())),
            ("hasBody", cleaned.has_body().into()),
            ("shape", shape(cleaned.shape()).into()),
        ]))
    }

    pub fn explain(&self, text: JsValue, index: JsValue) -> Result<Array, JsValue> {
        let text = text.as_string().ok_or_else(|| wrong("text", "a string", &text))?;
        let place = index.as_f64().filter(|place| place.fract() == 0.0);
        let place = place.ok_or_else(|| wrong("index", "a span's place in `spans`, counted from 0", &index))?;
        let cleaned = self.cleaner.clean(&text);
        let mut spans = cleaned.spans();
        let count = spans.len();
        // A place below 0 becomes 0 when cast, so it is looked at first.
        let span = if place < 0.0 { None } else { spans.nth(place as usize) };
        let span = span.ok_or_else(|| RangeError::new(&format!("index: the text has {count} spans, got {place}")))?;
        Ok(reasons(&span))
    }
}

impl Cleaner {
    /// Sets one option; the phrases are read after all others.
    fn set(&mut self, name: &str, value: &JsValue) -> Result<(), JsValue> {
        match name {
            "keep" => {
                let mut keep = Vec::new();
                for (i, kind) in list(name, "an array of kinds", value)?.iter().enumerate() {
                    let at = format!("keep[{i}]");
                    let kind = kind.as_string().ok_or_else(|| wrong(&at, "a kind's name", &kind))?;
                    keep.push(kind.parse::<Kind>().map_err(|error| TypeError::new(&format!("{at}: {error}")))?);
                }
                self.cleaner = self.cleaner.clone().keep(keep);
            }
            "favor" => self.cleaner = self.cleaner.clone().favor(one_of(name, FAVORS, value)?),
            "reasons" => self.reasons = value.as_bool().ok_or_else(|| wrong(name, "true or false", value))?,
            "drop" | "keepPhrase" => {}
            _ => {
                let takes = "the options are keep, favor, drop, keepPhrase, reasons";
                return Err(TypeError::new(&format!("unknown option {name:?}; {takes}")).into());
            }
        }
        Ok(())
    }
}

const FAVORS: &[(&str, Favor)] =
    &[("recall", Favor::Recall), ("balanced", Favor::Balanced), ("precision", Favor::Precision)];

const ANCHORS: &[(&str, Anchor)] =
    &[("whole", Anchor::Whole), ("start", Anchor::Start), ("end", Anchor::End), ("anywhere", Anchor::Anywhere)];

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Lines => "lines",
        Shape::Wrapped => "wrapped",
        Shape::Flattened => "flattened",
    }
}

/// The phrases of an option: strings, or objects with `phrase` and `anchor`.
fn phrases(name: &str, value: &JsValue) -> Result<Vec<(String, Anchor)>, JsValue> {
    if value.is_undefined() {
        return Ok(Vec::new());
    }
    let takes = "a phrase, or { phrase, anchor }";
    let mut phrases = Vec::new();
    for (i, item) in list(name, "an array of phrases", value)?.iter().enumerate() {
        let mut at = format!("{name}[{i}]");
        let (phrase, anchor) = if item.is_string() {
            (item, JsValue::UNDEFINED)
        } else if item.is_object() {
            at += ".phrase";
            (Reflect::get(&item, &"phrase".into())?, Reflect::get(&item, &"anchor".into())?)
        } else {
            return Err(wrong(&at, takes, &item));
        };
        let words = phrase.as_string().ok_or_else(|| wrong(&at, "a string", &phrase))?;
        if !words.contains(char::is_alphanumeric) {
            return Err(wrong(&at, "a phrase with a letter or digit in it", &phrase));
        }
        let anchor = match anchor.is_undefined() {
            true => Anchor::default(),
            false => one_of(&format!("{name}[{i}].anchor"), ANCHORS, &anchor)?,
        };
        phrases.push((words, anchor));
    }
    Ok(phrases)
}

fn list(name: &str, takes: &str, value: &JsValue) -> Result<Array, JsValue> {
    if Array::is_array(value) { Ok(Array::from(value)) } else { Err(wrong(name, takes, value)) }
}

fn one_of<T: Copy>(name: &str, names: &[(&str, T)], value: &JsValue) -> Result<T, JsValue> {
    let given = value.as_string();
    let found = names.iter().find(|(name, _)| given.as_deref() == Some(name));
    let quoted = || names.iter().map(|(name, _)| format!("{name:?}")).collect::<Vec<_>>().join(" or ");
    found.map(|found| found.1).ok_or_else(|| wrong(name, &quoted(), value))
}

/// What an option takes, and what came instead.
fn wrong(name: &str, takes: &str, got: &JsValue) -> JsValue {
    let got = match got.as_string() {
        Some(text) if text.chars().count() <= 40 => format!("{text:?}"),
        Some(_) => "a long string".to_owned(),
        None if got.is_null() => "null".to_owned(),
        None if Array::is_array(got) => "an array".to_owned(),
        None => got.js_typeof().as_string().unwrap_or_default(),
    };
    TypeError::new(&format!("{name}: expected {takes}, got {got}")).into()
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    // A plain object of ours has no setter that could throw.
    Object::from_entries(&fields.iter().map(|(name, value)| Array::of2(&(*name).into(), value)).collect::<Array>())
        .unwrap_or_default()
}

fn spans(cleaned: &Cleaned, with_reasons: bool) -> Array {
    let names: Vec<JsString> = Kind::ALL.iter().map(|kind| kind.name().into()).collect();
    let object = |(units, span): (Range<u32>, Span)| {
        let object: SpanObject = Object::new().unchecked_into();
        object.set_start(units.start);
        object.set_end(units.end);
        object.set_kind(&names[span.kind().index()]);
        object.set_confidence(span.confidence());
        object.set_kept(span.is_kept());
        if with_reasons {
            object.set_reasons(&reasons(&span));
        }
        object
    };
    utf16::spans(cleaned).map(object).collect()
}

fn reasons(span: &Span) -> Array {
    let row = |reason: Reason| object(&[("text", reason.text.into()), ("weight", reason.weight.into())]);
    span.reasons().into_iter().map(row).collect()
}
