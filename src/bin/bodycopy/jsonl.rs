//! JSON Lines → JSON Lines: each object's text cleaned, the rest as it was.
//!
//! A line is not parsed and written anew. The places of the text and of the
//! spans are found in it, and only they are replaced, so that numbers of any
//! size, the order of fields and even white space come through byte for byte.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read};

use bodycopy::Cleaner;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::failure::{Failure, Problem};
use crate::json;
use crate::source;
use crate::tally::Tally;

/// Bytes that are read at a time, and about as many that are cleaned at a time:
/// enough to make queues cheap, little enough to keep memory low.
const BATCH: usize = 256 << 10;

/// Some lines.
pub struct Batch {
    bytes: Vec<u8>,
    /// The first line's number, from 1, and its place in the file.
    line: u64,
    at: u64,
}

/// Reads lines in batches. A batch ends where the next line has not been read
/// yet, so that a slow stream is not kept waiting for more.
pub struct Batches {
    reader: BufReader<Box<dyn Read + Send>>,
    line: u64,
    at: u64,
    /// What is told once the lines before it are out.
    error: Option<io::Error>,
}

impl Batches {
    pub fn new(reader: Box<dyn Read + Send>) -> Batches {
        Batches { reader: BufReader::with_capacity(BATCH, reader), line: 1, at: 0, error: None }
    }
}

impl Iterator for Batches {
    type Item = io::Result<Batch>;

    fn next(&mut self) -> Option<io::Result<Batch>> {
        if let Some(error) = self.error.take() {
            return Some(Err(error));
        }
        let mut batch = Batch { bytes: Vec::new(), line: self.line, at: self.at };
        loop {
            let whole = batch.bytes.len();
            match self.reader.read_until(b'\n', &mut batch.bytes) {
                Ok(0) => break,
                Ok(n) => self.at += n as u64,
                Err(error) => {
                    batch.bytes.truncate(whole);
                    if whole == 0 {
                        return Some(Err(error));
                    }
                    self.error = Some(error);
                    break;
                }
            }
            self.line += 1;
            if batch.bytes.len() >= BATCH || !self.reader.buffer().contains(&b'\n') {
                break;
            }
        }
        if batch.bytes.is_empty() { None } else { Some(Ok(batch)) }
    }
}

/// How lines are cleaned.
pub struct Lines<'a> {
    pub cleaner: &'a Cleaner,
    pub field: &'a str,
    pub spans: bool,
    pub lossy: bool,
}

impl Lines<'_> {
    /// Cleans a batch. Lines that are no objects are left out and told; objects
    /// without the text are told and come through as they are.
    pub fn clean(&self, name: &str, batch: Batch, tally: &mut Tally) -> (Vec<u8>, Vec<Failure>) {
        let mut out = Vec::with_capacity(batch.bytes.len());
        let mut failures = Vec::new();
        let mut at = batch.at;
        for (number, bytes) in (batch.line..).zip(batch.bytes.split_inclusive(|&b| b == b'\n')) {
            let bytes_at = at;
            at += bytes.len() as u64;
            let bytes = if bytes_at == 0 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let start = out.len();
            if let Err(problem) = self.line(bytes, bytes_at, tally, &mut out) {
                failures.push(Failure::new(format!("{name}: line {number}"), problem));
            }
            if out.len() > start {
                out.push(b'\n');
            }
        }
        (out, failures)
    }

    fn line(&self, bytes: &[u8], at: u64, tally: &mut Tally, out: &mut Vec<u8>) -> Result<(), Problem> {
        let line = match str::from_utf8(bytes) {
            Ok(line) => Cow::Borrowed(line),
            Err(_) => Cow::Owned(source::text(bytes.to_vec(), at, self.lossy)?),
        };
        let line = line.trim_matches([' ', '\t', '\r', '\n']);
        if !line.starts_with('{') {
            let valid = serde_json::from_str::<IgnoredAny>(line);
            return Err(valid.map_or_else(json_problem, |_| Problem::NotAnObject));
        }
        let mut reader = serde_json::Deserializer::from_str(line);
        let found = Find { field: self.field }.deserialize(&mut reader).and_then(|found| reader.end().map(|()| found));
        let found = found.map_err(json_problem)?;
        let text = match found.text {
            None => Err(Problem::NoField(self.field.to_owned())),
            Some(raw) => self.string(raw.get()),
        };
        let text = text.inspect_err(|_| out.extend_from_slice(line.as_bytes()))?;
        let cleaned = self.cleaner.clean(&text);
        let clean = cleaned.text();
        tally.add(&cleaned, clean.len());

        let place = |raw: &RawValue| {
            let start = raw.get().as_ptr() as usize - line.as_ptr() as usize;
            start..start + raw.get().len()
        };
        let mut changes = vec![(found.text.map_or(0..0, place), to_json(&clean))];
        if self.spans {
            let spans = to_json(&json::spans(&cleaned, false));
            match found.spans {
                Some(old) => changes.push((place(old), spans)),
                None => changes.push((line.len() - 1..line.len() - 1, [b",\"spans\":", &spans[..]].concat())),
            }
        }
        changes.sort_by_key(|(place, _)| place.start);
        let mut done = 0;
        for (place, new) in changes {
            out.extend_from_slice(&line.as_bytes()[done..place.start]);
            out.extend_from_slice(&new);
            done = place.end;
        }
        out.extend_from_slice(&line.as_bytes()[done..]);
        Ok(())
    }

    /// The string that a JSON value is. Half a surrogate pair is no text.
    fn string(&self, raw: &str) -> Result<String, Problem> {
        if !raw.starts_with('"') {
            return Err(Problem::NotAString(self.field.to_owned()));
        }
        let replaced = || serde_json::Deserializer::from_str(raw).deserialize_bytes(Replacing).map_err(json_problem);
        match serde_json::from_str(raw) {
            Ok(text) => Ok(text),
            Err(_) if self.lossy => replaced(),
            Err(_) => Err(Problem::LoneSurrogate(self.field.to_owned())),
        }
    }
}

pub fn to_json(value: &(impl serde::Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(value).expect("strings and numbers always serialise")
}

/// What serde says, with the column but not the line, which is always 1.
fn json_problem(error: serde_json::Error) -> Problem {
    Problem::Json(error.to_string().replace(" at line 1 column ", " at column "))
}

/// Makes U+FFFD of what is no text.
struct Replacing;

impl Visitor<'_> for Replacing {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<String, E> {
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// The two values of an object that matter, where they stand; of fields with
/// the same name the last, as readers of JSON have it.
struct Found<'a> {
    text: Option<&'a RawValue>,
    spans: Option<&'a RawValue>,
}

struct Find<'f> {
    field: &'f str,
}

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = Found<'de>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Found<'de>, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de>, A::Error> {
        let mut found = Found { text: None, spans: None };
        while let Some(name) = map.next_key_seed(Name { field: self.field })? {
            let value: &RawValue = map.next_value()?;
            match name {
                Which::Text => found.text = Some(value),
                Which::Spans => found.spans = Some(value),
                Which::Another => {}
            }
        }
        Ok(found)
    }
}

enum Which {
    Text,
    Spans,
    Another,
}

/// Compares a field's name without keeping it.
struct Name<'f> {
    field: &'f str,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Which;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Which, D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Which;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Which, E> {
        Ok(match name {
            _ if name == self.field => Which::Text,
            "spans" => Which::Spans,
            _ => Which::Another,
        })
    }
}
