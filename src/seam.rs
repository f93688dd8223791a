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

use crate::lexicon::{Lexicon, Words};
use crate::line::{is_blank, is_longer, is_space};
use crate::scan::{first_word, scan_in};
use crate::token::Token;
use crate::window::{WINDOW, seams_in};

/// Words a piece of a stretch without running text has at most.
const PIECE: usize = 8;
/// Running text has a word in small letters at least every this many words.
const REACH: usize = 3;

/// Bytes an aside has at most.
const ASIDE: usize = 200;

/// Finds asides; memory to use again.
#[derive(Default)]
pub struct Seams {
    starts: Vec<usize>,
    tokens: Vec<Token>,
    words: Words,
    pieces: Vec<Range<usize>>,
}

impl Seams {
    /// Cuts the asides out of a paragraph of `text`: the pieces between and the
    /// asides, in order, or nothing where there are no asides.
    #[inline(always)]
    pub fn asides(&mut self, text: &str, line: Range<usize>) -> &[Range<usize>] {
        let Seams { starts, tokens, words, pieces } = self;
        let bytes = &text.as_bytes()[..line.end];
        let lexicon = Lexicon::get();
        pieces.clear();
        if is_plain(&text[line.clone()]) {
            sentence_starts(bytes, line.start, starts);
        } else {
            starts.clear();
            starts.extend(spaced_starts(&text[line.clone()]).map(|at| line.start + at));
        }
        let mut from = line.start;
        for (i, &start) in starts.iter().enumerate() {
            let end = match bytes[start] {
                b'(' => closing(b')', &bytes[start..]).map(|at| start + at + 1),
                b'[' => closing(b']', &bytes[start..]).map(|at| start + at + 1),
                _ => starts.get(i + 1).copied(),
            };
            let end = end.unwrap_or(line.end);
            if is_longer(&text[start..end], ASIDE) || !may_open(lexicon, &text[..line.end], start, tokens) {
                continue;
            }
            tokens.clear();
            let label = scan_in(text, start..end, tokens).label;
            if lexicon.is_aside(tokens, label, words) && start >= from {
                pieces.extend([from..start, start..end]);
                from = end;
            }
        }
        if !pieces.is_empty() {
            pieces.push(from..line.end);
        }
        for piece in &mut *pieces {
            let text = &text[piece.clone()];
            let left = text.trim_start_matches(is_blank);
            piece.start += text.len() - left.len();
            piece.end = piece.start + left.trim_end_matches(is_blank).len();
        }
        pieces.retain(|piece| !piece.is_empty());
        if pieces.len() > 1 { pieces } else { &[] }
    }

    /// Cuts a line of flattened text into pieces, none of them empty, without
    /// the space around.
    pub fn sentences(&mut self, text: &str, line: Range<usize>) -> &[Range<usize>] {
        self.pieces.clear();
        for (at, sentence) in text[line.clone()].split_sentence_bound_indices() {
            cut(sentence, line.start + at, &mut self.pieces);
        }
        &self.pieces
    }
}

/// Whether the first word of the sentence at `start` may open an aside. It has
/// to stand within the first [`OPENING`] characters.
fn may_open(lexicon: &Lexicon, text: &str, start: usize, tokens: &mut Vec<Token>) -> bool {
    if let Some(word) = first_word(text.as_bytes(), start).filter(|word| word.range().end < OPENING) {
        return lexicon.may_open_aside(word);
    }
    let rest = &text[start..];
    let opening = rest.char_indices().filter(|(_, c)| !is_blank(*c)).nth(OPENING).map_or(rest.len(), |(at, _)| at);
    tokens.clear();
    scan_in(rest, 0..opening, tokens);
    tokens.first().is_some_and(|first| lexicon.may_open_aside(*first))
}

/// Characters in which a sentence has to come to its first word.
const OPENING: usize = 24;

/// Where a bracket closes; farther than this it would be no aside, and nobody
/// need look.
fn closing(bracket: u8, rest: &[u8]) -> Option<usize> {
    memchr::memchr(bracket, &rest[..rest.len().min(4 * ASIDE)])
}

/// Whether all space in a line is single plain spaces.
fn is_plain(line: &str) -> bool {
    let bytes = line.as_bytes();
    !bytes.iter().any(|byte| *byte < b' ')
        && memchr::memmem::find(bytes, b"  ").is_none()
        && (line.is_ascii() || !line.chars().any(|c| !c.is_ascii() && is_blank(c)))
}

/// Where sentences may start after the first, as in [`sentence_starts`], with
/// whatever kind of space, and however much of it.
fn spaced_starts(line: &str) -> impl Iterator<Item = usize> + '_ {
    // What stands before the space: nothing of the kind, a stop, or a stop and
    // what closes after it.
    let (mut stop, mut closed, mut space) = (false, false, false);
    line.char_indices().filter_map(move |(at, c)| {
        if is_blank(c) {
            space |= is_space(c);
            return None;
        }
        let starts = space && (stop || closed || matches!(c, '(' | '['));
        (closed, stop) = match c {
            '.' | '!' | '?' => (false, true),
            '"' | ')' => (stop && !space, false),
            '”' | '…' => (true, false),
            _ => (false, false),
        };
        space = false;
        starts.then_some(at)
    })
}

/// Finds where sentences may start after the first: after a stop and a space,
/// or at a bracket after a space.
fn sentence_starts(bytes: &[u8], from: usize, starts: &mut Vec<usize>) {
    starts.clear();
    let mut at = from;
    while at < bytes.len() {
        // Spaces that a stop may precede, but for the first and last byte.
        let mut left = seams_in(bytes, at);
        while left != 0 {
            let space = at + left.trailing_zeros() as usize;
            left &= left - 1;
            let stop = match &bytes[from..space] {
                [.., b'.' | b'!' | b'?'] | [.., b'.' | b'!' | b'?', b'"' | b')'] => true,
                [.., 0xe2, 0x80, 0x9d | 0xa6] => true, // closing quote, ellipsis
                _ => false,
            };
            if let Some(&next) = bytes.get(space + 1)
                && ((stop && next != b' ') || next == b'(' || next == b'[')
            {
                starts.push(space + 1);
            }
        }
        at += WINDOW - 2;
    }
}

fn cut(sentence: &str, at: usize, pieces: &mut Vec<Range<usize>>) {
    let mut words: Vec<(usize, usize, bool)> = Vec::new();
    let mut from: Option<(usize, usize)> = None;
    for (i, c) in sentence.char_indices().chain([(sentence.len(), ' ')]) {
        if is_space(c) {
            words.extend(from.take().map(|(start, end)| (start, end, is_running(&sentence[start..end]))));
        } else if !is_blank(c) {
            let (start, _) = from.unwrap_or((i, i));
            from = Some((start, i + c.len_utf8()));
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
        Seams::default().sentences(line, 0..line.len()).iter().map(|r| &line[r.clone()]).collect()
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
    fn plain_lines_start_sentences_as_others_do() {
        let marks = ["a", "B", ".", "!", "?", "\"", ")", "(", "[", "”", "…", "é", ","];
        let mut line = String::new();
        let mut state = 7u32;
        for _ in 0..4000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let space = state >> 29 < 3 && !line.ends_with(' ') && !line.is_empty();
            line.push_str(if space { " " } else { marks[(state >> 16) as usize % marks.len()] });
            let mut starts = Vec::new();
            sentence_starts(line.as_bytes(), 0, &mut starts);
            if !line.ends_with(' ') {
                assert!(is_plain(&line));
                assert_eq!(starts, spaced_starts(&line).collect::<Vec<_>>(), "{line}");
            }
            if line.len() > 150 {
                line.clear();
            }
        }
    }

    #[test]
    fn asides_stand_apart() {
        let cut = |line: &'static str| {
            let mut seams = Seams::default();
            seams.asides(line, 0..line.len()).iter().map(|r| &line[r.clone()]).collect::<Vec<_>>()
        };
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
