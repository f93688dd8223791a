//! Any bytes as a weights file: an error that says what is wrong, or a model
//! that cleans without fault, however senseless its numbers.
#![no_main]

use std::sync::Arc;

use bodycopy::Cleaner;
use bodycopy::inside::weights;
use libfuzzer_sys::fuzz_target;

const PAGE: &str = "Home\nNews\n\nThe council said on Monday that the bridge is safe. It is old.\n\nShare\n© 2021 橋\n";

/// The shipped file, changed where the data says: `at`, `byte`, three bytes each.
fn changed(data: &[u8]) -> Vec<u8> {
    let mut file = weights::SHIPPED.to_vec();
    for change in data.as_chunks::<4>().0 {
        let at = usize::from_le_bytes([change[0], change[1], change[2], 0, 0, 0, 0, 0]) % file.len();
        file[at] = change[3];
    }
    file
}

fuzz_target!(|data: &[u8]| {
    for file in [data, &changed(data)] {
        match weights::read(file) {
            Ok((model, _)) => drop(bodycopy_fuzz::clean(&Cleaner::with_model(Arc::new(model)), PAGE)),
            Err(error) => assert!(error.to_string().starts_with("weights")),
        }
    }
});
