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

use std::collections::HashMap;
use std::ops::Range;

use crate::block::Block;
use crate::lexicon::{self, Hits, Lexicon, Section};
use crate::rule::{Rules, Verdict};
use crate::token::{Counts, Last, Token, mix, scan};

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
#[derive(Clone, Debug, Default)]
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
    /// Longest run of the block's shape at a distance of 2 to 6 blocks; of 1.
    pub cards: u32,
    pub alike: u32,
    /// Sum of prose near, before and after, in words, fading.
    pub prose_before: f32,
    pub prose_after: f32,
    /// Blocks since the last heading about it, by [`ZONES`]; and until the next.
    pub since: [u32; ZONES.len()],
    pub until: [u32; ZONES.len()],
    /// What a rule of the user's says.
    pub verdict: Option<Verdict>,
}

/// Sections whose phrases, as whole blocks, head zones of a page.
pub const ZONES: [Section; 5] =
    [Section::Related, Section::Comments, Section::Subscription, Section::Share, Section::AuthorBio];

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
    pub gap_share: f32,
    pub inline: bool,
    /// The page's language, as an index into the lexicon files.
    pub language: Option<usize>,
}

/// Tokens of all blocks, with the languages each is a function word of.
#[derive(Default)]
struct Words {
    tokens: Vec<Token>,
    function: Vec<u32>,
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

impl Page {
    /// Reads the blocks of `text`.
    pub fn new(text: &str, blocks: Vec<Block>, rules: &Rules) -> Page {
        let lexicon = Lexicon::get();
        let mut page = Page { views: vec![View::default(); blocks.len()], ..Page::default() };
        let (mut words, mut phrase) = (Words::default(), lexicon::Words::default());
        page.counts.reserve(blocks.len());
        page.hits.reserve(blocks.len());
        for (i, block) in blocks.iter().enumerate() {
            let slice = &text[block.range()];
            let from = words.tokens.len();
            let counts = scan(slice, &mut words.tokens);
            words.function.extend(words.tokens[from..].iter().map(|token| lexicon.function(*token)));
            page.hits.push(lexicon.hits(&words.tokens[from..], counts.label, &mut phrase));
            page.counts.push(counts);
            words.ends.push(words.tokens.len());
            page.views[i].verdict = rules.verdict(&words.tokens[from..]);
        }
        page.blocks = blocks;
        page.see_language(&words);
        page.see_whole();
        page.see_repeats(&words);
        page.see_vocabulary(&words);
        page.see_echoes(&words);
        page.see_title(&words);
        page.see_series();
        page.see_zones();
        page
    }

    /// Finds the page's language by its function words and counts them.
    fn see_language(&mut self, words: &Words) {
        let mut votes = [0u32; u32::BITS as usize];
        for mut languages in words.function.iter().copied() {
            while languages != 0 {
                votes[languages.trailing_zeros() as usize] += 1;
                languages &= languages - 1;
            }
        }
        let best = (0..votes.len()).max_by_key(|&i| (votes[i], usize::MAX - i)).filter(|&i| votes[i] > 0);
        self.whole.language = best;
        let mask = best.map_or(0, |i| 1u32 << i);
        for (i, view) in self.views.iter_mut().enumerate() {
            for languages in &words.function[words.range(i)] {
                view.function += u32::from(languages & mask != 0);
                view.function_any += u32::from(*languages != 0);
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
        let sentence = counts.sentences > 0 && matches!(counts.last, Last::Terminal | Last::Ellipsis | Last::Colon);
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

    fn see_repeats(&mut self, words: &Words) {
        let n = self.blocks.len();
        let mut all: HashMap<u32, u32> = HashMap::with_capacity(n);
        let mut edges: HashMap<u32, u32> = HashMap::with_capacity(2 * n);
        let key = |tokens: &[Token], seed: u32| tokens.iter().fold(seed, |hash, t| mix(hash, t.hash));
        let starts = |tokens: &[Token]| (tokens.len() > 2).then(|| key(&tokens[..2], 1));
        let ends = |tokens: &[Token]| (tokens.len() > 2).then(|| key(&tokens[tokens.len() - 2..], 2));
        for i in 0..n {
            let tokens = words.of(i);
            let count = all.entry(key(tokens, 0)).or_insert(0);
            self.views[i].repeats_before = *count;
            *count += 1;
            for edge in [starts(tokens), ends(tokens)].into_iter().flatten() {
                *edges.entry(edge).or_insert(0) += 1;
            }
        }
        for i in 0..n {
            let tokens = words.of(i);
            let view = &mut self.views[i];
            view.repeats = all[&key(tokens, 0)] - 1;
            view.same_start = starts(tokens).map_or(0, |edge| edges[&edge] - 1);
            view.same_end = ends(tokens).map_or(0, |edge| edges[&edge] - 1);
        }
    }

    /// Compares the blocks' terms with the core's and with their neighbours'.
    fn see_vocabulary(&mut self, words: &Words) {
        let size = (words.tokens.len() * 2).next_power_of_two().clamp(256, 1 << 22);
        let slot = |term: u32| (term.wrapping_mul(0x85eb_ca6b) >> 7) as usize & (size - 1);
        let mut in_core = vec![0u16; size];
        let mut in_page = vec![0u16; size];
        for i in 0..self.blocks.len() {
            let core = self.whole.core.contains(&i);
            for (term, _) in terms(words, i) {
                let at = slot(term);
                in_page[at] = in_page[at].saturating_add(1);
                if core {
                    in_core[at] = in_core[at].saturating_add(1);
                }
            }
        }
        for i in 0..self.blocks.len() {
            let core = u16::from(self.whole.core.contains(&i));
            let view = &mut self.views[i];
            for (term, name) in terms(words, i) {
                let at = slot(term);
                let shared = u32::from(in_core[at] > core);
                view.terms += 1;
                view.shared += shared;
                view.novel += u32::from(in_page[at] == 1);
                view.names += u32::from(name);
                view.names_shared += shared & u32::from(name);
            }
        }
        // The last block of prose in which a term stood, and the distance of
        // such blocks in prose: those few are near.
        const NEAR: u32 = 4;
        let mut last = vec![0u32; size];
        let mut count = NEAR + 1;
        for i in 0..self.blocks.len() {
            for (term, _) in terms(words, i) {
                self.views[i].shared_before += u32::from(count - last[slot(term)] <= NEAR);
            }
            if self.prose(i) > 2.0 {
                count += 1;
                terms(words, i).for_each(|(term, _)| last[slot(term)] = count);
            }
        }
        last.fill(0);
        count = NEAR + 1;
        for i in (0..self.blocks.len()).rev() {
            for (term, _) in terms(words, i) {
                self.views[i].shared_after += u32::from(count - last[slot(term)] <= NEAR);
            }
            if self.prose(i) > 2.0 {
                count += 1;
                terms(words, i).for_each(|(term, _)| last[slot(term)] = count);
            }
        }
    }

    /// Finds runs of words that the page says more than once.
    fn see_echoes(&mut self, words: &Words) {
        let size = (words.tokens.len() * 2).next_power_of_two().clamp(256, 1 << 22);
        let slot = |run: &[Token]| {
            let hash = run.iter().fold(3, |hash, token| mix(hash, token.hash));
            (hash >> 5) as usize & (size - 1)
        };
        // How many blocks have the run, and which had it last.
        let mut seen = vec![(0u16, u32::MAX); size];
        for i in 0..self.blocks.len() {
            for run in words.of(i).windows(3) {
                let (count, last) = &mut seen[slot(run)];
                self.views[i].runs += 1;
                self.views[i].echoes_before += u32::from(*count > 0 && *last != i as u32);
                if *last != i as u32 {
                    *count = count.saturating_add(1);
                    *last = i as u32;
                }
            }
        }
        for i in 0..self.blocks.len() {
            let echoes = words.of(i).windows(3).filter(|run| seen[slot(run)].0 > 1).count();
            self.views[i].echoes = echoes as u32;
        }
    }

    /// Compares the blocks with the first, which in whole pages is the title.
    fn see_title(&mut self, words: &Words) {
        if self.blocks.is_empty() {
            return;
        }
        let title: Vec<u32> = words.of(0).iter().take(60).map(|t| t.hash).collect();
        for i in 1..self.blocks.len() {
            let tokens = words.of(i);
            if tokens.is_empty() {
                continue;
            }
            let shown = &tokens[..tokens.len().min(60)];
            let found = shown.iter().filter(|t| title.contains(&t.hash)).count();
            let view = &mut self.views[i];
            view.title_share = found as f32 / shown.len() as f32;
            view.title_cover = (found as f32 / title.len().max(1) as f32).min(1.0);
            let same = tokens.iter().zip(&title).take_while(|(t, hash)| t.hash == **hash).count();
            view.title_prefix = same >= 3 && (same == tokens.len() || same == title.len());
        }
    }

    /// Finds runs of blocks whose shapes come back at a fixed distance.
    fn see_series(&mut self) {
        let shapes: Vec<u32> = (0..self.blocks.len())
            .map(|i| {
                let (counts, view) = (&self.counts[i], &self.views[i]);
                let size = 32 - (view.words as u32 / 3).leading_zeros();
                let end = counts.last as u32;
                let dated = u32::from(self.hits[i].covered[Section::Time as usize] > 0 || counts.clock);
                size | end << 5 | dated << 8 | u32::from(self.blocks[i].gap) << 9
            })
            .collect();
        let n = shapes.len();
        for lag in 1..=6 {
            let (mut run, mut i) = (0, lag);
            // A run is credited to every block in it.
            while i <= n {
                if i < n && shapes[i] == shapes[i - lag] {
                    run += 1;
                } else if run > 0 {
                    for view in &mut self.views[i - run - lag..i] {
                        let longest = if lag == 1 { &mut view.alike } else { &mut view.cards };
                        *longest = (*longest).max((run + lag) as u32);
                    }
                    run = 0;
                }
                i += 1;
            }
        }
    }

    fn see_zones(&mut self) {
        let heads = |hits: &Hits, zone: usize| hits.is_whole(ZONES[zone]);
        let mut since = [NEVER; ZONES.len()];
        for (view, hits) in self.views.iter_mut().zip(&self.hits) {
            for (zone, distance) in since.iter_mut().enumerate() {
                *distance = if heads(hits, zone) { 0 } else { (*distance + 1).min(NEVER) };
            }
            view.since = since;
        }
        let mut until = [NEVER; ZONES.len()];
        for (view, hits) in self.views.iter_mut().zip(&self.hits).rev() {
            for (zone, distance) in until.iter_mut().enumerate() {
                *distance = if heads(hits, zone) { 0 } else { (*distance + 1).min(NEVER) };
            }
            view.until = until;
        }
    }
}

/// The terms of a block, and whether each looks like a name: its content
/// words' stems; in unspaced scripts, its pairs of characters.
fn terms(words: &Words, block: usize) -> impl Iterator<Item = (u32, bool)> + '_ {
    let mut before: Option<u32> = None;
    let range = words.range(block);
    let first = range.start;
    range.filter_map(move |at| {
        let token = words.tokens[at];
        let previous = before;
        before = token.unspaced.then_some(token.hash);
        if token.unspaced {
            previous.map(|first| (mix(first, token.hash), false))
        } else {
            (token.len >= 3 && words.function[at] == 0).then_some((token.stem, token.capital && at > first))
        }
    })
}
