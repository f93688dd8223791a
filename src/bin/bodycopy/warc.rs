//! Common Crawl's archives → pages → JSON Lines.
//!
//! WET files are WARC files ([ISO 28500]) whose `conversion` records have the
//! text of a page; all other records are passed over. Records are read one
//! after another; bytes between them that are no record are skipped and told.
//!
//! [ISO 28500]: https://iipc.github.io/warc-specifications/

use std::io::{self, BufRead, BufReader, Read};

use bodycopy::Cleaner;
use serde::Serialize;

use crate::failure::{Failure, Problem};
use crate::json;
use crate::jsonl::to_json;
use crate::source;
use crate::tally::Tally;

/// Bytes of text that are cleaned at a time, or little more.
const BATCH: usize = 256 << 10;
/// No line of a record's head is longer.
const LONGEST_LINE: u64 = 1 << 20;

/// A page.
pub struct Record {
    url: String,
    date: Option<String>,
    language: Option<String>,
    payload: Vec<u8>,
}

/// Some records, and what was wrong between them.
#[derive(Default)]
pub struct Batch {
    records: Vec<Record>,
    failures: Vec<Problem>,
}

/// Reads records in batches.
pub struct Batches {
    reader: BufReader<Box<dyn Read + Send>>,
    /// Bytes read, unpacked.
    at: u64,
    /// Whether a record was there; one with text.
    any: bool,
    any_text: bool,
    ended: bool,
    /// What is told once the records before it are out.
    error: Option<io::Error>,
}

/// The head of a record.
#[derive(Default)]
struct Head {
    kind: String,
    url: String,
    date: Option<String>,
    language: Option<String>,
    length: Option<u64>,
}

impl Batches {
    pub fn new(reader: Box<dyn Read + Send>) -> Batches {
        let reader = BufReader::with_capacity(BATCH, reader);
        Batches { reader, at: 0, any: false, any_text: false, ended: false, error: None }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.at += (&mut self.reader).take(LONGEST_LINE).read_until(b'\n', &mut line)? as u64;
        Ok(line)
    }

    /// The next record with text; `None` at the end.
    fn record(&mut self, failures: &mut Vec<Problem>) -> io::Result<Option<Record>> {
        while let Some(head) = self.head(failures)? {
            self.any = true;
            let Some(length) = head.length else {
                failures.push(Problem::Record { at: self.at, why: "its head has no Content-Length" });
                continue;
            };
            if head.kind != "conversion" {
                let skipped = io::copy(&mut (&mut self.reader).take(length), &mut io::sink())?;
                self.at += skipped;
                self.whole(length, skipped)?;
                continue;
            }
            let mut payload = Vec::new();
            let read = (&mut self.reader).take(length).read_to_end(&mut payload)? as u64;
            self.at += read;
            self.whole(length, read)?;
            self.any_text = true;
            return Ok(Some(Record { url: head.url, date: head.date, language: head.language, payload }));
        }
        Ok(None)
    }

    fn whole(&self, length: u64, read: u64) -> io::Result<()> {
        if read == length {
            return Ok(());
        }
        Err(self.cut("a record"))
    }

    /// The file is cut short.
    fn cut(&self, inside: &str) -> io::Error {
        let why = format!("ends inside {inside}, at byte {} of its text", self.at);
        io::Error::new(io::ErrorKind::UnexpectedEof, why)
    }

    /// Reads up to the text of the next record.
    fn head(&mut self, failures: &mut Vec<Problem>) -> io::Result<Option<Head>> {
        let mut told = false;
        loop {
            let at = self.at;
            let line = self.line()?;
            if line.is_empty() {
                return Ok(None);
            }
            if line.starts_with(b"WARC/") {
                break;
            }
            if b"WARC/".starts_with(&line) {
                return Err(self.cut("a record's head"));
            }
            if !told && !line.trim_ascii().is_empty() {
                failures.push(Problem::Record { at, why: "no record starts here; skipped to the next one" });
                told = true;
            }
        }
        let mut head = Head::default();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Err(self.cut("a record's head"));
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim();
            if line.is_empty() {
                return Ok(Some(head));
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "warc-type" => head.kind = value.to_ascii_lowercase(),
                // Some writers put the address in angle brackets.
                "warc-target-uri" => head.url = value.trim_start_matches('<').trim_end_matches('>').to_owned(),
                "warc-date" => head.date = Some(value.to_owned()),
                "warc-identified-content-language" => head.language = Some(value.to_owned()),
                "content-length" => head.length = value.parse().ok(),
                _ => {}
            }
        }
    }
}

impl Iterator for Batches {
    type Item = io::Result<Batch>;

    fn next(&mut self) -> Option<io::Result<Batch>> {
        if self.ended {
            return self.error.take().map(Err);
        }
        let mut batch = Batch::default();
        let mut bytes = 0;
        while bytes < BATCH {
            match self.record(&mut batch.failures) {
                Ok(Some(record)) => {
                    bytes += record.payload.len().max(1 << 10);
                    batch.records.push(record);
                }
                Ok(None) => {
                    self.ended = true;
                    if !self.any_text && (self.any || self.at == 0) {
                        let why = "no page's text in it: only conversion records have that, as in WET files";
                        batch.failures.push(Problem::Refused(why.to_owned()));
                    }
                    break;
                }
                Err(error) => {
                    (self.ended, self.error) = (true, Some(error));
                    break;
                }
            }
        }
        Some(Ok(batch))
    }
}

#[derive(Serialize)]
struct Page<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    spans: Option<Vec<json::Span>>,
}

/// How records are cleaned.
pub struct Records<'a> {
    pub cleaner: &'a Cleaner,
    pub spans: bool,
    pub lossy: bool,
}

impl Records<'_> {
    /// Cleans a batch into JSON Lines.
    pub fn clean(&self, name: &str, batch: Batch, tally: &mut Tally) -> (Vec<u8>, Vec<Failure>) {
        let mut out = Vec::new();
        let mut failures: Vec<Failure> = batch.failures.into_iter().map(|what| Failure::new(name, what)).collect();
        for record in batch.records {
            match source::text(record.payload, 0, self.lossy) {
                Ok(text) => {
                    let cleaned = self.cleaner.clean(&text);
                    let clean = cleaned.text();
                    tally.add(&cleaned, clean.len());
                    out.extend(to_json(&Page {
                        url: &record.url,
                        date: record.date.as_deref(),
                        language: record.language.as_deref(),
                        text: &clean,
                        spans: self.spans.then(|| json::spans(&cleaned, false)),
                    }));
                    out.push(b'\n');
                }
                Err(problem) => failures.push(Failure::new(format!("{name}: record of {}", record.url), problem)),
            }
        }
        (out, failures)
    }
}
