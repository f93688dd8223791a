//! The plan → everything cleaned and written, in the plan's order.
//!
//! One thread reads, [`ordered`](crate::ordered) ones clean, and the first
//! writes and tells. Pages are read by the threads that clean them; JSON Lines
//! come in batches.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bodycopy::Cleaner;
use same_file::Handle;

use crate::args::Args;
use crate::explain;
use crate::failure::{Failure, Problem};
use crate::json;
use crate::jsonl::{self, Lines};
use crate::ordered::ordered;
use crate::plan::{Input, Plan};
use crate::sink::{self, NewFile};
use crate::source::{self, Form, Progress, STDIN};
use crate::tally::Tally;
use crate::warc::{self, Records};

/// A piece of work.
enum Task {
    /// A page that stands in a file of its own.
    Page,
    Lines(jsonl::Batch),
    Records(warc::Batch),
    /// The end of an input of many pages.
    End,
    /// The input cannot be done, or not to its end.
    Fail(Failure),
}

/// What came of a task.
struct Outcome {
    /// `None` for names that are no inputs.
    input: Option<Arc<Input>>,
    output: Output,
    failures: Vec<Failure>,
    tally: Tally,
}

enum Output {
    /// A page for standard output.
    Page(Vec<u8>),
    /// Some of the output of an input of many pages.
    Part(Vec<u8>),
    End,
    /// Nothing is left to write.
    Done,
    Failed,
}

/// Does what is planned; returns the exit code.
pub fn run(args: &Args, cleaner: &Cleaner, plan: Plan) -> u8 {
    if args.files.is_empty() && io::stdin().is_terminal() && !args.quiet {
        eprintln!("bodycopy: reading from the terminal; Ctrl-D ends the page, --help tells what else there is");
    }
    let progress = Progress::default();
    let stop = AtomicUsize::new(0);
    let pages = Pages { args, cleaner, progress: &progress, columns: explain::columns() };
    let mut writer = Writer::new(args, plan.inputs.len() > 1, &stop);
    let one_page = plan.inputs.len() == 1 && plan.found().all(|input| input.form == Form::Page);
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = if one_page { 1 } else { args.jobs.map_or_else(cores, usize::from) };
    ordered(
        jobs,
        |send| produce(plan, &progress, &stop, send),
        |(input, task)| pages.work(input, task),
        |outcome| writer.take(outcome),
    );
    u8::from(writer.failed)
}

type Send<'s> = &'s mut dyn FnMut((Option<Arc<Input>>, Task)) -> ControlFlow<()>;

/// Sends the plan's tasks.
fn produce(plan: Plan, progress: &Progress, stop: &AtomicUsize, send: Send) {
    for found in plan.inputs {
        if stop.load(Ordering::Relaxed) != 0 {
            return;
        }
        let sent = match found.map(Arc::new) {
            Err(failure) => send((None, Task::Fail(failure))),
            Ok(input) if input.form == Form::Page => send((Some(input), Task::Page)),
            Ok(input) => stream(&input, progress, send),
        };
        if sent.is_break() {
            return;
        }
    }
}

/// Sends the tasks of an input of many pages.
fn stream(input: &Arc<Input>, progress: &Progress, send: Send) -> ControlFlow<()> {
    let mut send = |task| send((Some(Arc::clone(input)), task));
    let unreadable = |error| Task::Fail(Failure::new(&input.name, Problem::Read(error)));
    let reader = match source::open(&input.path, progress) {
        Ok(reader) => reader,
        Err(error) => return send(unreadable(error)),
    };
    let lines = |reader| Box::new(jsonl::Batches::new(reader).map(|batch| batch.map(Task::Lines)));
    let records = |reader| Box::new(warc::Batches::new(reader).map(|batch| batch.map(Task::Records)));
    let batches: Box<dyn Iterator<Item = io::Result<Task>>> = match input.form {
        Form::Archive => records(reader),
        _ => lines(reader),
    };
    for batch in batches {
        match batch {
            Ok(batch) => send(batch)?,
            Err(error) => return send(unreadable(error)),
        }
    }
    send(Task::End)
}

/// Does tasks, on any thread.
struct Pages<'a> {
    args: &'a Args,
    cleaner: &'a Cleaner,
    progress: &'a Progress,
    columns: usize,
}

impl Pages<'_> {
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
            (_, _) => Output::End,
        };
        Outcome { input, output, failures, tally }
    }

    /// Cleans a page, and writes it where it has a file of its own.
    fn page(&self, input: &Input, tally: &mut Tally) -> Result<Output, Failure> {
        if input.output.is_none() && is_stdout(&input.path) {
            let why = "not cleaned: it is the output too; nothing is written over an input";
            return Err(Failure::new(&input.name, Problem::Refused(why.to_owned())));
        }
        let source = source::page(&input.path, &input.name, self.args.lossy, self.progress)?;
        let page = self.cleaner.clean(&source);
        let text = page.text();
        let bytes = if self.args.json {
            let file = (input.path.as_os_str() != STDIN).then_some(&*input.name);
            json::object(&page, &text, file)
        } else if self.args.explain {
            explain::table(&page, text.len(), self.columns).into_bytes()
        } else {
            let mut bytes = text.clone().into_bytes();
            if !bytes.is_empty() && bytes.last() != Some(&b'\n') {
                bytes.push(b'\n');
            }
            bytes
        };
        if let Some(path) = &input.output {
            let told = |error| Failure::new(path.display().to_string(), Problem::Write(error));
            sink::write(path, &bytes).map_err(told)?;
        }
        tally.add(&page, text.len());
        Ok(if input.output.is_some() { Output::Done } else { Output::Page(bytes) })
    }
}

/// Whether a file is where standard output goes.
fn is_stdout(path: &Path) -> bool {
    let same = || Ok::<_, io::Error>(Handle::stdout()? == Handle::from_path(path)?);
    path.is_file() && same().unwrap_or(false)
}

/// Writes and tells what came of the tasks, in their order.
struct Writer<'a> {
    args: &'a Args,
    stop: &'a AtomicUsize,
    /// Whether a line with its name stands before every page.
    named: bool,
    /// Whether something stands on standard output.
    written: bool,
    /// The output file of the input of many pages that is being done.
    file: Option<NewFile>,
    failed: bool,
    tally: Tally,
}

impl<'a> Writer<'a> {
    fn new(args: &'a Args, many: bool, stop: &'a AtomicUsize) -> Writer<'a> {
        let named = many && !args.json && !args.jsonl && args.out_dir.is_none();
        Writer { args, stop, named, written: false, file: None, failed: false, tally: Tally::default() }
    }

    fn take(&mut self, outcome: Outcome) -> ControlFlow<()> {
        let Outcome { input, output, mut failures, tally } = outcome;
        self.tally.merge(&tally);
        if let Some(input) = &input {
            let told = self.output(input, output, &tally);
            failures.extend(told.err());
        }
        for failure in &failures {
            self.failed = true;
            self.tell(&failure.to_string());
        }
        if failures.iter().any(|failure| matches!(&failure.problem, Problem::Stdout(_))) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn output(&mut self, input: &Input, output: Output, tally: &Tally) -> Result<(), Failure> {
        match output {
            Output::Page(bytes) => {
                if tally.without_body > 0 && !self.args.explain && !self.args.json && !self.args.quiet {
                    self.tell(&format!("{}: no article found", input.name));
                }
                if self.named {
                    let gap = if self.written { "\n" } else { "" };
                    self.print(format!("{gap}==> {} <==\n", input.name).as_bytes())?;
                }
                self.print(&bytes)
            }
            Output::Part(bytes) => self.part(input, &bytes),
            Output::End => {
                // Input without a line has an output without one.
                self.part(input, b"")?;
                let finished = self.file.take().map_or(Ok(()), NewFile::finish);
                finished.map_err(|error| unwritten(input, error))
            }
            Output::Done => Ok(()),
            Output::Failed => {
                if self.file.take().is_some() {
                    self.tell(&format!("{}: not written, since its input has no end", place(input)));
                }
                Ok(())
            }
        }
    }

    fn part(&mut self, input: &Input, bytes: &[u8]) -> Result<(), Failure> {
        let Some(path) = &input.output else { return self.print(bytes) };
        let mut write = || {
            if self.file.is_none() {
                self.file = Some(NewFile::new(path)?);
            }
            self.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes))
        };
        write().map_err(|error| unwritten(input, error))
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
        result.map_err(|error| {
            if error.kind() == io::ErrorKind::BrokenPipe {
                // The reader has all that it wants. The thread that reads may
                // wait for input for ever, so nobody waits for it.
                std::process::exit(i32::from(self.failed));
            }
            Failure::new("standard output", Problem::Stdout(error))
        })
    }

    fn tell(&self, message: &str) {
        eprintln!("bodycopy: {message}");
    }
}

fn place(input: &Input) -> String {
    input.output.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string())
}

fn unwritten(input: &Input, error: io::Error) -> Failure {
    Failure::new(place(input), Problem::Write(error))
}
