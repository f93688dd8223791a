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
use std::vec::IntoIter;

use crate::class::is_unspaced;
use crate::line::{LONGEST, Line, Lines, is_blank, is_longer, is_space};
use crate::seam::Seams;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
/// Paragraphs of fewer bytes are not searched for asides.
const PARAGRAPH: usize = 80;

/// Blocks that are looked at together, and the bytes that they stand in. A page
/// of a site has some hundreds; longer inputs are read in parts of at most this
/// many, so that memory stays bounded.
const PART: usize = 4096;
const PART_BYTES: usize = 1 << 20;

/// Blocks that are found at a time.
const AHEAD: usize = 256;
/// Lines of a text that the first pass remembers for the second; where there
/// are more, they are found again.
const REMEMBERED: usize = 4096;

/// Finds the blocks of a text, part by part.
pub struct Blocks<'a> {
    text: &'a str,
    pub shape: Shape,
    /// Where hard-wrapped text is wrapped, in characters.
    column: Option<usize>,
    /// Blank lines that part lines at least.
    usual: u32,
    lines: Lines<'a>,
    /// The lines, where all are remembered.
    remembered: Option<IntoIter<Line>>,
    /// In hard-wrapped text, the last line read and the block that it may go on.
    open: Option<(Line, Block)>,
    /// Blocks found, and how many of them were given.
    found: Vec<Block>,
    given: usize,
    seams: Seams,
}

impl<'a> Blocks<'a> {
    pub fn new(text: &'a str) -> Blocks<'a> {
        let survey = pulp::Arch::new().dispatch(See(text));
        let column = if survey.is_flattened() { None } else { survey.wrap_column(text) };
        let shape = match column {
            _ if survey.is_flattened() => Shape::Flattened,
            Some(_) => Shape::Wrapped,
            None => Shape::Lines,
        };
        Blocks {
            text,
            shape,
            column,
            usual: survey.usual,
            lines: Lines::new(text),
            remembered: survey.lines.map(Vec::into_iter),
            open: None,
            found: Vec::new(),
            given: 0,
            seams: Seams::default(),
        }
    }

    /// Puts the blocks of the next part into `part`; none at the end.
    pub fn next_part(&mut self, part: &mut Vec<Block>) {
        part.clear();
        loop {
            if self.given == self.found.len() {
                self.found.clear();
                self.given = 0;
                pulp::Arch::new().dispatch(Find(self));
            }
            let Some(block) = self.found.get(self.given) else { return };
            let full = part.first().is_some_and(|first: &Block| block.end - first.start > PART_BYTES);
            if full || part.len() == PART {
                return;
            }
            part.push(*block);
            self.given += 1;
        }
    }

    /// Finds some more blocks, if there are any.
    #[inline(always)]
    fn find(&mut self) {
        while self.found.len() < AHEAD {
            let line = match &mut self.remembered {
                Some(lines) => lines.next(),
                None => self.lines.next(),
            };
            let Some(line) = line else {
                self.found.extend(self.open.take().map(|(_, block)| block));
                return;
            };
            let gap = line.blanks > self.usual;
            let block = Block { start: line.start, end: line.end, gap, inline: line.inline };
            match (self.shape, self.column) {
                (Shape::Wrapped, Some(column)) => self.join(line, block, column),
                (Shape::Flattened, _) => push(&mut self.found, &block, self.seams.sentences(self.text, line.range())),
                _ if is_longer(&self.text[line.range()], PARAGRAPH - 1) => {
                    push(&mut self.found, &block, self.seams.asides(self.text, line.range()));
                }
                _ => self.found.push(block),
            }
        }
    }

    /// Adds a line of hard-wrapped text to the block that it continues, or
    /// starts one with it.
    fn join(&mut self, line: Line, block: Block, column: usize) {
        match &mut self.open {
            Some((last, open)) if continues(self.text, last, &line, column) && line.end - open.start <= LONGEST => {
                open.end = line.end;
                *last = line;
            }
            open => self.found.extend(open.replace((line, block)).map(|(_, block)| block)),
        }
    }
}

/// Adds the pieces of a line; the line where it has none.
#[inline(always)]
fn push(found: &mut Vec<Block>, line: &Block, pieces: &[Range<usize>]) {
    if pieces.is_empty() {
        found.push(*line);
    }
    found.extend(pieces.iter().enumerate().map(|(i, piece)| Block {
        start: piece.start,
        end: piece.end,
        gap: i == 0 && line.gap,
        inline: i > 0 || line.inline,
    }));
}

/// The first pass, compiled for the instructions that the machine has.
struct See<'a>(&'a str);

impl pulp::WithSimd for See<'_> {
    type Output = Survey;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Survey {
        Survey::new(self.0)
    }
}

/// The second one.
struct Find<'b, 'a>(&'b mut Blocks<'a>);

impl pulp::WithSimd for Find<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        self.0.find();
    }
}

/// Splits all of `text` into blocks and says which shape it has.
#[cfg(any(test, feature = "inside"))]
pub fn blocks(text: &str) -> (Shape, Vec<Block>) {
    let mut reader = Blocks::new(text);
    let (mut all, mut part) = (Vec::new(), Vec::new());
    loop {
        reader.next_part(&mut part);
        if part.is_empty() {
            return (reader.shape, all);
        }
        all.append(&mut part);
    }
}

/// What a first pass over the lines tells of the whole text.
struct Survey {
    /// Blank lines that part lines at least.
    usual: u32,
    /// Bytes of all lines, and of those that are too long for paragraphs.
    bytes: usize,
    long: usize,
    /// Characters of the widest line that has a space; none where a line is
    /// wider than hard-wrapped text has them.
    column: Option<usize>,
    /// The lines, if they are few.
    lines: Option<Vec<Line>>,
}

impl Survey {
    #[inline(always)]
    fn new(text: &str) -> Survey {
        let mut survey = Survey { usual: u32::MAX, bytes: 0, long: 0, column: Some(0), lines: Some(Vec::new()) };
        for (i, line) in Lines::new(text).enumerate() {
            let slice = &text[line.range()];
            match &mut survey.lines {
                Some(lines) if lines.len() < REMEMBERED => lines.push(line),
                lines => *lines = None,
            }
            survey.bytes += slice.len();
            survey.long += if is_longer(slice, LONG_LINE) { slice.len() } else { 0 };
            if i > 0 {
                survey.usual = survey.usual.min(line.blanks);
            }
            let Some(column) = survey.column else { continue };
            if slice.len() > WIDEST_WRAP && slice.contains(is_space) {
                let wide = width(slice);
                survey.column = (wide <= WIDEST_WRAP).then_some(column.max(wide));
            } else if slice.len() > column && (slice.contains(is_space) || slice.starts_with(is_unspaced)) {
                survey.column = Some(column.max(width(slice)));
            }
        }
        survey
    }

    /// Whether most of the text stands on lines that are too long for paragraphs.
    fn is_flattened(&self) -> bool {
        self.long * 10 > self.bytes * 6
    }

    /// The column at which `text` is hard-wrapped, in characters, if it is.
    fn wrap_column(&self, text: &str) -> Option<usize> {
        let column = self.column.filter(|column| *column >= NARROWEST_WRAP)?;
        let (mut full, mut open) = (0, 0);
        // What is remembered need not be found again.
        let again = if self.lines.is_some() { "" } else { text };
        let mut lines = self.lines.iter().flatten().copied().chain(Lines::new(again)).peekable();
        while let Some(line) = lines.next() {
            let slice = &text[line.range()];
            if lines.peek().is_some_and(|next| continues(text, &line, next, column)) {
                full += slice.len();
                open += if slice.ends_with(['.', '!', '?', '。', '！', '？']) { 0 } else { slice.len() };
            }
        }
        // Wrapped lines end where the column ends, not where a sentence does.
        (full * 4 > self.bytes && open * 2 > full).then_some(column)
    }
}

/// Characters and spaces of a line.
fn width(line: &str) -> usize {
    line.chars().filter(|c| is_space(*c) || !is_blank(*c)).count()
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
        let long = 3 * LONGEST;
        let sentence = "The council met on Monday. ";
        for (piece, end) in [(sentence, "Monday."), ("a b ", "b"), ("a", "a"), ("橋", "橋")] {
            let text = piece.repeat(long / piece.len());
            let blocks = blocks(&text).1;
            assert!(blocks.len() > 2 && blocks.iter().all(|block| block.range().len() <= LONGEST));
            assert!(blocks.iter().all(|block| text[block.range()].ends_with(end)));
            assert!(blocks.iter().skip(1).all(|block| block.inline && !block.gap));
            let bytes = |text: &str| text.bytes().filter(|b| *b != b' ').count();
            assert_eq!(blocks.iter().map(|block| bytes(&text[block.range()])).sum::<usize>(), bytes(&text));
        }
        // Short lines enough, and the text is not flattened.
        let text = format!("{}\n{}", "a ".repeat(LONGEST), "It is.\n".repeat(LONGEST));
        let (shape, blocks) = blocks(&text);
        assert!(shape == Shape::Lines && blocks[1].inline && !blocks[2].inline);
    }
}
