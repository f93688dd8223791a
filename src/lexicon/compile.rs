//! Entries → the compiled table that the library reads.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{Entry, entries};
use super::table::{KEY_BITS, low_bits};
use super::{ASIDES, LENGTH, LONGEST, NUMBER, OPENS_ASIDE, SINGLE, SLOTS, Words, extend, key, salt};
use crate::rule::Anchor;
use crate::scan::scan;
use crate::token::Token;
use crate::varint::push;

/// Compiles lexicon files, given as language and text.
pub fn compile(files: &[(&str, &str)]) -> Vec<u8> {
    let mut phrases: BTreeMap<u32, u32> = BTreeMap::new();
    let mut functions: BTreeMap<u32, u32> = BTreeMap::new();
    let mut firsts = vec![0u8; SLOTS];
    let [mut wholes, mut starts, mut ends, mut whole_pairs, mut pairs] = [(); 5].map(|()| BTreeSet::new());
    for (language, (_, file)) in files.iter().enumerate() {
        for (_, entry) in entries(file) {
            match entry {
                Entry::Function(word) => {
                    if let [token] = tokens(word)[..] {
                        *functions.entry(token.hash).or_default() |= 1 << language;
                    }
                }
                Entry::Phrase(section, anchor, phrase) => {
                    let words = Words::hashes(&tokens(phrase));
                    // A phrase of numbers alone would say nothing.
                    if words.iter().all(|word| *word == NUMBER) || words.len() > LONGEST {
                        continue;
                    }
                    let mut read = words.clone();
                    if anchor == Anchor::End {
                        read.reverse();
                    }
                    let hash = |words: &[u32]| words.iter().fold(salt(anchor), |hash, word| extend(hash, *word));
                    let slot = |hash: u32| hash as usize & (SLOTS - 1);
                    match (&read[..], anchor) {
                        ([word], Anchor::Whole) => wholes.insert(slot(*word)),
                        ([word], Anchor::Start) => starts.insert(slot(*word)),
                        ([word], Anchor::End) => ends.insert(slot(*word)),
                        ([first, second, ..], Anchor::Whole) => whole_pairs.insert(slot(hash(&[*first, *second]))),
                        ([first, second, ..], _) => pairs.insert(slot(hash(&[*first, *second]))),
                        _ => false,
                    };
                    let hash = hash(&read);
                    *phrases.entry(key(hash)).or_default() |= 1 << section as u32;
                    let first = &mut firsts[words[0] as usize & (SLOTS - 1)];
                    if anchor == Anchor::Anywhere {
                        *first = *first & !LENGTH | (*first & LENGTH).max(words.len() as u8);
                        *first |= if words.len() == 1 { SINGLE } else { 0 };
                    }
                    if anchor != Anchor::End && ASIDES.contains(&section) {
                        *first |= OPENS_ASIDE;
                    }
                }
                Entry::Example(..) | Entry::Malformed(_) => {}
            }
        }
    }
    let mut out = Vec::new();
    push_table(&mut out, &phrases, KEY_BITS);
    push_table(&mut out, &functions, u32::BITS);
    let used: Vec<usize> = (0..SLOTS).filter(|&at| firsts[at] > 0).collect();
    push(&mut out, used.len());
    let mut last = 0;
    for at in used {
        push(&mut out, at - last);
        push(&mut out, firsts[at].into());
        last = at;
    }
    for set in [wholes, starts, ends, whole_pairs, pairs] {
        push(&mut out, set.len());
        let mut last = 0;
        for at in set {
            push(&mut out, at - last);
            last = at;
        }
    }
    out
}

/// Keys in order, as differences in Rice's code; then for each the place of
/// its value.
fn push_table(out: &mut Vec<u8>, table: &BTreeMap<u32, u32>, width: u32) {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    table.values().for_each(|value| *counts.entry(*value).or_default() += 1);
    let mut values: Vec<u32> = counts.keys().copied().collect();
    values.sort_by_key(|value| std::cmp::Reverse(counts[value]));
    push(out, table.len());
    push(out, values.len());
    values.iter().for_each(|value| push(out, *value as usize));
    let low = low_bits(table.len(), width);
    let (mut last, mut bits) = (0, Vec::new());
    for key in table.keys() {
        let gap = key - last;
        bits.extend((0..gap >> low).map(|_| true).chain([false]).chain((0..low).map(|i| gap >> i & 1 == 1)));
        last = *key;
    }
    out.extend(bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | u8::from(*bit))));
    for value in table.values() {
        push(out, values.iter().position(|v| v == value).unwrap_or(0));
    }
}

/// The tokens of a phrase, in which `#` stands for a number.
fn tokens(phrase: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    scan(&phrase.replace('#', " 0 "), &mut tokens);
    tokens
}

#[cfg(test)]
mod tests {
    use super::super::entry::FILES;
    use super::super::{COMPILED, Hits, Lexicon, Section};
    use super::*;

    fn hits(lexicon: &Lexicon, block: &str) -> Hits {
        let mut tokens = Vec::new();
        let counts = scan(block, &mut tokens);
        let mut words = Words::default();
        lexicon.mark(&mut tokens, &mut words);
        lexicon.hits(&tokens, counts.label, &words)
    }

    /// Every example in every lexicon is hit, or not hit, as it says.
    #[test]
    fn examples_hold() {
        let mut wrong = Vec::new();
        for &(language, file) in FILES {
            let lexicon = Lexicon::read(&compile(&[(language, file)])).unwrap();
            for (line, entry) in entries(file) {
                let at = format!("lexicons/{language}.txt:{line}");
                match entry {
                    Entry::Malformed(what) => wrong.push(format!("{at}: {what}")),
                    Entry::Phrase(section, _, phrase) => {
                        let words = Words::hashes(&tokens(phrase));
                        if words.iter().all(|word| *word == NUMBER) {
                            wrong.push(format!("{at}: {phrase:?} in [{}] has no word", section.name()));
                        } else if words.len() > LONGEST {
                            wrong.push(format!("{at}: {phrase:?} has more than {LONGEST} words"));
                        }
                    }
                    Entry::Example(section, wanted, text) => {
                        if (hits(&lexicon, text).covered[section as usize] > 0) != wanted {
                            let what = if wanted { "is not hit" } else { "is hit" };
                            wrong.push(format!("{at}: {text:?} {what} by [{}]", section.name()));
                        }
                    }
                    Entry::Function(_) => {}
                }
            }
        }
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    }

    #[test]
    fn the_compiled_lexicons_are_current() {
        let command = "cargo run --release --features lab --bin lab -- lexicons";
        assert!(compile(FILES) == COMPILED, "lexicons/compiled.bin is stale: run `{command}`");
    }

    #[test]
    fn anchors_say_where() {
        let file =
            "[function]\nthe of\n[share]\n= share\n^ follow us\n$ on facebook\n~ copy link\n[comments]\n= # comments";
        let lexicon = Lexicon::read(&compile(&[("xx", file)])).unwrap();
        let share = |block| hits(&lexicon, block).covered[Section::Share as usize];
        assert_eq!((share("SHARE!"), share("a share of it")), (1, 0));
        assert_eq!((share("Follow us today"), share("they follow us")), (2, 0));
        assert_eq!((share("Find it on Facebook"), share("on facebook today")), (2, 0));
        assert_eq!(share("now copy link please"), 2);
        assert_eq!((share("Share: the bridge"), share("Sharing: the bridge")), (1, 0));
        assert!(hits(&lexicon, "1,204 comments").is_whole(Section::Comments));
        let mut words = tokens("the end of");
        lexicon.mark(&mut words, &mut Words::default());
        let function: Vec<u32> = words.iter().map(|token| lexicon.languages(token.function.into())).collect();
        assert_eq!(function, [1, 0, 1]);
    }

    #[test]
    fn broken_bytes_are_refused() {
        assert!(Lexicon::read(&[]).is_none());
        assert!(Lexicon::read(&COMPILED[..COMPILED.len() - 1]).is_none());
        assert!(Lexicon::read(&[COMPILED, &[0]].concat()).is_none());
        let tables = |phrases: &[(u32, u32)], functions: u32| {
            let mut out = Vec::new();
            push_table(&mut out, &phrases.iter().copied().collect(), KEY_BITS);
            push_table(&mut out, &(1..=functions).map(|key| (key, 1)).collect(), u32::BITS);
            Lexicon::read(&[out, vec![0; 6]].concat())
        };
        let phrases = tables(&[(7, 1)], 0).unwrap().phrases;
        assert_eq!((phrases.sections(7), phrases.sections(7 + (1 << 12))), (1, 0));
        // More keys than bytes, which must not be made room for.
        assert!(Lexicon::read(&[&[0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1][..], &[7; 9]].concat()).is_none());
        // A section that there is not.
        assert!(tables(&[(7, 1 << Section::COUNT)], 0).is_none());
        // One word alone, whose key has all its bits.
        assert!(tables(&[], 1).is_some());
        // More function words than the table has room for.
        assert!(tables(&[], 1 << 13).is_some());
        assert!(tables(&[], (1 << 13) + 1).is_none());
    }
}
