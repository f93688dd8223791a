//! The command line.
//!
//! Names → a plan of inputs and outputs ([`plan`]) → pages, cleaned by many
//! threads in order ([`batch`], [`ordered`]) → text, JSON or a table.

#![forbid(unsafe_code)]

mod args;
mod batch;
mod explain;
mod failure;
mod json;
mod jsonl;
mod ordered;
mod plain;
mod plan;
mod progress;
mod report;
mod rules;
mod sink;
mod source;
mod stop;
mod tally;
mod task;
mod warc;
mod writer;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use bodycopy::Cleaner;

use crate::args::Args;
use crate::failure::{Failure, Problem};
use crate::plan::Plan;
use crate::writer::FAILURE;

/// The command line is wrong; clap's too.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let args = Args::read();
    if args.kinds {
        return match write!(anstream::stdout(), "{}", args::legend()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                progress::say(&format!("bodycopy: {}", Failure::new("standard output", Problem::Stdout(error))));
                ExitCode::from(FAILURE)
            }
            _ => ExitCode::SUCCESS,
        };
    }
    if let Some(file) = args.out_dir.as_deref().filter(|dir| dir.exists() && !dir.is_dir()) {
        return usage(&format!("--out-dir names a folder, and {} is none", file.display()));
    }
    let mut cleaner = Cleaner::new().keep(args.keep.iter().copied()).favor(args.favor);
    for file in &args.rules {
        match rules::read(file) {
            Ok(rules) => cleaner = rules.iter().fold(cleaner, |cleaner, rule| rule.apply(cleaner)),
            Err(error) => return usage(&error.to_string()),
        }
    }
    cleaner = args.phrases.iter().fold(cleaner, |cleaner, rule| rule.apply(cleaner));
    if args.spans && args.field == "spans" {
        return usage("--spans adds the field \"spans\", and --field names it for the text");
    }
    let plan = Plan::new(&args);
    if args.spans && plan.found().all(|input| input.form == source::Form::Page) {
        return usage("--spans adds to JSON Lines; for pages of text, --json has them");
    }
    if let Some(report) = args.report.as_deref().filter(|report| plan.uses(report)) {
        return usage(&format!("--report would be written over {}, which is read or written too", report.display()));
    }
    ExitCode::from(batch::run(&args, &cleaner, plan))
}

fn usage(message: &str) -> ExitCode {
    progress::say(&format!("bodycopy: {message}"));
    ExitCode::from(USAGE)
}
