//! Invented texts of any size: a natural one, and such as nobody would write.

/// Name, and text of about as many bytes as asked for.
pub type Input = (&'static str, fn(usize) -> String);

pub const NATURAL: Input = ("natural", natural);

pub const WRAPPED: Input = ("hard-wrapped", |bytes| {
    let mut wrapped = String::new();
    for line in natural(bytes).lines() {
        let mut column = 0;
        for word in line.split_whitespace() {
            wrapped.push_str(if column == 0 {
                ""
            } else if column + word.len() > 71 {
                "\n"
            } else {
                " "
            });
            column = if column + word.len() > 71 { word.len() } else { column + word.len() + 1 };
            wrapped.push_str(word);
        }
        wrapped.push('\n');
    }
    wrapped
});

pub const FLATTENED: Input = ("flattened", |bytes| natural(bytes).replace('\n', " "));

pub const ADVERSARIAL: &[Input] = &[
    ("blank lines", |bytes| "\n".repeat(bytes)),
    ("blank lines in copy", |bytes| format!("{PARAGRAPH}{}{PARAGRAPH}", " \n".repeat(bytes / 2))),
    ("spaces", |bytes| " ".repeat(bytes)),
    ("carriage returns", |bytes| "\r".repeat(bytes)),
    ("one sentence", |bytes| "the old bridge and ".repeat(bytes / 19)),
    ("one word", |bytes| "a".repeat(bytes)),
    ("one number", |bytes| "1".repeat(bytes)),
    ("one-letter lines", |bytes| "a\n".repeat(bytes / 2)),
    ("one-letter words", |bytes| "a b C ".repeat(bytes / 6)),
    ("the same line", |bytes| PARAGRAPH.repeat(bytes / PARAGRAPH.len())),
    ("the same phrase", |bytes| "Read more ".repeat(bytes / 10)),
    ("nested quotes", |bytes| "“‘".repeat(bytes / 6)),
    ("quoted quotes", |bytes| "“He said: ‘She said: ".repeat(bytes / 26)),
    ("open brackets", |bytes| half_long(bytes, "Ann (see ")),
    ("stops", |bytes| half_long(bytes, "It is. ")),
    ("punctuation", |bytes| ".,;:!?-".repeat(bytes / 7)),
    ("full stops", |bytes| ". ".repeat(bytes / 2)),
    ("combining marks", |bytes| "\u{301}".repeat(bytes / 2)),
    ("stacked letters", |bytes| format!("e{}", "\u{301}".repeat(50)).repeat(bytes / 101)),
    ("emoji", |bytes| "👩‍👩‍👧🙂".repeat(bytes / 22)),
    ("deep bidi", |bytes| "\u{202e}\u{2067}a".repeat(bytes / 7)),
    ("zero width", |bytes| "\u{200b}".repeat(bytes / 3)),
    ("no spaces", |bytes| "旧港大桥将关闭".repeat(bytes / 21)),
    ("menu", |bytes| "Home\nNews\nSport\nSign in\n".repeat(bytes / 24)),
    ("nulls", |bytes| "\0".repeat(bytes)),
];

const PARAGRAPH: &str = "The council said on Monday that the old bridge would be closed until the spring.\n";

/// Less than half of the text on one line, so that it does not count as
/// flattened; the rest on short lines.
fn half_long(bytes: usize, piece: &str) -> String {
    let short = "The council said so.\n";
    format!("{}\n{}", piece.repeat(bytes * 4 / 10 / piece.len()), short.repeat(bytes * 6 / 10 / short.len()))
}

/// Menus, stories, teasers and footers, of words that differ.
fn natural(bytes: usize) -> String {
    const WORDS: [&str; 24] = [
        "the",
        "council",
        "said",
        "that",
        "old",
        "bridge",
        "would",
        "be",
        "closed",
        "until",
        "spring",
        "because",
        "repairs",
        "had",
        "shown",
        "more",
        "rust",
        "than",
        "anyone",
        "of",
        "its",
        "engineers",
        "expected",
        "harbour",
    ];
    let mut text = String::with_capacity(bytes + 2000);
    let mut state = 1u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    while text.len() < bytes {
        text.push_str("Home\nNews\nSport\nSign in\n\nHarbour bridge to stay closed\nBy Ann Example\n\n");
        for _ in 0..12 {
            for _ in 0..1 + next(4) {
                text.push_str("On Monday");
                for _ in 0..8 + next(20) {
                    text.push(' ');
                    text.push_str(WORDS[next(WORDS.len())]);
                    if next(12) == 0 {
                        text.push_str(&format!("{}", next(5000)));
                    }
                }
                text.push_str(". ");
            }
            text.push_str("\n\n");
        }
        for _ in 0..10 {
            text.push_str(&format!("Why the {} has to go again\n3 hours ago\n", WORDS[next(WORDS.len())]));
        }
        text.push_str("Share\nTweet\nSign up for our newsletter\n© 2021 Example Media\n\n");
    }
    text
}
