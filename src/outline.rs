//! Labels → outline: what is kept of a text's blocks and labels, packed.
//!
//! A block takes five bytes or little more, so that a text of tiny lines takes
//! no more than a few times its own size. Blocks are read in order; every part
//! of the text ([`crate::block::Blocks`]) can be read by itself.

use crate::block::Block;
use crate::kind::Kind;
use crate::label::Label;
use crate::varint;

/// A block and what it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Labelled {
    pub block: Block,
    pub kind: Kind,
    /// See [`Label::confidence`]; kept in steps of 1/65535.
    pub confidence: f32,
}

/// The labelled blocks of a text.
#[derive(Default)]
pub struct Outline {
    parts: Vec<Part>,
    len: usize,
    /// Where the last block ends.
    end: usize,
    /// By kind: blocks, and the bytes in them.
    sizes: [(usize, usize); Kind::COUNT],
    likeliest: [Option<(f32, Block)>; LIKELIEST.len()],
}

/// The blocks that were looked at together.
struct Part {
    /// Blocks before the part.
    first: usize,
    /// Where the block before ends, in bytes of the text.
    from: usize,
    /// For every block: bytes of space before it and bytes in it; a byte of kind and
    /// flags; two of confidence.
    packed: Box<[u8]>,
}

/// Kinds of which the block that is most probably one is remembered.
const LIKELIEST: [Kind; 2] = [Kind::Byline, Kind::Timestamp];

const GAP: u8 = 0x20;
const INLINE: u8 = 0x40;
const STEPS: f32 = u16::MAX as f32;

impl Outline {
    /// Adds a part's blocks and their labels.
    pub fn push(&mut self, blocks: &[Block], labels: impl Iterator<Item = Label>) {
        let from = self.end;
        let mut packed = Vec::with_capacity(6 * blocks.len());
        for (block, label) in blocks.iter().zip(labels) {
            varint::push(&mut packed, block.start - self.end);
            varint::push(&mut packed, block.end - block.start);
            self.end = block.end;
            let (count, bytes) = &mut self.sizes[label.kind.index()];
            *count += 1;
            *bytes += block.end - block.start;
            let flags = if block.gap { GAP } else { 0 } | if block.inline { INLINE } else { 0 };
            packed.push(label.kind.index() as u8 | flags);
            packed.extend(((label.confidence * STEPS).round() as u16).to_le_bytes());
            if let Some(of) = LIKELIEST.iter().position(|kind| *kind == label.kind) {
                let best = &mut self.likeliest[of];
                if best.as_ref().is_none_or(|(chance, _)| label.chance > *chance) {
                    *best = Some((label.chance, *block));
                }
            }
        }
        self.parts.push(Part { first: self.len, from, packed: packed.into_boxed_slice() });
        self.len += blocks.len();
    }

    /// The number of blocks.
    pub fn len(&self) -> usize {
        self.len
    }

    /// How many blocks there are of a kind, and how many bytes are in them.
    pub fn size(&self, kind: Kind) -> (usize, usize) {
        self.sizes[kind.index()]
    }

    /// All blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = Labelled> + '_ {
        self.parts.iter().flat_map(Part::blocks)
    }

    /// Of the blocks that were looked at with block `index`, the number of the
    /// first, and all of them.
    pub fn part(&self, index: usize) -> Option<(usize, Vec<Block>)> {
        let at = self.parts.partition_point(|part| part.first <= index).checked_sub(1)?;
        let part = &self.parts[at];
        Some((part.first, part.blocks().map(|labelled| labelled.block).collect()))
    }

    /// The block that is most probably of a kind, of those that are; of several,
    /// the first. Known of bylines and timestamps.
    pub fn likeliest(&self, kind: Kind) -> Option<&Block> {
        let of = LIKELIEST.iter().position(|known| *known == kind)?;
        self.likeliest[of].as_ref().map(|(_, block)| block)
    }
}

impl Part {
    fn blocks(&self) -> impl Iterator<Item = Labelled> + '_ {
        let (mut rest, mut end) = (&*self.packed, self.from);
        std::iter::from_fn(move || {
            let start = end + varint::pull::<usize>(&mut rest)?;
            end = start + varint::pull::<usize>(&mut rest)?;
            let [flags, low, high, ..] = *rest else { return None };
            rest = &rest[3..];
            let kind = Kind::ALL[usize::from(flags & !(GAP | INLINE))];
            let confidence = f32::from(u16::from_le_bytes([low, high])) / STEPS;
            let block = Block { start, end, gap: flags & GAP != 0, inline: flags & INLINE != 0 };
            Some(Labelled { block, kind, confidence })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out() {
        let block = |start, end, gap| Block { start, end, gap, inline: !gap };
        let label = |kind, confidence, chance| Label { kind, confidence, chance };
        let blocks = [block(0, 1, false), block(2, 300, true), block(100_000, 170_000, false)];
        let labels = [label(Kind::Byline, 1.0, 0.5), label(Kind::Body, 0.35, 0.35), label(Kind::Byline, 0.9, 0.6)];
        let mut outline = Outline::default();
        outline.push(&blocks[..2], labels[..2].iter().copied());
        outline.push(&blocks[2..], labels[2..].iter().copied());
        assert_eq!((outline.len(), outline.blocks().count()), (3, 3));
        for ((labelled, block), label) in outline.blocks().zip(&blocks).zip(&labels) {
            assert_eq!((&labelled.block, labelled.kind), (block, label.kind));
            assert!((labelled.confidence - label.confidence).abs() < 1e-4);
        }
        assert_eq!(outline.likeliest(Kind::Byline), Some(&blocks[2]));
        assert_eq!(outline.likeliest(Kind::Timestamp), None);
        assert_eq!(outline.part(1), Some((0, blocks[..2].to_vec())));
        assert_eq!(outline.part(2), Some((2, blocks[2..].to_vec())));
    }
}
