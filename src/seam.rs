//! Where flattened text comes apart: sentences, and the seams between menus,
//! copy and teasers that no full stop marks.
//!
//! Sentences end where [UAX #29] says. A sentence that opens or closes with a
//! stretch of words that nearly all start with a capital or a digit (a menu, a
//! headline, a byline) is cut where running text sets in or stops, and such
//! stretches are cut into pieces of a few words, so that a label can change
//! inside them.
//!
//! [UAX #29]: https://www.unicode.org/reports/tr29/

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::block::is_blank;

/// Words a piece of a stretch without running text has at most.
const PIECE: usize = 8;
/// Running text has a word in small letters at least every this many words.
const REACH: usize = 3;

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
    fn nothing_but_space_is_lost() {
        let line = "  A b  c. D E F g h 1 2 3!  x";
        let kept: String = texts(line).concat().split_whitespace().collect();
        assert_eq!(kept, line.split_whitespace().collect::<String>());
    }
}
