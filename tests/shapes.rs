//! Text of any shape: what does not show, and how lines end, changes nothing;
//! leftover markup, several articles and none are seen for what they are.

use std::borrow::Borrow;
use std::fs;
use std::path::Path;

use bodycopy::{Cleaned, Kind, clean};

fn folder(name: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

/// The seeds' and the cases' raw texts.
fn pages() -> Vec<(String, String)> {
    let case = |(name, text): (String, String)| {
        let raw = text.strip_prefix("=== raw\n").unwrap().split("=== clean\n").next().unwrap().to_owned();
        (name, raw)
    };
    let pages: Vec<_> = folder("seeds").into_iter().chain(folder("tests/cases").into_iter().map(case)).collect();
    assert!(pages.len() >= 10);
    pages
}

/// Characters that do not show, wherever they stand.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The kept words as they show.
fn words(text: &str) -> Vec<String> {
    let shown: String = clean(text).text().chars().filter(|c| !is_silent(*c)).collect();
    shown.split_whitespace().map(str::to_owned).collect()
}

type Shaping = (&'static str, fn(&str) -> String);

const SHAPINGS: &[Shaping] = &[
    ("CR LF", |text| text.replace('\n', "\r\n")),
    ("CR", |text| text.replace('\n', "\r")),
    ("NEL", |text| text.replace('\n', "\u{85}")),
    ("U+2028", |text| text.replace('\n', "\u{2028}")),
    ("U+2029", |text| text.replace('\n', "\u{2029}")),
    ("form feeds", |text| text.replace('\n', "\u{c}")),
    ("line ends by turns", |text| {
        let ends = ["\n", "\r\n", "\r", "\u{2028}", "\u{85}"].into_iter().cycle();
        text.split('\n').zip(ends).map(|(line, end)| [line, end].concat()).collect()
    }),
    ("a byte order mark", |text| format!("\u{feff}{text}")),
    ("a mark before every line", |text| text.replace('\n', "\n\u{feff}")),
    ("space after lines", |text| text.replace('\n', " \t \u{a0}\n")),
    ("space before lines", |text| text.replace('\n', "\n\t   \u{3000}")),
    ("space on blank lines", |text| text.replace("\n\n", "\n \t\u{200b}\n")),
    ("blank lines around", |text| format!("\n\n \n{text}\n\n\n\n")),
    ("double-spaced lines", |text| text.replace('\n', "\n\n")),
    ("triple-spaced lines", |text| text.replace('\n', "\n\n\n")),
    ("double spaces", |text| text.replace(' ', "  ")),
    ("tabs", |text| text.replace(' ', "\t")),
    ("no-break spaces", |text| text.replace(' ', "\u{a0}")),
    ("thin spaces", |text| text.replace(' ', "\u{2009}")),
    ("zero-width spaces after spaces", |text| text.replace(' ', " \u{200b}")),
    ("zero-width spaces before spaces", |text| text.replace(' ', "\u{200b} ")),
    ("soft hyphens", |text| {
        let mut before = ' ';
        let mut hyphened = String::new();
        for (i, c) in text.chars().enumerate() {
            if i % 3 == 0 && c.is_alphabetic() && before.is_alphabetic() {
                hyphened.push('\u{ad}');
            }
            hyphened.push(c);
            before = c;
        }
        hyphened
    }),
    ("direction marks", |text| text.replace(' ', " \u{200e}").replace('\n', "\n\u{200f}")),
    ("embedded lines", |text| text.split('\n').map(|line| format!("\u{202a}{line}\u{202c}\n")).collect()),
    ("isolated words", |text| text.replace(' ', "\u{2069} \u{2068}")),
];

#[test]
fn what_does_not_show_changes_nothing() {
    let mut wrong = Vec::new();
    for (page, text) in pages() {
        let plain = words(&text);
        for (name, shape) in SHAPINGS {
            if words(&shape(&text)) != plain {
                wrong.push(format!("{name}: {page}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Menu, story and what follows it, of a page that nobody could mistake.
fn page<S: Borrow<str>>(menu: &[S], headline: &str, story: &[S], after: &[S]) -> String {
    [menu.join("\n"), headline.to_owned(), story.join("\n\n"), after.join("\n")].join("\n\n") + "\n"
}

const MENU: &[&str] = &["Home", "News", "Sport", "Weather", "Sign in"];
const AFTER: &[&str] = &[
    "Share on Facebook",
    "Share on Twitter",
    "Related articles",
    "Ferry company looks for captains",
    "Sign up for our newsletter",
    "© 2021 The Example Courier. All rights reserved.",
    "Privacy policy",
];
const BRIDGE: &[&str] = &[
    "The old harbour bridge will stay closed until the spring, the council said on Monday, because repairs have shown more rust than anyone had expected.",
    "“It is not safe, and we will not open it before it is,” said Maria Beispiel, the engineer who leads the work. “We should have closed it in May.”",
    "The bridge was built in 1911 and last painted twenty years ago. About 4,000 people cross it on a weekday, most of them on the way to the shipyard on the other bank.",
    "A ferry will run every ten minutes from next week, the council said. It will cost nothing to ride, and bicycles may be taken along.",
];
const ORCHARD: &[&str] = &[
    "A late frost has destroyed two thirds of the apple blossom in the valley, growers said on Thursday, after the coldest April night since records began.",
    "“We lit fires between the rows until four in the morning, but it was not enough,” said Jonas Muster, who farms eleven hectares above the lake. “My father never saw anything like it.”",
    "The cooperative expects to press less than a million litres of juice this year, down from three million, and has asked the government in writing for help with the loans of its members.",
    "Older trees on the northern slope, which flower later, were spared. They will now be used to test whether whole orchards can be moved to such places over the next twenty years.",
];

/// The lines of `wanted` that were not kept, and those of `unwanted` that were.
fn faults<S: Borrow<str>>(cleaned: &Cleaned, wanted: &[S], unwanted: &[S]) -> Vec<String> {
    let text = cleaned.text();
    let lines: Vec<&str> = text.lines().collect();
    let shown = |lines: &[S]| lines.iter().map(|line| line.borrow().trim().to_owned()).collect::<Vec<_>>();
    let lost = shown(wanted).into_iter().filter(|line| !text.contains(line)).map(|line| format!("lost: {line}"));
    let left = shown(unwanted).into_iter().filter(|line| lines.contains(&&**line)).map(|line| format!("left: {line}"));
    lost.chain(left).collect()
}

#[test]
fn leftover_markup_hides_nothing() {
    type Markup = (&'static str, fn(&str) -> String, fn(&str) -> String);
    let shapes: &[Markup] = &[
        ("entities", |p| p.replace('“', "&ldquo;").replace('”', "&rdquo;").replace(", ", ",&nbsp;"), str::to_owned),
        ("line break tags", |p| p.replace(". ", ".<br>"), |line| format!("{line}<br>")),
        ("paragraph tags", |p| format!("<p>{p}</p>"), str::to_owned),
        ("Markdown", |p| p.replacen("council", "**council**", 1), |line| format!("* [{line}](/{})", line.len())),
        ("edit links", |p| format!("{p}[1]"), |line| format!("{line} [edit]")),
        ("bullets", str::to_owned, |line| format!("• {line}")),
        ("arrows", str::to_owned, |line| format!("» {line}")),
        ("form feeds", |p| format!("\u{c}{p}"), |line| format!("{line}\u{c}")),
    ];
    let mut wrong = Vec::new();
    for (name, of_story, of_rest) in shapes {
        let shaped = |lines: &[&str], shape: &fn(&str) -> String| -> Vec<String> {
            lines.iter().map(|line| shape(line)).collect()
        };
        let (menu, story, after) = (shaped(MENU, of_rest), shaped(BRIDGE, of_story), shaped(AFTER, of_rest));
        let text = page(&menu, "Harbour bridge to stay closed until spring", &story, &after);
        let found = faults(&clean(&text), &story, &[menu, after].concat());
        wrong.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Not only the longest; where the next page's menu follows, a story's last
/// paragraph is in doubt, and not asked for.
#[test]
fn every_article_of_a_text_is_kept() {
    let bridge = page(MENU, "Harbour bridge to stay closed until spring", BRIDGE, AFTER);
    let orchard = page(MENU, "Frost kills the apple harvest", ORCHARD, AFTER);
    for text in [format!("{bridge}\n\n{orchard}"), format!("{orchard}{bridge}")] {
        let wrong = faults(&clean(&text), &[&BRIDGE[..3], &ORCHARD[..3]].concat(), &[MENU, AFTER].concat());
        assert!(wrong.is_empty(), "{}\n{:#?}", wrong.join("\n"), clean(&text));
    }
}

#[test]
fn a_text_without_an_article_has_no_body() {
    let log_in = "The Example Courier\nHome\nNews\nSport\n\nLog in\nE-mail address\nPassword\nForgot your password?\n\
                  Remember me\nRegister\n\nPrivacy policy\nTerms of use\n© 2021 The Example Courier\n";
    let list = "Home\nNews\nSport\nSearch\n\nLatest news\n\nFerry company looks for captains\n3 hours ago\n\n\
                Shipyard wins order for two tugs\nYesterday\n\nHarbour wall to be raised again\n2 days ago\n\n\
                Load more\nSubscribe\nPrivacy policy\nContact us\n";
    for text in [log_in, list] {
        let cleaned = clean(text);
        assert!(!cleaned.has_body() && cleaned.text().is_empty(), "{cleaned:#?}");
        assert!(cleaned.parts(Kind::Body).next().is_none());
        assert!(cleaned.spans().all(|span| !span.is_kept()));
    }
    assert!(clean(&page(MENU, "Frost", ORCHARD, AFTER)).has_body());
}
