//! Where the time goes: each stage apart, on an invented page of 50 KB, or on
//! the first megabytes of `BODYCOPY_PAGES` (see `benches/clean.rs`).
//!
//! `cargo bench --features lab --bench stages`

use std::fs;
use std::sync::LazyLock;

use bodycopy::inside::{self, Block, Model, Page, Rules, Tape, feature, weights};
use divan::Bencher;
use divan::counter::BytesCount;

static TEXTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let Some(pages) = std::env::var_os("BODYCOPY_PAGES") else {
        let paragraph = "The council said on Monday that the old bridge would be closed until the spring, because the repairs had shown more rust than anyone had expected.\n\n";
        let page = [
            "Home\nNews\nSport\nSubscribe\n".repeat(8),
            paragraph.repeat(12),
            "Privacy\nTerms\n3 hours ago\n".repeat(8),
        ];
        return vec![page.concat().repeat(20)];
    };
    let lines = fs::read_to_string(pages).unwrap_or_default();
    let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["text"].as_str().map(str::to_owned);
    lines.lines().filter_map(text).take(200).collect()
});

struct Stage {
    text: &'static str,
    blocks: Vec<Block>,
    page: Page,
    features: Vec<f32>,
}

static STAGES: LazyLock<Vec<Stage>> = LazyLock::new(|| {
    let stage = |text: &'static String| {
        let blocks = inside::blocks(text).1;
        let page = Page::new(text, blocks.clone(), &Rules::default());
        let mut features = vec![0.0; blocks.len() * feature::COUNT];
        feature::fill_all(&page, &mut features);
        Stage { text, blocks, page, features }
    };
    TEXTS.iter().map(stage).collect()
});

fn bytes() -> BytesCount {
    BytesCount::new(TEXTS.iter().map(String::len).sum::<usize>())
}

#[divan::bench]
fn blocks(bencher: Bencher<'_, '_>) {
    bencher.counter(bytes()).bench_local(|| STAGES.iter().map(|s| inside::blocks(s.text).1.len()).sum::<usize>());
}

#[divan::bench]
fn page(bencher: Bencher<'_, '_>) {
    let look = |s: &Stage| Page::new(s.text, s.blocks.clone(), &Rules::default()).blocks.len();
    bencher.counter(bytes()).bench_local(|| STAGES.iter().map(look).sum::<usize>());
}

#[divan::bench]
fn features(bencher: Bencher<'_, '_>) {
    let blocks = STAGES.iter().map(|stage| stage.blocks.len()).max().unwrap_or(0);
    let mut rows = vec![0.0; blocks * feature::COUNT];
    bencher.counter(bytes()).bench_local(|| {
        for stage in STAGES.iter() {
            let rows = &mut rows[..stage.blocks.len() * feature::COUNT];
            feature::fill_all(&stage.page, divan::black_box(rows));
        }
    });
}

#[divan::bench]
fn network(bencher: Bencher<'_, '_>) {
    let model: Model = weights::read(weights::SHIPPED).expect("the shipped weights are tested").0;
    let mut tape = Tape::default();
    bencher.counter(bytes()).bench_local(|| {
        for stage in STAGES.iter() {
            model.forward(&stage.features, None, &mut tape);
        }
        tape.scores.len()
    });
}

fn main() {
    divan::main();
}
