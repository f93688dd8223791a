//! The five raw inputs that the project was created from.

use std::fs;
use std::path::{Path, PathBuf};

use bodycopy::{Anchor, Cleaner, Kind, clean};

/// A seed's text, and the kind of each of its lines that is not blank, as
/// (line number, line, kind).
fn seed(path: &Path) -> (String, Vec<(usize, String, Kind)>) {
    let text = fs::read_to_string(path).unwrap();
    let rows = fs::read_to_string(path.with_extension("kinds")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut kinds = Vec::new();
    for row in rows.lines() {
        let (range, kind) = row.split_once(' ').unwrap();
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        for number in first.parse::<usize>().unwrap()..=last.parse().unwrap() {
            let line = lines[number - 1].trim();
            if !line.is_empty() {
                kinds.push((number, line.to_owned(), kind.parse().unwrap()));
            }
        }
    }
    (text, kinds)
}

fn seeds() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    assert_eq!(paths.len(), 5);
    paths
}

#[test]
fn the_text_is_exactly_the_body() {
    for path in seeds() {
        let (text, kinds) = seed(&path);
        let body: Vec<&str> = kinds.iter().filter(|k| k.2 == Kind::Body).map(|k| k.1.as_str()).collect();
        let clean = clean(&text).text();
        let kept: Vec<&str> = clean.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(kept, body, "{}", path.display());
    }
}

#[test]
fn nine_lines_of_ten_have_the_right_kind() {
    let (mut right, mut all) = (0, 0);
    let mut wrong = Vec::new();
    for path in seeds() {
        let (text, kinds) = seed(&path);
        let cleaned = clean(&text);
        let mut spans = cleaned.spans().filter(|span| !span.text().is_empty());
        for (number, line, kind) in kinds {
            let span = spans.next().unwrap();
            assert_eq!(span.text(), line);
            all += 1;
            if span.kind() == kind {
                right += 1;
            } else {
                wrong.push(format!("{} {number}: {kind}, not {}: {line:.60}", path.display(), span.kind()));
            }
        }
    }
    assert!(right * 10 >= all * 9, "{right} of {all}\n{}", wrong.join("\n"));
}

/// A line of the article that a rule drops is clutter, whatever kinds are kept.
#[test]
fn what_a_rule_drops_is_no_part_of_the_article() {
    for path in seeds() {
        let (text, kinds) = seed(&path);
        for (number, line, kind) in kinds.into_iter().filter(|(_, _, kind)| kind.is_article()) {
            let cleaned = Cleaner::new().drop(&line, Anchor::Whole).clean(&text);
            let mut dropped = cleaned.spans().filter(|span| span.text() == line).map(|span| span.kind());
            assert!(dropped.all(|kind| !kind.is_article()), "{} line {number}, {kind}: {line}", path.display());
        }
    }
}
