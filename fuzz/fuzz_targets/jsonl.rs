//! Any bytes as JSON Lines, as the command line reads them.
#![no_main]

use std::io::{Cursor, Read};

use bodycopy::Cleaner;
use bodycopy_fuzz::jsonl::{Batches, Lines};
use bodycopy_fuzz::tally::Tally;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

/// Gives a few bytes at a time, as a slow pipe does.
struct Slow(Cursor<Vec<u8>>);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let room = buffer.len().min(5);
        self.0.read(&mut buffer[..room])
    }
}

fn run(reader: Box<dyn Read + Send>, lines: &Lines) -> (Vec<u8>, Vec<String>, Tally) {
    let (mut out, mut told, mut tally) = (Vec::new(), Vec::new(), Tally::default());
    for batch in Batches::new(reader) {
        let (bytes, failures) = lines.clean("in", batch.expect("memory can be read"), &mut tally);
        out.extend(bytes);
        told.extend(failures.iter().map(ToString::to_string));
    }
    (out, told, tally)
}

fn objects(bytes: &[u8]) -> Vec<Map<String, Value>> {
    // As the reader does: one mark at the start, lossy UTF-8.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.split(|b| *b == b'\n').filter_map(|line| serde_json::from_str(&String::from_utf8_lossy(line)).ok()).collect()
}

fuzz_target!(|data: &[u8]| {
    let Some((&options, data)) = data.split_first() else { return };
    let cleaner = Cleaner::new();
    let lines = Lines { cleaner: &cleaner, field: "text", spans: options & 1 == 1, lossy: options & 2 == 2 };
    let all = run(Box::new(Cursor::new(data.to_vec())), &lines);
    assert_eq!(all, run(Box::new(Slow(Cursor::new(data.to_vec()))), &lines), "batches change nothing");
    let (out, ..) = all;

    // Every line that comes out came in, with all its other fields as they were.
    let (before, after) = (objects(data), objects(&out));
    assert!(out.is_empty() || out.ends_with(b"\n"));
    let mut before = before.iter();
    for object in &after {
        let same = |other: &&Map<String, Value>| {
            let fields = |o: &Map<String, Value>| {
                o.iter()
                    .filter(|(name, _)| *name != "text" && *name != "spans")
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect::<Vec<_>>()
            };
            fields(object) == fields(other)
        };
        assert!(before.any(|other| same(&other)), "{object:?}");
    }
});
