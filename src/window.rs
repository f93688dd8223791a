//! Bytes → bit sets: which of 64 bytes are letters, digits, spaces.
//!
//! What is asked of every byte is asked of 16 at a time, with the vector
//! instructions that every machine has. Bit `i` of a set stands for byte `i`.

use wide::{CmpGt, CmpLt, i8x16};

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
        match text[at..].first_chunk() {
            Some(bytes) => Window::of(bytes),
            None => {
                let mut bytes = [b' '; WINDOW];
                bytes[..text.len() - at].copy_from_slice(&text[at..]);
                Window::of(&bytes)
            }
        }
    }

    #[inline(always)]
    fn of(bytes: &[u8; WINDOW]) -> Window {
        let mut window = Window::default();
        for (i, bytes) in bytes.as_chunks::<16>().0.iter().enumerate() {
            let mut signed = [0; 16];
            signed.iter_mut().zip(bytes).for_each(|(signed, byte)| *signed = *byte as i8);
            let bytes = i8x16::new(signed);
            let between = |bytes: i8x16, first: u8, last: u8| {
                bytes.cmp_gt(i8x16::splat(first as i8 - 1)) & bytes.cmp_lt(i8x16::splat(last as i8 + 1))
            };
            let bits = |bytes: i8x16| (bytes.move_mask() as u32 as u64 & 0xffff) << (16 * i);
            window.letter |= bits(between(bytes | i8x16::splat(0x20), b'a', b'z'));
            window.upper |= bits(between(bytes, b'A', b'Z'));
            window.digit |= bits(between(bytes, b'0', b'9'));
            // 0x7f wraps around to the least number, 0xff to 0.
            window.space |= bits((bytes + i8x16::splat(1)).cmp_lt(i8x16::splat(0x22)));
            window.high |= bits(bytes);
        }
        window.space &= !window.high;
        window
    }
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
}
