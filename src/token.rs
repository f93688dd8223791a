//! A word as the stages see it.
//!
//! A token is a run of letters, marks and digits, folded to lower case and kept
//! as a 32-bit hash: words are compared, never shown. In scripts that are
//! written without spaces every character is a token. Apostrophes and hyphens
//! end a token; soft hyphens and joiners do not.

use crate::class::{Class, class, fold};

/// A word as its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Hash of the folded characters.
    pub hash: u32,
    /// The same of the first [`STEM`] characters, so that inflected forms of
    /// a word agree.
    pub stem: u32,
    /// Where the token stands in the block, in bytes.
    pub start: u32,
    pub bytes: u16,
    /// The languages it is a function word of, as
    /// [`Lexicon::mark`](crate::lexicon::Lexicon::mark) notes them.
    pub function: u8,
    /// Characters, at most 255.
    pub len: u8,
    /// Whether the token starts with a digit.
    pub number: bool,
    /// Whether the token starts with a capital.
    pub capital: bool,
    /// Whether the token is a character of an unspaced script.
    pub unspaced: bool,
}

impl Token {
    /// The token's bytes in its block.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + usize::from(self.bytes)
    }
}

/// Characters of a token that its stem has.
pub const STEM: usize = 6;

/// Mixes a second hash into the first; not symmetric.
#[inline(always)]
pub fn mix(a: u32, b: u32) -> u32 {
    (a.rotate_left(7) ^ b).wrapping_mul(0x9e37_79b1)
}

/// The hash of a word's folded bytes, of which it takes eight at a time.
#[derive(Clone, Copy)]
pub struct Hash(u64);

impl Hash {
    pub const NEW: Hash = Hash(0x51_7cc1_b727_220a);

    /// Adds eight bytes, or the last ones with zeros above.
    #[inline(always)]
    pub const fn add(self, bytes: u64) -> Hash {
        let mixed = (self.0 ^ bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Hash(mixed ^ mixed >> 32)
    }

    #[inline(always)]
    pub const fn value(self) -> u32 {
        (self.0.wrapping_mul(0xd6e8_feb8_6659_fd93) >> 32) as u32
    }
}

/// A word read character by character, whatever its script.
pub struct Word {
    hash: Hash,
    /// Bytes that wait for a full eight.
    bytes: u64,
    waiting: u32,
    stem: u32,
    chars: u32,
    first: Class,
    letters: u32,
    digits: u32,
    any_lower: bool,
    year: u32,
    /// Letters and digits outside ASCII.
    pub wide_letters: u32,
    pub wide_digits: u32,
}

impl Word {
    /// Reads a word from the start of `text`: the word, and the bytes it takes.
    /// Silent characters before it count to them, but not to the first number.
    pub fn read(text: &str) -> (Option<Word>, usize, usize) {
        let mut word = Word {
            hash: Hash::NEW,
            bytes: 0,
            waiting: 0,
            stem: 0,
            chars: 0,
            first: Class::Silent,
            letters: 0,
            digits: 0,
            any_lower: false,
            year: 0,
            wide_letters: 0,
            wide_digits: 0,
        };
        let (mut start, mut end) = (0, text.len());
        for (at, c) in text.char_indices() {
            match class(c) {
                Class::Silent => continue,
                class @ (Class::Lower | Class::Upper | Class::Uncased | Class::Digit) => {
                    if word.chars == 0 {
                        start = at;
                    }
                    word.push(c, class);
                }
                _ => {
                    end = at;
                    break;
                }
            }
        }
        ((word.chars > 0).then_some(word), start, end)
    }

    fn push(&mut self, c: char, class: Class) {
        if self.chars == 0 {
            self.first = class;
        }
        self.chars += 1;
        let unit = fold(c, class);
        for byte in unit.encode_utf8(&mut [0; 4]).bytes() {
            self.bytes |= u64::from(byte) << (8 * self.waiting);
            self.waiting += 1;
            if self.waiting == 8 {
                self.hash = self.hash.add(self.bytes);
                (self.bytes, self.waiting) = (0, 0);
            }
        }
        if self.chars as usize == STEM {
            self.stem = self.value();
        }
        if class == Class::Digit {
            self.digits += 1;
            self.wide_digits += u32::from(!c.is_ascii());
            if self.digits <= 4 {
                self.year = self.year.wrapping_mul(10).wrapping_add((unit as u32).wrapping_sub(48));
            }
        } else {
            self.letters += 1;
            self.wide_letters += u32::from(!c.is_ascii());
        }
        self.any_lower |= class == Class::Lower;
    }

    fn value(&self) -> u32 {
        if self.waiting > 0 { self.hash.add(self.bytes).value() } else { self.hash.value() }
    }

    /// The token that the word is, between two places of its block.
    pub fn token(&self, start: usize, end: usize) -> Token {
        let hash = self.value();
        Token {
            hash,
            stem: if self.chars as usize >= STEM { self.stem } else { hash },
            start: start as u32,
            bytes: (end - start).min(usize::from(u16::MAX)) as u16,
            function: 0,
            len: self.chars.min(255) as u8,
            number: self.first == Class::Digit,
            capital: self.first == Class::Upper,
            unspaced: false,
        }
    }

    pub fn chars(&self) -> u32 {
        self.chars
    }

    pub fn is_lower(&self) -> bool {
        self.first == Class::Lower
    }

    /// Whether it has more than one letter, and none of them small.
    pub fn is_all_caps(&self) -> bool {
        self.first == Class::Upper && !self.any_lower && self.letters > 1
    }

    pub fn is_year(&self) -> bool {
        self.chars == 4 && self.digits == 4 && matches!(self.year / 100, 19 | 20)
    }
}
