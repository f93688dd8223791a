//! Time grows with the text and no faster, and memory stays in proportion,
//! whatever the text is.

mod inputs;

use std::fs;
use std::time::{Duration, Instant};

use bodycopy::Cleaner;
use peak_alloc::PeakAlloc;

use crate::inputs::{ADVERSARIAL, FLATTENED, Input, NATURAL, WRAPPED};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What cleaning a text took.
struct Cost {
    time: Duration,
    /// Bytes, with the text's own.
    memory: usize,
    bytes: usize,
}

fn cost(cleaner: &Cleaner, (_, make): Input, bytes: usize) -> Cost {
    let text = make(bytes);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let started = now();
    let cleaned = cleaner.clean(&text);
    let clean = cleaned.text();
    let time = now() - started;
    let memory = MEMORY.peak_usage() - before + text.len();
    assert!(clean.len() <= text.len());
    Cost { time, memory, bytes: text.len() }
}

/// The time that this thread has run, where the system tells: other processes
/// are none of its business.
fn now() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let ran = told.and_then(|told| told.split(' ').next()?.parse().ok());
    thread_local!(static STARTED: Instant = Instant::now());
    ran.map_or_else(|| STARTED.with(Instant::elapsed), Duration::from_nanos)
}

/// One test, so that nothing else allocates meanwhile.
#[test]
fn cost_is_in_proportion_to_the_text() {
    let cleaner = Cleaner::new();
    cleaner.clean("The lexicons and weights are read once.");
    let mut wrong = Vec::new();
    for input in [NATURAL, WRAPPED, FLATTENED].into_iter().chain(ADVERSARIAL.iter().copied()) {
        // Both of more than the megabyte that is looked at together: what fits a
        // cache below that size is no matter of growth.
        let (small, large) = (1_250_000, 5_000_000);
        // What a run measures too much, another one may not. What takes less
        // than the clock can tell is no fault.
        let (mut share, mut fat) = (0.0, None);
        for _ in 0..4 {
            let some: Vec<Cost> = (0..4).map(|_| cost(&cleaner, input, small)).collect();
            let most = cost(&cleaner, input, large);
            let time: Duration = some.iter().map(|cost| cost.time).sum();
            share = most.time.as_secs_f64() / time.as_secs_f64().max(0.05);
            // What a part of a text takes while it is looked at, both take.
            let grown = most.memory.saturating_sub(some[3].memory);
            if grown > 4 * (most.bytes - some[3].bytes) || some[3].memory > 32 << 20 {
                fat = Some(format!("{}: {} bytes of memory, {grown} more for 4 times", input.0, some[3].memory));
            }
            if share <= 1.2 {
                break;
            }
        }
        wrong.extend(fat);
        if share > 1.2 {
            wrong.push(format!("{}: four times the text took {:.1} times the time", input.0, 4.0 * share));
        }
    }
    for input in [NATURAL, WRAPPED, FLATTENED] {
        let cost = cost(&cleaner, input, 16_000_000);
        if cost.memory > 4 * cost.bytes {
            wrong.push(format!("{}: {} bytes of memory for {}", input.0, cost.memory, cost.bytes));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
