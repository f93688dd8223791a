//! A block's tokens → the phrases of the lexicons that it has.
//!
//! The lexicons (`lexicons/*.txt`, format in `lexicons/README.md`) are compiled
//! to a table of phrase hashes ([`compile`], checked in and kept current by a
//! test), so that starting costs a fraction of a millisecond and the words
//! themselves need not be shipped. A phrase's key is a hash of its anchor and
//! words; keys have 32 bits, so that about one block in ten thousand is hit by
//! mistake.

#[cfg(any(test, feature = "inside"))]
pub mod compile;
#[cfg(any(test, feature = "inside"))]
pub mod entry;

use std::ops::Range;
use std::sync::OnceLock;

use crate::rule::Anchor;
use crate::token::{Token, mix};

macro_rules! sections {
    ($($variant:ident $name:literal $words:literal)*) => {
        /// What the phrases of a lexicon section say.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Section { $($variant,)* }

        impl Section {
            pub const ALL: &'static [Section] = &[$(Section::$variant,)*];
            pub const fn name(self) -> &'static str {
                match self { $(Section::$variant => $name,)* }
            }
            /// How a reason names what the phrase is about.
            pub const fn words(self) -> &'static str {
                match self { $(Section::$variant => $words,)* }
            }
        }
    };
}

sections! {
    Navigation "navigation" "menus and navigation"
    Related "related" "other articles"
    Subscription "subscription" "subscribing"
    Share "share" "sharing"
    Advertisement "advertisement" "advertising"
    Comments "comments" "comments"
    Legal "legal" "legal notices"
    Tags "tags" "topics and tags"
    AuthorBio "author_bio" "the author or publisher"
    Widget "widget" "page machinery"
    Notice "notice" "editorial notes"
    Byline "byline" "who wrote it"
    Timestamp "timestamp" "publication dates"
    Caption "caption" "picture credits"
    Speech "speech" "reported speech"
    Time "time" "dates and times"
    FirstPerson "first_person" "the writer: I, we"
    SecondPerson "second_person" "the reader: you"
}

impl Section {
    pub const COUNT: usize = Section::ALL.len();
}

/// The compiled lexicons that the crate carries.
pub const COMPILED: &[u8] = include_bytes!("../../lexicons/compiled.bin");

/// Words of the longest phrase; a run of numbers is one word.
pub const LONGEST: usize = 16;

/// The word that stands for any run of numbers.
pub const NUMBER: u32 = 0x6e75_6d23;

/// What the lexicons say of one block.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// By section: tokens that phrases of the section cover, at most 255.
    pub covered: [u8; Section::COUNT],
    /// Bit sets of sections: hit as the whole block, at its start.
    pub whole: u32,
    pub start: u32,
}

impl Hits {
    pub fn is_whole(&self, section: Section) -> bool {
        self.whole >> section as u32 & 1 == 1
    }
}

/// Sections whose phrases, at the start of a sentence, may make it an aside
/// that is judged apart from the block around it.
pub const ASIDES: [Section; 6] = [
    Section::Related,
    Section::Subscription,
    Section::Share,
    Section::Advertisement,
    Section::Caption,
    Section::Widget,
];

/// In the first-word table: a phrase of [`ASIDES`] may start with the word.
pub const OPENS_ASIDE: u8 = 0x80;

/// Slots of the first-word table.
pub const FIRSTS: usize = 1 << 14;

/// All lexicons in one table.
pub struct Lexicon {
    /// Open addressing: a key and the sections it hits; 0 is a free slot.
    slots: Vec<(u32, u32)>,
    /// One bit for the top bits of every key, to turn most away at once.
    filter: Vec<u64>,
    /// Words of the longest phrase that may start anywhere with a word, by the
    /// low bits of its hash.
    firsts: Vec<u8>,
    /// Function words, in the same way, with the languages they belong to.
    functions: Vec<(u32, u32)>,
}

const FILTER_BITS: u32 = 18;

/// Where an anchored phrase's hash starts from.
pub fn salt(anchor: Anchor) -> u32 {
    match anchor {
        Anchor::Whole => 0x1b87_3593,
        Anchor::Start => 0xcc9e_2d51,
        Anchor::End => 0x85eb_ca6b,
        Anchor::Anywhere => 0xc2b2_ae35,
    }
}

/// Adds a word to a phrase's hash. The end's phrases are read backwards.
pub fn extend(hash: u32, word: u32) -> u32 {
    mix(hash, word)
}

/// A finished key: never 0.
pub fn key(hash: u32) -> u32 {
    (hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d).max(1)
}

/// Reads numbers of the compiled file: seven bits a byte, low ones first.
pub fn varint(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Puts sorted keys and their values into an open-addressed table.
fn table(bytes: &mut &[u8]) -> Option<Vec<(u32, u32)>> {
    let count = varint(bytes)? as usize;
    // Every key takes a byte or more, and so does its value.
    if count > bytes.len() / 2 {
        return None;
    }
    let values: Vec<u32> = (0..varint(bytes)?).map(|_| varint(bytes)).collect::<Option<_>>()?;
    let mut slots = vec![(0, 0); (count * 2).next_power_of_two()];
    let mut key = 0u32;
    let mut keys = Vec::with_capacity(count);
    for _ in 0..count {
        key = key.wrapping_add(varint(bytes)?);
        keys.push(key);
    }
    for key in keys {
        let value = *values.get(varint(bytes)? as usize)?;
        let mut at = slot(key, slots.len());
        while slots[at].0 != 0 {
            at = (at + 1) & (slots.len() - 1);
        }
        slots[at] = (key, value);
    }
    Some(slots)
}

fn slot(key: u32, slots: usize) -> usize {
    key.wrapping_mul(0x9e37_79b1) as usize & (slots - 1)
}

fn look_up(slots: &[(u32, u32)], key: u32) -> u32 {
    let mut at = slot(key, slots.len());
    loop {
        let (found, value) = slots[at];
        if found == key {
            return value;
        }
        if found == 0 {
            return 0;
        }
        at = (at + 1) & (slots.len() - 1);
    }
}

impl Lexicon {
    /// The lexicons that the crate carries.
    pub fn get() -> &'static Lexicon {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Lexicon::read(COMPILED).expect("the compiled lexicons are tested"))
    }

    /// Reads compiled lexicons; `None` where the bytes are none.
    pub fn read(mut bytes: &[u8]) -> Option<Lexicon> {
        let bytes = &mut bytes;
        let slots = table(bytes)?;
        if slots.iter().any(|(_, sections)| sections >> Section::COUNT != 0) {
            return None;
        }
        let functions = table(bytes)?;
        let mut firsts = vec![0; FIRSTS];
        let mut at = 0;
        for _ in 0..varint(bytes)? {
            at += varint(bytes)? as usize;
            *firsts.get_mut(at)? = varint(bytes)? as u8;
        }
        let mut filter = vec![0u64; 1 << (FILTER_BITS - 6)];
        for (key, _) in slots.iter().filter(|slot| slot.0 != 0) {
            let bit = key >> (32 - FILTER_BITS);
            filter[(bit / 64) as usize] |= 1 << (bit % 64);
        }
        bytes.is_empty().then_some(Lexicon { slots, filter, firsts, functions })
    }

    /// The sections that the phrase with this hash belongs to.
    fn sections(&self, hash: u32) -> u32 {
        let key = key(hash);
        let bit = key >> (32 - FILTER_BITS);
        if self.filter[(bit / 64) as usize] >> (bit % 64) & 1 == 0 { 0 } else { look_up(&self.slots, key) }
    }

    fn first(&self, word: u32) -> u8 {
        self.firsts[word as usize & (FIRSTS - 1)]
    }

    /// Whether a sentence that starts with this token may be an aside.
    pub fn may_open_aside(&self, token: Token) -> bool {
        self.first(if token.number { NUMBER } else { token.hash }) & OPENS_ASIDE != 0
    }

    /// Whether a sentence is, or starts with, a phrase of [`ASIDES`].
    pub fn is_aside(&self, sentence: &[Token], label: u32) -> bool {
        let hits = self.hits(sentence, label, &mut Words::default());
        ASIDES.iter().any(|&section| (hits.whole | hits.start) >> section as u32 & 1 == 1)
    }

    /// The languages in which a token is a function word, as a bit set.
    pub fn function(&self, token: Token) -> u32 {
        if token.len > 12 || token.number { 0 } else { look_up(&self.functions, key(token.hash)) }
    }

    /// What the phrases say of a block; its first `label` tokens stand before a
    /// colon, and are looked up as a whole block is.
    pub fn hits(&self, tokens: &[Token], label: u32, words: &mut Words) -> Hits {
        let mut hits = Hits::default();
        self.visit(tokens, label, words, |sections, range| {
            let (whole, start) = (range == (0..tokens.len()), range.start == 0);
            let mut left = sections;
            while left != 0 {
                let at = left.trailing_zeros() as usize;
                left &= left - 1;
                hits.covered[at] = (usize::from(hits.covered[at]) + range.len()).min(255) as u8;
                hits.whole |= u32::from(whole) << at;
                hits.start |= u32::from(start) << at;
            }
        });
        hits
    }

    /// The first phrase of a section in a block, as places in `tokens`.
    pub fn find(&self, tokens: &[Token], label: u32, section: Section) -> Option<Range<usize>> {
        let mut found = None;
        self.visit(tokens, label, &mut Words::default(), |sections, range| {
            if sections >> section as u32 & 1 == 1 {
                found.get_or_insert(range);
            }
        });
        found
    }

    /// Calls `hit` with sections and place of every phrase in a block.
    fn visit(&self, tokens: &[Token], label: u32, words: &mut Words, mut hit: impl FnMut(u32, Range<usize>)) {
        words.read(tokens);
        let words = &words.0;
        let n = words.len();
        // Where the tokens of `count` words from the word at `first` stand.
        let place = |first: usize, count: usize| {
            let end = words.get(first + count).map_or(tokens.len(), |word| word.1 as usize);
            words[first].1 as usize..end
        };
        // A block, or the label before its colon, as a whole.
        let labelled = words.iter().take(LONGEST + 1).take_while(|word| word.1 < label).count();
        for count in [n, labelled] {
            if (1..=LONGEST).contains(&count) {
                let hash = words[..count].iter().fold(salt(Anchor::Whole), |hash, word| extend(hash, word.0));
                let sections = self.sections(hash);
                if sections != 0 {
                    hit(sections, place(0, count));
                }
            }
            if labelled == n {
                break;
            }
        }
        let (mut start, mut end) = (salt(Anchor::Start), salt(Anchor::End));
        for count in 1..=n.min(LONGEST) {
            start = extend(start, words[count - 1].0);
            let sections = self.sections(start);
            if sections != 0 {
                hit(sections, place(0, count));
            }
            end = extend(end, words[n - count].0);
            let sections = self.sections(end);
            if sections != 0 {
                hit(sections, place(n - count, count));
            }
        }
        for first in 0..n {
            let longest = usize::from(self.first(words[first].0) & !OPENS_ASIDE);
            let mut hash = salt(Anchor::Anywhere);
            for count in 1..=longest.min(n - first) {
                hash = extend(hash, words[first + count - 1].0);
                let sections = self.sections(hash);
                if sections != 0 {
                    hit(sections, place(first, count));
                }
            }
        }
    }
}

/// The words of a block as phrases see them: a run of numbers is one word.
/// Each with the place of its first token; a buffer to use again.
#[derive(Default)]
pub struct Words(Vec<(u32, u32)>);

impl Words {
    fn read(&mut self, tokens: &[Token]) {
        self.0.clear();
        let mut number = false;
        for (at, token) in tokens.iter().enumerate() {
            if !(number && token.number) {
                self.0.push((if token.number { NUMBER } else { token.hash }, at as u32));
            }
            number = token.number;
        }
    }

    /// The words of a phrase, without their places.
    #[cfg(any(test, feature = "inside"))]
    pub fn hashes(tokens: &[Token]) -> Vec<u32> {
        let mut words = Words::default();
        words.read(tokens);
        words.0.into_iter().map(|word| word.0).collect()
    }
}
