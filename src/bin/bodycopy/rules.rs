//! Rules of the user's: phrases → options of the cleaner.
//!
//! The syntax is the lexicons': an anchor (`=` the whole block, `^` its start,
//! `$` its end, `~` anywhere), then the phrase.

use std::fmt;
use std::path::{Path, PathBuf};

use bodycopy::{Anchor, Cleaner};

use crate::failure::plain;

/// What becomes of blocks with the phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Drop,
    Keep,
}

/// A phrase, where it has to stand, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    action: Action,
    anchor: Anchor,
    phrase: String,
}

impl Rule {
    /// Reads `[anchor] phrase`; without an anchor the phrase may stand anywhere.
    pub fn new(action: Action, words: &str) -> Result<Rule, Fault> {
        let words = words.trim();
        let anchor = match words.as_bytes().first() {
            Some(b'=') => Some(Anchor::Whole),
            Some(b'^') => Some(Anchor::Start),
            Some(b'$') => Some(Anchor::End),
            Some(b'~') => Some(Anchor::Anywhere),
            _ => None,
        };
        let phrase = if anchor.is_some() { words[1..].trim() } else { words };
        if !phrase.contains(char::is_alphanumeric) {
            return Err(Fault::NoWords);
        }
        Ok(Rule { action, anchor: anchor.unwrap_or_default(), phrase: phrase.to_owned() })
    }

    /// Adds the rule to a cleaner's.
    pub fn apply(&self, cleaner: Cleaner) -> Cleaner {
        match self.action {
            Action::Drop => cleaner.drop(&self.phrase, self.anchor),
            Action::Keep => cleaner.keep_phrase(&self.phrase, self.anchor),
        }
    }
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    NoWords,
    NoAction(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NoWords => f.write_str("a rule needs a phrase with a letter or digit in it"),
            Fault::NoAction(word) => write!(f, "a rule starts with `drop` or `keep`, not with {word:?}"),
        }
    }
}

impl std::error::Error for Fault {}

/// Why a file of rules could not be used.
#[derive(Debug)]
pub enum RulesError {
    Unreadable { file: PathBuf, error: std::io::Error },
    Line { file: PathBuf, line: usize, fault: Fault },
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RulesError::Unreadable { file, error } => write!(f, "{}: {}", file.display(), plain(error)),
            RulesError::Line { file, line, fault } => write!(f, "{}: line {line}: {fault}", file.display()),
        }
    }
}

impl std::error::Error for RulesError {}

/// Reads a file of rules.
pub fn read(file: &Path) -> Result<Vec<Rule>, RulesError> {
    let text =
        std::fs::read_to_string(file).map_err(|error| RulesError::Unreadable { file: file.to_owned(), error })?;
    parse(&text).map_err(|(line, fault)| RulesError::Line { file: file.to_owned(), line, fault })
}

/// Reads rules, one a line; an error has the line's number, from 1.
fn parse(text: &str) -> Result<Vec<Rule>, (usize, Fault)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().map(str::trim).enumerate();
    let rules = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with(';'));
    let read = |line: &str| {
        let (action, words) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match action {
            "drop" => Rule::new(Action::Drop, words),
            "keep" => Rule::new(Action::Keep, words),
            other => Err(Fault::NoAction(other.to_owned())),
        }
    };
    rules.map(|(at, line)| read(line).map_err(|fault| (at + 1, fault))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_an_action_an_anchor_and_a_phrase() {
        let rule = |action, anchor, phrase: &str| Rule { action, anchor, phrase: phrase.into() };
        assert_eq!(
            parse(
                "; ours\n\ndrop = Read this next\r\nkeep ^Our view\n  drop $ (advert)\nkeep ~ op-ed\ndrop the shop\n"
            ),
            Ok(vec![
                rule(Action::Drop, Anchor::Whole, "Read this next"),
                rule(Action::Keep, Anchor::Start, "Our view"),
                rule(Action::Drop, Anchor::End, "(advert)"),
                rule(Action::Keep, Anchor::Anywhere, "op-ed"),
                rule(Action::Drop, Anchor::Anywhere, "the shop"),
            ])
        );
    }

    #[test]
    fn a_wrong_rule_is_told_with_its_line() {
        assert_eq!(parse("drop ^ a\n\nremove b"), Err((3, Fault::NoAction("remove".into()))));
        assert_eq!(parse("; c\nkeep = —"), Err((2, Fault::NoWords)));
        assert_eq!(parse("drop"), Err((1, Fault::NoWords)));
    }
}
