//! What is counted in a block, and what it starts and ends with.

use crate::class::{Class, class};

/// What the characters of one block add up to.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub chars: u32,
    pub letters: u32,
    pub digits: u32,
    /// Characters of scripts written without spaces.
    pub unspaced: u32,
    pub spaces: u32,
    /// Tokens that start with a digit.
    pub numbers: u32,
    /// Tokens that start with a capital; all of whose letters are capitals.
    pub capitalised: u32,
    pub all_caps: u32,
    /// Tokens that start with a small letter.
    pub lower: u32,
    pub longest: u32,
    /// Sentence ends: terminal punctuation before a space or the block's end.
    pub sentences: u32,
    pub commas: u32,
    pub colons: u32,
    pub quotes: u32,
    pub brackets: u32,
    pub separators: u32,
    pub slashes: u32,
    pub dashes: u32,
    pub currency: u32,
    pub symbols: u32,
    pub ats: u32,
    pub hashes: u32,
    /// `©` or `℗`.
    pub copyright: bool,
    pub url: bool,
    /// A time of day: digit, colon, digit.
    pub clock: bool,
    /// A number of four digits that starts with 19 or 20.
    pub year: bool,
    /// Tokens before the first colon that a space follows: what may be a label
    /// ("Read more: …"); 0 where there is none.
    pub label: u32,
    pub first: First,
    pub last: Last,
    /// Whether a closing quote or bracket stands last.
    pub closed: bool,
}

/// What a block starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum First {
    #[default]
    Other,
    Upper,
    Lower,
    Uncased,
    Digit,
    Quote,
    Bullet,
}

/// What a block ends with, closing quotes and brackets aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Last {
    #[default]
    Other,
    Word,
    /// A full stop, or a mark of another script that ends sentences.
    Terminal,
    Question,
    Exclamation,
    Ellipsis,
    Colon,
    Comma,
}

impl Last {
    /// Whether it ends a sentence.
    pub fn is_terminal(self) -> bool {
        matches!(self, Last::Terminal | Last::Question | Last::Exclamation)
    }
}

/// What a block starts with.
pub fn first(block: &str) -> First {
    match block.chars().next().map(|c| (c, class(c))) {
        Some((_, Class::Upper)) => First::Upper,
        Some((_, Class::Lower)) => First::Lower,
        Some((_, Class::Uncased | Class::Unspaced)) => First::Uncased,
        Some((_, Class::Digit)) => First::Digit,
        Some((_, Class::Quote)) => First::Quote,
        Some((_, Class::Separator | Class::Dash)) => First::Bullet,
        _ => First::Other,
    }
}

/// What a block ends with, and whether a closing quote or bracket stands last.
pub fn last(block: &str) -> (Last, bool) {
    match block.as_bytes() {
        [.., b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9'] => return (Last::Word, false),
        [.., b'a'..=b'z', b'.'] => return (Last::Terminal, false),
        _ => {}
    }
    let mut closed = false;
    for (at, c) in block.char_indices().rev() {
        match class(c) {
            Class::Quote | Class::Bracket => closed = true,
            Class::Space | Class::Silent => {}
            Class::Stop if c == '.' && block[..at].ends_with('.') => return (Last::Ellipsis, closed),
            Class::Stop | Class::WideStop => {
                let end = match c {
                    '?' | '？' | '؟' => Last::Question,
                    '!' | '！' => Last::Exclamation,
                    _ => Last::Terminal,
                };
                return (end, closed);
            }
            Class::Ellipsis => return (Last::Ellipsis, closed),
            Class::Colon => return (Last::Colon, closed),
            Class::Comma => return (Last::Comma, closed),
            Class::Lower | Class::Upper | Class::Uncased | Class::Unspaced | Class::Digit => {
                return (Last::Word, closed);
            }
            _ => return (Last::Other, closed),
        }
    }
    (Last::Other, closed)
}
