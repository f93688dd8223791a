//! Raw texts and what should be left of them: `tests/cases/*.txt`, all invented.

use std::fs;
use std::path::Path;

use bodycopy::{Anchor, Cleaner, Kind, clean};

fn case(name: &str) -> (String, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    let file = fs::read_to_string(&path).unwrap();
    let (raw, clean) = file.strip_prefix("=== raw\n").unwrap().split_once("=== clean\n").unwrap();
    (raw.to_owned(), clean.trim_end().to_owned())
}

#[test]
fn cases_come_out_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let (raw, expected) = case(&name);
        let cleaned = clean(&raw);
        if cleaned.text() != expected {
            wrong.push(format!("{name}: {cleaned:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn the_articles_parts_are_found() {
    let (raw, _) = case("english_news.txt");
    let cleaned = clean(&raw);
    assert_eq!(cleaned.headline(), Some("Harbour bridge to stay closed until spring"));
    assert_eq!(cleaned.timestamp(), Some("12 March 2021, 10:30"));
}

#[test]
fn other_kinds_can_be_kept() {
    let (raw, expected) = case("english_news.txt");
    let cleaned = Cleaner::new().keep([Kind::Headline, Kind::Body]).clean(&raw).text();
    assert!(cleaned.ends_with(&expected) && cleaned.contains("Harbour bridge to stay closed"), "{cleaned}");
}

#[test]
fn rules_are_evidence_that_counts() {
    let (raw, expected) = case("english_news.txt");
    let paragraph = "A ferry will run every ten minutes from next week";
    assert!(expected.contains(paragraph));
    let dropped = Cleaner::new().drop("a ferry will run", Anchor::Start).clean(&raw);
    assert!(!dropped.text().contains(paragraph));
    let span = dropped.spans().find(|span| span.text().starts_with(paragraph)).unwrap();
    assert!(span.reasons().iter().any(|reason| reason.text == "your rule: drop"), "{:?}", span.reasons());
    let kept = Cleaner::new().keep_phrase("skip to content", Anchor::Whole).clean(&raw);
    assert!(kept.text().starts_with("Skip to content"), "{}", kept.text());
}

/// A reason names the phrase that it saw.
#[test]
fn reasons_name_what_was_seen() {
    let (raw, _) = case("english_news.txt");
    let cleaned = clean(&raw);
    let span = cleaned.spans().find(|span| span.text().starts_with("Sign up")).unwrap();
    assert_eq!(span.kind(), Kind::Subscription);
    let reasons = span.reasons();
    assert!(reasons.iter().any(|reason| reason.text.contains("about subscribing: “Sign up")), "{reasons:?}");
}
