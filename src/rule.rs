//! The user's own phrases: always drop, always keep.
//!
//! A rule is evidence, as a lexicon hit is: a feature that the model has
//! learned to trust, seen before the sequence is decided, so that a dropped
//! heading also speaks against what stands under it.

use crate::scan::scan;
use crate::token::Token;

/// What a rule says of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Drop,
    Keep,
}

/// Where in a block a rule's phrase has to stand. Words are compared, without
/// case; punctuation between them is not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Anchor {
    /// The phrase is the whole block.
    Whole,
    /// The block starts with the phrase.
    Start,
    /// The block ends with the phrase.
    End,
    /// The phrase stands anywhere in the block.
    #[default]
    Anywhere,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    words: Vec<u32>,
    anchor: Anchor,
    verdict: Verdict,
}

/// A user's rules, in the order given; of those that fit, the last one counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Adds a rule; a phrase without words is no rule.
    pub fn push(&mut self, phrase: &str, anchor: Anchor, verdict: Verdict) {
        let mut tokens = Vec::new();
        scan(phrase, &mut tokens);
        if !tokens.is_empty() {
            self.0.push(Rule { words: tokens.iter().map(|t| t.hash).collect(), anchor, verdict });
        }
    }

    pub fn verdict(&self, block: &[Token]) -> Option<Verdict> {
        self.0.iter().rev().find(|rule| rule.fits(block)).map(|rule| rule.verdict)
    }
}

impl Rule {
    fn fits(&self, block: &[Token]) -> bool {
        let n = self.words.len();
        let same = |part: &[Token]| part.iter().zip(&self.words).all(|(token, word)| token.hash == *word);
        n <= block.len()
            && match self.anchor {
                Anchor::Whole => n == block.len() && same(block),
                Anchor::Start => same(&block[..n]),
                Anchor::End => same(&block[block.len() - n..]),
                Anchor::Anywhere => block.windows(n).any(same),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_rule_that_fits_counts() {
        let mut rules = Rules::default();
        rules.push("Sponsored by", Anchor::Start, Verdict::Drop);
        rules.push("our readers", Anchor::Anywhere, Verdict::Keep);
        rules.push("...", Anchor::Anywhere, Verdict::Drop);
        let verdict = |text| {
            let mut tokens = Vec::new();
            scan(text, &mut tokens);
            rules.verdict(&tokens)
        };
        assert_eq!(verdict("SPONSORED BY: a bank"), Some(Verdict::Drop));
        assert_eq!(verdict("Sponsored by our readers"), Some(Verdict::Keep));
        assert_eq!(verdict("It was sponsored by a bank"), None);
    }
}
