//! Text → blocks: the pieces that are judged as wholes.
//!
//! A block is one line of the input, without the white space around it. Two
//! shapes of text need more:
//!
//! * **Hard-wrapped** text (mail, PDF, archives) breaks paragraphs at a column.
//!   Two lines belong together when the first word of the second would not have
//!   fit on the first; where such pairs make up a good part of the text, they
//!   are joined, and a block is a paragraph.
//! * **Flattened** text has whole pages on one line. There a block is one
//!   sentence ([UAX #29]), or a piece of a stretch that has no sentences.
//!
//! Where a paragraph is one line, a sentence in it that points away from the
//! story is a block of its own (see [`crate::seam`]).
//!
//! Known wrong answers: a wrapped paragraph whose last line happens to be full
//! is joined with the next one when no blank line parts them; UAX #29 ends a
//! sentence after an abbreviation that a capital follows ("Mr. Smith").
//!
//! [UAX #29]: https://www.unicode.org/reports/tr29/

use std::ops::Range;

use crate::class::is_unspaced;
use crate::seam;
use crate::window::{WINDOW, breaks_in};

/// How the text is broken into lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Shape {
    /// One paragraph, heading or menu entry a line.
    Lines,
    /// Paragraphs broken over several lines at a fixed column.
    Wrapped,
    /// Whole pages on one line.
    Flattened,
}

/// A piece of the input that gets one label. `text[range]` neither starts nor
/// ends with white space and is never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub start: usize,
    pub end: usize,
    /// Whether more space parts the block from the one before than is usual
    /// in this text.
    pub gap: bool,
    /// Whether the block continues the line of the one before.
    pub inline: bool,
}

impl Block {
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A line of more bytes than this may be a flattened page.
const LONG_LINE: usize = 1500;
/// Wider text than this many characters is not hard-wrapped.
const WIDEST_WRAP: usize = 120;
const NARROWEST_WRAP: usize = 40;

/// A line of the input, trimmed.
struct Line {
    start: usize,
    end: usize,
    /// Blank lines between the line before and this one.
    blanks: u32,
}

/// Splits `text` into blocks and says which shape it has.
pub fn blocks(text: &str) -> (Shape, Vec<Block>) {
    let lines = lines(text);
    let usual = lines.iter().skip(1).map(|line| line.blanks).min().unwrap_or(0);
    let gap = |line: &Line| line.blanks > usual;
    if is_flattened(&lines) {
        let mut blocks = Vec::new();
        for line in &lines {
            let pieces = seam::pieces(&text[line.start..line.end]);
            blocks.extend(pieces.into_iter().enumerate().map(|(i, piece)| Block {
                start: line.start + piece.start,
                end: line.start + piece.end,
                gap: i == 0 && gap(line),
                inline: i > 0,
            }));
        }
        return (Shape::Flattened, blocks);
    }
    let column = wrap_column(text, &lines);
    let mut blocks: Vec<Block> = Vec::with_capacity(lines.len());
    for (i, line) in lines.iter().enumerate() {
        let joined = column.is_some_and(|column| i > 0 && continues(text, &lines[i - 1], line, column));
        match blocks.last_mut() {
            Some(last) if joined => last.end = line.end,
            _ => blocks.push(Block { start: line.start, end: line.end, gap: gap(line), inline: false }),
        }
    }
    match column {
        Some(_) => (Shape::Wrapped, blocks),
        None => (Shape::Lines, pulp::Arch::new().dispatch(Part { text, blocks })),
    }
}

/// Paragraphs of fewer bytes are not searched for asides.
const PARAGRAPH: usize = 80;

/// Parts paragraphs from the asides in them.
struct Part<'a> {
    text: &'a str,
    blocks: Vec<Block>,
}

/// Compiled for the instructions that the machine has.
impl pulp::WithSimd for Part<'_> {
    type Output = Vec<Block>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Vec<Block> {
        let mut parted = Vec::with_capacity(self.blocks.len() + self.blocks.len() / 16);
        let mut seams = seam::Seams::default();
        for block in self.blocks {
            let pieces = if block.range().len() < PARAGRAPH { &[] } else { seams.asides(self.text, block.range()) };
            if pieces.is_empty() {
                parted.push(block);
                continue;
            }
            parted.extend(pieces.iter().enumerate().map(|(i, piece)| Block {
                start: piece.start,
                end: piece.end,
                gap: i == 0 && block.gap,
                inline: i > 0,
            }));
        }
        parted
    }
}

/// White space and the characters that show as nothing.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\0'..='\x1f')
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let bytes = &text.as_bytes()[range.clone()];
    if let (Some(b'!'..=b'~'), Some(b'!'..=b'~')) = (bytes.first(), bytes.last()) {
        return range;
    }
    let slice = &text[range.clone()];
    let left = slice.trim_start_matches(is_blank);
    let start = range.end - left.len();
    start..start + left.trim_end_matches(is_blank).len()
}

/// The bytes of the line break whose last byte is at `at`, if there is one.
#[inline(always)]
fn break_width(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'\n' => 1 + usize::from(at > 0 && bytes[at - 1] == b'\r'),
        0x0b | 0x0c => 1,
        b'\r' => usize::from(bytes.get(at + 1) != Some(&b'\n')),
        0x85 if at > 0 && bytes[at - 1] == 0xc2 => 2,
        0xa8 | 0xa9 if at > 1 && bytes[at - 2..at] == [0xe2, 0x80] => 3,
        _ => 0,
    }
}

fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / 48 + 1);
    let bytes = text.as_bytes();
    let (mut from, mut blanks) = (0, 0);
    let mut line = |range: Range<usize>| {
        let trimmed = trim(text, range);
        if trimmed.is_empty() {
            blanks += 1;
        } else {
            lines.push(Line { start: trimmed.start, end: trimmed.end, blanks });
            blanks = 0;
        }
    };
    for at in (0..bytes.len()).step_by(WINDOW) {
        let mut left = breaks_in(bytes, at);
        while left != 0 {
            let last = at + left.trailing_zeros() as usize;
            left &= left - 1;
            let width = break_width(bytes, last);
            if width > 0 {
                line(from..last + 1 - width);
                from = last + 1;
            }
        }
    }
    if from < bytes.len() {
        line(from..bytes.len());
    }
    lines
}

/// Whether most of the text stands on lines that are too long for paragraphs.
fn is_flattened(lines: &[Line]) -> bool {
    let sizes = || lines.iter().map(|line| line.end - line.start);
    sizes().filter(|&size| size > LONG_LINE).sum::<usize>() * 10 > sizes().sum::<usize>() * 6
}

fn width(text: &str, line: &Line) -> usize {
    text[line.start..line.end].chars().count()
}

/// The column at which `text` is hard-wrapped, in characters, if it is.
fn wrap_column(text: &str, lines: &[Line]) -> Option<usize> {
    let mut column = 0;
    for line in lines {
        let slice = &text[line.start..line.end];
        if slice.len() > WIDEST_WRAP && slice.contains(char::is_whitespace) {
            let wide = slice.chars().count();
            if wide > WIDEST_WRAP {
                return None;
            }
            column = column.max(wide);
        } else if slice.len() > column && (slice.contains(' ') || slice.starts_with(is_unspaced)) {
            column = column.max(slice.chars().count());
        }
    }
    if column < NARROWEST_WRAP {
        return None;
    }
    let (mut full, mut open, mut total) = (0, 0, 0);
    for (i, line) in lines.iter().enumerate() {
        let len = line.end - line.start;
        total += len;
        if lines.get(i + 1).is_some_and(|next| continues(text, line, next, column)) {
            full += len;
            let stops = text[line.start..line.end].ends_with(['.', '!', '?', '。', '！', '？']);
            open += if stops { 0 } else { len };
        }
    }
    // Wrapped lines end where the column ends, not where a sentence does.
    (full * 4 > total && open * 2 > full).then_some(column)
}

/// Whether `next` continues the paragraph of `line` in text wrapped at `column`.
fn continues(text: &str, line: &Line, next: &Line, column: usize) -> bool {
    if next.blanks > 0 {
        return false;
    }
    let slice = &text[next.start..next.end];
    let unspaced = slice.starts_with(is_unspaced);
    let first = slice.chars().take_while(|c| !c.is_whitespace() && *c != '-' && (!unspaced || !is_unspaced(*c)));
    let hyphen = text[line.start..line.end].ends_with('-');
    let need = if unspaced { 1 } else { first.count() + usize::from(!hyphen) };
    let width = width(text, line);
    width <= column && width + need > column
}

/// The line breaks in `text`, each with the bytes it takes (CR LF is one).
pub fn breaks(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut after_cr = false;
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|&(_, c)| is_break(c) || c == '\n') {
        match found.last_mut() {
            Some(last) if after_cr && c == '\n' && last.end == at => last.end = at + 1,
            _ => found.push(at..at + c.len_utf8()),
        }
        after_cr = c == '\r';
    }
    found.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        blocks(text).1.iter().map(|b| &text[b.range()]).collect()
    }

    #[test]
    fn every_line_break_parts_blocks() {
        let text = "a\nb\r\nc\rd\u{85}e\u{2028}f\u{2029}g\x0ch\x0bi";
        assert_eq!(texts(text), ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
        assert_eq!(texts("\u{feff} \u{a0}x\u{200b}\n\u{ad}\n"), ["x"]);
        assert!(texts("").is_empty() && texts(" \n\r\n").is_empty());
    }

    #[test]
    fn gaps_are_relative_to_the_page() {
        let gaps = |text| blocks(text).1.iter().map(|b| b.gap).collect::<Vec<_>>();
        assert_eq!(gaps("a\nb\n\nc\nd"), [false, false, true, false]);
        assert_eq!(gaps("a\n\nb\n\n\n\nc\n\nd"), [false, false, true, false]);
        assert_eq!(gaps("a\n\nb\n\nc"), [false, false, false]);
    }

    #[test]
    fn wrapped_paragraphs_are_joined() {
        let text = "The council met on Monday evening to hear from the people\n\
                    who live beside the old harbour and want it kept as it is\n\
                    for another year.\n\
                    Most of them had never been to a meeting of the council or\n\
                    spoken in public before.\n\
                    Home\nNews";
        let (shape, blocks) = blocks(text);
        assert_eq!(shape, Shape::Wrapped);
        assert_eq!(blocks.len(), 4, "{:?}", texts(text));
        assert!(texts(text)[1].starts_with("Most") && texts(text)[2] == "Home");
    }

    #[test]
    fn paragraphs_of_one_width_are_not_wrapped_text() {
        let line = "The council met on Monday evening to hear from the people of the town.";
        assert_eq!(blocks(&[line; 5].join("\n")).1.len(), 5);
        assert_eq!(blocks(&[&line[..69]; 5].join("\n\n")).1.len(), 5);
    }

    #[test]
    fn breaks_count_crlf_once() {
        assert_eq!(breaks("a\r\n\r\nb\n\rc").collect::<Vec<_>>(), [1..3, 3..5, 6..7, 7..8]);
    }
}
