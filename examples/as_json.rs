//! Prints what the library makes of each file: one line of JSON a file.
//!
//! ```text
//! cargo run --release --example as_json -- [--seconds S] FILE…
//! ```
//!
//! `start` and `end` are bytes. With `--seconds` the files are then cleaned over
//! and over for that long, and a last line says how many bytes a second the
//! fastest pass did. The tests of the npm package compare it with this.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths: Vec<String> = std::env::args().skip(1).collect();
    let mut seconds = None;
    if paths.first().is_some_and(|first| first == "--seconds") && paths.len() > 1 {
        seconds = Some(paths[1].parse::<f64>()?);
        paths.drain(..2);
    }
    let cleaner = bodycopy::Cleaner::new();
    let mut out = std::io::stdout().lock();
    let mut texts = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let cleaned = cleaner.clean(&text);
        let spans = cleaned.spans().map(|span| {
            json!({
                "start": span.range().start,
                "end": span.range().end,
                "kind": span.kind(),
                "confidence": span.confidence(),
                "kept": span.is_kept(),
            })
        });
        let line = json!({
            "path": path,
            "text": cleaned.text(),
            "spans": spans.collect::<Vec<_>>(),
            "headline": cleaned.headline(),
            "standfirst": cleaned.standfirst(),
            "byline": cleaned.byline(),
            "timestamp": cleaned.timestamp(),
            "caption": cleaned.caption(),
            "hasBody": cleaned.has_body(),
            "shape": cleaned.shape(),
        });
        writeln!(out, "{line}")?;
        texts.push(text);
    }
    if let Some(seconds) = seconds {
        let start = Instant::now();
        let bytes: usize = texts.iter().map(String::len).sum();
        let mut best = f64::INFINITY;
        while start.elapsed().as_secs_f64() < seconds {
            let pass = Instant::now();
            for text in &texts {
                // As the package does: spans and text.
                let cleaned = cleaner.clean(black_box(text));
                black_box((cleaned.spans().map(|span| span.confidence()).sum::<f32>(), cleaned.text()));
            }
            best = best.min(pass.elapsed().as_secs_f64());
        }
        writeln!(out, "{}", json!({ "bytesPerSecond": bytes as f64 / best }))?;
    }
    Ok(())
}
