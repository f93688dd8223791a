//! A block's tokens → the phrases of the lexicons that it has.
//!
//! The lexicons (`lexicons/*.txt`, format in `lexicons/README.md`) are compiled
//! to a table of phrase hashes ([`compile`], checked in and kept current by a
//! test), so that starting costs a fraction of a millisecond and the words
//! themselves need not be shipped. A phrase's key is a hash of its anchor and
//! words; keys have 28 bits, so that about one block in five hundred is hit by
//! mistake.

#[cfg(any(test, feature = "inside"))]
pub mod compile;
#[cfg(any(test, feature = "inside"))]
pub mod entry;
mod table;
mod words;

use std::ops::Range;
use std::sync::OnceLock;

use self::table::{Bits, Functions, KEY_BITS, Phrases};
pub use self::table::{SETS, SLOTS};
pub use self::words::Words;
use crate::rule::Anchor;
use crate::token::{Token, mix};
use crate::varint::pull;

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
    Pointing "pointing" "what else to read or do"
    Biography "biography" "who somebody is"
    Selling "selling" "offers"
    Joining "joining" "joining and paying"
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

/// In the same table: the word itself may be a phrase that hits anywhere.
pub const SINGLE: u8 = 0x40;

/// In the same table: words of the longest phrase that may start anywhere with
/// the word.
pub const LENGTH: u8 = 0x1f;

/// All lexicons in one table.
pub struct Lexicon {
    phrases: Phrases,
    functions: Functions,
    /// What may start with a word, by the low bits of its hash.
    firsts: Vec<u8>,
    /// Words that are phrases: as whole blocks, at the start, at the end.
    wholes: Bits,
    starts: Bits,
    ends: Bits,
    /// Hashes of the first two words of longer phrases, at the end of the last
    /// two: of whole blocks; of the others.
    whole_pairs: Bits,
    pairs: Bits,
    /// Words of which `functions` or `firsts` knows something.
    known: Bits,
}

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
    ((hash ^ hash >> 15).wrapping_mul(0x2c1b_3c6d) >> (u32::BITS - KEY_BITS)).max(1)
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
        let phrases = Phrases::read(bytes)?;
        let mut known = Bits::new();
        let functions = Functions::read(bytes, &mut known)?;
        let mut firsts = vec![0; SLOTS];
        let mut at = 0;
        for _ in 0..pull::<u32>(bytes)? {
            at = pull::<usize>(bytes)?.checked_add(at)?;
            *firsts.get_mut(at)? = pull(bytes)?;
            known.insert(at as u32);
        }
        let (wholes, starts, ends) = (Bits::read(bytes)?, Bits::read(bytes)?, Bits::read(bytes)?);
        let (whole_pairs, pairs) = (Bits::read(bytes)?, Bits::read(bytes)?);
        bytes.is_empty().then_some(Lexicon {
            phrases,
            functions,
            firsts,
            wholes,
            starts,
            ends,
            whole_pairs,
            pairs,
            known,
        })
    }

    /// The sections that the phrase with this hash belongs to.
    #[inline(always)]
    fn sections(&self, hash: u32) -> u32 {
        self.phrases.sections(key(hash))
    }

    #[inline(always)]
    fn first(&self, word: u32) -> u8 {
        self.firsts[word as usize & (SLOTS - 1)]
    }

    /// Whether a sentence that starts with this token may be an aside.
    pub fn may_open_aside(&self, token: Token) -> bool {
        self.first(token.word()) & OPENS_ASIDE != 0
    }

    /// Whether a sentence is, or starts with, a phrase of [`ASIDES`].
    #[inline(always)]
    pub fn is_aside(&self, sentence: &[Token], label: u32, words: &mut Words) -> bool {
        words.read(sentence);
        let labelled = words.before(label);
        let words = &words.words;
        let n = words.len();
        let mut sections = 0;
        let (mut whole, mut start) = (salt(Anchor::Whole), salt(Anchor::Start));
        let mut anywhere = salt(Anchor::Anywhere);
        let (mut starts, mut hits_anywhere) = (true, true);
        for count in 1..=n.min(LONGEST) {
            let word = words[count - 1].0;
            (whole, start, anywhere) = (extend(whole, word), extend(start, word), extend(anywhere, word));
            if count == 2 {
                (starts, hits_anywhere) = (self.pairs.has(start), self.pairs.has(anywhere));
            }
            if count == n || count == labelled {
                sections |= self.sections(whole);
            }
            sections |= if starts { self.sections(start) } else { 0 };
            sections |= if hits_anywhere { self.sections(anywhere) } else { 0 };
        }
        if n <= LONGEST {
            let end = words.iter().rev().fold(salt(Anchor::End), |hash, word| extend(hash, word.0));
            sections |= self.sections(end);
        }
        ASIDES.iter().any(|&section| sections >> section as u32 & 1 == 1)
    }

    /// Notes of what languages tokens are function words, and reads the block
    /// that they are as phrases see it.
    #[inline(always)]
    pub fn mark(&self, tokens: &mut [Token], words: &mut Words) {
        words.clear();
        words.words.reserve(tokens.len());
        let mut number = false;
        for token in tokens {
            let word = token.word();
            let mut first = 0;
            // Most words are in no table at all.
            if self.known.has(word) {
                first = self.first(word);
                let languages = self.functions.number(token.hash);
                token.function = if token.len > 12 || token.number { 0 } else { languages };
            }
            words.push(word, first, number & token.number);
            number = token.number;
        }
    }

    /// The languages of such a set, as bits.
    pub fn languages(&self, number: usize) -> u32 {
        self.functions.languages(number)
    }

    /// What the phrases say of a block, whose tokens [`mark`](Lexicon::mark) has
    /// read into `words`; its first `label` tokens stand before a colon, and are
    /// looked up as a whole block is.
    #[inline(always)]
    pub fn hits(&self, tokens: &[Token], label: u32, words: &Words) -> Hits {
        let mut hits = Hits::default();
        self.visit(label, words, |sections, range| {
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
    pub fn find(&self, tokens: &mut [Token], label: u32, section: Section) -> Option<Range<usize>> {
        let mut found = None;
        let mut words = Words::default();
        self.mark(tokens, &mut words);
        self.visit(label, &words, |sections, range| {
            if sections >> section as u32 & 1 == 1 {
                found.get_or_insert(range);
            }
        });
        found
    }

    /// Calls `hit` with sections and place of every phrase in a block.
    #[inline(always)]
    fn visit(&self, label: u32, read: &Words, mut hit: impl FnMut(u32, Range<usize>)) {
        let words = &read.words;
        let n = words.len();
        let (Some(opening), Some(closing)) = (words.first(), words.last()) else { return };
        let place = |first: usize, count: usize| read.place(first)..read.place(first + count);
        let pair = |anchor, first, second| extend(extend(salt(anchor), first), second);
        let (mut wholes, mut starts, mut ends) = (false, false, false);
        if n > 1 {
            let (first, second) = (words[0].0, words[1].0);
            wholes = self.whole_pairs.has(pair(Anchor::Whole, first, second));
            starts = self.pairs.has(pair(Anchor::Start, first, second));
            ends = self.pairs.has(pair(Anchor::End, words[n - 1].0, words[n - 2].0));
        }
        let single = self.wholes.has(opening.0);
        if wholes | single {
            // A block, or the label before its colon, as a whole.
            let labelled = read.before(label);
            for count in [n, labelled] {
                if (1..=LONGEST).contains(&count) && if count == 1 { single } else { wholes } {
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
        }
        let longest = |pairs: bool| if pairs { n.min(LONGEST) } else { 1 };
        let single = self.starts.has(opening.0);
        if starts | single {
            let mut hash = salt(Anchor::Start);
            for count in 1..=longest(starts) {
                hash = extend(hash, words[count - 1].0);
                let sections = if count > 1 || single { self.sections(hash) } else { 0 };
                if sections != 0 {
                    hit(sections, place(0, count));
                }
            }
        }
        let single = self.ends.has(closing.0);
        if ends | single {
            let mut hash = salt(Anchor::End);
            for count in 1..=longest(ends) {
                hash = extend(hash, words[n - count].0);
                let sections = if count > 1 || single { self.sections(hash) } else { 0 };
                if sections != 0 {
                    hit(sections, place(n - count, count));
                }
            }
        }
        for (first, &(word, flags)) in words.iter().enumerate() {
            if flags & LENGTH == 0 {
                continue;
            }
            let longest = usize::from(flags & LENGTH).min(n - first);
            let mut hash = extend(salt(Anchor::Anywhere), word);
            if flags & SINGLE != 0 {
                let sections = self.sections(hash);
                if sections != 0 {
                    hit(sections, place(first, 1));
                }
            }
            if longest < 2 || !self.pairs.has(extend(hash, words[first + 1].0)) {
                continue;
            }
            for count in 2..=longest {
                hash = extend(hash, words[first + count - 1].0);
                let sections = self.sections(hash);
                if sections != 0 {
                    hit(sections, place(first, count));
                }
            }
        }
    }
}
