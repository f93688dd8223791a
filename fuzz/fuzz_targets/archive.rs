//! Any bytes as a WARC or WET file, as the command line reads them.
#![no_main]

use std::io::Cursor;

use bodycopy::Cleaner;
use bodycopy_fuzz::tally::Tally;
use bodycopy_fuzz::warc::{Batches, Records};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&options, data)) = data.split_first() else { return };
    let cleaner = Cleaner::new();
    let records = Records { cleaner: &cleaner, spans: options & 1 == 1, lossy: options & 2 == 2 };
    let (mut tally, mut pages) = (Tally::default(), 0);
    let batches = Batches::new(Box::new(Cursor::new(data.to_vec())));
    // A reader that goes on for ever would not end at its end.
    for batch in batches.take(data.len() + 2) {
        let Ok(batch) = batch else { continue };
        let (out, failures) = records.clean("in", batch, &mut tally);
        for line in String::from_utf8(out).expect("JSON is UTF-8").lines() {
            let page: serde_json::Value = serde_json::from_str(line).expect("each line is an object");
            assert!(page["url"].is_string() && page["text"].is_string());
            pages += 1;
        }
        failures.iter().for_each(|failure| assert!(failure.to_string().starts_with("in: ")));
    }
    assert_eq!(pages, tally.pages);
});
