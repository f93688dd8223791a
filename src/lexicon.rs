//! Phrase files → one matcher; a block's tokens → its hits.
//!
//! The lexicons (`lexicons/*.txt`, format in `lexicons/README.md`) are compiled
//! into one trie over token hashes, so that matching costs a bit test for most
//! tokens and a table look-up for the few that can start a phrase. Two words
//! with the same 32-bit hash are taken for one; with some ten thousand phrases
//! that is about one word in a million.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::OnceLock;

use crate::rule::Anchor;
use crate::token::{Token, scan};

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
}

impl Section {
    pub const COUNT: usize = Section::ALL.len();
}

/// The lexicon files, by language.
pub const FILES: &[(&str, &str)] = &include!("../lexicons/files.rs");

/// The phrases of one language that hit one block.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// By section: tokens that phrases of the section cover, at most 255.
    pub covered: [u8; Section::COUNT],
    /// Bit sets of sections: hit as the whole block, at its start.
    pub whole: u16,
    pub start: u16,
}

impl Hits {
    pub fn is_whole(&self, section: Section) -> bool {
        self.whole >> section as u32 & 1 == 1
    }
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// Languages in which the word is a function word.
    function: u64,
    /// First entry in `ends`, and how many.
    ends: u32,
    count: u32,
}

/// All lexicons in one trie.
pub struct Lexicon {
    children: HashMap<u64, u32, BuildHasherDefault<KeyHasher>>,
    nodes: Vec<Node>,
    ends: Vec<(Section, Anchor)>,
    /// One bit for the low 16 bits of every hash that can start a phrase.
    starts: Box<[u64; 1024]>,
}

/// Keys are hashes already.
#[derive(Default)]
struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are u64");
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}

/// The token that stands for any run of numbers.
const NUMBER: u32 = 0x6e75_6d23;

fn label(token: Token) -> u32 {
    if token.number { NUMBER } else { token.hash }
}

impl Lexicon {
    /// The lexicons that the crate carries.
    pub fn get() -> &'static Lexicon {
        static LEXICON: OnceLock<Lexicon> = OnceLock::new();
        LEXICON.get_or_init(|| Lexicon::new(FILES))
    }

    fn new(files: &[(&str, &str)]) -> Lexicon {
        let mut phrases: Vec<(Vec<u32>, Section, Anchor)> = Vec::new();
        let mut functions: Vec<(u32, u64)> = Vec::new();
        for (language, (_, file)) in files.iter().enumerate() {
            for line in entries(file) {
                match line.entry {
                    Entry::Function(word) => {
                        functions.extend(tokens(word).first().map(|t| (label(*t), 1 << language)));
                    }
                    Entry::Phrase(section, anchor, phrase) => {
                        phrases.push((labels(&tokens(phrase)), section, anchor));
                    }
                    Entry::Example(..) | Entry::Malformed(_) => {}
                }
            }
        }
        let mut trie = Lexicon {
            children: HashMap::default(),
            nodes: vec![Node::default()],
            ends: Vec::new(),
            starts: Box::new([0; 1024]),
        };
        for (word, languages) in functions {
            let node = trie.insert(&[word]);
            trie.nodes[node].function |= languages;
        }
        let mut ends: Vec<(usize, Section, Anchor)> = Vec::new();
        for (phrase, section, anchor) in phrases.iter().filter(|p| !p.0.is_empty()) {
            ends.push((trie.insert(phrase), *section, *anchor));
        }
        ends.sort_by_key(|&(node, section, anchor)| (node, section as u8, anchor as u8));
        ends.dedup();
        for (node, section, anchor) in ends {
            let node = &mut trie.nodes[node];
            if node.count == 0 {
                node.ends = trie.ends.len() as u32;
            }
            node.count += 1;
            trie.ends.push((section, anchor));
        }
        trie
    }

    fn insert(&mut self, phrase: &[u32]) -> usize {
        let mut node = 0;
        self.starts[(phrase[0] & 0xffff) as usize / 64] |= 1 << (phrase[0] % 64);
        for &word in phrase {
            let next = self.nodes.len() as u32;
            let key = u64::from(node) << 32 | u64::from(word);
            node = *self.children.entry(key).or_insert(next);
            if node == next {
                self.nodes.push(Node::default());
            }
        }
        node as usize
    }

    fn child(&self, node: u32, word: u32) -> Option<u32> {
        self.children.get(&(u64::from(node) << 32 | u64::from(word))).copied()
    }

    /// The languages in which each token is a function word, and the block's
    /// hits. `function` gets one set of languages a token.
    pub fn hits(&self, tokens: &[Token], function: &mut Vec<u64>) -> Hits {
        let mut hits = Hits::default();
        self.visit(tokens, function, |section, words| {
            let at = section as usize;
            hits.covered[at] = (usize::from(hits.covered[at]) + words.len()).min(255) as u8;
            hits.whole |= u16::from(words == (0..tokens.len())) << at;
            hits.start |= u16::from(words.start == 0) << at;
        });
        hits
    }

    /// The first phrase of a section in a block, as places in `tokens`.
    pub fn find(&self, tokens: &[Token], wanted: Section) -> Option<Range<usize>> {
        let mut found = None;
        self.visit(tokens, &mut Vec::new(), |section, words| {
            if section == wanted {
                found.get_or_insert(words);
            }
        });
        found
    }

    fn visit(&self, tokens: &[Token], function: &mut Vec<u64>, mut hit: impl FnMut(Section, Range<usize>)) {
        for first in 0..tokens.len() {
            let word = label(tokens[first]);
            if self.starts[(word & 0xffff) as usize / 64] >> (word % 64) & 1 == 0 {
                function.push(0);
                continue;
            }
            let Some(mut node) = self.child(0, word) else {
                function.push(0);
                continue;
            };
            function.push(self.nodes[node as usize].function);
            let mut next = after(tokens, first);
            loop {
                let Node { ends, count, .. } = self.nodes[node as usize];
                for &(section, anchor) in &self.ends[ends as usize..(ends + count) as usize] {
                    let (starts, stops) = (first == 0, next == tokens.len());
                    let fits = match anchor {
                        Anchor::Whole => starts && stops,
                        Anchor::Start => starts,
                        Anchor::End => stops,
                        Anchor::Anywhere => true,
                    };
                    if fits {
                        hit(section, first..next);
                    }
                }
                if next >= tokens.len() {
                    break;
                }
                match self.child(node, label(tokens[next])) {
                    Some(child) => {
                        node = child;
                        next = after(tokens, next);
                    }
                    None => break,
                }
            }
        }
    }
}

/// The place after the token at `at`, or after the run of numbers there.
fn after(tokens: &[Token], at: usize) -> usize {
    let mut next = at + 1;
    if tokens[at].number {
        while tokens.get(next).is_some_and(|t| t.number) {
            next += 1;
        }
    }
    next
}

/// One line of a lexicon file, and its number.
pub struct EntryLine<'a> {
    pub number: usize,
    pub entry: Entry<'a>,
}

pub enum Entry<'a> {
    Function(&'a str),
    Phrase(Section, Anchor, &'a str),
    /// A block that the section must hit (`true`) or must not.
    Example(Option<Section>, bool, &'a str),
    Malformed(&'static str),
}

/// Reads a lexicon file; what is malformed is told and skipped.
fn entries(file: &str) -> impl Iterator<Item = EntryLine<'_>> {
    enum In {
        Nothing,
        Function,
        Section(Section),
    }
    let mut inside = In::Nothing;
    file.lines().enumerate().flat_map(move |(number, line)| {
        let number = number + 1;
        let line = line.trim_end();
        let one = |entry| vec![EntryLine { number, entry }];
        if line.is_empty() || line.starts_with(';') {
            return Vec::new();
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            inside = match Section::ALL.iter().find(|s| s.name() == name) {
                Some(&section) => In::Section(section),
                None if name == "function" => In::Function,
                None => return one(Entry::Malformed("unknown section")),
            };
            return Vec::new();
        }
        let section = match inside {
            In::Nothing => return one(Entry::Malformed("entry before the first section")),
            In::Function => None,
            In::Section(section) => Some(section),
        };
        let anchor = match line.get(..2) {
            Some("+ ") => return one(Entry::Example(section, true, &line[2..])),
            Some("- ") => return one(Entry::Example(section, false, &line[2..])),
            Some("= ") => Some(Anchor::Whole),
            Some("^ ") => Some(Anchor::Start),
            Some("$ ") => Some(Anchor::End),
            Some("~ ") => Some(Anchor::Anywhere),
            _ => None,
        };
        match (section, anchor) {
            (Some(section), Some(anchor)) => one(Entry::Phrase(section, anchor, &line[2..])),
            (Some(section @ (Section::Speech | Section::Time)), None) => line
                .split_whitespace()
                .map(|word| EntryLine { number, entry: Entry::Phrase(section, Anchor::Anywhere, word) })
                .collect(),
            (None, None) => {
                line.split_whitespace().map(|word| EntryLine { number, entry: Entry::Function(word) }).collect()
            }
            _ => one(Entry::Malformed("a phrase needs one of the anchors = ^ $ ~")),
        }
    })
}

fn tokens(phrase: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    scan(&phrase.replace('#', " 0 "), &mut tokens);
    tokens
}

fn labels(tokens: &[Token]) -> Vec<u32> {
    let mut labels: Vec<u32> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if !(token.number && labels.last() == Some(&NUMBER)) {
            labels.push(label(*token));
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(lexicon: &Lexicon, block: &str) -> Hits {
        lexicon.hits(&tokens(block), &mut Vec::new())
    }

    /// Every example in every lexicon is hit, or not hit, as it says.
    #[test]
    fn examples_hold() {
        let mut wrong = Vec::new();
        for &(language, file) in FILES {
            let lexicon = Lexicon::new(&[(language, file)]);
            for line in entries(file) {
                let at = format!("lexicons/{language}.txt:{}", line.number);
                match line.entry {
                    Entry::Malformed(what) => wrong.push(format!("{at}: {what}")),
                    Entry::Example(Some(section), wanted, text) => {
                        let mut tokens = Vec::new();
                        scan(text, &mut tokens);
                        if (lexicon.hits(&tokens, &mut Vec::new()).covered[section as usize] > 0) != wanted {
                            let what = if wanted { "is not hit" } else { "is hit" };
                            wrong.push(format!("{at}: {text:?} {what} by [{}]", section.name()));
                        }
                    }
                    _ => {}
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn anchors_say_where() {
        let file =
            "[function]\nthe of\n[share]\n= share\n^ follow us\n$ on facebook\n~ copy link\n[comments]\n= # comments";
        let lexicon = Lexicon::new(&[("xx", file)]);
        let share = |block| hits(&lexicon, block).covered[Section::Share as usize];
        assert_eq!((share("SHARE!"), share("a share of it")), (1, 0));
        assert_eq!((share("Follow us today"), share("they follow us")), (2, 0));
        assert_eq!((share("Find it on Facebook"), share("on facebook today")), (2, 0));
        assert_eq!(share("now copy link please"), 2);
        assert!(hits(&lexicon, "1,204 comments").is_whole(Section::Comments));
        let mut function = Vec::new();
        lexicon.hits(&tokens("the end of"), &mut function);
        assert_eq!(function, [1, 0, 1]);
    }
}
