//! Why a block got its label: what each kind of evidence contributed.
//!
//! A contribution is measured, not told: the network is run again with one
//! group of the block's features made neutral (absent for flags and phrases,
//! average for measures), and the reason's weight is by how much the log odds
//! of the decision fall (Zeiler & Fergus's *occlusion*, 2014). What stands
//! before and after is judged the same way, by making those blocks average.
//! So taking a reason's evidence away does to the confidence what its weight
//! says. Contributions need not add up: two groups may say the same thing.
//!
//! The runs see the blocks within [`REACH`], with the page's mean as it was.

use std::cell::RefCell;
use std::fmt;
use std::ops::Range;

use crate::cleaner::Cleaner;
use crate::feature::{self, COUNT, Group};
use crate::label::body_odds;
use crate::lexicon::{Lexicon, Section};
use crate::model::Row;
use crate::outline::Outline;
use crate::page::{NEVER, Page, ZONES};
use crate::rule::Verdict;
use crate::scan::scan;
use crate::score::Tape;

/// Blocks on either side that a run sees: what the convolutions see.
const REACH: usize = 45;
/// Blocks before and after that count as what stands around.
const AROUND: usize = 6;
/// Contributions of less than this (in log odds) are not told.
const FAINT: f32 = 0.05;
const MOST: usize = 5;
/// Characters of another block that a reason quotes.
const QUOTE: usize = 24;

/// One piece of evidence for a decision.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Reason {
    /// What was seen, in words.
    pub text: String,
    /// By how much it raised the log odds of the decision; more than 0.
    pub weight: f32,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What a contribution is of.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Evidence {
    Own(Group),
    Around(Side),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Side {
    Before,
    After,
}

impl Side {
    /// The blocks on this side of `own`, nearest first, among those `seen`.
    fn blocks(self, own: usize, seen: usize) -> impl Iterator<Item = usize> {
        (1..=AROUND).filter_map(move |distance| match self {
            Side::Before => own.checked_sub(distance),
            Side::After => Some(own + distance).filter(|&at| at < seen),
        })
    }
}

impl Evidence {
    /// Makes the evidence for the block at `own` neutral.
    fn take_away(self, mean: &[f32], own: usize, features: &mut [f32]) {
        let seen = features.len() / COUNT;
        match self {
            Evidence::Around(side) => {
                for block in side.blocks(own, seen) {
                    features[block * COUNT..(block + 1) * COUNT].copy_from_slice(mean);
                }
            }
            Evidence::Own(group) => {
                let row = &mut features[own * COUNT..(own + 1) * COUNT];
                for f in (0..COUNT).filter(|&f| feature::group(f) == group) {
                    row[f] = if feature::is_absence(f) { 0.0 } else { mean[f] };
                }
            }
        }
    }
}

/// A part of the input, looked at again to explain it.
struct Part {
    blocks: Range<usize>,
    page: Page,
    features: Vec<f32>,
    mean: Row,
}

/// Explains blocks of one text; keeps the part it looked at last.
#[derive(Default)]
pub(crate) struct Explainer(RefCell<Option<Part>>);

impl Explainer {
    pub fn reasons(
        &self,
        cleaner: &Cleaner,
        text: &str,
        outline: &Outline,
        index: usize,
        is_body: bool,
    ) -> Vec<Reason> {
        let mut part = self.0.borrow_mut();
        if part.as_ref().is_none_or(|part| !part.blocks.contains(&index)) {
            *part = outline.part(index).map(|(first, blocks)| {
                let mut features = Vec::new();
                let page = cleaner.look(text, &blocks, &mut features);
                let mut tape = Tape::default();
                cleaner.model.forward(&features, None, &mut tape);
                Part { blocks: first..first + blocks.len(), page, features, mean: tape.page }
            });
        }
        part.as_ref().map_or(Vec::new(), |part| part.reasons(cleaner, text, index - part.blocks.start, is_body))
    }
}

impl Part {
    fn reasons(&self, cleaner: &Cleaner, text: &str, i: usize, is_body: bool) -> Vec<Reason> {
        let found = self.contributions(cleaner, i, is_body);
        let words = |evidence| match evidence {
            Evidence::Own(group) => self.words(group, text, i),
            Evidence::Around(side) => {
                let place = if side == Side::Before { "before" } else { "after" };
                match self.foremost(cleaner, i, is_body, side) {
                    Some(block) => format!("what stands {place} it: “{}”", self.quote(text, block)),
                    None => format!("what stands {place} it"),
                }
            }
        };
        found.into_iter().take(MOST).map(|(evidence, weight)| Reason { text: words(evidence), weight }).collect()
    }

    /// What each piece of evidence adds to the log odds of the decision about
    /// block `i`, strongest first; only what adds to them.
    fn contributions(&self, cleaner: &Cleaner, i: usize, is_body: bool) -> Vec<(Evidence, f32)> {
        let (seen, mut features) = self.surroundings(i);
        let own = i - seen.start;
        let mut tape = Tape::default();
        let mut odds = |features: &[f32]| self.odds(cleaner, features, own, is_body, &mut tape);
        let base = odds(&features);
        let mut groups: Vec<Group> = (0..COUNT).map(feature::group).collect();
        groups.dedup();
        let evidence = groups.into_iter().map(Evidence::Own).chain([Side::Before, Side::After].map(Evidence::Around));
        let mut found = Vec::new();
        for evidence in evidence {
            let kept = features.clone();
            evidence.take_away(&cleaner.model.mean, own, &mut features);
            if features != kept {
                let weight = base - odds(&features);
                if weight > FAINT {
                    found.push((evidence, weight));
                }
                features = kept;
            }
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found
    }

    /// The blocks that a run for block `i` sees, and their features.
    fn surroundings(&self, i: usize) -> (Range<usize>, Vec<f32>) {
        let seen = i.saturating_sub(REACH)..(i + REACH + 1).min(self.page.blocks.len());
        let features = self.features[seen.start * COUNT..seen.end * COUNT].to_vec();
        (seen, features)
    }

    /// The log odds of the decision about the block at `own`.
    fn odds(&self, cleaner: &Cleaner, features: &[f32], own: usize, is_body: bool, tape: &mut Tape) -> f32 {
        cleaner.model.forward(features, Some(&self.mean), tape);
        let odds = body_odds(&tape.scores[own]);
        if is_body { odds } else { -odds }
    }

    /// Of the blocks on one side of block `i`, the one that adds most to the
    /// decision by itself.
    fn foremost(&self, cleaner: &Cleaner, i: usize, is_body: bool, side: Side) -> Option<usize> {
        let (seen, mut features) = self.surroundings(i);
        let own = i - seen.start;
        let mut tape = Tape::default();
        let base = self.odds(cleaner, &features, own, is_body, &mut tape);
        let mut best = None;
        let mut most = FAINT;
        for block in side.blocks(own, seen.len()) {
            let row = block * COUNT..(block + 1) * COUNT;
            let kept = features[row.clone()].to_vec();
            features[row.clone()].copy_from_slice(&cleaner.model.mean);
            let weight = base - self.odds(cleaner, &features, own, is_body, &mut tape);
            features[row].copy_from_slice(&kept);
            if weight > most {
                (best, most) = (Some(seen.start + block), weight);
            }
        }
        best
    }

    /// The start of a block, to know it by.
    fn quote(&self, text: &str, block: usize) -> String {
        let words = text[self.page.blocks[block].range()].split_whitespace().collect::<Vec<_>>().join(" ");
        let mut quote: String = words.chars().take(QUOTE).collect();
        if quote.len() < words.len() {
            quote.push('…');
        }
        quote
    }

    /// What a group of features saw in block `i`.
    fn words(&self, group: Group, text: &str, i: usize) -> String {
        let (counts, view, whole) = (&self.page.counts[i], &self.page.views[i], &self.page.whole);
        let number = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let percent = |part: f32, all: f32| (100.0 * part / all.max(1.0)).min(100.0) as u32;
        match group {
            Group::Length => number(view.words.ceil() as usize, "word", "words"),
            Group::Prose => {
                let share = percent(view.function as f32, view.words);
                format!("{}, {share}% function words", number(counts.sentences as usize, "sentence", "sentences"))
            }
            Group::Ending => {
                use crate::count::Last::*;
                let end = match counts.last {
                    Terminal => "ends as a sentence does",
                    Question => "ends in a question mark",
                    Exclamation => "ends in an exclamation mark",
                    Ellipsis => "ends in an ellipsis",
                    Colon => "ends in a colon",
                    Comma => "ends in a comma",
                    Word => "ends without punctuation",
                    Other => "ends in a symbol",
                };
                end.to_owned()
            }
            Group::Opening => {
                use crate::count::First::*;
                let start = match counts.first {
                    Upper => "starts with a capital",
                    Lower => "starts with a small letter",
                    Uncased => "starts with a letter",
                    Digit => "starts with a digit",
                    Quote => "starts with a quotation mark",
                    Bullet => "starts with a bullet or dash",
                    Other => "starts with a symbol",
                };
                start.to_owned()
            }
            Group::Case => format!("{}% of its words are capitalised", percent(counts.capitalised as f32, view.words)),
            Group::Digits if counts.digits == 0 => "no numbers".to_owned(),
            Group::Digits => number(counts.numbers as usize, "number", "numbers"),
            Group::Symbols => "its punctuation and symbols".to_owned(),
            Group::Links if counts.copyright => "a copyright sign".to_owned(),
            Group::Links if counts.url => "a web address".to_owned(),
            Group::Links => "an address, handle or hashtag".to_owned(),
            Group::Spacing => match (self.page.blocks[i].gap, self.page.blocks.get(i + 1).is_none_or(|b| b.gap)) {
                (true, true) => "stands by itself".to_owned(),
                (true, false) => "space before it".to_owned(),
                (false, true) => "space after it".to_owned(),
                (false, false) => "no space around it".to_owned(),
            },
            Group::Repeats if view.repeats > 0 => format!("stands {} times in the page", view.repeats + 1),
            Group::Repeats if view.same_start + view.same_end > 0 => "starts or ends as other blocks do".to_owned(),
            Group::Repeats => "stands once in the page".to_owned(),
            Group::Position => format!("block {} of {} in the page", i + 1, self.page.blocks.len()),
            Group::Core if whole.core.contains(&i) => "stands within the story".to_owned(),
            Group::Core if i < whole.core.start => {
                format!("{} before the story", number(whole.core.start - i, "block", "blocks"))
            }
            Group::Core => format!("{} after the story", number(i + 1 - whole.core.end, "block", "blocks")),
            Group::Vocabulary => {
                format!("{}% of its terms are the story's", percent(view.shared as f32, view.terms as f32))
            }
            Group::Title if i == 0 => "opens the page".to_owned(),
            Group::Title => format!("{}% of its words are the page's title's", (100.0 * view.title_share) as u32),
            Group::Series if view.cards.max(view.alike) > 0 => {
                format!("in a series of {} blocks of like shape", view.cards.max(view.alike))
            }
            Group::Series => "not in a series".to_owned(),
            Group::Zone => self.zone(i),
            Group::Page => format!("{}% of the page is running text", percent(whole.prose_words, whole.words)),
            Group::Rule if view.verdict == Some(Verdict::Drop) => "your rule: drop".to_owned(),
            Group::Rule => "your rule: keep".to_owned(),
            Group::Lexicon(section) => self.phrase(section, text, i),
        }
    }

    fn zone(&self, i: usize) -> String {
        let view = &self.page.views[i];
        let nearest = (0..ZONES.len()).min_by_key(|&zone| view.since[zone]);
        match nearest.filter(|&zone| view.since[zone] < NEVER) {
            Some(zone) if view.since[zone] == 0 => format!("a heading about {}", ZONES[zone].words()),
            Some(zone) => format!("a heading about {} stands {} above", ZONES[zone].words(), view.since[zone]),
            None if view.until.iter().any(|d| *d < NEVER) => "headings of other matters come after it".to_owned(),
            None => "no heading of other matters near".to_owned(),
        }
    }

    fn phrase(&self, section: Section, text: &str, i: usize) -> String {
        let block = &text[self.page.blocks[i].range()];
        let mut tokens = Vec::new();
        let label = scan(block, &mut tokens).label;
        let phrase = Lexicon::get()
            .find(&mut tokens, label, section)
            .map_or("", |words| &block[tokens[words.start].range().start..tokens[words.end - 1].range().end]);
        format!("words about {}: “{phrase}”", section.words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::blocks;

    /// Taking away the strongest evidence moves the decision the way its
    /// weight says, also where the whole page is looked at again.
    #[test]
    fn the_strongest_reason_is_true() {
        let story = "The council said on Monday that the old bridge would be closed until the spring. It is not safe.";
        let text =
            format!("Home\nNews\nSign up for our newsletter\n{story}\n{story}!\nShare\nComments (3)\nAnn\nI agree!\n");
        let cleaner = Cleaner::new();
        let mut features = Vec::new();
        let page = cleaner.look(&text, &blocks(&text).1, &mut features);
        let mut tape = Tape::default();
        cleaner.model.forward(&features, None, &mut tape);
        let base: Vec<f32> = tape.scores.iter().map(body_odds).collect();
        let part = Part { blocks: 0..page.blocks.len(), page, features, mean: tape.page };
        for (i, &base) in base.iter().enumerate() {
            let is_body = base > 0.0;
            let Some(&(strongest, weight)) = part.contributions(&cleaner, i, is_body).first() else { continue };
            let mut without = part.features.clone();
            strongest.take_away(&cleaner.model.mean, i, &mut without);
            cleaner.model.forward(&without, Some(&part.mean), &mut tape);
            let odds = body_odds(&tape.scores[i]);
            let fall = if is_body { base - odds } else { odds - base };
            assert!((fall - weight).abs() < 1e-3 && fall > 0.0, "block {i}: {strongest:?} {weight} {fall}");
        }
    }
}
