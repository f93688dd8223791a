//! Blocks → tokens and character counts, in one pass over the bytes.
//!
//! The pass goes by windows of 64 bytes ([`crate::window`]), whose bit sets
//! answer for all bytes at once: words are runs of bits, counts are counts of
//! bits. Characters outside ASCII are looked at one by one and put into the
//! sets; so are punctuation marks, to be counted by class. A word that the end
//! of a window cuts starts the next one.

use std::ops::Range;

use crate::class::{Class, class};
use crate::count::{Counts, first, last};
use crate::line::is_blank;
use crate::token::{Hash, STEM, Token, Word};
use crate::window::{WINDOW, Window, low};

/// Counts the characters of a block and appends its tokens to `tokens`.
pub fn scan(block: &str, tokens: &mut Vec<Token>) -> Counts {
    scan_in(block, 0..block.len(), tokens)
}

/// The same for a block that stands in a text.
#[inline(always)]
pub fn scan_in(text: &str, block: Range<usize>, tokens: &mut Vec<Token>) -> Counts {
    let mut counts = Counts::default();
    let (first, last) = (first(&text[block.clone()]), last(&text[block.clone()]));
    let mut scan = Scan {
        text,
        block: block.clone(),
        counts: &mut counts,
        before: tokens.len(),
        tokens,
        classes: [0; Class::COUNT],
        spaced: true,
    };
    let mut at = block.start;
    while at < block.end {
        at = scan.window(at);
    }
    let of = |class: Class| scan.classes[class as usize];
    let (wide_stops, commas, colons) = (of(Class::WideStop), of(Class::Comma), of(Class::Colon));
    let (quotes, brackets, separators) = (of(Class::Quote), of(Class::Bracket), of(Class::Separator));
    let (slashes, dashes, currency) = (of(Class::Slash), of(Class::Dash), of(Class::Currency));
    let (ats, hashes, symbols) = (of(Class::At), of(Class::Hash), of(Class::Symbol));
    let copyright = of(Class::Copyright) > 0;
    counts.sentences += wide_stops;
    Counts {
        commas,
        colons,
        quotes,
        brackets,
        separators,
        slashes,
        dashes,
        currency,
        ats,
        hashes,
        symbols,
        copyright,
        first,
        last: last.0,
        closed: last.1,
        ..counts
    }
}

/// A block while it is read.
struct Scan<'a> {
    text: &'a str,
    block: Range<usize>,
    counts: &'a mut Counts,
    tokens: &'a mut Vec<Token>,
    /// Tokens that were there before the block's.
    before: usize,
    /// Characters that are neither letter, digit nor space, by class.
    classes: [u32; Class::COUNT],
    /// Whether the character before was a space.
    spaced: bool,
}

/// The window's sets, once characters outside ASCII are in them.
struct Sets {
    /// Bytes of words, silent characters too.
    word: u64,
    /// Of these, the bytes of characters outside ASCII.
    wide: u64,
    /// First bytes of characters that are words by themselves.
    single: u64,
    /// First bytes of spaces, and all bytes of them.
    space: u64,
    blank: u64,
    /// First bytes of all else.
    mark: u64,
    /// First bytes of characters that do not show.
    silent: u64,
    /// Bytes of characters but for the first.
    trail: u64,
    /// Bytes of the window that belong to it.
    cut: usize,
}

impl Scan<'_> {
    /// Reads what it can of the window at `at`; returns where it ends.
    #[inline(always)]
    fn window(&mut self, at: usize) -> usize {
        let window = Window::read(self.text.as_bytes(), at);
        let limit = (self.block.end - at).min(WINDOW);
        let word = (window.letter | window.digit) & low(limit);
        let (space, high) = (window.space & low(limit), window.high & low(limit));
        let mut sets = Sets {
            word,
            wide: 0,
            single: 0,
            space,
            blank: space,
            mark: low(limit) & !(word | space | high),
            silent: 0,
            trail: 0,
            cut: limit,
        };
        if high != 0 {
            self.resolve(at, high, &mut sets);
        }
        if at + sets.cut < self.block.end {
            // A word that goes on is left to the next window.
            let open = (sets.word << (WINDOW - sets.cut)).leading_ones() as usize;
            if open >= sets.cut {
                return self.long_word(at);
            }
            sets.cut -= open;
        }
        let within = low(sets.cut);
        let chars = within & !(sets.trail | sets.silent);
        let again = sets.space & (sets.blank << 1 | u64::from(self.spaced));
        self.spaced = sets.blank >> (sets.cut - 1) & 1 == 1;
        self.counts.chars += chars.count_ones() - (again & within).count_ones();
        self.counts.spaces += (sets.space & within).count_ones();
        self.counts.unspaced += (sets.single & within).count_ones();
        self.counts.letters += (window.letter & within).count_ones();
        self.counts.digits += (window.digit & within).count_ones();
        self.words(at, &window, &sets, within);
        self.marks(at, sets.mark & within);
        at + sets.cut
    }

    /// Puts the characters outside ASCII into the sets.
    fn resolve(&mut self, at: usize, mut high: u64, sets: &mut Sets) {
        let limit = sets.cut;
        while high != 0 {
            let i = high.trailing_zeros() as usize;
            let c = self.char_at(at + i);
            let width = c.len_utf8();
            if i + width > limit {
                // Goes on in the next window.
                sets.cut = i;
                return;
            }
            let bits = low(width) << i;
            high &= !bits;
            sets.trail |= bits & !(1 << i);
            match class(c) {
                Class::Lower | Class::Upper | Class::Uncased | Class::Digit => {
                    sets.word |= bits;
                    sets.wide |= bits;
                }
                Class::Silent => {
                    sets.silent |= 1 << i;
                    sets.word |= bits;
                    sets.wide |= bits;
                    let after_space = if i == 0 { self.spaced } else { sets.blank >> (i - 1) & 1 == 1 };
                    sets.blank |= if after_space { bits } else { 0 };
                }
                Class::Unspaced => sets.single |= 1 << i,
                Class::Space => {
                    sets.space |= 1 << i;
                    sets.blank |= bits;
                }
                _ => sets.mark |= 1 << i,
            }
        }
    }

    #[inline(always)]
    fn words(&mut self, at: usize, window: &Window, sets: &Sets, within: u64) {
        let starts = ((sets.word & !(sets.word << 1)) | sets.single) & within;
        let strange = sets.wide | sets.single;
        let base = (at - self.block.start) as u32;
        let mut plain = starts;
        let mut longest = 0;
        let mut left = starts;
        while left != 0 {
            let i = left.trailing_zeros() as usize;
            left &= left - 1;
            let run = (!(sets.word >> i)).trailing_zeros() as usize;
            if strange != 0 && strange >> i & (low(run) | 1) != 0 {
                plain &= !(1 << i);
                self.strange_word(at + i, run);
                continue;
            }
            longest = longest.max(run);
            let token = ascii(self.text.as_bytes(), at + i, run, window, i);
            self.tokens.push(Token { start: base + i as u32, ..token });
        }
        let counts = &mut self.counts;
        counts.longest = counts.longest.max(longest as u32);
        let (numbers, capitals) = (plain & window.digit, plain & window.upper);
        counts.numbers += numbers.count_ones();
        counts.capitalised += capitals.count_ones();
        counts.lower += (plain & !(numbers | capitals)).count_ones();
        // Few capitals are followed by anything but a small letter.
        let small = window.letter & !window.upper;
        let mut left = capitals & !(small >> 1);
        while left != 0 {
            let i = left.trailing_zeros() as usize;
            left &= left - 1;
            let run = (!(sets.word >> i)).trailing_zeros() as usize;
            let letters = window.letter >> i & low(run);
            counts.all_caps += u32::from(small >> i & low(run) == 0 && letters & (letters - 1) != 0);
        }
        let mut left = numbers;
        while left != 0 {
            let i = left.trailing_zeros() as usize;
            left &= left - 1;
            let digits = (!(window.digit >> i)).trailing_zeros();
            let run = (!(sets.word >> i)).trailing_zeros();
            let century = &self.text.as_bytes()[at + i..];
            counts.year |= digits == 4 && run == 4 && (century.starts_with(b"19") || century.starts_with(b"20"));
        }
    }

    /// A word with characters outside ASCII, or one of an unspaced script.
    fn strange_word(&mut self, at: usize, run: usize) {
        if run == 0 {
            let c = self.char_at(at);
            let mut bytes = [0; 8];
            c.encode_utf8(&mut bytes);
            let hash = Hash::NEW.add(u64::from_le_bytes(bytes)).value();
            self.tokens.push(Token {
                hash,
                stem: hash,
                start: (at - self.block.start) as u32,
                bytes: c.len_utf8() as u16,
                function: 0,
                len: 1,
                number: false,
                capital: false,
                unspaced: true,
            });
            return;
        }
        let (word, start, end) = Word::read(&self.text[at..at + run]);
        self.push_word(word, at + start, at + end);
    }

    fn push_word(&mut self, word: Option<Word>, start: usize, end: usize) {
        let Some(word) = word else { return };
        let token = word.token(start - self.block.start, end - self.block.start);
        let counts = &mut self.counts;
        counts.numbers += u32::from(token.number);
        counts.capitalised += u32::from(token.capital);
        counts.lower += u32::from(word.is_lower());
        counts.all_caps += u32::from(word.is_all_caps());
        counts.longest = counts.longest.max(word.chars());
        counts.letters += word.wide_letters;
        counts.digits += word.wide_digits;
        counts.year |= word.is_year();
        self.tokens.push(token);
    }

    /// A word that no window holds; returns where it ends.
    fn long_word(&mut self, at: usize) -> usize {
        let text = &self.text[at..self.block.end];
        let (word, start, end) = Word::read(text);
        let text = &text[..end];
        let ascii = text.bytes().filter(u8::is_ascii);
        self.counts.letters += ascii.clone().filter(u8::is_ascii_alphabetic).count() as u32;
        self.counts.digits += ascii.filter(u8::is_ascii_digit).count() as u32;
        self.counts.chars += text.chars().filter(|c| class(*c) != Class::Silent).count() as u32;
        self.spaced &= word.is_none();
        self.push_word(word, at + start, at + end);
        at + end
    }

    /// Counts the marks, and what they say of the words around them.
    #[inline(always)]
    fn marks(&mut self, at: usize, mut left: u64) {
        while left != 0 {
            let at = at + left.trailing_zeros() as usize;
            left &= left - 1;
            let class = self.class_at(at);
            self.classes[class as usize] += 1;
            match class {
                Class::Stop => self.stop(at),
                Class::Colon => self.colon(at),
                _ => {}
            }
        }
    }

    /// A stop ends a sentence where the block ends or a space follows, quotes
    /// and brackets aside.
    #[inline(always)]
    fn stop(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let mut next = at + 1;
        let ends = loop {
            if next >= self.block.end || bytes[next] == b' ' {
                break true;
            }
            if bytes[next].is_ascii_alphanumeric() {
                break false;
            }
            match self.class_at(next) {
                Class::Quote | Class::Bracket | Class::Silent => next += self.char_at(next).len_utf8(),
                class => break class == Class::Space,
            }
        };
        self.counts.sentences += u32::from(ends);
        if at > self.block.start && matches!(bytes[at - 1], b'w' | b'W' | 0x80..) {
            self.counts.url |= self.word_before(at).is_some_and(|word| word.len == 3 && word.hash == WWW);
        }
    }

    fn colon(&mut self, at: usize) {
        let bytes = &self.text.as_bytes()[..self.block.end];
        if bytes[at..].starts_with(b"://") {
            self.counts.url |= self.word_before(at).is_some_and(|word| word.len >= 4);
        }
        let spaced = bytes[at] != b':' || (at + 1 == bytes.len() || is_blank(self.char_at(at + 1)));
        if spaced && self.counts.label == 0 {
            let place = (at - self.block.start) as u32;
            self.counts.label = self.tokens[self.before..].partition_point(|token| token.start < place) as u32;
        }
        if bytes[at] == b':' && at > self.block.start && bytes[at - 1].is_ascii_digit() && at + 1 < bytes.len() {
            self.counts.clock |= self.class_at(at + 1) == Class::Digit;
        }
    }

    /// The word that ends at `at`.
    fn word_before(&self, at: usize) -> Option<Token> {
        let place = at - self.block.start;
        let tokens = &self.tokens[self.before..];
        let token = tokens[..tokens.partition_point(|token| (token.start as usize) < place)].last()?;
        (!token.unspaced && token.range().end == place).then_some(*token)
    }

    #[inline(always)]
    fn char_at(&self, at: usize) -> char {
        self.text[at..].chars().next().unwrap_or(' ')
    }

    #[inline(always)]
    fn class_at(&self, at: usize) -> Class {
        class(self.char_at(at))
    }
}

/// The first word of the text from `at`, if it comes soon and is of ASCII.
pub fn first_word(bytes: &[u8], at: usize) -> Option<Token> {
    let window = Window::read(bytes, at);
    let word = window.letter | window.digit;
    let start = word.trailing_zeros() as usize;
    let run = (!(word >> start.min(63))).trailing_zeros() as usize;
    let end = start + run;
    // A character outside ASCII before or after it may belong to it.
    (end < WINDOW && window.high & low(end + 1) == 0)
        .then(|| Token { start: start as u32, ..ascii(bytes, at + start, run, &window, start) })
}

/// The word of `run` bytes at `at`, bit `i` of the window.
#[inline(always)]
fn ascii(bytes: &[u8], at: usize, run: usize, window: &Window, i: usize) -> Token {
    const SMALL: u64 = 0x2020_2020_2020_2020;
    const BYTES: [u64; 9] = [
        0,
        0xff,
        0xffff,
        0xff_ffff,
        0xffff_ffff,
        0xff_ffff_ffff,
        0xffff_ffff_ffff,
        0xff_ffff_ffff_ffff,
        0xffff_ffff_ffff_ffff,
    ];
    let first = (eight(bytes, at) | SMALL) & BYTES[run.min(8)];
    let mut hash = Hash::NEW.add(first);
    let mut read = 8;
    while read < run {
        hash = hash.add((eight(bytes, at + read) | SMALL) & BYTES[(run - read).min(8)]);
        read += 8;
    }
    Token {
        hash: hash.value(),
        stem: Hash::NEW.add(first & BYTES[STEM]).value(),
        start: 0,
        bytes: run as u16,
        function: 0,
        len: run as u8,
        number: window.digit >> i & 1 == 1,
        capital: window.upper >> i & 1 == 1,
        unspaced: false,
    }
}

/// Eight bytes from `at`; past the end of the text stand zeros.
#[inline(always)]
fn eight(bytes: &[u8], at: usize) -> u64 {
    match bytes[at..].first_chunk() {
        Some(bytes) => u64::from_le_bytes(*bytes),
        None => {
            let mut copy = [0; 8];
            copy[..bytes.len() - at].copy_from_slice(&bytes[at..]);
            u64::from_le_bytes(copy)
        }
    }
}

/// The hash of "www".
const WWW: u32 = Hash::NEW.add(u64::from_le_bytes(*b"www\0\0\0\0\0")).value();

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::Last;

    fn tokens(text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        scan(text, &mut tokens);
        tokens
    }

    #[test]
    fn tokens_fold_case_and_skip_punctuation() {
        let hashes = |text| tokens(text).iter().map(|t| t.hash).collect::<Vec<_>>();
        assert_eq!(hashes("Read MORE: »"), hashes("read more"));
        assert_eq!(hashes("ÄRGER Москва"), hashes("ärger москва"));
        assert_eq!(hashes("news\u{ad}letter"), hashes("newsletter"));
        assert_eq!(tokens("don't").len(), 2);
        assert_eq!(tokens("相关新闻").len(), 4);
        assert!(tokens("12 h")[0].number && !tokens("h12")[0].number);
    }

    #[test]
    fn counts_see_sentences_and_ends() {
        let counts = |text| scan(text, &mut Vec::new());
        assert_eq!(counts("He came. \"She saw.\" They won!").sentences, 3);
        assert_eq!(counts("Version 1.2 of example.com").sentences, 0);
        assert_eq!(counts("他来了。她看见了。").sentences, 2);
        assert_eq!(counts("And then…").last, Last::Ellipsis);
        assert_eq!(counts("And then...").last, Last::Ellipsis);
        assert_eq!(counts("\"Yes.\"").last, Last::Terminal);
        assert!(counts("at 12:30").clock && counts("in 2022").year && !counts("in 20221").year);
        assert!(counts("https://a.example").url && counts("see www.a.example").url && !counts("a: b").url);
        assert_eq!(counts("NEWS From Here").all_caps, 1);
    }

    /// Wherever the borders of windows fall, a block is read in the same way.
    #[test]
    fn windows_leave_no_mark() {
        let long = format!("{} {}", "Donau".repeat(30), "ж".repeat(90));
        let block = format!(
            "The NBC\u{ad}News, in 1999:  “Ärger” at 12:30 (see www.a.example). {long} 相关新闻。 http://b.example И всё… 3\u{a0} 000"
        );
        let mut plain = Vec::new();
        let counts = scan(&block, &mut plain);
        assert!(counts.url && counts.clock && counts.year && counts.longest == 150);
        assert_eq!((counts.all_caps, counts.unspaced, counts.label), (0, 4, 4));
        for before in 0..2 * WINDOW {
            let text = format!("{}{block}...", "é".repeat(before));
            let mut tokens = Vec::new();
            let start = 2 * before;
            assert_eq!(format!("{:?}", scan_in(&text, start..start + block.len(), &mut tokens)), format!("{counts:?}"));
            assert_eq!(tokens, plain);
            // The same with another border: a word more at the start.
            let text = format!("{}, {block}", "x".repeat(before + 1));
            let mut tokens = Vec::new();
            let more = scan(&text, &mut tokens);
            let shift = |token: &Token| Token { start: token.start + before as u32 + 3, ..*token };
            assert_eq!(tokens[1..], plain.iter().map(shift).collect::<Vec<_>>()[..]);
            assert_eq!(
                (more.chars, more.letters),
                (counts.chars + before as u32 + 3, counts.letters + before as u32 + 1)
            );
            assert_eq!(
                (more.sentences, more.spaces, more.digits),
                (counts.sentences, counts.spaces + 1, counts.digits)
            );
        }
    }
}
