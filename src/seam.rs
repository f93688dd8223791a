//! Where lines come apart: flattened pages, and asides in a paragraph.
//!
//! In flattened text: sentences, and the seams between menus,
//! copy and teasers that no full stop marks.
//!
//! Sentences end where [UAX #29] says. A sentence that opens or closes with a
//! stretch of words that nearly all start with a capital or a digit (a menu, a
//! headline, a byline) is cut where running text sets in or stops, and such
//! stretches are cut into pieces of a few words, so that a label can change
//! inside them.
//!
//! In a paragraph, a short sentence that opens with a phrase of the lexicons
//! for pointing elsewhere ("Read more: …", "Sign up here.", "(Photo: …)") is a
//! block of its own, so that it can be judged apart. Whether it goes is for the
//! model to say. Known wrong answer: clutter that no full stop, bracket or
//! phrase sets off from the sentence around it stays in.
//!
//! [UAX #29]: https://www.unicode.org/reports/tr29/

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::block::is_blank;
use crate::lexicon::Lexicon;
use crate::scan::scan;
use crate::token::Token;

/// Words a piece of a stretch without running text has at most.
const PIECE: usize = 8;
/// Running text has a word in small letters at least every this many words.
const REACH: usize = 3;

/// Bytes an aside has at most.
const ASIDE: usize = 200;

/// Cuts the asides out of a paragraph: the pieces between and the asides, in
/// order, or nothing where there are no asides.
pub fn asides(line: &str, tokens: &mut Vec<Token>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for start in sentence_starts(line) {
        let rest = &line[start..];
        let end = start + sentence_end(rest);
        if end - start > ASIDE {
            continue;
        }
        let opening = rest.char_indices().nth(24).map_or(rest.len(), |(at, _)| at);
        let lexicon = Lexicon::get();
        tokens.clear();
        scan(&rest[..opening], tokens);
        if !tokens.first().is_some_and(|first| lexicon.may_open_aside(*first)) {
            continue;
        }
        tokens.clear();
        let label = scan(&line[start..end], tokens).label;
        if lexicon.is_aside(tokens, label) && start >= from {
            pieces.extend([from..start, start..end]);
            from = end;
        }
    }
    if !pieces.is_empty() {
        pieces.push(from..line.len());
    }
    for piece in &mut pieces {
        let text = &line[piece.clone()];
        let left = text.trim_start_matches(is_blank);
        piece.start += text.len() - left.len();
        piece.end = piece.start + left.trim_end_matches(is_blank).len();
    }
    pieces.retain(|piece| !piece.is_empty());
    if pieces.len() > 1 { pieces } else { Vec::new() }
}

/// Where sentences may start after the first: after a stop and a space, or at
/// a bracket after a space.
fn sentence_starts(line: &str) -> impl Iterator<Item = usize> + '_ {
    let bytes = line.as_bytes();
    memchr::memchr_iter(b' ', bytes).filter_map(move |space| {
        let before = &bytes[..space];
        let stop = match before {
            [.., b'.' | b'!' | b'?'] | [.., b'.' | b'!' | b'?', b'"' | b')'] => true,
            [.., 0xe2, 0x80, 0x9d | 0xa6] => true, // closing quote, ellipsis
            _ => false,
        };
        let next = *bytes.get(space + 1)?;
        ((stop && next != b' ') || next == b'(' || next == b'[').then_some(space + 1)
    })
}

/// Where the sentence at the start of `rest` ends: at its stop, or closing
/// bracket where it opens with one.
fn sentence_end(rest: &str) -> usize {
    let close = match rest.as_bytes().first() {
        Some(b'(') => Some(b')'),
        Some(b'[') => Some(b']'),
        _ => None,
    };
    if let Some(close) = close {
        return memchr::memchr(close, rest.as_bytes()).map_or(rest.len(), |at| at + 1);
    }
    sentence_starts(rest).next().unwrap_or(rest.len())
}

/// Cuts one line into pieces, none of them empty, without the space around.
pub fn pieces(line: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    for (at, sentence) in line.split_sentence_bound_indices() {
        cut(sentence, at, &mut pieces);
    }
    pieces
}

fn cut(sentence: &str, at: usize, pieces: &mut Vec<Range<usize>>) {
    let mut words: Vec<(usize, usize, bool)> = Vec::new();
    let mut from = None;
    for (i, c) in sentence.char_indices().chain([(sentence.len(), ' ')]) {
        match (is_blank(c), from) {
            (true, Some(start)) => {
                let word = &sentence[start..i];
                words.push((start, i, is_running(word)));
                from = None;
            }
            (false, None) => from = Some(i),
            _ => {}
        }
    }
    // A word belongs to running text when words in small letters are near on
    // both sides, or near on one side where running text begins or ends.
    let mut open: Option<(usize, usize)> = None; // first word, words so far
    let mut was_running: Option<bool> = None;
    let near = |i: usize| {
        let lo = i.saturating_sub(REACH);
        let hi = (i + REACH + 1).min(words.len());
        words[lo..hi].iter().filter(|w| w.2).count() >= 2
    };
    for i in 0..words.len() {
        let running = near(i);
        let seam = match (open, was_running) {
            (None, _) => true,
            (Some((_, count)), Some(was)) => {
                // Running text sets in at its capital: a seam only before one.
                (was != running && !words[i].2) || (!running && !was && count >= PIECE)
            }
            _ => false,
        };
        if seam {
            if let Some((first, _)) = open {
                pieces.push(at + words[first].0..at + words[i - 1].1);
            }
            open = Some((i, 1));
            was_running = Some(running);
        } else if let Some((_, count)) = &mut open {
            *count += 1;
        }
    }
    if let Some((first, _)) = open {
        pieces.push(at + words[first].0..at + words[words.len() - 1].1);
    }
}

/// Whether a word is one of running text: it starts with a small letter or
/// with a letter that has no case.
fn is_running(word: &str) -> bool {
    let first = word.chars().find(|c| c.is_alphanumeric());
    first.is_some_and(|c| c.is_alphabetic() && !c.is_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<&str> {
        pieces(line).into_iter().map(|r| &line[r]).collect()
    }

    #[test]
    fn sentences_and_menus_come_apart() {
        let line = "Home News Sport Weather Log In The mayor said on Monday that the bridge is safe. \
                    It was built in 1911. Share Tweet Print";
        let texts = texts(line);
        assert!(texts.contains(&"It was built in 1911."), "{texts:?}");
        assert!(
            texts.iter().any(|t| t.ends_with("said on Monday that the bridge is safe.") && !t.contains("Sport")),
            "{texts:?}"
        );
        assert_eq!(texts.last(), Some(&"Share Tweet Print"));
    }

    #[test]
    fn asides_stand_apart() {
        let cut = |line| asides(line, &mut Vec::new()).into_iter().map(|r| &line[r]).collect::<Vec<_>>();
        let line = "The bridge is closed until spring. Read more: Why the old bridge has to go";
        assert_eq!(cut(line), ["The bridge is closed until spring.", "Read more: Why the old bridge has to go"]);
        let line = "The bridge is closed. Sign up for our newsletter here. It opens again in May.";
        assert_eq!(cut(line).len(), 3, "{:?}", cut(line));
        assert!(cut("The bridge is closed. It opens again in May (or in June).").is_empty());
    }

    #[test]
    fn nothing_but_space_is_lost() {
        let line = "  A b  c. D E F g h 1 2 3!  x";
        let kept: String = texts(line).concat().split_whitespace().collect();
        assert_eq!(kept, line.split_whitespace().collect::<String>());
    }
}
