//! Cross-validation by site, and what each group of features is worth.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bodycopy::Cleaner;
use bodycopy::inside::{self, Group, Model, feature};

use crate::corpus::{self, Page};
use crate::figures::measure_all;
use crate::report::Report;
use crate::score;
use crate::train::{self, Plan};

/// Trains without each of the first `folds` folds in turn and measures on the
/// fold left out; the corpus that is for measuring only is measured with the
/// first of these models. The models go to the folder `weights`, if there is
/// one; with `reuse` they come from there, and nothing is trained.
pub fn cross_validate(
    shared: &Path,
    plan: &Plan,
    folds: usize,
    weights: Option<&Path>,
    reuse: bool,
) -> io::Result<Report> {
    let start = Instant::now();
    if let Some(folder) = weights {
        std::fs::create_dir_all(folder)?;
    }
    let pages = corpus::read(shared, &corpus::LEARNED)?;
    let web = corpus::read(shared, &[corpus::MEASURED])?;
    let samples = if reuse { Vec::new() } else { train::prepare(&pages, shared, plan.seed) };
    let blocks: usize = samples.iter().map(|s| s.targets.len()).sum();
    eprintln!("{} samples, {blocks} blocks, {:.0} s", samples.len(), start.elapsed().as_secs_f32());
    let mut report = Report { plan: plan.clone(), folds, ..Report::default() };
    for out in 0..folds {
        let file = weights.map(|folder| folder.join(format!("fold{out}.weights")));
        let model = match &file {
            Some(file) if reuse => Arc::new(inside::weights::read(&std::fs::read(file)?).map_err(io::Error::other)?.0),
            _ => train::train(&samples, plan, |sample| sample.fold != out, out == 0),
        };
        if let Some(file) = file.filter(|_| !reuse) {
            std::fs::write(file, inside::weights::write(&model))?;
        }
        let held: Vec<&Page> = pages.iter().filter(|page| train::fold(&page.site) == out).collect();
        report.figures.merge(measure_all(&held, &model, true));
        if out == 0 {
            // Pages enough for a stable mean: every second one.
            let web: Vec<&Page> = web.iter().step_by(2).collect();
            report.figures.merge(measure_all(&web, &model, true));
            report.ablation = ablate(&held, &model);
        }
        eprintln!("fold {out} done, {:.0} s", start.elapsed().as_secs_f32());
    }
    Ok(report)
}

/// Shingle F1 on the whole dumps without each group of features in turn
/// (average for every block), first with all of them.
fn ablate(pages: &[&Page], model: &Arc<Model>) -> Vec<(String, f64)> {
    let f1 = |model: Model| {
        let cleaner = Cleaner::with_model(Arc::new(model));
        let pages = pages.iter().filter_map(|page| {
            let (gold, dump) = (page.gold.as_ref()?, page.dumps.get("html_text")?);
            let kept = score::without(&cleaner.clean(&dump.text).text(), &page.ignore);
            Some(score::overlap(gold, &kept))
        });
        score::mean(&pages.collect::<Vec<_>>()).f1
    };
    let table: Vec<Group> = (0..feature::COUNT).map(feature::group).collect();
    let mut groups = table.clone();
    groups.dedup();
    let mut rows = vec![("all features".to_owned(), f1((**model).clone()))];
    for group in groups {
        let mut without = (**model).clone();
        for (scale, _) in without.scale.iter_mut().zip(&table).filter(|(_, g)| **g == group) {
            *scale = 0.0;
        }
        rows.push((format!("{group:?}"), f1(without)));
    }
    rows
}
