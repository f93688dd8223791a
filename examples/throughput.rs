//! Cleans texts over and over, and prints how long a pass takes.
//!
//! ```text
//! cargo run --release --example throughput -- [--repeat N] FILE…
//! ```
//!
//! A file whose name ends in `.jsonl` has a page a line, in the field `text`;
//! any other file is one page. `tools/speed.py` and `tools/speed-check.sh` run it
//! with two values of `--repeat`: the difference is cleaning alone, without
//! start-up and reading. With 0 nothing is cleaned.

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let mut repeat = 5;
    if paths.first().is_some_and(|first| first == "--repeat") && paths.len() > 1 {
        repeat = paths[1].parse::<usize>()?;
        paths.drain(..2);
    }
    let mut texts = Vec::new();
    for path in paths {
        let file = std::fs::read_to_string(&path)?;
        if !path.ends_with(".jsonl") {
            texts.push(file);
            continue;
        }
        for line in file.lines() {
            let row: Value = serde_json::from_str(line)?;
            texts.push(row["text"].as_str().ok_or("a line has no text")?.to_owned());
        }
    }
    let cleaner = bodycopy::Cleaner::new();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut seconds = Vec::with_capacity(repeat);
    for _ in 0..repeat {
        let pass = Instant::now();
        for text in &texts {
            // All that a caller can want: spans with their confidence, and text.
            let cleaned = cleaner.clean(black_box(text));
            black_box((cleaned.spans().map(|span| span.confidence()).sum::<f32>(), cleaned.text()));
        }
        seconds.push(pass.elapsed().as_secs_f64());
    }
    let best = seconds.iter().copied().reduce(f64::min);
    println!("{}", json!({ "pages": texts.len(), "bytes": bytes, "passes": repeat, "seconds": best }));
    Ok(())
}
