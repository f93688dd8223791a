//! One cleaner, many threads: cleans the files named on the command line and
//! prints how much of each is body.
//!
//! ```text
//! cargo run --release --example parallel -- seeds/*.txt
//! ```
//!
//! A `Cleaner` is `Send`, `Sync` and cheap to clone, so threads share one by
//! reference; with rayon the loop below is
//! `files.par_iter().map(|file| share(&cleaner, file))`.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bodycopy::{Cleaner, Favor};

/// Bytes of a file's text that are kept, and all of them.
fn share(cleaner: &Cleaner, file: &str) -> io::Result<(usize, usize)> {
    let text = std::fs::read_to_string(file)?;
    Ok((cleaner.clean(&text).text().len(), text.len()))
}

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let cleaner = Cleaner::new().favor(Favor::Precision);
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match share(&cleaner, file) {
                        Ok((kept, all)) => println!("{file}: {kept} of {all} bytes"),
                        Err(error) => eprintln!("{file}: {error}"),
                    }
                }
            });
        }
    });
}
