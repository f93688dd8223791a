//! Weights → figures, on pages that they were not learned from.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bodycopy::inside::Model;
use bodycopy::{Cleaner, Favor, Kind};

use crate::corpus::{self, Mark, Marked, Page};
use crate::score::{self, Overlap};
use crate::shape;
use crate::train::{self, Plan};

/// Figures by name of what was measured.
#[derive(Default)]
pub struct Figures {
    pub overlaps: BTreeMap<String, Vec<Overlap>>,
    /// Hand-labelled blocks: kind, label, words.
    pub kinds: Vec<(Kind, Kind, f32)>,
    /// Confidence in body, and whether the block is.
    pub odds: Vec<(f32, bool)>,
    pub parts: BTreeMap<&'static str, (usize, usize)>,
}

impl Figures {
    fn merge(&mut self, other: Figures) {
        for (name, pages) in other.overlaps {
            self.overlaps.entry(name).or_default().extend(pages);
        }
        self.kinds.extend(other.kinds);
        self.odds.extend(other.odds);
        for (name, (found, all)) in other.parts {
            let sum = self.parts.entry(name).or_default();
            *sum = (sum.0 + found, sum.1 + all);
        }
    }
}

/// Measures one page in all the ways there are.
fn measure(page: &Page, model: &Arc<Model>, raw: bool) -> Figures {
    let cleaner = Cleaner::with_model(Arc::clone(model));
    let mut figures = Figures::default();
    if let Some(gold) = &page.gold {
        let mut add = |name: String, text: &str| {
            let kept = score::without(text, &page.ignore);
            figures.overlaps.entry(name).or_default().push(score::overlap(gold, &kept));
        };
        let corpus = page.corpus;
        for (dump, marked) in &page.dumps {
            if raw && dump != "html_text" {
                add(format!("{corpus} {dump} raw"), &marked.text);
            }
            add(format!("{corpus} {dump}"), &cleaner.clean(&marked.text).text());
        }
        if let Some(dump) = page.dumps.get("html_text") {
            let language = cleaner.clone();
            if corpus == "news" {
                add(format!("{corpus} lang {}", page.language), &language.clean(&dump.text).text());
            }
            add(format!("{corpus} html_text flat"), &cleaner.clean(&shape::flat(dump).text).text());
            add(format!("{corpus} html_text wrap"), &cleaner.clean(&shape::wrapped(dump, 72).text).text());
            for (name, favor) in [("recall", Favor::Recall), ("precision", Favor::Precision)] {
                add(format!("{corpus} html_text {name}"), &cleaner.clone().favor(favor).clean(&dump.text).text());
            }
        }
        add(format!("{corpus} gold"), &cleaner.clean(gold).text());
    }
    if let Some(kinds) = &page.kinds {
        measure_kinds(kinds, &cleaner, &mut figures);
    }
    figures
}

fn measure_kinds(marked: &Marked, cleaner: &Cleaner, figures: &mut Figures) {
    let cleaned = cleaner.clean(&marked.text);
    let spans: Vec<_> = cleaned.spans().collect();
    let mut gold_parts: BTreeMap<&'static str, Vec<&str>> = BTreeMap::new();
    for (range, mark) in &marked.marks {
        let Mark::Kind(kind) = *mark else { continue };
        let line = &marked.text[range.clone()];
        let at = spans.partition_point(|span| span.range().end <= range.start);
        let Some(span) = spans.get(at) else { continue };
        let words = line.split_whitespace().count() as f32;
        figures.kinds.push((kind, span.kind(), words));
        let body = if span.kind() == Kind::Body { span.confidence() } else { 1.0 - span.confidence() };
        figures.odds.push((body, kind == Kind::Body));
        if matches!(kind, Kind::Headline | Kind::Byline | Kind::Timestamp) {
            gold_parts.entry(kind.name()).or_default().push(line.trim());
        }
    }
    for (name, lines) in gold_parts {
        let found = match name {
            "headline" => cleaned.headline(),
            "byline" => cleaned.byline(),
            _ => cleaned.timestamp(),
        };
        let sum = figures.parts.entry(name).or_default();
        sum.0 += usize::from(found.is_some_and(|found| lines.contains(&found)));
        sum.1 += 1;
    }
}

/// Measures pages on two threads.
pub fn measure_all(pages: &[&Page], model: &Arc<Model>, raw: bool) -> Figures {
    let half = pages.len().div_ceil(2).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = pages
            .chunks(half)
            .map(|chunk| {
                scope.spawn(move || {
                    let mut figures = Figures::default();
                    chunk.iter().for_each(|page| figures.merge(measure(page, model, raw)));
                    figures
                })
            })
            .collect();
        let mut sum = Figures::default();
        parts.into_iter().for_each(|part| sum.merge(part.join().expect("a thread of the lab failed")));
        sum
    })
}

pub fn cross_validate(shared: &Path, plan: &Plan, folds: usize) -> io::Result<()> {
    let start = Instant::now();
    let pages = corpus::read(shared, &corpus::LEARNED)?;
    let web = corpus::read(shared, &[corpus::MEASURED])?;
    eprintln!("read in {:.0} s", start.elapsed().as_secs_f32());
    let samples = train::prepare(&pages, shared, plan.seed);
    let blocks: usize = samples.iter().map(|s| s.targets.len()).sum();
    eprintln!("{} samples, {blocks} blocks, {:.0} s", samples.len(), start.elapsed().as_secs_f32());
    let mut figures = Figures::default();
    for out in 0..folds {
        let model = train::train(&samples, plan, |sample| sample.fold != out, out == 0);
        let held: Vec<&Page> = pages.iter().filter(|page| train::fold(&page.site) == out).collect();
        figures.merge(measure_all(&held, &model, true));
        if out == 0 {
            // Pages enough for a stable mean: every second one.
            let web: Vec<&Page> = web.iter().step_by(2).collect();
            figures.merge(measure_all(&web, &model, true));
            std::fs::write("/tmp/fold0.weights", bodycopy::inside::weights::write(&model))?;
        }
        eprintln!("fold {out} done, {:.0} s", start.elapsed().as_secs_f32());
    }
    print(&figures);
    Ok(())
}

pub fn print(figures: &Figures) {
    println!("{:<34}{:>6}{:>9}{:>9}{:>9}{:>9}", "measured on", "pages", "P", "R", "F1", "word");
    for (name, pages) in &figures.overlaps {
        let m = score::mean(pages);
        println!("{name:<34}{:>6}{:>9.4}{:>9.4}{:>9.4}{:>9.4}", m.pages, m.precision, m.recall, m.f1, m.word_f1);
    }
    for name in ["trafilatura", "readability"] {
        for corpus in ["articles", "news", "chinese", "web"] {
            let get = |name: String| figures.overlaps.get(&name).map(|p| score::mean(p).f1);
            if let (Some(raw), Some(clean)) = (get(format!("{corpus} {name} raw")), get(format!("{corpus} {name}"))) {
                println!("gain on {corpus} {name}: {:+.4}", clean - raw);
            }
        }
    }
    print_kinds(figures);
}

fn print_kinds(figures: &Figures) {
    let total: f32 = figures.kinds.iter().map(|k| k.2).sum();
    let right: f32 = figures.kinds.iter().filter(|k| k.0 == k.1).map(|k| k.2).sum();
    println!("kinds: {} blocks, accuracy by words {:.4}", figures.kinds.len(), right / total);
    let (mut sum, mut counted) = (0.0, 0.0);
    for &kind in Kind::ALL {
        let gold = figures.kinds.iter().filter(|k| k.0 == kind).count();
        let said = figures.kinds.iter().filter(|k| k.1 == kind).count();
        let both = figures.kinds.iter().filter(|k| k.0 == kind && k.1 == kind).count();
        let f1 = 2.0 * both as f32 / (gold + said).max(1) as f32;
        println!(
            "  {kind:<14}{gold:>6} P {:.3} R {:.3} F1 {f1:.3}",
            both as f32 / said.max(1) as f32,
            both as f32 / gold.max(1) as f32
        );
        if gold >= 20 {
            sum += f1;
            counted += 1.0;
        }
    }
    println!("  macro F1 {:.4}", sum / counted);
    for (name, (found, all)) in &figures.parts {
        println!("  part {name}: {found} of {all}");
    }
    let mut bins = [(0.0f32, 0.0f32, 0usize); 10];
    for &(odds, is) in &figures.odds {
        let bin = &mut bins[((odds * 10.0) as usize).min(9)];
        *bin = (bin.0 + odds, bin.1 + f32::from(u8::from(is)), bin.2 + 1);
    }
    let ece: f32 = bins.iter().map(|b| (b.0 - b.1).abs()).sum::<f32>() / figures.odds.len().max(1) as f32;
    println!("  calibration error {ece:.4}");
}
