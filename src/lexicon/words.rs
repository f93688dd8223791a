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
#[derive(Default)]
pub struct Words {
    /// Each word with what may start with it.
    pub(super) words: Vec<(u32, u8)>,
    /// For every token that the run of numbers before it took in, the words so
    /// far: words and tokens part ways there. Most blocks have none.
    taken: Vec<u32>,
}

impl Words {
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.taken.clear();
    }

    /// Adds a token; `run` says whether it and the one before are numbers.
    #[inline(always)]
    pub(super) fn push(&mut self, word: u32, first: u8, run: bool) {
        if run {
            self.taken.push(self.words.len() as u32);
        } else {
            self.words.push((word, first));
        }
    }

    pub(super) fn read(&mut self, tokens: &[Token]) {
        self.clear();
        let mut number = false;
        for token in tokens {
            self.push(token.word(), 0, number && token.number);
            number = token.number;
        }
    }

    /// The place of a word among the tokens; of the words' end, theirs.
    pub(super) fn place(&self, word: usize) -> usize {
        word + self.taken.partition_point(|&words| words as usize <= word)
    }

    /// Words that start before a token; counts to one more than [`LONGEST`].
    pub(super) fn before(&self, token: u32) -> usize {
        let most = self.words.len().min(LONGEST + 1);
        (0..most).take_while(|&word| self.place(word) < token as usize).count()
    }

    /// The words of a phrase.
    #[cfg(any(test, feature = "inside"))]
    pub fn hashes(tokens: &[Token]) -> Vec<u32> {
        let mut words = Words::default();
        words.read(tokens);
        words.words.into_iter().map(|word| word.0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::scan;

    #[test]
    fn words_and_tokens_find_each_other() {
        let (mut tokens, mut words) = (Vec::new(), Words::default());
        scan("1 2 a 3 4 5 b c 6", &mut tokens);
        words.read(&tokens);
        assert_eq!((0..=words.words.len()).map(|word| words.place(word)).collect::<Vec<_>>(), [0, 2, 3, 6, 7, 8, 9]);
        assert_eq!((0..=9).map(|token| words.before(token)).collect::<Vec<_>>(), [0, 1, 1, 2, 3, 3, 3, 4, 5, 6]);
    }
}
