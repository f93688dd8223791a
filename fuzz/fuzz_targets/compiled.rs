//! Any bytes as compiled lexicons: refused, or usable on any block.
#![no_main]

use std::hint::black_box;

use bodycopy::inside::lexicon::{Lexicon, Section, Words};
use bodycopy::inside::scan;
use libfuzzer_sys::fuzz_target;

const BLOCKS: [&str; 4] = ["Share", "Read more: why 12 3 bridges are closed", "分享到微信", "By Ann Example (1/2)."];

fuzz_target!(|data: &[u8]| {
    let Some(lexicon) = Lexicon::read(data) else { return };
    for block in BLOCKS {
        let mut tokens = Vec::new();
        let label = scan(block, &mut tokens).label;
        let mut words = Words::default();
        lexicon.mark(&mut tokens, &mut words);
        let hits = lexicon.hits(&tokens, label, &words);
        for (at, section) in Section::ALL.iter().enumerate() {
            let found = lexicon.find(&mut tokens, label, *section);
            assert_eq!(hits.covered[at] > 0, found.is_some());
        }
        black_box((
            tokens[0].function,
            lexicon.is_aside(&tokens, label, &mut words),
            lexicon.may_open_aside(tokens[0]),
        ));
    }
});
