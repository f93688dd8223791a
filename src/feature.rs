//! Page → features: a row of numbers for every block.
//!
//! One table says it all: a row has the feature's name, the group by which
//! reasons speak of it, and its value. The same function fills the rows for
//! training and for cleaning. Counts go through a logarithm; the model
//! standardises and clips. No feature holds a word: what is known of words is
//! in the lexicons.

use crate::count::{Counts, First, Last};
use crate::lexicon::{Hits, Section};
use crate::page::{NEVER, Page, View, Whole};
use crate::rule::Verdict;

/// What a group of features is about; reasons are told by group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Length,
    Prose,
    Ending,
    Opening,
    Case,
    Digits,
    Symbols,
    Links,
    Spacing,
    Repeats,
    Position,
    Core,
    Vocabulary,
    Title,
    Series,
    Zone,
    Page,
    Rule,
    Lexicon(Section),
}

/// What the values are computed from.
struct Sight<'a> {
    counts: &'a Counts,
    hits: &'a Hits,
    view: &'a View,
    whole: &'a Whole,
    gap: bool,
    gap_after: bool,
    inline: bool,
    index: usize,
    blocks: usize,
}

/// log2(1 + x), piecewise linear between powers of two: cheap, and the same
/// on every platform.
#[inline(always)]
fn lg(x: f32) -> f32 {
    let bits = (x + 1.0).to_bits();
    let exponent = (bits >> 23) as i32 - 127;
    let mantissa = f32::from_bits((bits & 0x007f_ffff) | 0x3f80_0000) - 1.0;
    exponent as f32 + mantissa
}

#[inline(always)]
fn count(n: u32) -> f32 {
    lg(n as f32)
}

#[inline(always)]
fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

macro_rules! features {
    ($sight:ident; $($group:ident { $($name:literal $value:expr;)* })*) => {
        /// Name and group of every feature outside the lexicons, in row order.
        const OWN: &[(&str, Group)] = &[$($(($name, Group::$group),)*)*];

        #[inline(always)]
        fn own(row: &mut [f32], $sight: &Sight<'_>) {
            let values = [$($($value,)*)*];
            row[..OWN.len()].copy_from_slice(&values);
        }
    };
}

features! { b;
    Length {
        "chars" count(b.counts.chars + b.counts.unspaced);
        "words" lg(b.view.words);
        "word_length" lg(b.counts.letters as f32 / (b.view.words + 0.5));
        "longest_word" count(b.counts.longest);
        "few_words" flag(b.view.words <= 3.0);
    }
    Prose {
        "sentences" count(b.counts.sentences);
        "words_a_sentence" lg(b.view.words / (b.counts.sentences as f32 + 1.0));
        "function_share" b.view.function as f32 / (b.view.words + 1.0);
        "function_words" count(b.view.function);
        "function_any" b.view.function_any as f32 / (b.view.words + 1.0);
        "commas" count(b.counts.commas);
        "comma_share" b.counts.commas as f32 / (b.view.words + 1.0);
    }
    Ending {
        "ends_terminal" flag(b.counts.last.is_terminal());
        "ends_question" flag(b.counts.last == Last::Question);
        "ends_exclamation" flag(b.counts.last == Last::Exclamation);
        "ends_ellipsis" flag(b.counts.last == Last::Ellipsis);
        "ends_colon" flag(b.counts.last == Last::Colon);
        "ends_comma" flag(b.counts.last == Last::Comma);
        "ends_word" flag(b.counts.last == Last::Word);
        "ends_closed" flag(b.counts.closed);
    }
    Opening {
        "opens_upper" flag(b.counts.first == First::Upper);
        "opens_lower" flag(b.counts.first == First::Lower);
        "opens_uncased" flag(b.counts.first == First::Uncased);
        "opens_digit" flag(b.counts.first == First::Digit);
        "opens_quote" flag(b.counts.first == First::Quote);
        "opens_bullet" flag(b.counts.first == First::Bullet);
    }
    Case {
        "capitalised" b.counts.capitalised as f32 / (b.view.words + 0.5);
        "all_caps" b.counts.all_caps as f32 / (b.view.words + 0.5);
        "lower" b.counts.lower as f32 / (b.view.words + 0.5);
        "titled" flag(b.counts.capitalised >= 2 && b.counts.lower == 0 && b.view.words <= 5.0);
    }
    Digits {
        "digits" b.counts.digits as f32 / (b.counts.chars as f32 + 1.0);
        "numbers" b.counts.numbers as f32 / (b.view.words + 0.5);
        "only_number" flag(b.counts.digits > 0 && b.counts.letters == 0);
        "year" flag(b.counts.year);
        "clock" flag(b.counts.clock);
        "currency" count(b.counts.currency);
    }
    Symbols {
        "separators" count(b.counts.separators);
        "separator_share" b.counts.separators as f32 / (b.view.words + 1.0);
        "slashes" count(b.counts.slashes);
        "dashes" count(b.counts.dashes);
        "quotes" count(b.counts.quotes);
        "brackets" count(b.counts.brackets);
        "colons" count(b.counts.colons);
        "symbols" count(b.counts.symbols);
        "label" flag(b.counts.label > 0);
        "symbol_share" b.counts.symbols as f32 / (b.counts.chars as f32 + 1.0);
        "no_words" flag(b.view.words == 0.0);
    }
    Links {
        "url" flag(b.counts.url);
        "at" count(b.counts.ats);
        "hash" count(b.counts.hashes);
        "copyright" flag(b.counts.copyright);
    }
    Spacing {
        "gap" flag(b.gap);
        "gap_after" flag(b.gap_after);
        "inline" flag(b.inline);
    }
    Repeats {
        "repeats" count(b.view.repeats);
        "repeats_before" count(b.view.repeats_before);
        "repeats_words" count(b.view.repeats) * lg(b.view.words);
        "repeats_before_words" count(b.view.repeats_before) * lg(b.view.words);
        "echoes" b.view.echoes as f32 / (b.view.runs as f32 + 2.0);
        "echoes_before" b.view.echoes_before as f32 / (b.view.runs as f32 + 2.0);
        "echoed_runs" count(b.view.echoes);
        "same_start" count(b.view.same_start);
        "same_end" count(b.view.same_end);
    }
    Position {
        "index" count(b.index as u32);
        "index_from_end" count((b.blocks - 1 - b.index) as u32);
        "place" (b.index as f32 + 0.5) / b.blocks as f32;
    }
    Core {
        "in_core" flag(b.whole.core.contains(&b.index));
        "before_core" count(b.whole.core.start.saturating_sub(b.index) as u32);
        "after_core" count((b.index + 1).saturating_sub(b.whole.core.end) as u32);
        "into_core" count(b.index.saturating_sub(b.whole.core.start).min(b.whole.core.len()) as u32);
        "to_core_end" count(b.whole.core.end.saturating_sub(b.index).min(b.whole.core.len()) as u32);
        "prose_before" lg(b.view.prose_before);
        "prose_after" lg(b.view.prose_after);
        "prose_told" b.view.prose_told;
    }
    Vocabulary {
        "shared" b.view.shared as f32 / (b.view.terms as f32 + 1.0);
        "shared_terms" count(b.view.shared);
        "novel" b.view.novel as f32 / (b.view.terms as f32 + 1.0);
        "names" count(b.view.names);
        "names_shared" count(b.view.names_shared);
        "names_share" b.view.names_shared as f32 / (b.view.names as f32 + 1.0);
        "shared_before" b.view.shared_before as f32 / (b.view.terms as f32 + 1.0);
        "shared_after" b.view.shared_after as f32 / (b.view.terms as f32 + 1.0);
    }
    Title {
        "title_share" b.view.title_share;
        "title_cover" b.view.title_cover;
        "title_prefix" flag(b.view.title_prefix);
        "since_title" near(b.view.since_title);
        "title_before" flag(b.view.title_before);
        "title_after" flag(b.view.title_after);
        "is_first" flag(b.index == 0);
    }
    Series {
        "cards" count(b.view.cards);
        "alike" count(b.view.alike);
    }
    Zone {
        "since_related" near(b.view.since[0]);
        "since_comments" near(b.view.since[1]);
        "since_subscription" near(b.view.since[2]);
        "since_share" near(b.view.since[3]);
        "since_author_bio" near(b.view.since[4]);
        "since_advertisement" near(b.view.since[5]);
        "since_legal" near(b.view.since[6]);
        "since_tags" near(b.view.since[7]);
        "until_related" near(b.view.until[0]);
        "until_comments" near(b.view.until[1]);
        "until_subscription" near(b.view.until[2]);
        "until_share" near(b.view.until[3]);
        "until_author_bio" near(b.view.until[4]);
        "until_advertisement" near(b.view.until[5]);
        "until_legal" near(b.view.until[6]);
        "until_tags" near(b.view.until[7]);
    }
    Page {
        "page_blocks" count(b.blocks as u32);
        "page_words" lg(b.whole.words);
        "page_words_a_block" lg(b.whole.words / b.blocks as f32);
        "page_prose" b.whole.prose_words / (b.whole.words + 1.0);
        "page_prose_blocks" b.whole.prose_blocks as f32 / b.blocks as f32;
        "page_core" b.whole.core_words / (b.whole.words + 1.0);
        "page_unspaced" b.whole.unspaced_share;
        "page_function" b.whole.function_share;
        "page_hits" b.whole.hit_share;
        "page_first_person" b.whole.first_person;
        "page_second_person" b.whole.second_person;
        "page_gaps" b.whole.gap_share;
        "page_inline" flag(b.whole.inline);
    }
    Rule {
        "rule_drop" flag(b.view.verdict == Some(Verdict::Drop));
        "rule_keep" flag(b.view.verdict == Some(Verdict::Keep));
    }
}

/// Nearness of a heading: 1 at it, falling with the blocks between.
#[inline(always)]
fn near(distance: u32) -> f32 {
    if distance >= NEVER { 0.0 } else { 8.0 / (8.0 + distance as f32) }
}

/// Numbers a block has.
pub const COUNT: usize = OWN.len() + 3 * Section::COUNT;

/// The group of the feature at a place in the row.
pub fn group(feature: usize) -> Group {
    match OWN.get(feature) {
        Some((_, group)) => *group,
        None => Group::Lexicon(Section::ALL[(feature - OWN.len()) / 3]),
    }
}

/// The name of every feature, in row order.
pub fn names() -> impl Iterator<Item = String> {
    let own = OWN.iter().map(|(name, _)| (*name).to_owned());
    let lexicon = Section::ALL.iter();
    own.chain(lexicon.flat_map(|section| ["whole", "opens", "share"].map(|what| format!("{}_{what}", section.name()))))
}

/// Whether the feature's neutral value is 0 (a flag, a phrase, a count of
/// something special) rather than the average.
pub fn is_absence(feature: usize) -> bool {
    feature >= OWN.len() || matches!(OWN[feature].1, Group::Links | Group::Rule | Group::Series)
}

/// Fills `row` with the features of block `i`.
#[inline(always)]
pub fn fill(page: &Page, i: usize, row: &mut [f32]) {
    let sight = Sight {
        counts: &page.counts[i],
        hits: &page.hits[i],
        view: &page.views[i],
        whole: &page.whole,
        gap: page.blocks[i].gap,
        gap_after: page.blocks.get(i + 1).is_none_or(|next| next.gap),
        inline: page.blocks[i].inline,
        index: i,
        blocks: page.blocks.len(),
    };
    own(row, &sight);
    let tokens = (sight.view.words + 1.0).max(1.0);
    let lexicon = &mut row[OWN.len()..];
    lexicon.fill(0.0);
    for (at, values) in lexicon.chunks_exact_mut(3).enumerate() {
        // Few sections are hit; each that is covers something.
        if sight.hits.covered[at] > 0 {
            values[0] = flag(sight.hits.whole >> at & 1 == 1);
            values[1] = flag(sight.hits.start >> at & 1 == 1);
            values[2] = (f32::from(sight.hits.covered[at]) / tokens).min(1.0);
        }
    }
}

/// Fills the rows of all blocks.
pub fn fill_all(page: &Page, rows: &mut [f32]) {
    pulp::Arch::new().dispatch(Rows { page, rows });
}

struct Rows<'a> {
    page: &'a Page,
    rows: &'a mut [f32],
}

/// Compiled for the instructions that the machine has. Nothing is fused or
/// reordered, so every machine agrees.
impl pulp::WithSimd for Rows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.rows.chunks_exact_mut(COUNT).enumerate().for_each(|(i, row)| fill(self.page, i, row));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::blocks;
    use crate::rule::Rules;

    #[test]
    fn names_are_unique_and_rows_full() {
        let unique: std::collections::HashSet<String> = names().collect();
        assert_eq!(unique.len(), COUNT);
        let text = "The mayor said that the bridge is safe.\nShare";
        let page = Page::new(text, blocks(text).1, &Rules::default());
        let mut row = vec![f32::NAN; COUNT];
        fill(&page, 1, &mut row);
        assert!(row.iter().all(|value| value.is_finite()));
        let of = |name: &str| row[names().position(|n| n == name).unwrap()];
        assert_eq!((of("words"), of("ends_word"), of("share_whole")), (1.0, 1.0, 1.0));
    }

    #[test]
    fn lg_is_exact_at_powers_of_two() {
        assert_eq!([0.0, 1.0, 3.0, 7.0].map(lg), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(lg(5.0), 2.5);
    }
}
