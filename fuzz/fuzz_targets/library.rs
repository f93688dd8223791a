//! Any text, with the default options, and the reasons of a span.
#![no_main]

use bodycopy::Cleaner;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let cleaned = bodycopy_fuzz::clean(&Cleaner::new(), text);
    for span in cleaned.spans() {
        assert!((0.0..=1.0).contains(&span.confidence()));
    }
    // Reasons cost far more than all else, so only some are looked at.
    for span in cleaned.spans().skip(cleaned.spans().len() / 2).take(1) {
        let reasons = span.reasons();
        assert!(reasons.is_sorted_by(|a, b| a.weight >= b.weight));
        assert!(reasons.iter().all(|reason| reason.weight > 0.0 && !reason.text.is_empty()));
    }
});
