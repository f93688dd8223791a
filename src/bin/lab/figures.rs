//! A model and pages → figures.

use std::collections::BTreeMap;
use std::sync::Arc;

use bodycopy::inside::Model;
use bodycopy::{Cleaner, Favor, Kind};

use crate::corpus::{Labels, Mark, Marked, Page};
use crate::score::{self, Overlap};
use crate::shape;

/// Figures by name of what was measured.
#[derive(Default)]
pub struct Figures {
    pub overlaps: BTreeMap<String, Vec<Overlap>>,
    pub labelled: BTreeMap<Labels, Labelled>,
}

/// What is found on pages labelled by hand.
#[derive(Default)]
pub struct Labelled {
    pub pages: usize,
    /// Of every block: kind, label, words.
    pub kinds: Vec<(Kind, Kind, f32)>,
    /// Confidence in body, and whether the block is.
    pub odds: Vec<(f32, bool)>,
    pub parts: BTreeMap<&'static str, (usize, usize)>,
}

impl Figures {
    pub fn merge(&mut self, other: Figures) {
        for (name, pages) in other.overlaps {
            self.overlaps.entry(name).or_default().extend(pages);
        }
        for (labels, other) in other.labelled {
            let own = self.labelled.entry(labels).or_default();
            own.pages += other.pages;
            own.kinds.extend(other.kinds);
            own.odds.extend(other.odds);
            for (name, (found, all)) in other.parts {
                let sum = own.parts.entry(name).or_default();
                *sum = (sum.0 + found, sum.1 + all);
            }
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
        measure_kinds(kinds, &cleaner, figures.labelled.entry(page.labels).or_default());
    }
    figures
}

/// Measures two pages that stand in one input, one after the other.
fn measure_joined(first: &Page, second: &Page, model: &Arc<Model>) -> Figures {
    let mut figures = Figures::default();
    let (Some(one), Some(two)) = (&first.gold, &second.gold) else { return figures };
    let (Some(top), Some(below)) = (first.dumps.get("html_text"), second.dumps.get("html_text")) else {
        return figures;
    };
    let joined = shape::joined(top, below);
    let ignore = [&first.ignore[..], &second.ignore].concat();
    let kept = score::without(&Cleaner::with_model(Arc::clone(model)).clean(&joined.text).text(), &ignore);
    let overlap = score::overlap(&format!("{one}\n{two}"), &kept);
    figures.overlaps.insert(format!("{} html_text joined", first.corpus), vec![overlap]);
    figures
}

fn measure_kinds(marked: &Marked, cleaner: &Cleaner, figures: &mut Labelled) {
    figures.pages += 1;
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
                    chunk.chunks_exact(2).for_each(|two| figures.merge(measure_joined(two[0], two[1], model)));
                    figures
                })
            })
            .collect();
        let mut sum = Figures::default();
        parts.into_iter().for_each(|part| sum.merge(part.join().expect("a thread of the lab failed")));
        sum
    })
}
