//! Which of its words a block shares with the story and with its neighbours.

use super::{Page, Tables, Words, slots};
use crate::token::mix;

/// Blocks of prose that count as near.
const NEAR: u32 = 4;

/// What is known of a term.
#[derive(Clone, Copy, Default)]
pub(super) struct Known(u32);

impl Known {
    /// Counts to two: how often the term stands in the page, and in the core.
    const IN_PAGE: u32 = 0;
    const IN_CORE: u32 = 2;
    /// Where the number of the block of prose starts in which it stood last,
    /// counted in such blocks.
    const LAST: u32 = 4;

    #[inline(always)]
    fn count(self, which: u32) -> u32 {
        self.0 >> which & 3
    }

    #[inline(always)]
    fn add(&mut self, which: u32) {
        self.0 += u32::from(self.count(which) < 2) << which;
    }

    #[inline(always)]
    fn last(self) -> u32 {
        self.0 >> Known::LAST
    }

    #[inline(always)]
    fn set_last(&mut self, block: u32) {
        self.0 = self.0 & ((1 << Known::LAST) - 1) | block << Known::LAST;
    }
}

/// In a term's number: it looks like a name.
const NAME: u32 = 1 << 31;

/// Lists the terms of all blocks, as slots of a table of `size`: two terms in
/// one slot are taken for one, which is rare and blurs little. Terms are
/// content words' stems; in unspaced scripts, pairs of characters.
fn list(words: &Words, size: usize, terms: &mut Vec<u32>, ends: &mut Vec<usize>) {
    terms.clear();
    terms.resize(words.tokens.len(), 0);
    ends.clear();
    let mut count = 0;
    for block in 0..words.ends.len() {
        let mut before: Option<u32> = None;
        for (at, token) in words.of(block).iter().enumerate() {
            let (term, is_term) = if token.unspaced {
                (before.map_or(0, |first| mix(first, token.hash)), before.is_some())
            } else {
                (token.stem, token.len >= 3 && token.function == 0)
            };
            before = token.unspaced.then_some(token.hash);
            let name = !token.unspaced && token.capital && at > 0;
            // Written in any case, and written over where it is no term.
            terms[count] = term.wrapping_mul(0x85eb_ca6b) >> 7 & (size as u32 - 1) | if name { NAME } else { 0 };
            count += usize::from(is_term);
        }
        ends.push(count);
    }
    terms.truncate(count);
}

impl Page {
    /// Compares the blocks' terms with the core's and with their neighbours'.
    pub(super) fn see_vocabulary(&mut self, words: &Words, tables: &mut Tables) {
        let size = slots(words.tokens.len());
        let Tables { slots: terms, ends, known, .. } = tables;
        list(words, size, terms, ends);
        known.clear();
        known.resize(size, Known::default());
        let range = |i: usize| if i == 0 { 0 } else { ends[i - 1] }..ends[i];
        let slot = |term: u32| (term & !NAME) as usize;
        for term in terms.iter() {
            known[slot(*term)].add(Known::IN_PAGE);
        }
        for i in self.whole.core.clone() {
            for term in &terms[range(i)] {
                known[slot(*term)].add(Known::IN_CORE);
            }
        }
        let prose: Vec<bool> = (0..self.blocks.len()).map(|i| self.prose(i) > 2.0).collect();
        let mut count = NEAR + 1;
        for (i, view) in self.views.iter_mut().enumerate() {
            let core = u32::from(self.whole.core.contains(&i));
            let own = &terms[range(i)];
            let (mut all_shared, mut novel, mut names, mut names_shared, mut near) = (0, 0, 0, 0, 0);
            for &term in own {
                let (known, name) = (known[slot(term)], term >> 31);
                let shared = u32::from(known.count(Known::IN_CORE) > core);
                all_shared += shared;
                novel += u32::from(known.count(Known::IN_PAGE) == 1);
                names += name;
                names_shared += shared & name;
                near += u32::from(count - known.last() <= NEAR);
            }
            view.terms = own.len() as u32;
            (view.shared, view.novel, view.shared_before) = (all_shared, novel, near);
            (view.names, view.names_shared) = (names, names_shared);
            if prose[i] {
                count += 1;
                own.iter().for_each(|term| known[slot(*term)].set_last(count));
            }
        }
        // So that what was near before is far now.
        count += NEAR + 1;
        for (i, view) in self.views.iter_mut().enumerate().rev() {
            let own = &terms[range(i)];
            view.shared_after = own.iter().map(|term| u32::from(count - known[slot(*term)].last() <= NEAR)).sum();
            if prose[i] {
                count += 1;
                own.iter().for_each(|term| known[slot(*term)].set_last(count));
            }
        }
    }
}
