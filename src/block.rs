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
use crate::seam::{self, Seams};
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

/// Longer lines are cut, so that a text without line ends is not one block,
/// which would take memory in proportion and could only be kept or lost whole.
const LONGEST_LINE: usize = 1 << 16;

/// A line of the input, trimmed.
struct Line {
    start: usize,
    end: usize,
    /// Blank lines between the line before and this one.
    blanks: u32,
    /// Whether it is the rest of a line that was cut.
    inline: bool,
}

/// Splits `text` into blocks and says which shape it has.
pub fn blocks(text: &str) -> (Shape, Vec<Block>) {
    let lines = lines(text);
    let usual = lines.iter().skip(1).map(|line| line.blanks).min().unwrap_or(0);
    let gap = |line: &Line| line.blanks > usual;
    if is_flattened(text, &lines) {
        let mut blocks = Vec::new();
        for line in &lines {
            let pieces = seam::pieces(&text[line.start..line.end]);
            blocks.extend(pieces.into_iter().enumerate().map(|(i, piece)| Block {
                start: line.start + piece.start,
                end: line.start + piece.end,
                gap: i == 0 && gap(line),
                inline: i > 0 || line.inline,
            }));
        }
        return (Shape::Flattened, blocks);
    }
    let column = wrap_column(text, &lines);
    let blocks = pulp::Arch::new().dispatch(Join { text, lines: &lines, column, usual });
    (if column.is_some() { Shape::Wrapped } else { Shape::Lines }, blocks)
}

/// Paragraphs of fewer bytes are not searched for asides.
const PARAGRAPH: usize = 80;

/// Lines → blocks, joined where they are wrapped, else parted from the asides
/// in them. Compiled for the instructions that the machine has.
struct Join<'a> {
    text: &'a str,
    lines: &'a [Line],
    column: Option<usize>,
    /// Blank lines that part lines at least.
    usual: u32,
}

impl pulp::WithSimd for Join<'_> {
    type Output = Vec<Block>;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Vec<Block> {
        let Join { text, lines, column, usual } = self;
        let mut blocks: Vec<Block> = Vec::with_capacity(lines.len() + lines.len() / 16);
        let mut seams = Seams::default();
        for (i, line) in lines.iter().enumerate() {
            let gap = line.blanks > usual;
            let block = Block { start: line.start, end: line.end, gap, inline: line.inline };
            if let Some(column) = column {
                let joined = i > 0 && continues(text, &lines[i - 1], line, column);
                match blocks.last_mut() {
                    Some(last) if joined && line.end - last.start <= LONGEST_LINE => last.end = line.end,
                    _ => blocks.push(block),
                }
                continue;
            }
            let is_paragraph = is_longer(&text[block.range()], PARAGRAPH - 1);
            let pieces = if is_paragraph { seams.asides(text, block.range()) } else { &[] };
            if pieces.is_empty() {
                blocks.push(block);
                continue;
            }
            blocks.extend(pieces.iter().enumerate().map(|(i, piece)| Block {
                start: piece.start,
                end: piece.end,
                gap: i == 0 && block.gap,
                inline: i > 0 || block.inline,
            }));
        }
        blocks
    }
}

/// White space, and control characters.
#[inline]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\0'..='\x1f')
}

/// White space and the characters that show as nothing.
#[inline]
pub fn is_blank(c: char) -> bool {
    is_space(c)
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether more bytes than this show; a stretch of space counts as one.
pub fn is_longer(text: &str, limit: usize) -> bool {
    if text.len() <= limit || text.len() > 4 * limit {
        return text.len() > limit;
    }
    let (mut size, mut space) = (0, false);
    text.chars().any(|c| {
        if is_space(c) {
            size += usize::from(!space);
            space = true;
        } else if c.is_ascii() || !is_blank(c) {
            size += c.len_utf8();
            space = false;
        }
        size > limit
    })
}

/// Characters and spaces of a line.
fn width(line: &str) -> usize {
    line.chars().filter(|c| is_space(*c) || !is_blank(*c)).count()
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
            // Space before the first line says nothing.
            blanks += u32::from(!lines.is_empty());
        } else {
            cut(text, trimmed, blanks, &mut lines);
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

/// Adds a line, cut into pieces where it is too long: after a full stop, else at
/// a space, else anywhere.
fn cut(text: &str, line: Range<usize>, mut blanks: u32, lines: &mut Vec<Line>) {
    let (mut rest, mut inline) = (line, false);
    while rest.len() > LONGEST_LINE {
        let limit = (0..4).map(|back| rest.start + LONGEST_LINE - back).find(|&at| text.is_char_boundary(at));
        let head = &text[rest.start..limit.unwrap_or(rest.end)];
        let end = head.rfind(". ").map(|at| at + 1).or_else(|| head.rfind(is_blank)).unwrap_or(head.len());
        let piece = trim(text, rest.start..rest.start + end);
        lines.push(Line { start: piece.start, end: piece.end, blanks, inline });
        rest = trim(text, rest.start + end..rest.end);
        (blanks, inline) = (0, true);
    }
    if !rest.is_empty() {
        lines.push(Line { start: rest.start, end: rest.end, blanks, inline });
    }
}

/// Whether most of the text stands on lines that are too long for paragraphs.
fn is_flattened(text: &str, lines: &[Line]) -> bool {
    let bytes = |line: &Line| line.end - line.start;
    let long = lines.iter().filter(|line| is_longer(&text[line.start..line.end], LONG_LINE));
    long.map(bytes).sum::<usize>() * 10 > lines.iter().map(bytes).sum::<usize>() * 6
}

/// The column at which `text` is hard-wrapped, in characters, if it is.
fn wrap_column(text: &str, lines: &[Line]) -> Option<usize> {
    let mut column = 0;
    for line in lines {
        let slice = &text[line.start..line.end];
        if slice.len() > WIDEST_WRAP && slice.contains(is_space) {
            let wide = width(slice);
            if wide > WIDEST_WRAP {
                return None;
            }
            column = column.max(wide);
        } else if slice.len() > column && (slice.contains(is_space) || slice.starts_with(is_unspaced)) {
            column = column.max(width(slice));
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
    let first = slice.split(|c| is_space(c) || c == '-').next().unwrap_or(slice);
    let hyphen = text[line.start..line.end].ends_with('-');
    let need = if unspaced { 1 } else { width(first) + usize::from(!hyphen) };
    let width = width(&text[line.start..line.end]);
    width <= column && width + need > column
}

/// The line breaks in `text`, each with the bytes it takes (CR LF is one).
pub fn breaks(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut chars = text.char_indices().filter(|&(_, c)| is_break(c)).peekable();
    std::iter::from_fn(move || {
        let (at, c) = chars.next()?;
        let end = at + c.len_utf8();
        let is_pair = c == '\r' && chars.next_if_eq(&(end, '\n')).is_some();
        Some(at..end + usize::from(is_pair))
    })
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
    fn long_lines_are_cut_where_it_hurts_least() {
        let long = 3 * LONGEST_LINE;
        let sentence = "The council met on Monday. ";
        for (piece, end) in [(sentence, "Monday."), ("a b ", "b"), ("a", "a"), ("橋", "橋")] {
            let text = piece.repeat(long / piece.len());
            let blocks = blocks(&text).1;
            assert!(blocks.len() > 2 && blocks.iter().all(|block| block.range().len() <= LONGEST_LINE));
            assert!(blocks.iter().all(|block| text[block.range()].ends_with(end)));
            assert!(blocks.iter().skip(1).all(|block| block.inline && !block.gap));
            let bytes = |text: &str| text.bytes().filter(|b| *b != b' ').count();
            assert_eq!(blocks.iter().map(|block| bytes(&text[block.range()])).sum::<usize>(), bytes(&text));
        }
        // Short lines enough, and the text is not flattened.
        let text = format!("{}\n{}", "a ".repeat(LONGEST_LINE), "It is.\n".repeat(LONGEST_LINE));
        let (shape, blocks) = blocks(&text);
        assert!(shape == Shape::Lines && blocks[1].inline && !blocks[2].inline);
    }

    #[test]
    fn breaks_count_crlf_once() {
        assert_eq!(breaks("a\r\n\r\nb\n\rc").collect::<Vec<_>>(), [1..3, 3..5, 6..7, 7..8]);
    }
}
