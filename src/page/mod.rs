//! Blocks → what can be seen of the page as a whole.
//!
//! One pass reads every block's characters, tokens and lexicon hits; the
//! passes after it look at blocks against the page: its language, its story's
//! core, repeats, runs of like-shaped blocks and the headings above. All of it
//! is linear in the text.
//!
//! The *core* is the run of blocks with the largest sum of prose less
//! furniture (Kadane's maximum subarray): a first guess at where the story
//! stands. It decides nothing; it gives the features something to measure
//! distance and shared vocabulary from.

mod repeats;
mod series;
mod vocabulary;

use std::cell::Cell;
use std::ops::Range;

use self::vocabulary::Known;
use crate::block::Block;
use crate::count::{Counts, Last};
use crate::lexicon::{self, Hits, Lexicon, SETS, Section};
use crate::rule::{Rules, Verdict};
use crate::scan::scan_in;
use crate::token::Token;

/// Everything the features are computed from.
#[derive(Default)]
pub struct Page {
    pub blocks: Vec<Block>,
    pub counts: Vec<Counts>,
    pub hits: Vec<Hits>,
    pub views: Vec<View>,
    pub whole: Whole,
}

/// One block as the page shows it.
#[derive(Clone, Copy, Debug, Default)]
pub struct View {
    /// Words, where a character of an unspaced script counts as 0.6 of one.
    pub words: f32,
    /// Tokens that are function words in the page's language; in any.
    pub function: u32,
    pub function_any: u32,
    /// Times the same words stand elsewhere in the page: before; in all.
    pub repeats_before: u32,
    pub repeats: u32,
    /// Blocks that start, and that end, with the same two words.
    pub same_start: u32,
    pub same_end: u32,
    /// Terms of the block; those that the core uses too, elsewhere.
    pub terms: u32,
    pub shared: u32,
    /// Terms that stand nowhere else in the page.
    pub novel: u32,
    /// Terms shared with the blocks of prose just before, just after.
    pub shared_before: u32,
    pub shared_after: u32,
    /// Capitalised terms inside the block's sentences; those that stand in the
    /// core too, elsewhere.
    pub names: u32,
    pub names_shared: u32,
    /// Runs of three words; those that stand elsewhere too; those that stood
    /// in a block before.
    pub runs: u32,
    pub echoes: u32,
    pub echoes_before: u32,
    /// Share of the block's terms in the page's first block, and the reverse.
    pub title_share: f32,
    pub title_cover: f32,
    /// The block opens as the first block does, for three words or more.
    pub title_prefix: bool,
    /// Blocks since the last one that repeats the title; whether there was one,
    /// and whether there is one later.
    pub since_title: u32,
    pub title_before: bool,
    pub title_after: bool,
    /// Longest run of the block's shape at a distance of 2 to 6 blocks; of 1.
    pub cards: u32,
    pub alike: u32,
    /// Sum of prose near, before and after, in words, fading.
    pub prose_before: f32,
    pub prose_after: f32,
    /// Share of the page's prose that stands before the block.
    pub prose_told: f32,
    /// Blocks since the last heading about it, by [`ZONES`]; and until the next.
    pub since: [u32; ZONES.len()],
    pub until: [u32; ZONES.len()],
    /// What a rule of the user's says.
    pub verdict: Option<Verdict>,
}

/// Sections whose phrases, as whole blocks, head zones of a page.
pub const ZONES: [Section; 8] = [
    Section::Related,
    Section::Comments,
    Section::Subscription,
    Section::Share,
    Section::AuthorBio,
    Section::Advertisement,
    Section::Legal,
    Section::Tags,
];

/// "No such heading."
pub const NEVER: u32 = 4096;

/// The page's sums.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    pub core: Range<usize>,
    pub words: f32,
    pub prose_words: f32,
    pub core_words: f32,
    pub prose_blocks: u32,
    pub unspaced_share: f32,
    pub function_share: f32,
    pub hit_share: f32,
    /// Share of the prose's words that are the writer's and the reader's: I, we; you.
    pub first_person: f32,
    pub second_person: f32,
    pub gap_share: f32,
    pub inline: bool,
    /// The page's language, as an index into the lexicon files.
    pub language: Option<usize>,
}

/// Tokens of all blocks.
#[derive(Default)]
struct Words {
    tokens: Vec<Token>,
    /// Where each block's tokens end.
    ends: Vec<usize>,
}

impl Words {
    fn range(&self, block: usize) -> Range<usize> {
        let start = if block == 0 { 0 } else { self.ends[block - 1] };
        start..self.ends[block]
    }

    fn of(&self, block: usize) -> &[Token] {
        &self.tokens[self.range(block)]
    }
}

/// Tables that one pass at a time needs.
#[derive(Default)]
struct Tables {
    /// The slots of runs or terms, in the order of the page.
    slots: Vec<u32>,
    ends: Vec<usize>,
    seen: Vec<u32>,
    known: Vec<Known>,
}

/// Slots of a table for what `words` words make. Two things in one slot are
/// taken for one, so short pages get more room than they need.
fn slots(words: usize) -> usize {
    (words * 4).next_power_of_two().clamp(1024, 1 << 22)
}

/// Memory to use again for the next page of the thread.
#[derive(Default)]
struct Scratch {
    words: Words,
    phrase: lexicon::Words,
    tables: Tables,
}

/// Words of a page whose memory is kept, at most.
const KEPT: usize = 1 << 18;

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// The first pass: a text's characters, words and phrases. (A closure would
/// not be compiled anew for every set of instructions.)
struct Read<'a> {
    text: &'a str,
    blocks: &'a [Block],
    lexicon: &'a Lexicon,
    words: &'a mut Words,
    phrase: &'a mut lexicon::Words,
    page: &'a mut Page,
}

impl pulp::WithSimd for Read<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Read { text, blocks, lexicon, words, phrase, page } = self;
        for block in blocks {
            let from = words.tokens.len();
            let counts = scan_in(text, block.range(), &mut words.tokens);
            lexicon.mark(&mut words.tokens[from..], phrase);
            page.hits.push(lexicon.hits(&words.tokens[from..], counts.label, phrase));
            page.counts.push(counts);
            words.ends.push(words.tokens.len());
        }
    }
}

impl Page {
    /// Reads the blocks of `text`.
    pub fn new(text: &str, blocks: Vec<Block>, rules: &Rules) -> Page {
        let lexicon = Lexicon::get();
        let mut scratch = SCRATCH.take();
        let Scratch { words, phrase, tables } = &mut scratch;
        words.tokens.clear();
        words.ends.clear();
        let mut page = Page { views: vec![View::default(); blocks.len()], ..Page::default() };
        page.counts.reserve(blocks.len());
        page.hits.reserve(blocks.len());
        // The same code, compiled for the instructions that the machine has.
        pulp::Arch::new().dispatch(Read { text, blocks: &blocks, lexicon, words, phrase, page: &mut page });
        for i in 0..blocks.len() {
            page.views[i].verdict = rules.verdict(words.of(i));
        }
        page.blocks = blocks;
        page.see_language(words);
        page.see_whole();
        page.see_repeats(words);
        page.see_vocabulary(words, tables);
        page.see_echoes(words, tables);
        page.see_title(words);
        page.see_series();
        page.see_zones();
        if words.tokens.capacity() <= KEPT {
            SCRATCH.set(scratch);
        }
        page
    }

    /// Finds the page's language by its function words and counts them.
    fn see_language(&mut self, words: &Words) {
        let mut sets = [0u32; SETS];
        words.tokens.iter().for_each(|token| sets[usize::from(token.function)] += 1);
        let mut votes = [0u32; u32::BITS as usize];
        for (number, count) in sets.iter().enumerate().filter(|(_, count)| **count > 0) {
            let languages = Lexicon::get().languages(number);
            (0..votes.len()).for_each(|i| votes[i] += count * (languages >> i & 1));
        }
        let best = (0..votes.len()).max_by_key(|&i| (votes[i], usize::MAX - i)).filter(|&i| votes[i] > 0);
        self.whole.language = best;
        let mask = best.map_or(0, |i| 1u32 << i);
        let own: [bool; SETS] = std::array::from_fn(|number| Lexicon::get().languages(number) & mask != 0);
        for (i, view) in self.views.iter_mut().enumerate() {
            for token in words.of(i) {
                view.function += u32::from(own[usize::from(token.function)]);
                view.function_any += u32::from(token.function != 0);
            }
            let unspaced = self.counts[i].unspaced;
            view.words = (words.of(i).len() as u32 - unspaced) as f32 + 0.6 * unspaced as f32;
        }
    }

    /// How much block `i` looks like running text: its words if it does, and
    /// less than nothing if it does not.
    fn prose(&self, i: usize) -> f32 {
        let (counts, view) = (&self.counts[i], &self.views[i]);
        let share = view.function as f32 / (view.words + 1.0);
        let sentence =
            counts.sentences > 0 && (counts.last.is_terminal() || matches!(counts.last, Last::Ellipsis | Last::Colon));
        if view.words >= 10.0 && (sentence || share > 0.25) && (share > 0.12 || counts.sentences > 1) {
            view.words.min(120.0)
        } else if view.words >= 5.0 && sentence {
            2.0
        } else {
            -3.0 - 0.4 * view.words.min(20.0)
        }
    }

    fn see_whole(&mut self) {
        let mut best = (0.0f32, 0..0);
        let (mut sum, mut from) = (0.0f32, 0);
        let (mut unspaced, mut chars, mut function, mut hit, mut gaps) = (0u64, 0u64, 0u64, 0u64, 0u64);
        let (mut first_person, mut second_person) = (0, 0);
        let prose: Vec<f32> = (0..self.blocks.len()).map(|i| self.prose(i)).collect();
        for (i, &value) in prose.iter().enumerate() {
            if sum <= 0.0 {
                (sum, from) = (0.0, i);
            }
            sum += value;
            if sum > best.0 {
                best = (sum, from..i + 1);
            }
            let whole = &mut self.whole;
            whole.words += self.views[i].words;
            if value > 2.0 {
                whole.prose_words += self.views[i].words;
                whole.prose_blocks += 1;
                first_person += u32::from(self.hits[i].covered[Section::FirstPerson as usize]);
                second_person += u32::from(self.hits[i].covered[Section::SecondPerson as usize]);
            }
            unspaced += u64::from(self.counts[i].unspaced);
            chars += u64::from(self.counts[i].chars);
            function += u64::from(self.views[i].function);
            hit += u64::from(self.hits[i].whole != 0);
            gaps += u64::from(self.blocks[i].gap);
            whole.inline |= self.blocks[i].inline;
        }
        let whole = &mut self.whole;
        let blocks = self.blocks.len().max(1) as f32;
        whole.core = best.1;
        whole.core_words = self.views[whole.core.clone()].iter().map(|v| v.words).sum();
        whole.unspaced_share = unspaced as f32 / chars.max(1) as f32;
        whole.function_share = function as f32 / whole.words.max(1.0);
        whole.hit_share = hit as f32 / blocks;
        whole.gap_share = gaps as f32 / blocks;
        whole.first_person = first_person as f32 / (whole.prose_words + 1.0);
        whole.second_person = second_person as f32 / (whole.prose_words + 1.0);
        let mut told = 0.0f32;
        for (view, &value) in self.views.iter_mut().zip(&prose) {
            view.prose_told = told / (whole.prose_words + 1.0);
            told += if value > 2.0 { view.words } else { 0.0 };
        }
        let fade = 0.75;
        let mut near = 0.0f32;
        for (view, value) in self.views.iter_mut().zip(&prose) {
            view.prose_before = near;
            near = near * fade + value.max(0.0);
        }
        near = 0.0;
        for (view, value) in self.views.iter_mut().zip(&prose).rev() {
            view.prose_after = near;
            near = near * fade + value.max(0.0);
        }
    }
}
