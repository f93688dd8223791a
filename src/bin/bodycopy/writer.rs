//! Outcomes → files, standard output and messages, in order.

use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use bodycopy::{Cleaned, Cleaner};

use crate::args::Args;
use crate::explain;
use crate::failure::{Failure, Problem};
use crate::plain;
use crate::plan::{Input, Plan};
use crate::progress::Bar;
use crate::sink::NewFile;
use crate::stop::Stop;
use crate::tally::Tally;
use crate::task::{Outcome, Output};

/// The exit code where something could not be done.
pub const FAILURE: u8 = 1;

/// Writes and tells what came of the tasks, in their order.
pub struct Writer<'a> {
    args: &'a Args,
    cleaner: &'a Cleaner,
    stop: &'a Stop,
    bar: Bar,
    /// Whether a line with its name stands before every page.
    named: bool,
    /// The output file that could not be written, so that nothing is added to it.
    lost: Option<PathBuf>,
    /// Whether something stands on standard output.
    written: bool,
    /// The output file of the input of many pages that is being done.
    file: Option<NewFile>,
    pub tally: Tally,
    /// Inputs that are done to their end.
    pub done: u64,
    /// Messages about what could not be done.
    pub failures: u64,
}

impl<'a> Writer<'a> {
    /// A writer for `plan`'s outputs.
    pub fn new(args: &'a Args, cleaner: &'a Cleaner, plan: &Plan, bar: Bar, stop: &'a Stop) -> Writer<'a> {
        let named = plan.inputs.len() > 1 && !args.json && !args.jsonl && args.out_dir.is_none();
        let tally = Tally::default();
        Writer { args, cleaner, stop, bar, named, written: false, lost: None, file: None, tally, done: 0, failures: 0 }
    }

    /// Writes and tells what came of a task.
    pub fn take(&mut self, outcome: Outcome) -> ControlFlow<()> {
        let Outcome { input, output, mut failures, tally } = outcome;
        self.tally.merge(&tally);
        if let Some(input) = &input {
            let told = self.output(input, output, &tally);
            failures.extend(told.err());
        }
        self.failures += failures.len() as u64;
        for failure in &failures {
            self.tell(&failure.to_string());
            if failure.is_final() && self.stop.code().is_none() {
                self.stop.now(FAILURE);
            }
        }
        self.bar.update(self.tally.pages);
        let is_lost = failures.iter().any(|failure| matches!(&failure.problem, Problem::Stdout(_)));
        if is_lost { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn output(&mut self, input: &Input, output: Output, tally: &Tally) -> Result<(), Failure> {
        match output {
            Output::Page(bytes) => {
                if tally.without_body > 0 && !self.args.json {
                    self.tell_no_article(input);
                }
                self.header(input)?;
                self.done += 1;
                self.print(&bytes)
            }
            Output::Source(source) => {
                let page = self.cleaner.clean(&source);
                if !self.args.explain {
                    return self.large(input, &page);
                }
                self.header(input)?;
                let kept = page.text().len();
                self.tally.add(&page, kept);
                for row in explain::rows(&page, explain::columns()) {
                    self.print(row.as_bytes())?;
                }
                self.done += 1;
                self.print(explain::sum(&page, kept).as_bytes())
            }
            Output::Part(bytes) => self.part(input, &bytes),
            Output::End => {
                // Input without a line has an output without one.
                self.part(input, b"")?;
                if self.lost.is_some() && self.lost == input.output {
                    return Ok(());
                }
                let finished = self.file.take().map_or(Ok(()), NewFile::finish);
                finished.map_err(|error| unwritten(input, error))?;
                self.done += 1;
                Ok(())
            }
            Output::Done => {
                self.done += 1;
                Ok(())
            }
            Output::Failed => {
                if self.file.take().is_some() {
                    self.tell(&format!("{}: not written, since {} was not read to its end", place(input), input.name));
                }
                Ok(())
            }
        }
    }

    /// Prints a page that is too large to be copied.
    fn large(&mut self, input: &Input, page: &Cleaned) -> Result<(), Failure> {
        if !page.has_body() {
            self.tell_no_article(input);
        }
        self.header(input)?;
        let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
        let kept = plain::write(page, out).map_err(|error| self.unprinted(error))?;
        self.written |= kept > 0;
        self.tally.add(page, kept);
        self.done += 1;
        Ok(())
    }

    fn tell_no_article(&self, input: &Input) {
        if !self.args.quiet {
            self.tell(&format!("{}: no article found", input.name));
        }
    }

    /// Names the page that follows, where there are several.
    fn header(&mut self, input: &Input) -> Result<(), Failure> {
        if !self.named {
            return Ok(());
        }
        let gap = if self.written { "\n" } else { "" };
        self.print(format!("{gap}==> {} <==\n", input.name).as_bytes())
    }

    fn part(&mut self, input: &Input, bytes: &[u8]) -> Result<(), Failure> {
        let Some(path) = &input.output else { return self.print(bytes) };
        if self.lost.as_ref() == Some(path) {
            return Ok(());
        }
        let mut write = || {
            if self.file.is_none() {
                self.file = Some(NewFile::new(path)?);
            }
            self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
        };
        write().map_err(|error| {
            self.lost = Some(path.clone());
            self.file = None;
            unwritten(input, error)
        })
    }

    fn print(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.written |= !bytes.is_empty();
        let result = if self.args.explain {
            let mut out = anstream::stdout();
            out.write_all(bytes).and_then(|()| out.flush())
        } else {
            let mut out = io::stdout().lock();
            out.write_all(bytes).and_then(|()| out.flush())
        };
        result.map_err(|error| self.unprinted(error))
    }

    fn unprinted(&self, error: io::Error) -> Failure {
        if error.kind() == io::ErrorKind::BrokenPipe {
            // The reader has all that it wants. The thread that reads may
            // wait for input for ever, so nobody waits for it.
            self.bar.end();
            std::process::exit(i32::from(self.failures > 0));
        }
        Failure::new("standard output", Problem::Stdout(error))
    }

    fn tell(&self, message: &str) {
        self.bar.say(&format!("bodycopy: {message}"));
    }

    /// Takes the bar away; nothing more comes.
    pub fn end(&self) {
        self.bar.end();
    }
}

fn place(input: &Input) -> String {
    input.output.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string())
}

fn unwritten(input: &Input, error: io::Error) -> Failure {
    Failure::new(place(input), Problem::Write(error))
}
