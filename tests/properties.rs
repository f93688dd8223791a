//! What holds for every input.

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use bodycopy::{Anchor, Cleaned, Cleaner, Favor, Kind, clean};

/// Pieces that texts are made of: words, furniture, scripts, odd characters.
const PIECES: &[&str] = &[
    "The council said on Monday that the bridge would be closed until the spring.",
    "“It is not safe,” she told reporters.",
    "Home",
    "News",
    "Share",
    "Related articles",
    "Comments (12)",
    "Sign up for our newsletter",
    "By Ann Example",
    "12 March 2021, 10:30",
    "Read more: ",
    "© 2021 Example Media",
    "https://example.com/a?b=c",
    "Advertisement",
    "该桥将于春季重新开放。",
    "橋は春まで閉鎖される。",
    "يقول المجلس إن الجسر مغلق.",
    "สะพานปิด",
    "पुल बंद है।",
    "🙂👩‍👩‍👧",
    "e\u{301}",
    "\u{202e}abc",
    "a\u{ad}b",
    "…",
    "...",
    "|",
    "»",
    "(",
    "1/12",
    "\u{feff}",
    "\u{200b}",
    "0",
    "A",
    "é",
    "𠀀",
    " ",
    "  ",
    "\t",
    "\u{a0}",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{c}",
    "\n\n\n",
];

/// A text of pieces, now and then with characters of any kind between.
fn text(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=60)? {
        text.push_str(u.choose(PIECES)?);
        match u.int_in_range(0..=9)? {
            0 => text.push(u.arbitrary()?),
            1..=5 => text.push(' '),
            6..=8 => text.push('\n'),
            _ => {}
        }
    }
    Ok(text)
}

fn cleaner(u: &mut Unstructured<'_>) -> Result<Cleaner> {
    let kinds: Vec<Kind> = Kind::ALL.iter().filter(|_| u.arbitrary().unwrap_or(false)).copied().collect();
    let mut cleaner = Cleaner::new().favor(*u.choose(&[Favor::Recall, Favor::Balanced, Favor::Precision])?);
    if u.arbitrary()? {
        cleaner = cleaner.keep(kinds);
    }
    if u.arbitrary()? {
        cleaner =
            cleaner.drop(u.choose(PIECES)?, *u.choose(&[Anchor::Whole, Anchor::Start, Anchor::End, Anchor::Anywhere])?);
    }
    Ok(cleaner)
}

fn snapshot(cleaned: &Cleaned<'_>) -> Vec<(std::ops::Range<usize>, Kind, f32)> {
    cleaned.spans().map(|span| (span.range(), span.kind(), span.confidence())).collect()
}

#[test]
fn spans_tile_the_input() {
    arbtest(|u| {
        let (text, cleaner) = (text(u)?, cleaner(u)?);
        let cleaned = cleaner.clean(&text);
        let mut end = 0;
        for span in cleaned.spans() {
            assert_eq!(span.range().start, end, "{text:?}");
            assert!(span.range().end > end && (0.0..=1.0).contains(&span.confidence()));
            assert_eq!(span.source(), &text[span.range()]);
            assert!(span.source().contains(span.text()));
            end = span.range().end;
        }
        assert_eq!(end, text.len(), "{text:?}");
        Ok(())
    });
}

#[test]
fn text_is_a_subsequence_and_has_every_kept_block() {
    arbtest(|u| {
        let (text, cleaner) = (text(u)?, cleaner(u)?);
        let cleaned = cleaner.clean(&text);
        let clean = cleaned.text();
        assert_eq!(cleaned.to_string(), clean);
        let mut rest = text.chars();
        assert!(clean.chars().all(|c| rest.any(|other| other == c)), "{text:?} {clean:?}");
        let mut at = 0;
        for span in cleaned.spans().filter(|span| span.is_kept()) {
            at += clean[at..].find(span.text()).unwrap_or_else(|| panic!("{text:?} {clean:?}")) + span.text().len();
        }
        assert_eq!(at, clean.len(), "nothing follows the last kept block");
        Ok(())
    });
}

#[test]
fn the_same_input_gives_the_same_output() {
    arbtest(|u| {
        let (text, cleaner) = (text(u)?, cleaner(u)?);
        let (one, two) = (cleaner.clean(&text), cleaner.clone().clean(&text));
        assert_eq!((snapshot(&one), one.text()), (snapshot(&two), two.text()));
        Ok(())
    });
}

/// The words that are kept do not depend on how lines end, on space around
/// them, on a byte order mark or on how many blank lines part them.
#[test]
fn line_ends_and_space_change_nothing() {
    arbtest(|u| {
        let lines: Vec<&str> = (0..u.int_in_range(0..=40)?)
            .map(|_| Ok(if u.ratio(1, 4)? { "" } else { u.choose(&PIECES[..20])? }))
            .collect::<Result<_>>()?;
        let plain = lines.join("\n");
        let words = |text: &str| clean(text).text().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let kept = words(&plain);
        assert_eq!(kept, words(&lines.join("\r\n")));
        assert_eq!(kept, words(&lines.join("\r")));
        assert_eq!(kept, words(&lines.join(" \t\n ")));
        assert_eq!(kept, words(&format!("\u{feff}{plain}")));
        assert_eq!(kept, words(&plain.replace('\n', "\n\n")));
        Ok(())
    });
}

/// Reasons are real: each raised the odds of the decision, strongest first.
#[test]
fn reasons_are_sorted_and_positive() {
    arbtest(|u| {
        let text = text(u)?;
        let cleaned = clean(&text);
        for span in cleaned.spans().take(5) {
            let reasons = span.reasons();
            assert!(reasons.iter().all(|reason| reason.weight > 0.0 && !reason.text.is_empty()));
            assert!(reasons.is_sorted_by(|a, b| a.weight >= b.weight));
        }
        Ok(())
    })
    .size_max(2000);
}

#[test]
fn nothing_in_nothing_out() {
    for text in ["", " ", "\n\n", "\u{feff}\r\n"] {
        let cleaned = clean(text);
        assert_eq!((cleaned.text().as_str(), cleaned.has_body()), ("", false));
        assert_eq!(cleaned.spans().map(|span| span.range().len()).sum::<usize>(), text.len());
    }
}
