//! What a block can be: the 18 kinds, one row each.
//!
//! Names, meanings and the division into article and clutter follow the
//! annotation guide in `ARCHITECTURE.md`; every legend (command line, demo,
//! documentation) is made from these rows.

use std::fmt;
use std::str::FromStr;

macro_rules! kinds {
    ($($variant:ident $name:literal $part:ident $meaning:literal)*) => {
        /// What a block of the input is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
        #[non_exhaustive]
        pub enum Kind { $(#[doc = $meaning] $variant,)* }

        impl Kind {
            /// Every kind, the article's own first, in a fixed order.
            pub const ALL: &'static [Kind] = &[$(Kind::$variant,)*];

            /// The kind's name as the command line, JSON and lexicons write it.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$variant => $name,)* }
            }

            /// What the kind means, in one line.
            pub const fn meaning(self) -> &'static str {
                match self { $(Kind::$variant => $meaning,)* }
            }

            /// Whether the kind is a part of the article itself (body,
            /// headline, standfirst, byline, timestamp, caption).
            pub const fn is_article(self) -> bool {
                match self { $(Kind::$variant => kinds!(@$part),)* }
            }
        }
    };
    (@article) => { true };
    (@clutter) => { false };
}

kinds! {
    Body "body" article "The article's own text: paragraphs, subheadings, lists, quotations, tables."
    Headline "headline" article "The article's title, wherever and however often it stands."
    Standfirst "standfirst" article "The summary or key points between headline and body."
    Byline "byline" article "Who wrote it or which agency supplied it."
    Timestamp "timestamp" article "When it was published or updated; reading time."
    Caption "caption" article "Caption or credit of a picture, video or chart."
    Navigation "navigation" clutter "Menus, section names, breadcrumbs, search, log-in, pagination."
    Related "related" clutter "Headlines, teasers and labels of other articles."
    Subscription "subscription" clutter "Newsletter, subscribe, register, donate, paywall, app, alerts."
    Share "share" clutter "Share, follow, like, print, e-mail, and their counts."
    Advertisement "advertisement" clutter "Advertisements, sponsored content, affiliate notes, shops."
    Comments "comments" clutter "Comment counts, threads, forms and rules."
    Legal "legal" clutter "Cookie and privacy notices, copyright, terms, disclaimers."
    Tags "tags" clutter "Topics, keywords, categories, people and places named."
    AuthorBio "author_bio" clutter "About the author or publisher, and how to reach them."
    Widget "widget" clutter "Player, gallery, form, poll, weather, ticker, translation machinery."
    Notice "notice" clutter "An editorial line about the article: correction, developing story."
    Other "other" clutter "Clutter that fits none of these: code, stray symbols, residue."
}

impl Kind {
    /// How many kinds there are.
    pub const COUNT: usize = Kind::ALL.len();

    /// The kind's place in [`Kind::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is none of the kinds'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKind(String);

impl fmt::Display for UnknownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown kind {:?}; the kinds are: ", self.0)?;
        for (i, kind) in Kind::ALL.iter().enumerate() {
            write!(f, "{}{}", if i > 0 { ", " } else { "" }, kind.name())?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownKind {}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Kind::ALL.iter().find(|kind| kind.name() == name);
        found.copied().ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct KindSet(u32);

impl KindSet {
    pub fn contains(self, kind: Kind) -> bool {
        self.0 >> kind.index() & 1 == 1
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        KindSet(kinds.into_iter().fold(0, |set, kind| set | 1 << kind.index()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back() {
        for (place, &kind) in Kind::ALL.iter().enumerate() {
            assert_eq!(kind.name().parse(), Ok(kind));
            assert_eq!(kind.index(), place);
        }
        let error = "boddy".parse::<Kind>().unwrap_err().to_string();
        assert!(error.starts_with("unknown kind \"boddy\"; the kinds are: body, headline"), "{error}");
    }
}
