#![forbid(unsafe_code)]
// Loops over channels and blocks read as the formulas do.
#![allow(clippy::needless_range_loop)]
#![doc = include_str!("../README.md")]

mod block;
mod class;
mod cleaned;
mod cleaner;
mod count;
mod feature;
mod kind;
mod label;
mod lexicon;
mod line;
mod model;
mod outline;
mod page;
mod reason;
mod rule;
mod scan;
mod score;
mod seam;
mod token;
#[cfg(any(target_arch = "wasm32", test, feature = "inside"))]
mod utf16;
mod varint;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod weights;
mod window;

pub use block::Shape;
pub use cleaned::{Cleaned, Span};
pub use cleaner::Cleaner;
pub use kind::{Kind, UnknownKind};
pub use label::Favor;
pub use reason::Reason;
pub use rule::Anchor;

/// Cleans `text` with the default options: keeps the body, balanced between
/// recall and precision.
pub fn clean(text: &str) -> Cleaned<'_> {
    Cleaner::new().clean(text)
}

/// The stages' insides, for the lab that trains and measures the model and for
/// the fuzz targets.
#[cfg(feature = "inside")]
#[doc(hidden)]
pub mod inside {
    pub use crate::block::{Block, blocks};
    pub use crate::feature::Group;
    pub mod feature {
        pub use crate::feature::*;
    }
    pub mod lexicon {
        pub use crate::lexicon::compile::compile;
        pub use crate::lexicon::entry::{Entry, FILES, entries};
        pub use crate::lexicon::{Hits, LONGEST, Lexicon, NUMBER, Section, Words};
    }
    pub use crate::label::{Label, body_odds, labels};
    pub use crate::model::{
        CHANNELS, DILATIONS, FADES, Layer, Model, PAGE_LAYER, Parameters, Row, Scores, TAPS, Values, tensors,
    };
    pub use crate::page::Page;
    pub use crate::rule::{Rules, Verdict};
    pub use crate::scan::scan;
    pub use crate::score::{Tape, add_scaled, softmax};
    pub use crate::token::Token;
    pub mod utf16 {
        pub use crate::utf16::*;
    }
    pub mod weights {
        pub use crate::weights::*;
    }
}
