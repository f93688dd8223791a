//! Tasks → outcomes: the work of one thread.

use std::io::{self, Write};
use std::sync::Arc;

use bodycopy::Cleaner;

use crate::args::Args;
use crate::failure::{Failure, Problem};
use crate::json;
use crate::jsonl::{self, Lines};
use crate::plain;
use crate::plan::Input;
use crate::sink;
use crate::source::{self, BytesRead, STDIN};
use crate::stop::Stop;
use crate::tally::Tally;
use crate::warc::{self, Records};
use crate::writer::FAILURE;

/// Bytes from which a page for standard output is not copied.
const LARGE: usize = 4 << 20;

/// A piece of work.
pub enum Task {
    /// A page that stands in a file of its own.
    Page,
    Lines(jsonl::Batch),
    Records(warc::Batch),
    /// The end of an input of many pages.
    End,
    /// The input cannot be done, or not to its end.
    Fail(Failure),
    /// The work ends before the input does.
    Stop,
}

/// Tasks that one thread does one after the other.
pub type Group = Vec<(Option<Arc<Input>>, Task)>;

/// What came of a task.
pub struct Outcome {
    /// `None` for names that are no inputs.
    pub input: Option<Arc<Input>>,
    pub output: Output,
    pub failures: Vec<Failure>,
    pub tally: Tally,
}

pub enum Output {
    /// A page for standard output.
    Page(Vec<u8>),
    /// A page to explain row by row as they come, or one too large to be copied.
    Source(String),
    /// Some of the output of an input of many pages.
    Part(Vec<u8>),
    End,
    /// Nothing is left to write.
    Done,
    Failed,
}

/// How tasks are done.
pub struct Pages<'a> {
    pub args: &'a Args,
    pub cleaner: &'a Cleaner,
    pub read: &'a BytesRead,
}

impl Pages<'_> {
    /// Does the tasks of a group, on any thread. After a stop, or where no more can
    /// be written, pages that are not begun are left.
    pub fn work_all(&self, group: Group, stop: &Stop) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(group.len());
        for (input, task) in group {
            if matches!(task, Task::Page) && stop.code().is_some() {
                break;
            }
            let outcome = self.work(input, task);
            if outcome.failures.iter().any(Failure::is_final) && stop.code().is_none() {
                stop.now(FAILURE);
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    fn work(&self, input: Option<Arc<Input>>, task: Task) -> Outcome {
        let mut tally = Tally::default();
        let mut failures = Vec::new();
        let output = match (task, &input) {
            (Task::Page, Some(input)) => self.page(input, &mut tally).unwrap_or_else(|failure| {
                failures.push(failure);
                Output::Failed
            }),
            (Task::Lines(batch), Some(input)) => {
                let Args { field, spans, lossy, .. } = self.args;
                let lines = Lines { cleaner: self.cleaner, field, spans: *spans, lossy: *lossy };
                let (bytes, bad) = lines.clean(&input.name, batch, &mut tally);
                failures = bad;
                Output::Part(bytes)
            }
            (Task::Records(batch), Some(input)) => {
                let records = Records { cleaner: self.cleaner, spans: self.args.spans, lossy: self.args.lossy };
                let (bytes, bad) = records.clean(&input.name, batch, &mut tally);
                failures = bad;
                Output::Part(bytes)
            }
            (Task::Fail(failure), _) => {
                failures.push(failure);
                Output::Failed
            }
            (Task::Stop, _) => Output::Failed,
            (_, _) => Output::End,
        };
        Outcome { input, output, failures, tally }
    }

    /// Cleans a page, and writes it where it has a file of its own.
    fn page(&self, input: &Input, tally: &mut Tally) -> Result<Output, Failure> {
        let source = source::page(&input.path, &input.name, self.args.lossy, self.read)?;
        // Of a large page there is no copy: it is written as it is cleaned, in turn.
        let large = source.len() > LARGE && !self.args.json && input.output.is_none();
        if self.args.explain || large {
            return Ok(Output::Source(source));
        }
        let page = self.cleaner.clean(&source);
        let write = |out: &mut dyn Write| -> io::Result<usize> {
            if !self.args.json {
                return plain::write(&page, out);
            }
            let file = (input.path.as_os_str() != STDIN).then_some(&*input.name);
            let text = page.text();
            out.write_all(&json::object(&page, &text, file))?;
            Ok(text.len())
        };
        let (kept, output) = match &input.output {
            Some(path) => {
                let told = |error| Failure::new(path.display().to_string(), Problem::Write(error));
                (sink::write(path, |file| write(file)).map_err(told)?, Output::Done)
            }
            None => {
                let mut bytes = Vec::new();
                (write(&mut bytes).expect("memory takes all"), Output::Page(bytes))
            }
        };
        tally.add(&page, kept);
        Ok(output)
    }
}
