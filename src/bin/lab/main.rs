//! The lab: trains the weights, measures them, shows where they fail.

// Loops over channels and blocks read as the formulas do.
#![allow(clippy::needless_range_loop)]

mod corpus;
mod evaluate;
mod figures;
mod gradient;
mod graft;
mod random;
mod report;
mod score;
mod shape;
mod train;
mod worst;

use std::io::{self, Write};
use std::path::PathBuf;

use bodycopy::inside;
use clap::{Parser, Subcommand};

/// Trains and measures bodycopy's model.
#[derive(Parser)]
struct Args {
    /// The folder with the corpora.
    #[arg(long, default_value = "../shared", global = true)]
    shared: PathBuf,
    /// Times that the pages are gone through.
    #[arg(long, default_value_t = 12, global = true)]
    epochs: usize,
    /// What chance starts from.
    #[arg(long, default_value_t = 1, global = true)]
    seed: u64,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Trains on every page to learn from and writes the weights file.
    Train {
        #[arg(long, default_value = "weights/bodycopy.weights")]
        out: PathBuf,
    },
    /// Compiles the lexicons.
    Lexicons {
        #[arg(long, default_value = "lexicons/compiled.bin")]
        out: PathBuf,
    },
    /// Trains without each of the folds in turn and measures on the fold left out.
    Evaluate {
        /// How many of the five folds to do.
        #[arg(long, default_value_t = train::FOLDS)]
        folds: usize,
        /// Where to write the report; else it is printed.
        #[arg(long)]
        report: Option<PathBuf>,
        /// A folder to write the folds' weights to.
        #[arg(long)]
        keep_weights: Option<PathBuf>,
        /// Measure the weights in that folder, train nothing.
        #[arg(long, requires = "keep_weights")]
        reuse: bool,
    },
    /// Shows the pages that a weights file does worst on, block by block.
    Worst {
        #[arg(long, default_value = "weights/bodycopy.weights")]
        weights: PathBuf,
        /// Only pages of this fold, on which the weights were not trained.
        #[arg(long)]
        fold: Option<usize>,
        #[arg(long, default_value = "articles")]
        corpus: String,
        #[arg(long, default_value = "html_text")]
        dump: String,
        #[arg(long, default_value_t = 10)]
        top: usize,
    },
}

fn main() -> io::Result<()> {
    let args = Args::parse();
    let plan = train::Plan { epochs: args.epochs, seed: args.seed, ..train::Plan::default() };
    match args.verb {
        Verb::Train { out } => {
            let pages = corpus::read(&args.shared, &corpus::LEARNED)?;
            let samples = train::prepare(&pages, &args.shared, plan.seed);
            let model = train::train(&samples, &plan, |_| true, true);
            std::fs::write(out, inside::weights::write(&model))
        }
        Verb::Lexicons { out } => std::fs::write(out, inside::lexicon::compile(inside::lexicon::FILES)),
        Verb::Worst { weights, fold, corpus, dump, top } => {
            worst::show(&args.shared, &weights, fold, &corpus, &dump, top)
        }
        Verb::Evaluate { folds, report, keep_weights, reuse } => {
            let found =
                evaluate::cross_validate(&args.shared, &plan, folds, keep_weights.as_deref(), reuse)?.to_string();
            match report {
                Some(path) => std::fs::write(path, found),
                None => io::stdout().write_all(found.as_bytes()),
            }
        }
    }
}
