//! The lab: trains the weights, measures them, shows where they fail.

mod corpus;
mod evaluate;
mod gradient;
mod random;
mod score;
mod shape;
mod train;

use std::io;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Trains and measures bodycopy's model.
#[derive(Parser)]
struct Args {
    /// The folder with the corpora.
    #[arg(long, default_value = "../shared", global = true)]
    shared: PathBuf,
    #[arg(long, default_value_t = 10, global = true)]
    epochs: usize,
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
    /// Trains without each of the folds in turn and measures on the fold left out.
    Evaluate {
        /// How many of the five folds to do.
        #[arg(long, default_value_t = train::FOLDS)]
        folds: usize,
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
            std::fs::write(out, bodycopy::inside::weights::write(&model))
        }
        Verb::Evaluate { folds } => evaluate::cross_validate(&args.shared, &plan, folds),
    }
}
