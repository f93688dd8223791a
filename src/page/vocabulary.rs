//! Which of its words a block shares with the story and with its neighbours.

use super::{Page, Words};
use crate::token::mix;

/// Blocks of prose that count as near.
const NEAR: u32 = 4;

/// What is known of a term.
#[derive(Clone, Copy, Default)]
struct Known {
    in_page: u16,
    in_core: u16,
    /// The block of prose in which it stood last, counted in such blocks.
    last: u32,
}

/// The terms of all blocks, as slots of a table: two terms in one slot are
/// taken for one, which is rare and blurs little.
struct Terms {
    slots: Vec<u32>,
    /// Whether each looks like a name.
    names: Vec<bool>,
    ends: Vec<usize>,
}

impl Terms {
    /// Content words' stems; in unspaced scripts, pairs of characters.
    fn new(words: &Words, size: usize) -> Terms {
        let count = words.tokens.len();
        let mut terms = Terms { slots: Vec::with_capacity(count), names: Vec::with_capacity(count), ends: Vec::new() };
        let mask = size as u32 - 1;
        for block in 0..words.ends.len() {
            let range = words.range(block);
            let first = range.start;
            let mut before: Option<u32> = None;
            for at in range {
                let token = words.tokens[at];
                let term = if token.unspaced {
                    before.map(|first| mix(first, token.hash))
                } else {
                    (token.len >= 3 && words.function[at] == 0).then_some(token.stem)
                };
                before = token.unspaced.then_some(token.hash);
                if let Some(term) = term {
                    terms.slots.push(term.wrapping_mul(0x85eb_ca6b) >> 7 & mask);
                    terms.names.push(!token.unspaced && token.capital && at > first);
                }
            }
            terms.ends.push(terms.slots.len());
        }
        terms
    }

    fn range(&self, block: usize) -> std::ops::Range<usize> {
        let start = if block == 0 { 0 } else { self.ends[block - 1] };
        start..self.ends[block]
    }
}

impl Page {
    /// Compares the blocks' terms with the core's and with their neighbours'.
    pub(super) fn see_vocabulary(&mut self, words: &Words) {
        let size = (words.tokens.len() * 2).next_power_of_two().clamp(256, 1 << 22);
        let terms = Terms::new(words, size);
        let mut known = vec![Known::default(); size];
        for i in 0..self.blocks.len() {
            let core = u16::from(self.whole.core.contains(&i));
            for &slot in &terms.slots[terms.range(i)] {
                let term = &mut known[slot as usize];
                term.in_page = term.in_page.saturating_add(1);
                term.in_core = term.in_core.saturating_add(core);
            }
        }
        let prose: Vec<bool> = (0..self.blocks.len()).map(|i| self.prose(i) > 2.0).collect();
        let mut count = NEAR + 1;
        for i in 0..self.blocks.len() {
            let core = u16::from(self.whole.core.contains(&i));
            let view = &mut self.views[i];
            for at in terms.range(i) {
                let term = known[terms.slots[at] as usize];
                let shared = u32::from(term.in_core > core);
                view.terms += 1;
                view.shared += shared;
                view.novel += u32::from(term.in_page == 1);
                view.names += u32::from(terms.names[at]);
                view.names_shared += shared & u32::from(terms.names[at]);
                view.shared_before += u32::from(count - term.last <= NEAR);
            }
            if prose[i] {
                count += 1;
                terms.slots[terms.range(i)].iter().for_each(|slot| known[*slot as usize].last = count);
            }
        }
        known.iter_mut().for_each(|term| term.last = 0);
        count = NEAR + 1;
        for i in (0..self.blocks.len()).rev() {
            let range = terms.range(i);
            let near = |slot: &&u32| count - known[**slot as usize].last <= NEAR;
            self.views[i].shared_after = terms.slots[range.clone()].iter().filter(near).count() as u32;
            if prose[i] {
                count += 1;
                terms.slots[range].iter().for_each(|slot| known[*slot as usize].last = count);
            }
        }
    }
}
