//! The command line's promises, one test each, by running the program.

#![cfg(feature = "cli")]

mod archives;
mod batch;
mod jsonl;
mod pages;
mod program;
mod safety;
