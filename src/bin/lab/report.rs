//! Figures → `reports/accuracy.md`.

use std::fmt::{self, Write};

use bodycopy::Kind;

use crate::corpus::Labels;
use crate::figures::{Figures, Labelled};
use crate::score;
use crate::train::Plan;

/// What a cross-validation found.
#[derive(Default)]
pub struct Report {
    pub plan: Plan,
    pub folds: usize,
    pub figures: Figures,
    pub ablation: Vec<(String, f64)>,
}

/// What was tried; written by hand, carried over into the report.
const TRIED: &str = include_str!("../../../reports/tried.md");

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Accuracy\n")?;
        writeln!(
            f,
            "Written by `lab evaluate`. Cross-validation by site, {} of {} folds, {} epochs, seed {}: no figure is of a \
             page whose site the model was trained on. `web` is never trained on; every second page of it is measured, \
             with the first fold's model, and its gold counts headlines as body. Precision and recall are means over \
             pages of shares of 4-word shingles, F1 is of these means; word F1 is a mean over pages.\n",
            self.folds,
            crate::train::FOLDS,
            self.plan.epochs,
            self.plan.seed
        )?;
        self.overlaps(f)?;
        self.gains(f)?;
        writeln!(f, "## Kinds\n")?;
        for (labels, figures) in &self.figures.labelled {
            let title = match labels {
                Labels::Given => "Pages whose labels came with the corpora",
                Labels::Own => "Pages labelled for this project (`labels/`)",
            };
            writeln!(f, "### {title}\n")?;
            figures.kinds(f)?;
        }
        self.confusions(f)?;
        writeln!(f, "## What each group of features is worth\n")?;
        writeln!(
            f,
            "Shingle F1 on the whole dumps of the first fold with the group made average for every block, not retrained.\n"
        )?;
        writeln!(f, "| without | F1 | change |\n|---|---|---|")?;
        let all = self.ablation.first().map_or(0.0, |row| row.1);
        for (group, f1) in &self.ablation {
            writeln!(f, "| {group} | {f1:.4} | {:+.4} |", f1 - all)?;
        }
        write!(f, "\n{TRIED}")
    }
}

impl Report {
    fn overlaps(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "## Body\n\n| measured on | pages | precision | recall | F1 | word F1 |\n|---|---|---|---|---|---|"
        )?;
        for (name, pages) in &self.figures.overlaps {
            let m = score::mean(pages);
            let (p, r, f1, word) = (m.precision, m.recall, m.f1, m.word_f1);
            writeln!(f, "| {name} | {} | {p:.4} | {r:.4} | {f1:.4} | {word:.4} |", m.pages)?;
        }
        f.write_char('\n')
    }

    fn gains(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "## What cleaning adds to what extractors left\n\n| corpus, extractor | change of F1 |\n|---|---|"
        )?;
        for extractor in ["trafilatura", "readability"] {
            for corpus in ["articles", "news", "chinese", "web"] {
                let of = |name: String| self.figures.overlaps.get(&name).map(|pages| score::mean(pages).f1);
                let (raw, clean) = (of(format!("{corpus} {extractor} raw")), of(format!("{corpus} {extractor}")));
                if let (Some(raw), Some(clean)) = (raw, clean) {
                    writeln!(f, "| {corpus}, {extractor} | {:+.4} |", clean - raw)?;
                }
            }
        }
        f.write_char('\n')
    }

    fn confusions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "### The confusions that occur most\n\n| is | was called | blocks |\n|---|---|---|")?;
        let mut counts = std::collections::BTreeMap::new();
        let kinds = self.figures.labelled.values().flat_map(|labelled| &labelled.kinds);
        for (gold, said, _) in kinds.filter(|k| k.0 != k.1) {
            *counts.entry((gold, said)).or_insert(0usize) += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for ((gold, said), count) in counts.into_iter().take(20) {
            writeln!(f, "| {gold} | {said} | {count} |")?;
        }
        f.write_char('\n')
    }
}

impl Labelled {
    fn kinds(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = &self.kinds;
        let total: f32 = kinds.iter().map(|k| k.2).sum();
        let right: f32 = kinds.iter().filter(|k| k.0 == k.1).map(|k| k.2).sum();
        let share = right / total.max(1.0);
        writeln!(f, "{} pages, {} blocks: accuracy by words {share:.4}.\n", self.pages, kinds.len())?;
        writeln!(f, "| kind | blocks | precision | recall | F1 |\n|---|---|---|---|---|")?;
        let (mut sum, mut counted) = (0.0, 0.0f32);
        for &kind in Kind::ALL {
            let gold = kinds.iter().filter(|k| k.0 == kind).count();
            let said = kinds.iter().filter(|k| k.1 == kind).count();
            let both = kinds.iter().filter(|k| k.0 == kind && k.1 == kind).count() as f32;
            let f1 = 2.0 * both / (gold + said).max(1) as f32;
            let (p, r) = (both / said.max(1) as f32, both / gold.max(1) as f32);
            writeln!(f, "| {kind} | {gold} | {p:.3} | {r:.3} | {f1:.3} |")?;
            if gold >= 20 {
                sum += f1;
                counted += 1.0;
            }
        }
        writeln!(f, "\nMacro F1 over kinds with 20 blocks or more: {:.4}.", sum / counted.max(1.0))?;
        for (name, (found, all)) in &self.parts {
            writeln!(f, "The {name} is found as a part on {found} of {all} pages that have one.")?;
        }
        writeln!(f, "Expected calibration error, body or not: {:.4}.\n", self.calibration_error())
    }

    fn calibration_error(&self) -> f32 {
        let mut bins = [(0.0f32, 0.0f32); 10];
        for &(odds, is) in &self.odds {
            let bin = &mut bins[((odds * 10.0) as usize).min(9)];
            *bin = (bin.0 + odds, bin.1 + f32::from(u8::from(is)));
        }
        bins.iter().map(|bin| (bin.0 - bin.1).abs()).sum::<f32>() / self.odds.len().max(1) as f32
    }
}
