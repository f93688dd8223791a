//! Any options: kinds, favour and rules from the first bytes, phrases from
//! anywhere in the text.
#![no_main]

use bodycopy::{Anchor, Cleaner, Favor, Kind};
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;

fn cleaner(data: &mut Unstructured, text: &str) -> Result<Cleaner> {
    let mut cleaner = Cleaner::new().favor(*data.choose(&[Favor::Recall, Favor::Balanced, Favor::Precision])?);
    let kept: u32 = data.arbitrary()?;
    if kept != 0 {
        cleaner = cleaner.keep(Kind::ALL.iter().filter(|kind| kept >> kind.index() & 1 == 1).copied());
    }
    for _ in 0..data.int_in_range(0..=6)? {
        let anchor = *data.choose(&[Anchor::Whole, Anchor::Start, Anchor::End, Anchor::Anywhere])?;
        let (from, length) = (usize::from(data.arbitrary::<u16>()?), usize::from(data.arbitrary::<u8>()?));
        let phrase: String = text.chars().skip(from % text.len().max(1)).take(length).collect();
        cleaner = if data.arbitrary()? { cleaner.drop(&phrase, anchor) } else { cleaner.keep_phrase(&phrase, anchor) };
    }
    Ok(cleaner)
}

fuzz_target!(|data: &[u8]| {
    let (options, text) = data.split_at(data.len().min(48));
    let text = String::from_utf8_lossy(text);
    let Ok(cleaner) = cleaner(&mut Unstructured::new(options), &text) else { return };
    let cleaned = bodycopy_fuzz::clean(&cleaner, &text);
    if let Some(span) = cleaned.spans().last() {
        span.reasons();
    }
});
