//! The plan → everything cleaned and written, in the plan's order.
//!
//! One thread reads, others clean ([`Pages`]), and the first one writes and
//! tells ([`Writer`]). Pages are read by the threads that clean them; JSON
//! Lines and archives come in batches.

use std::fs::Metadata;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use bodycopy::Cleaner;

use crate::args::Args;
use crate::failure::{Failure, Problem};
use crate::jsonl;
use crate::ordered::ordered;
use crate::plan::{Input, Plan};
use crate::progress::{Bar, say};
use crate::report::Run;
use crate::sink;
use crate::source::{self, BytesRead, Form, Packing, STDIN};
use crate::stop::Stop;
use crate::task::{Group, Pages, Task};
use crate::warc;
use crate::writer::{FAILURE, Writer};

/// Does what is planned; returns the exit code.
pub fn run(args: &Args, cleaner: &Cleaner, plan: Plan) -> u8 {
    let started = Instant::now();
    let typed = io::stdin().is_terminal() && plan.found().any(|input| input.path.as_os_str() == STDIN);
    if typed && !args.quiet {
        say("bodycopy: reading from the terminal; Ctrl-D ends the page, --help tells what else there is");
    }
    let has_archive = plan.found().any(|input| input.form == Form::Archive);
    let is_batch = args.out_dir.is_some() || has_archive || args.report.is_some();
    let stop = Stop::default();
    if (is_batch || args.jsonl) && !typed {
        // Where signals cannot be heard, they end the process at once.
        let _ = stop.listen();
    }
    let read = BytesRead::default();
    let (inputs, skipped) = (plan.inputs.len() as u64 + plan.skipped, plan.skipped);
    let is_page = plan.inputs.len() == 1 && plan.found().all(|input| input.form == Form::Page);
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = if is_page { 1 } else { args.jobs.map_or_else(cores, usize::from) };

    let shown = !args.quiet && io::stderr().is_terminal() && (args.out_dir.is_some() || !io::stdout().is_terminal());
    let mut writer = Writer::new(args, cleaner, &plan, Bar::new(&plan, Arc::clone(&read), shown), &stop);
    let pages = Pages { args, cleaner, read: &read };
    ordered(
        jobs,
        |send| produce(plan, &read, &stop, Groups::new(args, send)),
        |group| pages.work_all(group, &stop),
        |outcomes| outcomes.into_iter().try_for_each(|outcome| writer.take(outcome)),
    );
    writer.end();

    let run = Run {
        tally: &writer.tally,
        keep: &args.keep,
        time: started.elapsed(),
        jobs,
        inputs,
        done: writer.done,
        skipped,
        failures: writer.failures,
        interrupted: stop.code().is_some(),
    };
    if is_batch && !args.quiet {
        say(&run.summary().to_string());
    }
    if run.tally.html > 0 && !args.quiet {
        let pages = if run.tally.html == 1 { "1 page is".to_owned() } else { format!("{} pages are", run.tally.html) };
        say(&format!("bodycopy: {pages} HTML, cleaned as if it were text; take the text out of HTML first"));
    }
    if run.interrupted && (run.inputs > 1 || args.out_dir.is_some()) {
        let goes_on = if args.out_dir.is_some() { "; --skip-existing goes on from here" } else { "" };
        let done = run.done + run.skipped;
        say(&format!("bodycopy: ended early, with {done} of {} inputs done{goes_on}", run.inputs));
    }
    let mut failed = run.failures > 0;
    if let Some(path) = &args.report
        && let Err(error) = sink::write(path, |file| file.write_all(run.report().as_bytes()))
    {
        say(&format!("bodycopy: {}", Failure::new(path.display().to_string(), Problem::Write(error))));
        failed = true;
    }
    stop.code().unwrap_or(if failed { FAILURE } else { 0 })
}

/// Files and bytes of a group, at most: large enough that handing it to another
/// thread costs little, small enough that all threads end at about the same time.
const GROUP: usize = 16;
const GROUP_BYTES: u64 = 1 << 18;

/// Sends tasks in groups.
struct Groups<'s> {
    /// Whether pages go together: with reasons, one is work enough.
    together: bool,
    send: &'s mut dyn FnMut(Group) -> ControlFlow<()>,
    group: Group,
    bytes: u64,
}

impl<'s> Groups<'s> {
    fn new(args: &Args, send: &'s mut dyn FnMut(Group) -> ControlFlow<()>) -> Groups<'s> {
        Groups { together: !args.json && !args.explain, send, group: Group::new(), bytes: 0 }
    }

    /// Sends a page: with others, where it is a file whose size is known.
    fn page(&mut self, input: Arc<Input>) -> ControlFlow<()> {
        let is_sized = self.together && Packing::of(&input.path) == Packing::Plain;
        let file = is_sized.then(|| input.path.metadata().ok()).flatten().filter(Metadata::is_file);
        let Some(file) = file else {
            return self.alone(Some(input), Task::Page);
        };
        self.bytes += file.len();
        self.group.push((Some(input), Task::Page));
        if self.group.len() < GROUP && self.bytes < GROUP_BYTES { ControlFlow::Continue(()) } else { self.flush() }
    }

    /// Sends a task that is none of a group, after those that wait.
    fn alone(&mut self, input: Option<Arc<Input>>, task: Task) -> ControlFlow<()> {
        self.flush()?;
        (self.send)(vec![(input, task)])
    }

    fn flush(&mut self) -> ControlFlow<()> {
        self.bytes = 0;
        if self.group.is_empty() { ControlFlow::Continue(()) } else { (self.send)(std::mem::take(&mut self.group)) }
    }
}

/// Sends the plan's tasks.
fn produce(plan: Plan, read: &BytesRead, stop: &Stop, mut groups: Groups) {
    for found in plan.inputs {
        if stop.code().is_some() {
            return;
        }
        let sent = match found.map(Arc::new) {
            Err(failure) => groups.alone(None, Task::Fail(failure)),
            Ok(input) if input.form == Form::Page => groups.page(input),
            Ok(input) => stream(&input, read, stop, &mut groups),
        };
        if sent.is_break() {
            return;
        }
    }
    // Where it breaks, nothing is left to send.
    let _ = groups.flush();
}

/// Sends the tasks of an input of many pages.
fn stream(input: &Arc<Input>, read: &BytesRead, stop: &Stop, groups: &mut Groups) -> ControlFlow<()> {
    let mut send = |task| groups.alone(Some(Arc::clone(input)), task);
    let unreadable = |error| Task::Fail(Failure::new(&input.name, Problem::Read(error)));
    let reader = match source::open(&input.path, read) {
        Ok(reader) => reader,
        Err(error) => return send(unreadable(error)),
    };
    let batches: Box<dyn Iterator<Item = io::Result<Task>>> = match input.form {
        Form::Archive => Box::new(warc::Batches::new(reader).map(|batch| batch.map(Task::Records))),
        _ => Box::new(jsonl::Batches::new(reader).map(|batch| batch.map(Task::Lines))),
    };
    for batch in batches {
        if stop.code().is_some() {
            return send(Task::Stop);
        }
        match batch {
            Ok(batch) => send(batch)?,
            Err(error) => return send(unreadable(error)),
        }
    }
    send(Task::End)
}
