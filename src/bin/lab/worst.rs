//! The pages that the model does worst on, block by block.

use std::io;
use std::path::Path;
use std::sync::Arc;

use bodycopy::inside::weights;
use bodycopy::{Cleaner, Kind};

use crate::corpus::{self, Mark, Marked, Page};
use crate::score;
use crate::train;

/// Prints the `top` worst pages: for each block that is wrong, what it should
/// be, what it was called, how sure, and why. The dump `gold` is the gold body
/// alone.
pub fn show(shared: &Path, file: &Path, fold: Option<usize>, corpus: &str, dump: &str, top: usize) -> io::Result<()> {
    let names = [&corpus::LEARNED[..], &[corpus::MEASURED]].concat();
    let Some(&name) = names.iter().find(|name| **name == corpus) else {
        return Err(io::Error::other(format!("no corpus {corpus:?}; there are {}", names.join(", "))));
    };
    let (model, _) = weights::read(&std::fs::read(file)?).map_err(io::Error::other)?;
    let cleaner = Cleaner::with_model(Arc::new(model));
    let pages = corpus::read(shared, &[name])?;
    let chosen = pages.iter().filter(|page| fold.is_none_or(|fold| train::fold(&page.site) == fold));
    let mut scored: Vec<(f64, &Page)> = chosen
        .filter_map(|page| {
            let (gold, marked) = (page.gold.as_ref()?, marked(page, dump)?);
            let clean = score::without(&cleaner.clean(&marked.text).text(), &page.ignore);
            Some((score::overlap(gold, &clean).word_f1, page))
        })
        .collect();
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (f1, page) in scored.into_iter().take(top) {
        println!("\n### {} {} {} word F1 {f1:.3}", page.id, page.site, page.language);
        let Some(marked) = marked(page, dump) else { continue };
        let cleaned = cleaner.clean(&marked.text);
        let spans: Vec<_> = cleaned.spans().collect();
        for (range, mark) in &marked.marks {
            let at = spans.partition_point(|span| span.range().end <= range.start);
            let Some(span) = spans.get(at) else { continue };
            let (is, said) = (matches!(mark, Mark::Body), span.kind() == Kind::Body);
            if *mark == Mark::Unknown || matches!(mark, Mark::Kind(_)) || is == said {
                continue;
            }
            let words = marked.text[range.clone()].split_whitespace().count();
            let line: String = marked.text[range.clone()].trim().chars().take(110).collect();
            let reasons: Vec<String> =
                span.reasons().iter().take(3).map(|r| format!("{} {:.1}", r.text, r.weight)).collect();
            let fault = if is { "LOST " } else { "extra" };
            println!(
                "{at:>4} {fault} {:<13} {:.2} {words:>3} w  {line}  [{}]",
                span.kind().name(),
                span.confidence(),
                reasons.join("; ")
            );
        }
    }
    Ok(())
}

/// A dump of the page, or the text of its gold body as if it were one.
fn marked(page: &Page, dump: &str) -> Option<Marked> {
    if dump != "gold" {
        return page.dumps.get(dump).cloned();
    }
    let mut marked = Marked::default();
    page.gold.as_ref()?.lines().for_each(|line| marked.push(line, Mark::Body));
    Some(marked)
}
