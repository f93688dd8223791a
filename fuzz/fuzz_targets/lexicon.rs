//! Any text as a lexicon file: malformed lines are told, the rest compiles to
//! what the library reads, and every phrase hits a block of its own words.
#![no_main]

use bodycopy::inside::lexicon::{Entry, LONGEST, Lexicon, NUMBER, Words, compile, entries};
use bodycopy::inside::scan;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &str| {
    let lexicon = Lexicon::read(&compile(&[("xx", file)])).expect("what is compiled reads back");
    let lines = file.lines().count();
    for (line, entry) in entries(file) {
        assert!((1..=lines).contains(&line));
        let Entry::Phrase(section, _, phrase) = entry else { continue };
        let mut tokens = Vec::new();
        scan(&phrase.replace('#', " 0 "), &mut tokens);
        let words = Words::hashes(&tokens);
        if words.len() <= LONGEST && words.iter().any(|word| *word != NUMBER) {
            let mut words = Words::default();
            lexicon.mark(&mut tokens, &mut words);
            let hits = lexicon.hits(&tokens, 0, &words);
            assert!(hits.covered[section as usize] > 0, "{phrase:?}");
        }
    }
});
