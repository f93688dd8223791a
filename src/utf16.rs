//! Spans → offsets in UTF-16 code units, the units of JavaScript's strings.

use std::ops::Range;

use crate::{Cleaned, Span};

/// The spans of a text, each with where it stands in UTF-16 code units.
pub fn spans<'c, 'a>(cleaned: &'c Cleaned<'a>) -> impl Iterator<Item = (Range<u32>, Span<'c, 'a>)> {
    let mut end = 0;
    cleaned.spans().map(move |span| {
        let start = end;
        end += units(span.source());
        (start..end, span)
    })
}

/// How many code units a text takes: one a character, two beyond the Basic
/// Multilingual Plane, whose characters start with a byte from F0.
fn units(text: &str) -> u32 {
    let units = |byte: u8| u32::from(byte & 0xc0 != 0x80) + u32::from(byte >= 0xf0);
    text.bytes().map(units).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_javascript() {
        let text = "Über 🙂\n橋は𠀀\r\ne\u{301}\u{ffff}\u{10000}";
        let units: Vec<u16> = text.encode_utf16().collect();
        let cleaned = crate::clean(text);
        let mut end = 0;
        for (range, span) in spans(&cleaned) {
            assert_eq!(range.start as usize, end);
            end = range.end as usize;
            let slice = &units[range.start as usize..end];
            assert_eq!(String::from_utf16(slice).unwrap(), span.source());
        }
        assert_eq!(end, units.len());
    }
}
