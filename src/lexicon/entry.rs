//! Lexicon files → entries. Only compiling and testing the lexicons reads them.

use super::Section;
use crate::rule::Anchor;

/// The lexicon files, by language, in the order of the languages' bits.
pub const FILES: &[(&str, &str)] = &include!("../../lexicons/files.rs");

/// What one line says, or one word of a line of words.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<'a> {
    Function(&'a str),
    Phrase(Section, Anchor, &'a str),
    /// A block that the section must hit (`true`) or must not.
    Example(Section, bool, &'a str),
    Malformed(&'static str),
}

/// The entries of a file, each with the number of its line.
pub fn entries(file: &str) -> Vec<(usize, Entry<'_>)> {
    let mut entries = Vec::new();
    // The section that is open; the inner `None` is that of function words.
    let mut open: Option<Option<Section>> = None;
    for (number, line) in file.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() || line.starts_with(';') {
            continue;
        }
        let mut push = |entry| entries.push((number + 1, entry));
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let section = Section::ALL.iter().find(|section| section.name() == name).copied();
            if section.is_none() && name != "function" {
                push(Entry::Malformed("unknown section"));
            }
            open = Some(section);
            continue;
        }
        let Some(section) = open else {
            push(Entry::Malformed("entry before the first section"));
            continue;
        };
        let rest = line.get(2..).unwrap_or_default();
        let anchor = match line.get(..2) {
            Some("= ") => Some(Anchor::Whole),
            Some("^ ") => Some(Anchor::Start),
            Some("$ ") => Some(Anchor::End),
            Some("~ ") => Some(Anchor::Anywhere),
            _ => None,
        };
        match (section, anchor, line.get(..2)) {
            (Some(section), _, Some(sign @ ("+ " | "- "))) => push(Entry::Example(section, sign == "+ ", rest)),
            (Some(section), Some(anchor), _) => push(Entry::Phrase(section, anchor, rest)),
            (Some(section), None, _) if section.is_words() => {
                line.split_whitespace().for_each(|word| push(Entry::Phrase(section, Anchor::Anywhere, word)));
            }
            (None, None, _) => line.split_whitespace().for_each(|word| push(Entry::Function(word))),
            _ => push(Entry::Malformed("a phrase needs one of the anchors = ^ $ ~")),
        }
    }
    entries
}

impl Section {
    /// Whether the section may list words that hit anywhere, without anchors.
    fn is_words(self) -> bool {
        matches!(
            self,
            Section::Speech
                | Section::Time
                | Section::FirstPerson
                | Section::SecondPerson
                | Section::Pointing
                | Section::Biography
                | Section::Selling
                | Section::Joining
        )
    }
}
