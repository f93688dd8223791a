//! The border to JavaScript: offsets in UTF-16 code units tile the string as
//! the caller has it, and cut it where the spans are.
#![no_main]

use bodycopy::inside::utf16;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // A string of JavaScript's; half a surrogate pair becomes U+FFFD.
    let units: Vec<u16> = data.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let mut texts = vec![String::from_utf16_lossy(&units)];
    texts.extend(str::from_utf8(data).map(str::to_owned));
    for text in texts {
        let units: Vec<u16> = text.encode_utf16().collect();
        let cleaned = bodycopy::clean(&text);
        let mut end = 0;
        for (range, span) in utf16::spans(&cleaned) {
            assert_eq!(range.start, end);
            end = range.end;
            let slice = &units[range.start as usize..range.end as usize];
            assert!(String::from_utf16(slice).is_ok_and(|slice| slice == span.source()));
        }
        assert_eq!(end as usize, units.len());
    }
    assert_eq!(String::from_utf16_lossy(&units).encode_utf16().count(), units.len());
});
