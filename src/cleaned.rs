//! Labels → spans → clean text: the result of cleaning.
//!
//! Two views of the same decision: *spans* tile the input, first byte to last;
//! *text* is what the kept spans say, with the input's own line breaks between.

use std::cell::OnceCell;
use std::fmt;
use std::iter::Peekable;
use std::ops::Range;

use crate::block::Shape;
use crate::cleaner::Cleaner;
use crate::kind::Kind;
use crate::line::breaks;
use crate::outline::{Labelled, Outline};
use crate::reason::{Explainer, Reason};

/// What became of a text. It borrows the text and copies nothing of it until
/// [`text`](Cleaned::text) is called.
pub struct Cleaned<'a> {
    source: &'a str,
    shape: Shape,
    outline: Outline,
    cleaner: Cleaner,
    explainer: OnceCell<Explainer>,
}

impl<'a> Cleaned<'a> {
    pub(crate) fn new(source: &'a str, shape: Shape, outline: Outline, cleaner: Cleaner) -> Cleaned<'a> {
        Cleaned { source, shape, outline, cleaner, explainer: OnceCell::new() }
    }

    /// The text that was cleaned.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// How the input is broken into lines.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Whether anything in the input was found to be body.
    pub fn has_body(&self) -> bool {
        self.outline.size(Kind::Body).0 > 0
    }

    /// The kept copy: by default the article's body, else the kinds that
    /// [`Cleaner::keep`] names.
    ///
    /// Every character comes from the input, in the input's order. Between two
    /// kept blocks stand the first line breaks that the input has between them:
    /// two where it has a blank line, else one, or the space between two
    /// sentences of one line.
    pub fn text(&self) -> String {
        let kinds = Kind::ALL.iter().filter(|kind| self.cleaner.keeps(**kind));
        // A blank line takes two bytes, in most texts.
        let size = kinds.map(|kind| self.outline.size(*kind)).map(|(blocks, bytes)| 2 * blocks + bytes).sum();
        let mut text = String::with_capacity(size);
        self.write_to(&mut text).expect("a string takes all");
        text
    }

    fn write_to(&self, out: &mut impl fmt::Write) -> fmt::Result {
        let mut last: Option<usize> = None;
        let kept = self.outline.blocks().filter(|block| self.cleaner.keeps(block.kind));
        for block in kept.map(|labelled| labelled.block) {
            if let Some(end) = last {
                self.write_break(end..block.start, out)?;
            }
            out.write_str(&self.source[block.range()])?;
            last = Some(block.end);
        }
        Ok(())
    }

    /// Writes the line breaks that part two kept blocks, out of what is between.
    fn write_break(&self, between: Range<usize>, out: &mut impl fmt::Write) -> fmt::Result {
        let between = &self.source[between];
        let mut last: Option<Range<usize>> = None;
        for line_break in breaks(between) {
            if let Some(first) = last {
                if between[first.end..line_break.start].chars().all(crate::line::is_blank) {
                    // A blank line; the first break is already there.
                    return out.write_str(&between[line_break]);
                }
            } else {
                out.write_str(&between[line_break.clone()])?;
            }
            last = Some(line_break);
        }
        if last.is_some() {
            return Ok(());
        }
        let space = between.char_indices().find(|(_, c)| c.is_whitespace());
        out.write_str(space.map_or("", |(at, c)| &between[at..at + c.len_utf8()]))
    }

    /// Spans that tile the input: the first starts at 0, each starts where the
    /// one before ends, the last ends with the input. Space around blocks goes
    /// with the block before it, or with the first.
    pub fn spans(&self) -> impl ExactSizeIterator<Item = Span<'_, 'a>> {
        Spans { cleaned: self, blocks: self.outline.blocks().peekable(), index: 0 }
    }

    /// The blocks of one kind, in order, as slices of the input.
    pub fn parts(&self, kind: Kind) -> impl Iterator<Item = &'a str> {
        let blocks = self.outline.blocks().filter(move |block| block.kind == kind);
        blocks.map(|labelled| &self.source[labelled.block.range()])
    }

    /// The article's title: the last headline before the body starts, which
    /// stands nearest to the story, or else the first one.
    pub fn headline(&self) -> Option<&'a str> {
        let before = self.outline.blocks().take_while(|block| block.kind != Kind::Body);
        let near = before.filter(|block| block.kind == Kind::Headline).last();
        match near {
            Some(headline) => Some(&self.source[headline.block.range()]),
            None => self.parts(Kind::Headline).next(),
        }
    }

    /// The block that is most probably of a kind.
    fn likeliest(&self, kind: Kind) -> Option<&'a str> {
        self.outline.likeliest(kind).map(|block| &self.source[block.range()])
    }

    /// The summary under the headline, where there is one.
    pub fn standfirst(&self) -> Option<&'a str> {
        self.parts(Kind::Standfirst).next()
    }

    /// Who wrote it, where a line says so: the block that is most probably a
    /// byline, if it is one with at least 1 in 5. Its own span may have another
    /// kind that is more probable still.
    pub fn byline(&self) -> Option<&'a str> {
        self.likeliest(Kind::Byline)
    }

    /// When it was published or updated, where a line says so; found as the
    /// [byline](Cleaned::byline) is.
    pub fn timestamp(&self) -> Option<&'a str> {
        self.likeliest(Kind::Timestamp)
    }

    /// The first caption of a picture or video.
    pub fn caption(&self) -> Option<&'a str> {
        self.parts(Kind::Caption).next()
    }
}

/// Writes what [`text`](Cleaned::text) returns, piece by piece, without a copy of
/// it in memory.
impl fmt::Display for Cleaned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_to(f)
    }
}

impl fmt::Debug for Cleaned<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.spans()).finish()
    }
}

/// Goes through the spans of a text.
struct Spans<'c, 'a, B: Iterator<Item = Labelled>> {
    cleaned: &'c Cleaned<'a>,
    blocks: Peekable<B>,
    index: usize,
}

impl<'c, 'a, B: Iterator<Item = Labelled>> Iterator for Spans<'c, 'a, B> {
    type Item = Span<'c, 'a>;

    fn next(&mut self) -> Option<Span<'c, 'a>> {
        let source = self.cleaned.source.len();
        let index = self.index;
        let labelled = self.blocks.next();
        // Input of nothing but space is one span that has no block.
        if labelled.is_none() && (index > 0 || source == 0) {
            return None;
        }
        self.index += 1;
        let start = labelled.filter(|_| index > 0).map_or(0, |labelled| labelled.block.start);
        let end = self.blocks.peek().map_or(source, |next| next.block.start);
        Some(Span { cleaned: self.cleaned, index, start, end, labelled })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let blocks = self.cleaned.outline.len();
        let all = blocks.max(usize::from(!self.cleaned.source.is_empty()));
        (all - self.index, Some(all - self.index))
    }
}

impl<B: Iterator<Item = Labelled>> ExactSizeIterator for Spans<'_, '_, B> {}

/// A stretch of the input that has one kind.
#[derive(Clone, Copy)]
pub struct Span<'c, 'a> {
    cleaned: &'c Cleaned<'a>,
    index: usize,
    start: usize,
    end: usize,
    labelled: Option<Labelled>,
}

impl<'a> Span<'_, 'a> {
    /// Where the span stands in the input, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The span's bytes of the input, the space after them too.
    pub fn source(&self) -> &'a str {
        &self.cleaned.source[self.range()]
    }

    /// The span's block, without the space around it.
    pub fn text(&self) -> &'a str {
        self.labelled.map_or("", |labelled| &self.cleaned.source[labelled.block.range()])
    }

    /// What the span is.
    pub fn kind(&self) -> Kind {
        self.labelled.map_or(Kind::Other, |labelled| labelled.kind)
    }

    /// Whether [`Cleaned::text`] has it.
    pub fn is_kept(&self) -> bool {
        !self.text().is_empty() && self.cleaner().keeps(self.kind())
    }

    /// How probable it is, from 0 to 1, that the span is body where its kind
    /// is `body`, or is not body where its kind is another.
    pub fn confidence(&self) -> f32 {
        self.labelled.map_or(1.0, |labelled| labelled.confidence)
    }

    /// What spoke for calling it body, or for not calling it so, strongest
    /// first; empty for spans without a word. Worked out when asked for: a
    /// page's reasons cost some hundred times what its spans cost.
    pub fn reasons(&self) -> Vec<Reason> {
        if self.labelled.is_none() {
            return Vec::new();
        }
        let explainer = self.cleaned.explainer.get_or_init(Explainer::default);
        let is_body = self.kind() == Kind::Body;
        explainer.reasons(self.cleaner(), self.cleaned.source, &self.cleaned.outline, self.index, is_body)
    }

    fn cleaner(&self) -> &Cleaner {
        &self.cleaned.cleaner
    }
}

impl fmt::Debug for Span<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} {:.2} {:?}", self.range(), self.kind(), self.confidence(), self.text())
    }
}
