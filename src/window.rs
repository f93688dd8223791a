//! Bytes → bit sets: which of 64 bytes are letters, digits, spaces.
//!
//! What is asked of every byte is asked of 16 at a time, with the vector
//! instructions that every machine has. Bit `i` of a set stands for byte `i`.

use wide::{CmpEq, CmpGt, CmpLt, i8x16};

/// Bytes in a window.
pub const WINDOW: usize = 64;

/// 64 bytes of text. Bytes from 0x80 are in `high` and in no other set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    pub upper: u64,
    /// Letters of ASCII, capitals too.
    pub letter: u64,
    pub digit: u64,
    /// Controls and the space.
    pub space: u64,
    pub high: u64,
}

impl Window {
    /// Reads the bytes from `at`; past the end of the text stand spaces.
    #[inline(always)]
    pub fn read(text: &[u8], at: usize) -> Window {
        let mut window = Window::default();
        each(text, at, |bytes, place| {
            let bits = |bytes: i8x16| bits(bytes) << place;
            window.letter |= bits(between(bytes | i8x16::splat(0x20), b'a', b'z'));
            window.upper |= bits(between(bytes, b'A', b'Z'));
            window.digit |= bits(between(bytes, b'0', b'9'));
            // 0x7f wraps around to the least number, 0xff to 0.
            window.space |= bits((bytes + i8x16::splat(1)).cmp_lt(i8x16::splat(0x22)));
            window.high |= bits(bytes);
        });
        window.space &= !window.high;
        window
    }
}

/// Bytes that may be the last of a line break, in the window at `at`.
#[inline(always)]
pub fn breaks_in(text: &[u8], at: usize) -> u64 {
    let mut breaks = 0;
    each(text, at, |bytes, place| {
        let wide = is(bytes, 0x85) | is(bytes, 0xa8) | is(bytes, 0xa9);
        breaks |= bits(between(bytes, b'\n', b'\r') | wide) << place;
    });
    breaks
}

/// Spaces that a stop may precede or a bracket follows, in the window at `at`
/// but for its first and last byte.
#[inline(always)]
pub fn seams_in(text: &[u8], at: usize) -> u64 {
    let (mut spaces, mut stops, mut brackets) = (0, 0, 0);
    each(text, at, |bytes, place| {
        spaces |= bits(is(bytes, b' ')) << place;
        let stop = between(bytes, b'!', b'"') | is(bytes, b'.') | is(bytes, b'?') | is(bytes, b')');
        stops |= bits(stop | is(bytes, 0x9d) | is(bytes, 0xa6)) << place;
        brackets |= bits(is(bytes, b'(') | is(bytes, b'[')) << place;
    });
    spaces & (stops << 1 | brackets >> 1) & !(1 | 1 << (WINDOW - 1))
}

/// Calls `look` with the window's bytes, 16 at a time, and the place of the
/// first in the window.
#[inline(always)]
fn each(text: &[u8], at: usize, mut look: impl FnMut(i8x16, usize)) {
    let mut padded = [b' '; WINDOW];
    let bytes = text[at..].first_chunk().unwrap_or_else(|| {
        padded[..text.len() - at].copy_from_slice(&text[at..]);
        &padded
    });
    for (i, bytes) in bytes.as_chunks::<16>().0.iter().enumerate() {
        let mut signed = [0; 16];
        signed.iter_mut().zip(bytes).for_each(|(signed, byte)| *signed = *byte as i8);
        look(i8x16::new(signed), 16 * i);
    }
}

#[inline(always)]
fn bits(mask: i8x16) -> u64 {
    mask.move_mask() as u32 as u64 & 0xffff
}

#[inline(always)]
fn is(bytes: i8x16, byte: u8) -> i8x16 {
    bytes.cmp_eq(i8x16::splat(byte as i8))
}

/// Bytes of ASCII within a range.
#[inline(always)]
fn between(bytes: i8x16, first: u8, last: u8) -> i8x16 {
    bytes.cmp_gt(i8x16::splat(first as i8 - 1)) & bytes.cmp_lt(i8x16::splat(last as i8 + 1))
}

/// The lowest `count` bits.
#[inline(always)]
pub fn low(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_the_sets_it_belongs_to() {
        for byte in 0..=255u8 {
            let window = Window::read(&[b'-', byte, b'-'], 0);
            let has = |set: u64| set >> 1 & 1 == 1;
            assert_eq!(has(window.upper), byte.is_ascii_uppercase(), "{byte}");
            assert_eq!(has(window.letter), byte.is_ascii_alphabetic(), "{byte}");
            assert_eq!(has(window.digit), byte.is_ascii_digit(), "{byte}");
            assert_eq!(has(window.space), byte <= b' ' || byte == 0x7f, "{byte}");
            assert_eq!(has(window.high), byte >= 0x80, "{byte}");
        }
        assert_eq!(Window::read(b"a b", 0).letter, 0b101);
    }

    #[test]
    fn breaks_and_seams_are_found() {
        let text = "ab\nc\u{2028}d. E (f";
        assert_eq!(breaks_in(text.as_bytes(), 0), 1 << 2 | 1 << 6);
        assert_eq!(seams_in(text.as_bytes(), 0), 1 << 9 | 1 << 11);
    }
}
