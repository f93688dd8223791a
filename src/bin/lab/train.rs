//! Pages → weights.

use std::path::Path;
use std::sync::Arc;

use bodycopy::Kind;
use bodycopy::inside::lexicon::Section;
use bodycopy::inside::{self, CHANNELS, Group, Model, Parameters, Rules, TAPS, Values, feature, tensors};

use crate::corpus::{self, Mark, Marked, Page};
use crate::gradient::{Gradient, Target};
use crate::graft::{self, Stock};
use crate::random::Random;
use crate::shape;

/// How to train.
#[derive(Clone, Debug)]
pub struct Plan {
    pub epochs: usize,
    pub rate: f32,
    pub decay: f32,
    /// Share of pages a step that get a group of features hidden.
    pub hide: f32,
    /// How much what the page says of itself is blurred, in deviations.
    pub blur: f32,
    pub batch: usize,
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Plan { epochs: 12, rate: 3e-3, decay: 1e-4, hide: 0.3, blur: 0.3, batch: 16, seed: 1 }
    }
}

/// A text's feature rows and targets.
pub struct Sample {
    pub features: Vec<f32>,
    pub targets: Vec<Target>,
    pub fold: usize,
    /// How often it is seen in an epoch.
    pub share: f32,
    /// How much it counts when it is.
    pub weight: f32,
}

/// How far it is doubted that a block is body or not: a few per cent of the
/// labels that golds and votes give are wrong, most where a gold text ends too
/// early. Where a line's kind is known, it was read or put there.
const DOUBT: f32 = 0.6;
const DOUBT_OF_READ: f32 = 0.2;

/// Pages behind another in one input, at most one more than this.
const MANY: usize = 8;

/// Longest stretch of a page that is learned from at once.
const STRETCH: usize = 1000;

/// Into how many folds sites are dealt.
pub const FOLDS: usize = 5;

/// A site's fold: all pages of a site are in one.
pub fn fold(site: &str) -> usize {
    let hash = site.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    (hash >> 20) as usize % FOLDS
}

const BODY: u32 = 1 << Kind::Body.index();
const NOT_BODY: u32 = !BODY & ((1 << Kind::ALL.len()) - 1);

fn right(mark: Mark) -> u32 {
    match mark {
        Mark::Body => BODY,
        Mark::NotBody => NOT_BODY,
        Mark::Kind(kind) => 1 << kind.index(),
        Mark::Unknown => 0,
    }
}

/// Features and targets of a marked text.
pub fn sample(marked: &Marked, fold: usize, share: f32, weight: f32) -> Sample {
    let (_, blocks) = inside::blocks(&marked.text);
    let page = inside::Page::new(&marked.text, blocks, &Rules::default());
    let mut features = vec![0.0; page.blocks.len() * feature::COUNT];
    let mut targets = Vec::with_capacity(page.blocks.len());
    let mut from = 0;
    for (i, row) in features.chunks_exact_mut(feature::COUNT).enumerate() {
        feature::fill(&page, i, row);
        let block = page.blocks[i].range();
        while from < marked.marks.len() && marked.marks[from].0.end <= block.start {
            from += 1;
        }
        // The mark of most of the block's bytes; none if that is no clear most.
        let mut sums: Vec<(Mark, usize)> = Vec::new();
        for (range, mark) in marked.marks[from..].iter().take_while(|(range, _)| range.start < block.end) {
            let bytes = range.end.min(block.end) - range.start.max(block.start);
            match sums.iter_mut().find(|(known, _)| known == mark) {
                Some((_, sum)) => *sum += bytes,
                None => sums.push((*mark, bytes)),
            }
        }
        let most = sums.iter().max_by_key(|(_, bytes)| *bytes);
        let mark = most.filter(|(_, bytes)| bytes * 10 >= block.len() * 6).map_or(Mark::Unknown, |(mark, _)| *mark);
        let said = right(mark);
        let right = if said == BODY { guided(&page, i) } else { said };
        // What the guide says against a gold text is as sure as what was read,
        // and has to be said louder than golds say the contrary.
        let is_guided = right != said;
        let doubt = if is_guided || matches!(mark, Mark::Kind(_)) { DOUBT_OF_READ } else { DOUBT };
        let weight = page.views[i].words.max(1.0).sqrt().min(8.0);
        targets.push(Target { right, weight: if is_guided { 3.0 * weight } else { weight }, doubt });
    }
    let sum: f32 = targets.iter().filter(|t| t.right != 0).map(|t| t.weight).sum();
    targets.iter_mut().for_each(|t| t.weight *= 4.0 / sum.max(16.0).sqrt() / 8.0);
    Sample { features, targets, fold, share, weight }
}

/// What a block that a gold text has may be by the annotation guide: golds are
/// of two minds about lines in the story that only point away ("Read more: …"),
/// the guide says that they are no body.
fn guided(page: &inside::Page, i: usize) -> u32 {
    const AWAY: [Section; 4] = [Section::Related, Section::Subscription, Section::Share, Section::Advertisement];
    let (hits, counts) = (&page.hits[i], &page.counts[i]);
    let labelled = if counts.label > 0 && counts.sentences <= 1 { hits.start } else { 0 };
    let away = AWAY.iter().filter(|&&section| (hits.whole | labelled) >> section as u32 & 1 == 1);
    let kinds =
        away.filter_map(|section| section.name().parse::<Kind>().ok()).fold(0, |set, kind| set | 1 << kind.index());
    if kinds == 0 { BODY } else { kinds }
}

/// All the shapes in which a page is learned from.
fn samples(page: &Page, others: &[&Page], stock: &Stock, random: &mut Random) -> Vec<Sample> {
    let fold = fold(&page.site);
    let mut out = Vec::new();
    let mut add = |marked: &Marked, share: f32, weight: f32| out.push(sample(marked, fold, share, weight));
    let silver = page.gold.is_none() && page.kinds.is_none();
    // What was labelled by hand tells more.
    let (whole, heavy) = if page.kinds.is_some() { (1.5, 2.0) } else { (if silver { 0.7 } else { 1.0 }, 1.0) };
    for (name, marked) in &page.dumps {
        let (share, weight) = match name.as_str() {
            "html_text" => (1.0, heavy),
            "inscriptis" | "bs4" => (0.5, 1.0),
            _ => (0.9, 1.0),
        };
        add(marked, share * whole, weight);
    }
    let Some(dump) = page.dumps.get("html_text") else { return out };
    add(&shape::thinned(dump, 0.5, random), 0.5 * whole, heavy);
    add(&shape::thinned(dump, 0.85, random), 0.5 * whole, heavy);
    add(&shape::flat(dump), 0.35 * whole, 1.0);
    add(&shape::marked_up(dump, random), 0.35, 1.0);
    if !silver {
        add(&shape::hollow(dump), 0.3, 1.0);
    }
    for _ in 0..2 {
        if let Some(grafted) = graft::grafted(page, dump, fold, stock, random) {
            add(&grafted, 0.4 * whole, 1.0);
        }
    }
    if !silver {
        add(&shape::bare(dump, random), 0.6, 1.0);
        for _ in 0..2 {
            if let Some(excerpt) = graft::excerpt(page, dump, fold, stock, random) {
                add(&excerpt, 0.5, 1.0);
            }
        }
    }
    if let Some(gold) = &page.gold {
        let mut clean = Marked::default();
        gold.lines().for_each(|line| clean.push(line, Mark::Body));
        add(&clean, 1.2, 1.0);
    }
    // Another page behind it, or now and then several.
    let count = match random.unit() {
        x if x < 0.22 => 1,
        x if x < 0.30 => 2 + random.below(MANY),
        _ => 0,
    };
    let behind = others.iter().take(count).filter_map(|other| other.dumps.get("html_text"));
    let joined = behind.fold(None, |all: Option<Marked>, next| Some(shape::joined(all.as_ref().unwrap_or(dump), next)));
    if let Some(joined) = joined {
        add(&joined, 0.7, 1.0);
    }
    out
}

/// Features and targets of all pages, in all shapes.
pub fn prepare(pages: &[Page], shared: &Path, seed: u64) -> Vec<Sample> {
    let half = pages.len().div_ceil(2);
    let stock = &Stock::new(pages, fold);
    let mut out: Vec<Sample> = std::thread::scope(|scope| {
        let parts: Vec<_> = pages
            .chunks(half.max(1))
            .enumerate()
            .map(|(part, chunk)| {
                scope.spawn(move || {
                    let mut random = Random::new(seed * 2 + part as u64);
                    let mut out = Vec::new();
                    for page in chunk {
                        // Held out with the page, so that no fold sees another's.
                        let near = |other: &&Page| fold(&other.site) == fold(&page.site);
                        let mut other = || (0..64).map(|_| &chunk[random.below(chunk.len())]).find(near);
                        let mut others: Vec<&Page> = other().into_iter().collect();
                        // A section page, a mailing, a database's export.
                        others.extend((0..MANY).map_while(|_| other()));
                        out.extend(samples(page, &others, stock, &mut random));
                    }
                    out
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("a thread of the lab failed")).collect()
    });
    let files = std::fs::read_dir(shared.join("seeds")).into_iter().flatten().flatten();
    let mut seeds: Vec<String> =
        files.filter_map(|file| file.file_name().to_str()?.strip_suffix(".kinds").map(str::to_owned)).collect();
    seeds.sort();
    for seed in &seeds {
        if let Ok(Some(marked)) = corpus::kinds(&shared.join("seeds"), seed) {
            // What the project was begun for; few lines beside those of the corpora.
            out.push(sample(&marked, usize::MAX, 12.0, 6.0));
        }
    }
    out
}

/// Mean and inverse deviation of every feature.
fn standards(samples: &[&Sample]) -> (Values, Values) {
    let mut sums = vec![(0.0f64, 0.0f64); feature::COUNT];
    let mut n = 0.0f64;
    for sample in samples {
        for row in sample.features.chunks_exact(feature::COUNT) {
            n += 1.0;
            for (sum, &value) in sums.iter_mut().zip(row) {
                sum.0 += f64::from(value);
                sum.1 += f64::from(value) * f64::from(value);
            }
        }
    }
    let of = |(sum, squares): &(f64, f64)| {
        let mean = sum / n.max(1.0);
        (mean, (squares / n.max(1.0) - mean * mean).max(0.0).sqrt())
    };
    let round = |x: f64| (x * 1e4).round() as f32 / 1e4;
    let means = std::array::from_fn(|f| round(of(&sums[f]).0));
    // What no page has as it is (the user's rules) comes at full strength.
    let scale = |s| round(if of(s).1 < 1e-6 { 4.0 } else { 1.0 / of(s).1.max(0.05) });
    let scales = std::array::from_fn(|f| scale(&sums[f]));
    (means, scales)
}

fn start(random: &mut Random) -> Parameters {
    let mut values = Vec::with_capacity(Parameters::COUNT);
    for (name, size) in tensors() {
        let deviation = match name.rsplit('.').next().unwrap_or(&name) {
            "dense" => 1.0 / (feature::COUNT as f32).sqrt(),
            "taps" => (1.0 / TAPS as f32).sqrt(),
            "mix" => (1.0 / CHANNELS as f32).sqrt(),
            "head" => 0.5 / (CHANNELS as f32).sqrt(),
            "direct" => 0.01,
            "above" | "below" => 0.1,
            "page" => 0.05,
            _ => 0.0,
        };
        values.extend((0..size).map(|_| deviation * random.normal()));
    }
    Parameters(values)
}

/// Trains on the samples that `learn` picks.
pub fn train(samples: &[Sample], plan: &Plan, learn: impl Fn(&Sample) -> bool, log: bool) -> Arc<Model> {
    let samples: Vec<&Sample> = samples.iter().filter(|s| learn(s) && !s.targets.is_empty()).collect();
    let mut random = Random::new(plan.seed);
    let (mean, scale) = standards(&samples);
    let mut model = Model { parameters: start(&mut random), mean, scale };
    let mut average = model.parameters.clone();
    let (mut first, mut second) = (Parameters::zeros(), Parameters::zeros());
    let drawn: f32 = samples.iter().map(|s| s.share).sum();
    let steps_total = (drawn * plan.epochs as f32 / plan.batch as f32) as usize;
    let mut step = 0usize;
    let mut usual = 0.0f32;
    for epoch in 0..plan.epochs {
        let mut order: Vec<usize> = Vec::new();
        for (i, sample) in samples.iter().enumerate() {
            let times = sample.share.floor() as usize + usize::from(random.unit() < sample.share.fract());
            order.extend(std::iter::repeat_n(i, times));
        }
        random.shuffle(&mut order);
        let (mut loss, mut seen) = (0.0, 0);
        for batch in order.chunks(plan.batch) {
            let seeds: Vec<u64> = batch.iter().map(|_| random.next()).collect();
            let jobs: Vec<Job<'_>> = batch.iter().map(|&i| samples[i]).zip(seeds).collect();
            let (one, two) = halves(jobs);
            let work = |jobs: &[Job<'_>]| {
                let mut gradient = Gradient::new();
                for (sample, seed) in jobs {
                    learn_page(&model, sample, *seed, plan, &mut gradient);
                }
                gradient
            };
            let (one, two) = std::thread::scope(|scope| {
                let other = scope.spawn(|| work(&two));
                (work(&one), other.join().expect("a thread of the lab failed"))
            });
            loss += one.loss + two.loss;
            seen += batch.len();
            // Adam (Kingma & Ba 2015), with a warm-up and a cosine's fall.
            step += 1;
            let progress = (step as f32 / steps_total.max(1) as f32).min(1.0);
            let warm = (step as f32 / 200.0).min(1.0);
            let rate = plan.rate * warm * (0.02 + 0.98 * 0.5 * (1.0 + (std::f32::consts::PI * progress).cos()));
            let (c1, c2) = (1.0 - 0.9f32.powi(step as i32), 1.0 - 0.999f32.powi(step as i32));
            let mut scale = 1.0 / batch.len() as f32;
            // A batch far steeper than is usual counts as a steep one.
            let squares = one.sum.0.iter().zip(&two.sum.0).map(|(a, b)| f64::from(a + b) * f64::from(a + b));
            let steep = squares.sum::<f64>().sqrt() as f32 * scale;
            if step > 50 && steep > 3.0 * usual {
                scale *= 3.0 * usual / steep;
            }
            usual = if step == 1 { steep } else { 0.98 * usual + 0.02 * steep.min(3.0 * usual) };
            let keep = (1.0 - 1.0 / (1.0 + step as f32 * 0.1)).min(0.999);
            for i in 0..Parameters::COUNT {
                let g = (one.sum.0[i] + two.sum.0[i]) * scale;
                first.0[i] = 0.9 * first.0[i] + 0.1 * g;
                second.0[i] = 0.999 * second.0[i] + 0.001 * g * g;
                let value = &mut model.parameters.0[i];
                *value -= rate * ((first.0[i] / c1) / ((second.0[i] / c2).sqrt() + 1e-8) + plan.decay * *value);
                average.0[i] = keep * average.0[i] + (1.0 - keep) * *value;
            }
        }
        if log {
            eprintln!("epoch {:>2}  loss {:.4}", epoch + 1, loss / seen.max(1) as f64);
        }
    }
    model.parameters = average;
    Arc::new(model)
}

/// A sample to learn from, and the seed of what chance does to it.
type Job<'a> = (&'a Sample, u64);

/// Deals jobs to two threads so that both have about as much to do.
fn halves(mut jobs: Vec<Job<'_>>) -> (Vec<Job<'_>>, Vec<Job<'_>>) {
    let size = |job: &Job<'_>| job.0.targets.len().min(STRETCH);
    jobs.sort_by_key(|job| std::cmp::Reverse(size(job)));
    let (mut one, mut two) = (Vec::new(), Vec::new());
    let (mut ones, mut twos) = (0, 0);
    for job in jobs {
        let (half, sum) = if ones <= twos { (&mut one, &mut ones) } else { (&mut two, &mut twos) };
        *sum += size(&job);
        half.push(job);
    }
    (one, two)
}

/// Adds a page's gradient, or that of a stretch of it, now and then with a
/// group of features hidden, or with a few blocks told by rules.
fn learn_page(model: &Model, sample: &Sample, seed: u64, plan: &Plan, gradient: &mut Gradient) {
    let mut random = Random::new(seed);
    let n = sample.targets.len();
    let from = if n > STRETCH { random.below(n - STRETCH) } else { 0 };
    let to = n.min(from + STRETCH);
    let mut features = sample.features[from * feature::COUNT..to * feature::COUNT].to_vec();
    let mut targets = sample.targets[from..to].to_vec();
    targets.iter_mut().for_each(|t| t.weight *= sample.weight);
    // What is the same for all blocks of a page could tell pages apart, and
    // labels be learned by page: blur it, anew each time.
    for f in 0..feature::COUNT {
        if feature::group(f) == Group::Page && model.scale[f] > 0.0 {
            let shift = plan.blur * random.normal() / model.scale[f];
            features.iter_mut().skip(f).step_by(feature::COUNT).for_each(|value| *value += shift);
        }
    }
    if random.unit() < plan.hide {
        let group = feature::group(random.below(feature::COUNT));
        let rows = if random.unit() < 0.5 { 1.0 } else { 0.1 };
        for row in features.chunks_exact_mut(feature::COUNT) {
            if random.unit() < rows {
                for f in (0..feature::COUNT).filter(|&f| feature::group(f) == group) {
                    row[f] = if feature::is_absence(f) { 0.0 } else { model.mean[f] };
                }
            }
        }
    }
    if random.unit() < 0.3 {
        let drop = feature::names().position(|name| name == "rule_drop").unwrap_or(0);
        // A rule is right whatever the block looks like, so the label follows.
        for (row, target) in features.chunks_exact_mut(feature::COUNT).zip(&mut targets) {
            if random.unit() < 0.04 && target.right != 0 {
                let keep = random.unit() < 0.5;
                row[drop + usize::from(keep)] = 1.0;
                target.right = if keep { BODY } else { NOT_BODY };
            }
        }
    }
    gradient.add(model, &features, &targets);
}
