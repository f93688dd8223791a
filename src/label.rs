//! Scores → labels: the one place where a block's kind is decided.
//!
//! A block is body when the probability of it reaches the threshold that
//! [`Favor`] sets; else it is the likeliest of the other kinds.
//!
//! The threshold of [`Favor::Balanced`] is the page's own, 0.35 at most. F1 is best
//! where the threshold is half the best F1 that can be expected (Lipton, Elkan &
//! Naryanaswamy, *Optimal Thresholding of Classifiers to Maximize F1 Measure*, 2014):
//! the less sure the model is of a page, the more is kept. And where nearly everything
//! is copy, little goes. How much of both was chosen on pages held out
//! (`reports/tried.md`). Lines of fewer words than a sentence has get their share of
//! it: there is less to lose. So a block's label depends on the probabilities of all
//! the others; its confidence does not.

use crate::kind::Kind;
use crate::model::Scores;
use crate::page::View;
use crate::rule::Verdict;
use crate::score::softmax;

/// Which fault to avoid where the text leaves room for doubt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Favor {
    /// Lose less of the article, at the price of more clutter.
    Recall,
    /// The best of both; more is kept where the page is unclear or nearly clean.
    #[default]
    Balanced,
    /// Keep less clutter, at the price of lost copy.
    Precision,
}

impl Favor {
    /// The probability from which a block of a page is body, by its words.
    fn threshold(self, views: &[View], chances: &[Scores]) -> impl Fn(&View) -> f32 + use<> {
        let (short, long) = match self {
            Favor::Recall => (0.03, 0.03),
            Favor::Balanced => (HIGHEST, Expected::of(views, chances).threshold()),
            Favor::Precision => (0.95, 0.95),
        };
        move |view| short + (long - short) * (view.words / SENTENCE).min(1.0)
    }
}

/// The highest threshold of [`Favor::Balanced`].
const HIGHEST: f32 = 0.35;

/// Words from which a line has the page's threshold.
const SENTENCE: f32 = 8.0;

/// What the probabilities say of the page.
#[derive(Debug, PartialEq)]
struct Expected {
    /// The best F1 over words that any threshold is expected to reach.
    f1: f32,
    /// The share of the words that is expected to be body.
    share: f32,
}

/// Steps of probability in which the best F1 is looked for.
const STEPS: usize = 64;

impl Expected {
    /// From the blocks and their probabilities of every kind.
    fn of(views: &[View], chances: &[Scores]) -> Expected {
        let mut words = [0.0; STEPS];
        let mut body = [0.0; STEPS];
        for (view, chances) in views.iter().zip(chances) {
            let chance = chances[Kind::Body.index()];
            let step = ((chance * STEPS as f32) as usize).min(STEPS - 1);
            words[step] += view.words;
            body[step] += chance * view.words;
        }
        let all: f32 = words.iter().sum();
        let copy: f32 = body.iter().sum();
        let (mut kept, mut right, mut f1) = (0.0, 0.0, 0.0f32);
        for (words, body) in words.into_iter().zip(body).rev() {
            kept += words;
            right += body;
            f1 = f1.max(2.0 * right / (kept + copy).max(1.0));
        }
        Expected { f1, share: copy / all.max(1.0) }
    }

    fn threshold(&self) -> f32 {
        // Lower than 0.25 for being unsure, pages without an article would have one.
        (self.f1.max(0.7) - 0.45 - (self.share - 0.5).max(0.0)).clamp(0.1, HIGHEST)
    }
}

/// From this probability on, a page's likeliest byline or timestamp is said to be
/// one whatever its label: a lone name may be a menu entry more probably still,
/// and yet be the only byline that the page has. Lower finds more of them, and
/// more where there is none (`reports/tried.md`).
pub const LIKELY: f32 = 0.2;

/// The decision about one block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    pub kind: Kind,
    /// Probability that the block is what the label says: body, or not body.
    pub confidence: f32,
    /// Probability of every kind; 0 for parts of the article where a rule drops
    /// the block.
    pub chances: Scores,
}

/// Decides the blocks of a page from their scores, which become probabilities.
pub fn labels<'a>(views: &'a [View], scores: &'a mut [Scores], favor: Favor) -> impl Iterator<Item = Label> + 'a {
    scores.iter_mut().for_each(|scores| *scores = softmax(scores));
    let threshold = favor.threshold(views, scores);
    views.iter().zip(scores).map(move |(view, chances)| label(*chances, view.verdict, threshold(view)))
}

/// Decides a block. Whether a rule of the user's makes it clutter is in the
/// probabilities; if it does, the block is of a kind of clutter.
fn label(mut chances: Scores, verdict: Option<Verdict>, threshold: f32) -> Label {
    if verdict == Some(Verdict::Drop) {
        let parts = Kind::ALL.iter().filter(|kind| kind.is_article() && **kind != Kind::Body);
        parts.for_each(|part| chances[part.index()] = 0.0);
    }
    let body = chances[Kind::Body.index()];
    if body >= threshold {
        return Label { kind: Kind::Body, confidence: body.clamp(0.0, 1.0), chances };
    }
    let mut kind = Kind::Other;
    let mut best = f32::MIN;
    for (&other, &chance) in Kind::ALL.iter().zip(&chances) {
        if other != Kind::Body && chance >= best {
            (kind, best) = (other, chance);
        }
    }
    Label { kind, confidence: (1.0 - body).clamp(0.0, 1.0), chances }
}

/// How strongly scores speak for body, in log odds.
pub fn body_odds(scores: &Scores) -> f32 {
    let others = scores.iter().enumerate().filter(|(i, _)| *i != Kind::Body.index()).map(|(_, s)| *s);
    let top = others.clone().fold(f32::MIN, f32::max);
    let sum: f32 = others.map(|score| (score - top).exp()).sum();
    scores[Kind::Body.index()] - top - sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of so many words, each so probably body.
    fn page(blocks: &[(f32, f32)]) -> (Vec<View>, Vec<Scores>) {
        let view = |words| View { words, ..View::default() };
        let chances = |body| {
            let mut chances = [0.0; Kind::COUNT];
            chances[Kind::Body.index()] = body;
            chances
        };
        blocks.iter().map(|&(words, body)| (view(words), chances(body))).unzip()
    }

    fn threshold(favor: Favor, blocks: &[(f32, f32)], words: f32) -> f32 {
        let (views, chances) = page(blocks);
        favor.threshold(&views, &chances)(&View { words, ..View::default() })
    }

    const SURE: [(f32, f32); 4] = [(200.0, 0.0), (60.0, 1.0), (60.0, 1.0), (80.0, 0.01)];
    const UNSURE: [(f32, f32); 4] = [(200.0, 0.1), (60.0, 0.3), (60.0, 0.4), (80.0, 0.2)];
    const CLEAN: [(f32, f32); 4] = [(100.0, 1.0), (60.0, 1.0), (60.0, 0.9), (40.0, 0.2)];

    #[test]
    fn what_can_be_expected_of_a_page() {
        let (views, chances) = page(&[(30.0, 1.0), (10.0, 0.5), (60.0, 0.0)]);
        let Expected { f1, share } = Expected::of(&views, &chances);
        // Keeping two blocks: 35 words of 40 are right, and 35 were to be kept.
        assert!((f1 - 2.0 * 35.0 / (40.0 + 35.0)).abs() < 1e-6);
        assert!((share - 0.35).abs() < 1e-6);
        assert_eq!(Expected::of(&[], &[]), Expected { f1: 0.0, share: 0.0 });
    }

    #[test]
    fn more_is_kept_where_the_page_is_unclear_or_clean() {
        assert_eq!(threshold(Favor::Balanced, &SURE, 40.0), HIGHEST);
        assert!((threshold(Favor::Balanced, &UNSURE, 40.0) - 0.25).abs() < 1e-6);
        assert!(threshold(Favor::Balanced, &CLEAN, 40.0) < 0.25);
    }

    #[test]
    fn short_lines_get_their_share_of_it() {
        let [none, half, sentence] = [0.0, 4.0, 8.0].map(|words| threshold(Favor::Balanced, &CLEAN, words));
        assert_eq!(none, HIGHEST);
        assert!((half - (HIGHEST + sentence) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn no_page_turns_the_favors_around() {
        for page in [&SURE, &UNSURE, &CLEAN] {
            for words in [0.0, 3.0, 40.0] {
                let [more, middle, less] =
                    [Favor::Recall, Favor::Balanced, Favor::Precision].map(|favor| threshold(favor, page, words));
                assert!(more < middle && middle < less);
            }
        }
    }
}
