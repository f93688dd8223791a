//! A block as phrases see it.

use super::{LONGEST, NUMBER};
use crate::token::Token;

impl Token {
    /// The token as phrases see it.
    #[inline(always)]
    pub(super) fn word(&self) -> u32 {
        if self.number { NUMBER } else { self.hash }
    }
}

/// The words of a block as phrases see them: a run of numbers is one word.
/// Each with what may start with it. The flag says whether there was such a
/// run, so that words and tokens do not go together one by one.
#[derive(Default)]
pub struct Words(pub(super) Vec<(u32, u8)>, pub(super) bool);

impl Words {
    pub(super) fn clear(&mut self) {
        self.0.clear();
        self.1 = false;
    }

    pub(super) fn read(&mut self, tokens: &[Token]) {
        self.clear();
        let mut number = false;
        for token in tokens {
            if number && token.number {
                self.1 = true;
            } else {
                self.0.push((token.word(), 0));
            }
            number = token.number;
        }
    }

    /// The place of a word among the tokens.
    pub(super) fn place(&self, tokens: &[Token], word: usize) -> usize {
        if !self.1 {
            return word;
        }
        let starts = (0..tokens.len()).filter(|&at| at == 0 || !(tokens[at - 1].number && tokens[at].number));
        starts.chain([tokens.len()]).nth(word).unwrap_or(tokens.len())
    }

    /// Words that start before a token; counts to one more than [`LONGEST`].
    pub(super) fn before(&self, tokens: &[Token], token: u32) -> usize {
        let most = self.0.len().min(LONGEST + 1);
        if self.1 {
            (0..most).take_while(|&word| self.place(tokens, word) < token as usize).count()
        } else {
            most.min(token as usize)
        }
    }

    /// The words of a phrase.
    #[cfg(any(test, feature = "inside"))]
    pub fn hashes(tokens: &[Token]) -> Vec<u32> {
        let mut words = Words::default();
        words.read(tokens);
        words.0.into_iter().map(|word| word.0).collect()
    }
}
