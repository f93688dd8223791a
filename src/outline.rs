//! Labels → outline: what is kept of a text's blocks and labels, packed.
//!
//! A block takes four bytes or a few more, so that a text of tiny lines takes no
//! more than a few times its own size. Blocks are read in order; every part
//! of the text ([`crate::block::Blocks`]) can be read by itself.

use crate::block::Block;
use crate::kind::Kind;
use crate::label::{LIKELY, Label};
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
    /// A part while it is packed; kept, so that parts leave no holes in memory.
    packing: Vec<u8>,
}

/// The blocks that were looked at together.
struct Part {
    /// Blocks before the part.
    first: usize,
    /// Where the block before ends, in bytes of the text.
    from: usize,
    /// For every block: a byte of kind and flags; the bytes of space before it and
    /// in it, in one byte where they are few; two bytes of confidence.
    packed: Box<[u8]>,
}

/// Kinds of which the block that is most probably one is remembered, whatever
/// its label, if it reaches [`LIKELY`].
const LIKELIEST: [Kind; 2] = [Kind::Byline, Kind::Timestamp];

const GAP: u8 = 0x20;
const INLINE: u8 = 0x40;
const FEW: u8 = 0x80;
const STEPS: f32 = u16::MAX as f32;

/// Kinds must leave the flags' bits alone.
const _: () = assert!(Kind::COUNT <= GAP as usize);

/// Space of fewer bytes, and blocks of fewer, share one byte.
const FEW_BETWEEN: usize = 4;
const FEW_WITHIN: usize = 64;

impl Outline {
    /// Adds a part's blocks and their labels.
    pub fn push(&mut self, blocks: &[Block], labels: impl Iterator<Item = Label>) {
        let from = self.end;
        let packed = &mut self.packing;
        packed.clear();
        for (block, label) in blocks.iter().zip(labels) {
            let (between, within) = (block.start - self.end, block.end - block.start);
            let flags = if block.gap { GAP } else { 0 } | if block.inline { INLINE } else { 0 };
            let flags = flags | label.kind.index() as u8;
            if between < FEW_BETWEEN && within < FEW_WITHIN {
                packed.extend([flags | FEW, (between * FEW_WITHIN + within) as u8]);
            } else {
                packed.push(flags);
                varint::push(packed, between);
                varint::push(packed, within);
            }
            packed.extend(((label.confidence * STEPS).round() as u16).to_le_bytes());
            self.end = block.end;
            let (count, bytes) = &mut self.sizes[label.kind.index()];
            *count += 1;
            *bytes += within;
            for (kind, best) in LIKELIEST.iter().zip(&mut self.likeliest) {
                let chance = label.chances[kind.index()];
                if chance > best.as_ref().map_or(LIKELY, |(best, _)| *best) {
                    *best = Some((chance, *block));
                }
            }
        }
        self.parts.push(Part { first: self.len, from, packed: packed.as_slice().into() });
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

    /// The block that is most probably of a kind; of several, the first. Known of
    /// bylines and timestamps.
    pub fn likeliest(&self, kind: Kind) -> Option<&Block> {
        let of = LIKELIEST.iter().position(|known| *known == kind)?;
        self.likeliest[of].as_ref().map(|(_, block)| block)
    }
}

impl Part {
    fn blocks(&self) -> impl Iterator<Item = Labelled> + '_ {
        let (mut rest, mut end) = (&*self.packed, self.from);
        std::iter::from_fn(move || {
            let flags = take(&mut rest)?;
            let (between, within) = if flags & FEW > 0 {
                let both = usize::from(take(&mut rest)?);
                (both / FEW_WITHIN, both % FEW_WITHIN)
            } else {
                (varint::pull(&mut rest)?, varint::pull(&mut rest)?)
            };
            let (low, high) = (take(&mut rest)?, take(&mut rest)?);
            let start = end + between;
            end = start + within;
            let kind = Kind::ALL[usize::from(flags & !(GAP | INLINE | FEW))];
            let confidence = f32::from(u16::from_le_bytes([low, high])) / STEPS;
            let block = Block { start, end, gap: flags & GAP != 0, inline: flags & INLINE != 0 };
            Some(Labelled { block, kind, confidence })
        })
    }
}

fn take(bytes: &mut &[u8]) -> Option<u8> {
    let (&byte, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out() {
        let block = |start, end, gap| Block { start, end, gap, inline: !gap };
        let label = |kind, confidence, byline| {
            let mut chances = [0.0; Kind::COUNT];
            chances[Kind::Byline.index()] = byline;
            chances[Kind::Timestamp.index()] = 0.1;
            Label { kind, confidence, chances }
        };
        let blocks = [
            block(0, 1, false),
            block(2, 300, true),
            block(303, 366, true),
            block(370, 371, true),
            block(100_000, 170_000, false),
        ];
        let (byline, body) = (Kind::Byline, Kind::Body);
        let labels =
            [(byline, 1.0, 0.5), (body, 0.35, 0.0), (body, 0.5, 0.1), (Kind::Other, 0.7, 0.3), (byline, 0.9, 0.6)];
        let labels = labels.map(|(kind, confidence, byline)| label(kind, confidence, byline));
        let mut outline = Outline::default();
        outline.push(&blocks[..2], labels[..2].iter().copied());
        outline.push(&blocks[2..], labels[2..].iter().copied());
        assert_eq!((outline.len(), outline.blocks().count()), (5, 5));
        for ((labelled, block), label) in outline.blocks().zip(&blocks).zip(&labels) {
            assert_eq!((&labelled.block, labelled.kind), (block, label.kind));
            assert!((labelled.confidence - label.confidence).abs() < 1e-4);
        }
        assert_eq!(outline.likeliest(Kind::Byline), Some(&blocks[4]));
        assert_eq!(outline.likeliest(Kind::Timestamp), None);
        assert_eq!(outline.part(1), Some((0, blocks[..2].to_vec())));
        assert_eq!(outline.part(2), Some((2, blocks[2..].to_vec())));
        let mut outline = Outline::default();
        outline.push(&blocks[3..4], labels[3..4].iter().copied());
        assert_eq!(outline.likeliest(Kind::Byline), Some(&blocks[3]), "a byline whatever its label");
    }
}
