//! The figures of a run: a summary for people, a report for programs.

use std::cmp::Reverse;
use std::fmt::Write as _;
use std::time::Duration;

use anstyle::Style;
use bodycopy::Kind;
use serde::Serialize;

use crate::tally::Tally;

/// What a run did.
pub struct Run<'a> {
    pub tally: &'a Tally,
    pub keep: &'a [Kind],
    pub time: Duration,
    pub jobs: usize,
    pub inputs: u64,
    /// Inputs that were read and written to their end.
    pub done: u64,
    /// Inputs left out because their output was there.
    pub skipped: u64,
    /// Messages about what could not be done.
    pub failures: u64,
    pub interrupted: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    version: &'a str,
    inputs: u64,
    done: u64,
    skipped: u64,
    failures: u64,
    interrupted: bool,
    pages: u64,
    pages_without_body: u64,
    /// Pages that are still HTML, which is cleaned as if it were text.
    pages_of_html: u64,
    /// Bytes of text in UTF-8, unpacked.
    bytes: u64,
    bytes_kept: u64,
    /// From 0 to 1.
    share_removed: f64,
    seconds: f64,
    /// Millions of bytes of text.
    mb_per_second: f64,
    jobs: usize,
    kinds: Vec<OfKind<'a>>,
}

#[derive(Serialize)]
struct OfKind<'a> {
    kind: &'a str,
    kept: bool,
    blocks: u64,
    bytes: u64,
    /// Of the bytes of all blocks, from 0 to 1.
    share: f64,
}

impl Run<'_> {
    fn rate(&self) -> f64 {
        self.tally.bytes as f64 / 1e6 / self.time.as_secs_f64().max(1e-9)
    }

    fn kinds(&self) -> Vec<OfKind<'_>> {
        let all: u64 = self.tally.kinds.iter().map(|count| count.bytes).sum();
        let of = |&kind: &Kind| {
            let count = self.tally.kinds[kind.index()];
            let share = count.bytes as f64 / all.max(1) as f64;
            let kept = self.keep.contains(&kind);
            OfKind { kind: kind.name(), kept, blocks: count.blocks, bytes: count.bytes, share: rounded(share, 1e4) }
        };
        Kind::ALL.iter().map(of).collect()
    }

    /// The report, as JSON.
    pub fn report(&self) -> String {
        let report = Report {
            version: env!("CARGO_PKG_VERSION"),
            inputs: self.inputs,
            done: self.done,
            skipped: self.skipped,
            failures: self.failures,
            interrupted: self.interrupted,
            pages: self.tally.pages,
            pages_without_body: self.tally.without_body,
            pages_of_html: self.tally.html,
            bytes: self.tally.bytes,
            bytes_kept: self.tally.kept,
            share_removed: rounded(self.tally.removed(), 1e4),
            seconds: rounded(self.time.as_secs_f64(), 1e3),
            mb_per_second: rounded(self.rate(), 1e2),
            jobs: self.jobs,
            kinds: self.kinds(),
        };
        serde_json::to_string_pretty(&report).expect("strings and numbers always serialise") + "\n"
    }

    /// The summary, in a few lines, with colours.
    pub fn summary(&self) -> String {
        const STRONG: Style = Style::new().bold();
        const FAINT: Style = Style::new().dimmed();
        let tally = self.tally;
        let mut lines = format!(
            "{STRONG}{} {}{STRONG:#} in {}: {}, {:.1} MB/s, {STRONG}{:.1}% removed{STRONG:#}",
            grouped(tally.pages),
            if tally.pages == 1 { "page" } else { "pages" },
            duration(self.time),
            size(tally.bytes),
            self.rate(),
            100.0 * tally.removed(),
        );
        let mut kinds = self.kinds();
        kinds.retain(|of| of.blocks > 0);
        kinds.sort_by_key(|of| Reverse((of.kept, of.bytes)));
        for of in &kinds {
            let (mark, style) = if of.kept { ('+', STRONG) } else { ('-', FAINT) };
            let blocks = grouped(of.blocks);
            let _ = write!(
                lines,
                "\n  {style}{mark} {:<13} {:>5.1}%  {blocks:>11} {}{style:#}",
                of.kind,
                100.0 * of.share,
                if of.blocks == 1 { "block" } else { "blocks" },
            );
        }
        let mut notes: Vec<String> = Vec::new();
        let mut note = |count: u64, words: &str| {
            if count > 0 {
                notes.push(format!("{} {words}", grouped(count)));
            }
        };
        note(tally.without_body, "without an article");
        note(self.skipped, "skipped, their output is there");
        note(self.failures, "failed, see above");
        if !notes.is_empty() {
            let _ = write!(lines, "\n{}", notes.join(" · "));
        }
        lines
    }
}

fn rounded(x: f64, parts: f64) -> f64 {
    (x * parts).round() / parts
}

/// Digits in groups of three.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        ..1e6 => format!("{:.1} kB", bytes / 1e3),
        ..1e9 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.2} GB", bytes / 1e9),
    }
}

fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_easy_to_read() {
        assert_eq!([grouped(7), grouped(1234), grouped(1_234_567)], ["7", "1,234", "1,234,567"]);
        assert_eq!([size(1500), size(2_340_000), size(5_000_000_000)], ["1.5 kB", "2.3 MB", "5.00 GB"]);
        assert_eq!(duration(Duration::from_secs(3725)), "1 h 2 min");
    }
}
