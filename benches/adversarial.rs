//! Texts that nobody would write, at two sizes: the rates should be alike.
//!
//! `cargo bench --bench adversarial`; `max alloc` is the most memory that
//! cleaning took, the text's own aside.

#[path = "../tests/limits/inputs.rs"]
mod inputs;

use bodycopy::Cleaner;
use divan::Bencher;
use divan::counter::BytesCount;

use crate::inputs::{ADVERSARIAL, FLATTENED, NATURAL, WRAPPED};

#[global_allocator]
static MEMORY: divan::AllocProfiler = divan::AllocProfiler::system();

fn names() -> impl Iterator<Item = &'static str> {
    [NATURAL, WRAPPED, FLATTENED].into_iter().chain(ADVERSARIAL.iter().copied()).map(|input| input.0)
}

#[divan::bench(args = names(), consts = [1_000_000, 10_000_000], sample_count = 3, sample_size = 1)]
fn clean<const BYTES: usize>(bencher: Bencher<'_, '_>, name: &str) {
    let mut inputs = [NATURAL, WRAPPED, FLATTENED].into_iter().chain(ADVERSARIAL.iter().copied());
    let text = inputs.find(|input| input.0 == name).map(|input| input.1(BYTES)).unwrap_or_default();
    let cleaner = Cleaner::new();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| cleaner.clean(divan::black_box(&text)).text().len());
}

fn main() {
    divan::main();
}
