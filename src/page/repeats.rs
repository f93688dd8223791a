//! What the page says more than once: whole blocks, their first and last
//! words, runs of words, the title.

use super::{Page, Words};
use crate::token::{Token, mix};

/// Counts of hashes, in a table of fixed size. Two hashes that share a slot
/// probe on, so counts are exact for all but equal hashes.
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
    pub(super) fn see_echoes(&mut self, words: &Words) {
        let size = (words.tokens.len() * 2).next_power_of_two().clamp(256, 1 << 22);
        // How many blocks have the run, and which had it last.
        let mut seen = vec![(0u32, u32::MAX); size];
        let mut slots: Vec<u32> = Vec::with_capacity(words.tokens.len());
        for i in 0..self.blocks.len() {
            let view = &mut self.views[i];
            for run in words.of(i).windows(3) {
                let slot = key(run, 3) >> 5 & (size as u32 - 1);
                slots.push(slot);
                let (count, last) = &mut seen[slot as usize];
                view.runs += 1;
                if *last != i as u32 {
                    view.echoes_before += u32::from(*count > 0);
                    *count += 1;
                    *last = i as u32;
                }
            }
        }
        let mut slots = slots.into_iter();
        for view in &mut self.views {
            let runs = slots.by_ref().take(view.runs as usize);
            view.echoes = runs.filter(|slot| seen[*slot as usize].0 > 1).count() as u32;
        }
    }

    /// Compares the blocks with the first, which in whole pages is the title.
    pub(super) fn see_title(&mut self, words: &Words) {
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
}
