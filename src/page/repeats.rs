//! What the page says more than once: whole blocks, their first and last
//! words, runs of words, the title.

use super::{NEVER, Page, Tables, View, Words, slots};
use crate::token::{Token, mix};

/// Counts of hashes, in a table of fixed size. Two hashes that share a slot
/// probe on, so counts are exact for all but hashes that are equal, the lowest bit
/// aside.
struct Tally {
    slots: Vec<(u32, u32)>,
}

impl Tally {
    fn new(keys: usize) -> Tally {
        Tally { slots: vec![(0, 0); (2 * keys + 16).next_power_of_two()] }
    }

    /// The count of a hash, to read or raise; it starts at 0.
    fn count(&mut self, hash: u32) -> &mut u32 {
        let mask = self.slots.len() - 1;
        let key = hash | 1;
        let mut at = (hash.wrapping_mul(0x9e37_79b1) >> 8) as usize & mask;
        while self.slots[at].0 != 0 && self.slots[at].0 != key {
            at = (at + 1) & mask;
        }
        self.slots[at].0 = key;
        &mut self.slots[at].1
    }
}

/// In the table of runs: blocks before the last one have the run too.
const OTHERS: u32 = 1 << 31;

#[inline(always)]
fn key(tokens: &[Token], seed: u32) -> u32 {
    tokens.iter().fold(seed, |hash, token| mix(hash, token.hash))
}

impl Page {
    pub(super) fn see_repeats(&mut self, words: &Words) {
        let n = self.blocks.len();
        let mut blocks = Tally::new(n);
        let mut edges = Tally::new(2 * n);
        let mut keys = Vec::with_capacity(n);
        for i in 0..n {
            let tokens = words.of(i);
            let whole = key(tokens, 0);
            let (start, end) = match tokens {
                [first, second, .., before, last] => (key(&[*first, *second], 1), key(&[*before, *last], 2)),
                [first, second, last] => (key(&[*first, *second], 1), key(&[*second, *last], 2)),
                _ => (0, 0),
            };
            let count = blocks.count(whole);
            self.views[i].repeats_before = *count;
            *count += 1;
            if tokens.len() > 2 {
                *edges.count(start) += 1;
                *edges.count(end) += 1;
            }
            keys.push((whole, start, end));
        }
        for (i, (whole, start, end)) in keys.into_iter().enumerate() {
            let view = &mut self.views[i];
            view.repeats = *blocks.count(whole) - 1;
            if words.of(i).len() > 2 {
                view.same_start = *edges.count(start) - 1;
                view.same_end = *edges.count(end) - 1;
            }
        }
    }

    /// Finds runs of three words that the page says more than once.
    pub(super) fn see_echoes(&mut self, words: &Words, tables: &mut Tables) {
        let size = slots(words.tokens.len());
        let (seen, runs) = (&mut tables.seen, &mut tables.slots);
        seen.clear();
        seen.resize(size, 0);
        runs.clear();
        for (i, view) in self.views.iter_mut().enumerate() {
            let own = i as u32 + 1;
            let tokens = words.of(i);
            let before = runs.len();
            runs.extend(tokens.windows(3).map(|run| key(run, 3) >> 5 & (size as u32 - 1)));
            for slot in &runs[before..] {
                // The block that had the run last, and whether others had it.
                let last = seen[*slot as usize];
                let echo = last != 0 && last & !OTHERS != own;
                view.echoes_before += u32::from(echo);
                seen[*slot as usize] = last & OTHERS | own | if echo { OTHERS } else { 0 };
            }
            view.runs = (runs.len() - before) as u32;
        }
        let mut rest = &runs[..];
        for view in &mut self.views {
            let (own, others) = rest.split_at(view.runs as usize);
            view.echoes = own.iter().map(|slot| seen[*slot as usize] >> 31).sum();
            rest = others;
        }
    }

    /// Compares the blocks with the first, which in whole pages is the title.
    pub(super) fn see_title(&mut self, words: &Words) {
        if self.blocks.is_empty() {
            return;
        }
        let title: Vec<u32> = words.of(0).iter().take(60).map(|t| t.hash).collect();
        // A bit for every word of the title turns most words away.
        let mut bits = [0u64; 16];
        let bit = |hash: u32| (hash as usize >> 6 & 15, 1u64 << (hash & 63));
        title.iter().map(|hash| bit(*hash)).for_each(|(number, bit)| bits[number] |= bit);
        for i in 1..self.blocks.len() {
            let tokens = words.of(i);
            if tokens.is_empty() {
                continue;
            }
            let shown = &tokens[..tokens.len().min(60)];
            let may_have = |t: &&Token| bits[bit(t.hash).0] & bit(t.hash).1 != 0;
            let found = shown.iter().filter(may_have).filter(|t| title.contains(&t.hash)).count();
            let view = &mut self.views[i];
            view.title_share = found as f32 / shown.len() as f32;
            view.title_cover = (found as f32 / title.len().max(1) as f32).min(1.0);
            let same = tokens.iter().zip(&title).take_while(|(t, hash)| t.hash == **hash).count();
            view.title_prefix = same >= 3 && (same == tokens.len() || same == title.len());
        }
        let is_title = |view: &View| view.title_cover > 0.6 && view.title_share > 0.6;
        let (mut since, mut before) = (NEVER, false);
        for view in &mut self.views {
            let here = is_title(view);
            since = if here { 0 } else { (since + 1).min(NEVER) };
            (view.since_title, view.title_before) = (since, before);
            before |= here;
        }
        let mut after = false;
        for view in self.views.iter_mut().rev() {
            view.title_after = after;
            after |= is_title(view);
        }
    }
}
