//! Scores → labels: the one place where a block's kind is decided.
//!
//! A block is body when the probability of it reaches the threshold that
//! [`Favor`] sets; else it is the likeliest of the other kinds.

use crate::kind::Kind;
use crate::model::Scores;
use crate::rule::Verdict;
use crate::score::softmax;

/// Which fault to avoid where the text leaves room for doubt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Favor {
    /// Lose less of the article, at the price of more clutter.
    Recall,
    /// The best of both.
    #[default]
    Balanced,
    /// Keep less clutter, at the price of lost copy.
    Precision,
}

impl Favor {
    /// The probability from which a block is body.
    fn threshold(self) -> f32 {
        match self {
            Favor::Recall => 0.03,
            Favor::Balanced => 0.35,
            Favor::Precision => 0.95,
        }
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

/// Decides a block from its scores. Whether a rule of the user's makes it clutter
/// is in the scores; if it does, the block is of a kind of clutter.
pub fn label(scores: &Scores, verdict: Option<Verdict>, favor: Favor) -> Label {
    let mut chances = softmax(scores);
    if verdict == Some(Verdict::Drop) {
        let parts = Kind::ALL.iter().filter(|kind| kind.is_article() && **kind != Kind::Body);
        parts.for_each(|part| chances[part.index()] = 0.0);
    }
    let body = chances[Kind::Body.index()];
    if body >= favor.threshold() {
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
