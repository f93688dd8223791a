//! The pipeline, and its options.

use std::cell::Cell;
use std::sync::{Arc, OnceLock};

use crate::block::{Block, Blocks};
use crate::cleaned::Cleaned;
use crate::feature;
use crate::kind::{Kind, KindSet};
use crate::label::{Favor, labels};
use crate::model::Model;
use crate::outline::Outline;
use crate::page::Page;
use crate::rule::{Anchor, Rules, Verdict};
use crate::score::Tape;
use crate::weights;

/// Memory to use again for the next text of the thread.
#[derive(Default)]
struct Scratch {
    part: Vec<Block>,
    features: Vec<f32>,
    tape: Tape,
}

/// Blocks of a text whose memory is kept, at most.
const KEPT: usize = 1024;

thread_local! {
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// A cleaner with options of its own; [`clean`](crate::clean) is the default one.
///
/// It is cheap to clone and to share between threads.
///
/// ```
/// use bodycopy::{Cleaner, Favor, Kind};
///
/// let cleaner = Cleaner::new().keep([Kind::Headline, Kind::Body]).favor(Favor::Recall);
/// let cleaned = cleaner.clean("Share\nTweet");
/// assert_eq!(cleaned.text(), "");
/// ```
#[derive(Clone, Debug)]
pub struct Cleaner {
    keep: KindSet,
    favor: Favor,
    rules: Arc<Rules>,
    pub(crate) model: Arc<Model>,
}

impl Default for Cleaner {
    fn default() -> Self {
        Cleaner::new()
    }
}

impl Cleaner {
    /// A cleaner that keeps the body, balanced between recall and precision.
    pub fn new() -> Cleaner {
        static MODEL: OnceLock<Arc<Model>> = OnceLock::new();
        let shipped = || {
            let (model, _) = weights::read(weights::SHIPPED).expect("the shipped weights are tested");
            Arc::new(model)
        };
        Cleaner::with_model(Arc::clone(MODEL.get_or_init(shipped)))
    }

    /// A cleaner that decides by another model than the shipped one.
    #[doc(hidden)]
    pub fn with_model(model: Arc<Model>) -> Cleaner {
        Cleaner { keep: KindSet::from_iter([Kind::Body]), favor: Favor::Balanced, rules: Arc::default(), model }
    }

    /// Sets the kinds that [`Cleaned::text`] keeps; without this call, the body.
    pub fn keep(mut self, kinds: impl IntoIterator<Item = Kind>) -> Cleaner {
        self.keep = kinds.into_iter().collect();
        self
    }

    /// Sets which fault to avoid where there is doubt.
    pub fn favor(mut self, favor: Favor) -> Cleaner {
        self.favor = favor;
        self
    }

    /// Adds a phrase of your own: blocks with it are clutter. The phrase is
    /// evidence that the model sees before it decides, so blocks around it
    /// profit too. Of several rules that fit a block, the last one counts; a
    /// phrase without a letter or digit fits none.
    pub fn drop(mut self, phrase: &str, anchor: Anchor) -> Cleaner {
        Arc::make_mut(&mut self.rules).push(phrase, anchor, Verdict::Drop);
        self
    }

    /// Adds a phrase of your own: blocks with it belong to the article.
    pub fn keep_phrase(mut self, phrase: &str, anchor: Anchor) -> Cleaner {
        Arc::make_mut(&mut self.rules).push(phrase, anchor, Verdict::Keep);
        self
    }

    /// Cleans `text`.
    pub fn clean<'a>(&self, text: &'a str) -> Cleaned<'a> {
        let mut blocks = Blocks::new(text);
        let mut outline = Outline::default();
        let mut scratch = SCRATCH.take();
        let Scratch { part, features, tape } = &mut scratch;
        loop {
            blocks.next_part(part);
            if part.is_empty() {
                break;
            }
            let page = self.look(text, part, features);
            self.model.forward(features, None, tape);
            outline.push(part, labels(&page.views, &mut tape.scores, self.favor));
        }
        if scratch.features.capacity() <= KEPT * feature::COUNT {
            SCRATCH.set(scratch);
        }
        Cleaned::new(text, blocks.shape, outline, self.clone())
    }

    /// The page that some blocks make, and their features.
    pub(crate) fn look(&self, text: &str, part: &[Block], features: &mut Vec<f32>) -> Page {
        let page = Page::new(text, part.to_vec(), &self.rules);
        features.resize(part.len() * feature::COUNT, 0.0);
        feature::fill_all(&page, features);
        page
    }

    pub(crate) fn keeps(&self, kind: Kind) -> bool {
        self.keep.contains(kind)
    }
}
