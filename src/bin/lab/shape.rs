//! Marked texts → other marked texts: the shapes that scraped text comes in.

use bodycopy::Kind;

use crate::corpus::{Mark, Marked};
use crate::random::Random;

pub fn is_body(mark: Mark) -> bool {
    matches!(mark, Mark::Body | Mark::Kind(Kind::Body))
}

/// The lines of a text, blank ones too, with their marks.
pub fn lines(page: &Marked) -> Vec<(&str, Option<Mark>)> {
    let mut marks = page.marks.iter().peekable();
    let mut lines = Vec::new();
    let mut at = 0;
    for line in page.text.strip_suffix('\n').unwrap_or(&page.text).split('\n') {
        let mark = marks.next_if(|(range, _)| range.start == at).map(|(_, mark)| *mark);
        lines.push((line, mark));
        at += line.len() + 1;
    }
    lines
}

/// The whole page on one line, white space collapsed.
pub fn flat(page: &Marked) -> Marked {
    let mut out = Marked::default();
    for (range, mark) in &page.marks {
        if !out.text.is_empty() {
            out.text.push(' ');
        }
        let start = out.text.len();
        let words: Vec<&str> = page.text[range.clone()].split_whitespace().collect();
        out.text.push_str(&words.join(" "));
        out.marks.push((start..out.text.len(), *mark));
    }
    out
}

/// Every line wrapped at `width` characters.
pub fn wrapped(page: &Marked, width: usize) -> Marked {
    let mut out = Marked::default();
    for (line, mark) in lines(page) {
        let mut row = String::new();
        let mut wide = 0;
        for word in line.split_whitespace() {
            let chars: Vec<char> = word.chars().collect();
            for piece in chars.chunks(width) {
                if wide > 0 && wide + 1 + piece.len() > width {
                    out.push(&row, mark.unwrap_or(Mark::Unknown));
                    row.clear();
                    wide = 0;
                }
                if wide > 0 {
                    row.push(' ');
                    wide += 1;
                }
                row.extend(piece);
                wide += piece.len();
            }
        }
        out.push(&row, mark.unwrap_or(Mark::Unknown));
    }
    out
}

/// The page with random runs of what is not body taken out, as extractors
/// leave it: a `share` of the runs goes, in pieces of random length.
pub fn thinned(page: &Marked, share: f32, random: &mut Random) -> Marked {
    let mut out = Marked::default();
    let (mut left, mut dropping) = (0usize, false);
    for (line, mark) in lines(page) {
        let Some(mark) = mark else {
            if !dropping {
                out.push(line, Mark::Unknown);
            }
            continue;
        };
        if is_body(mark) {
            dropping = false;
            left = 0;
        } else if left == 0 {
            dropping = random.unit() < share;
            left = 1 + (random.unit() * random.unit() * 60.0) as usize;
        } else {
            left -= 1;
        }
        if !dropping {
            out.push(line, mark);
        }
    }
    out
}

/// Only what is body, and now and then a line of something else.
pub fn bare(page: &Marked, random: &mut Random) -> Marked {
    let stray = if random.unit() < 0.5 { 0.0 } else { 0.03 };
    let mut out = Marked::default();
    for (line, mark) in lines(page) {
        match mark {
            Some(mark) if is_body(mark) || random.unit() < stray => out.push(line, mark),
            None if !out.text.ends_with("\n\n") => out.push(line, Mark::Unknown),
            _ => {}
        }
    }
    out
}

/// A page without its story: nothing that is left is body.
pub fn hollow(page: &Marked) -> Marked {
    let mut out = Marked::default();
    for (line, mark) in lines(page) {
        match mark {
            Some(mark) if is_body(mark) => {}
            Some(Mark::Unknown) => out.push(line, Mark::NotBody),
            _ => out.push(line, mark.unwrap_or(Mark::Unknown)),
        }
    }
    out
}

/// The page with what is left of Markdown, of tags, of a wiki's edit links, or
/// with bullets: around most of the short lines, and inside the long ones.
pub fn marked_up(page: &Marked, random: &mut Random) -> Marked {
    let style = random.below(4);
    let mut out = Marked::default();
    for (line, mark) in lines(page) {
        let Some(mark) = mark else {
            out.push(line, Mark::Unknown);
            continue;
        };
        let text = line.trim();
        let short = text.split_whitespace().count() <= 12;
        let untouched = random.unit() < 0.25;
        let slug = || text.split_whitespace().take(5).collect::<Vec<_>>().join("-").to_lowercase();
        let marked = match (style, short) {
            _ if untouched => text.to_owned(),
            (0, true) if is_body(mark) => format!("{} {text}", ["##", "###", "*"][random.below(3)]),
            (0, true) => {
                let bullet = ["", "", "* ", "- ", "+ "][random.below(5)];
                format!("{bullet}[{text}]({}{})", ["/", "https://www.example.com/news/"][random.below(2)], slug())
            }
            (0, false) => {
                let words: Vec<&str> = text.split(' ').collect();
                let (from, length) = (random.below(words.len()), 1 + random.below(3));
                let (before, rest) = words.split_at(from);
                let (inside, after) = rest.split_at(length.min(rest.len()));
                let inside = inside.join(" ");
                let inside = if random.unit() < 0.5 { format!("**{inside}**") } else { format!("[{inside}](/{from})") };
                [before, &[&inside], after].concat().join(" ")
            }
            (1, true) => format!("{text}{}", ["<br>", "<br>", "<br/>", "&nbsp;"][random.below(4)]),
            (1, false) => match random.below(3) {
                0 => format!("<p>{text}</p>"),
                1 => text.replace(". ", ".<br>"),
                _ => text.replace(", ", ",&nbsp;").replace(['“', '”', '"'], "&quot;"),
            },
            (2, true) => format!("{text} {}", ["[edit]", "[ edit ]", "[edit source]"][random.below(3)]),
            (2, false) => format!("{text}[{}]", 1 + random.below(40)),
            (_, true) => format!("{} {text}", ["•", "»", "-", "*", "·", "→", "|"][random.below(7)]),
            (_, false) => text.to_owned(),
        };
        out.push(&marked, mark);
    }
    out
}

/// Two pages, one after the other.
pub fn joined(first: &Marked, second: &Marked) -> Marked {
    let mut out = first.clone();
    out.text.push('\n');
    let shift = out.text.len();
    out.text.push_str(&second.text);
    out.marks.extend(second.marks.iter().map(|(range, mark)| (range.start + shift..range.end + shift, *mark)));
    out
}
