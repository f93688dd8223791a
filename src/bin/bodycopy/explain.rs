//! A cleaned page → a table of its blocks, for people.
//!
//! One row a block, as in a diff: `+` for what is kept, `-` for what goes, then
//! kind, confidence, the block's text and what spoke for the decision. Where
//! the terminal is narrow, the reasons get a line of their own.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use bodycopy::{Cleaned, Kind, Shape, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns before the text: mark, kind, confidence, and the space between.
const BEFORE: usize = 2 + KIND + 1 + 4 + 2;
const KIND: usize = "subscription_".len();
/// Fewer columns than this have no room for reasons beside the text.
const NARROW: usize = 110;
/// More columns than this are too far for the eye.
const WIDEST: usize = 200;
/// Columns where there is no terminal.
const USUAL: usize = 140;
/// Reasons that are shown.
const REASONS: usize = 3;

const PLAIN: Style = Style::new();
const FAINT: Style = Style::new().dimmed();
const BODY: Style = AnsiColor::Green.on_default().bold();
const ARTICLE: Style = AnsiColor::Cyan.on_default();
const CLUTTER: Style = AnsiColor::Red.on_default();
const DOUBT: Style = AnsiColor::Yellow.on_default().bold();

/// The columns that the output has.
pub fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|n| n.parse().ok());
    // Behind a pager, standard error still knows the terminal.
    let seen = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    told.or_else(seen).unwrap_or(USUAL).clamp(60, WIDEST)
}

/// The table's rows, one at a time, since reasons take their time; with colours.
pub fn rows(page: &Cleaned, columns: usize) -> impl Iterator<Item = String> {
    page.spans().filter(|span| !span.text().is_empty()).map(move |span| row(&span, columns))
}

fn row(span: &Span, columns: usize) -> String {
    let mut table = String::new();
    let kind = span.kind();
    let (mark, of_mark) = if span.is_kept() { ('+', BODY) } else { ('-', CLUTTER) };
    let of_text = if span.is_kept() { PLAIN } else { FAINT };
    let of_kind = style(kind);
    let percent = (100.0 * span.confidence()).round().min(100.0) as u32;
    let of_percent = if percent < 75 { DOUBT } else { FAINT };
    let _ = write!(table, "{of_mark}{mark}{of_mark:#} {of_kind}{:<KIND$}{of_kind:#} ", kind.name());
    let _ = write!(table, "{of_percent}{percent:>3}%{of_percent:#}  ");

    let room = columns - BEFORE;
    let narrow = columns < NARROW;
    let text_room = if narrow { room } else { room * 11 / 20 };
    let text = excerpt(span.text(), text_room);
    let reasons = span.reasons();
    let reasons_room = if narrow { room - 2 } else { room - text_room - 2 };
    let reasons = fitting(reasons.iter().take(REASONS).map(|reason| reason.text.as_str()), reasons_room);
    if narrow {
        let _ = writeln!(table, "{of_text}{text}{of_text:#}");
        if !reasons.is_empty() {
            let _ = writeln!(table, "{:BEFORE$}{FAINT}└ {reasons}{FAINT:#}", "");
        }
    } else if reasons.is_empty() {
        let _ = writeln!(table, "{of_text}{text}{of_text:#}");
    } else {
        let gap = text_room.saturating_sub(text.width()) + 2;
        let _ = writeln!(table, "{of_text}{text}{of_text:#}{:gap$}{FAINT}{reasons}{FAINT:#}", "");
    }
    table
}

fn style(kind: Kind) -> Style {
    match kind {
        Kind::Body => BODY,
        kind if kind.is_article() => ARTICLE,
        _ => CLUTTER,
    }
}

/// As many reasons as there is room for, the first one cut if it has to be.
fn fitting<'a>(reasons: impl Iterator<Item = &'a str>, room: usize) -> String {
    let mut line = String::new();
    for reason in reasons {
        if line.is_empty() {
            line = excerpt(reason, room);
        } else if line.width() + 3 + reason.width() <= room {
            line.push_str(" · ");
            line.push_str(&excerpt(reason, room));
        }
    }
    line
}

/// The start of a text on one line, at most `room` columns wide. Characters
/// that would move the cursor or turn the line around are left out.
fn excerpt(text: &str, room: usize) -> String {
    let mut line = String::new();
    let (mut width, mut fits, mut space) = (0, 0, false);
    for c in text.chars() {
        if c.is_whitespace() {
            space = !line.is_empty();
            continue;
        }
        // The sign that asks for a picture makes the one before it wider.
        let of_char = if c == '\u{fe0f}' { 1 } else { c.width().unwrap_or(0) };
        if c.is_control() || turns(c) {
            continue;
        }
        let more = usize::from(space) + of_char;
        if width + more > room {
            line.truncate(fits);
            line.push('…');
            return line;
        }
        if space {
            line.push(' ');
        }
        line.push(c);
        (width, space) = (width + more, false);
        if width < room {
            fits = line.len();
        }
    }
    line
}

/// Whether a character sets the direction of what follows.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What was kept of what, in a line or two under the table.
pub fn sum(page: &Cleaned, kept: usize) -> String {
    let blocks = || page.spans().filter(|span| !span.text().is_empty());
    let (all, of) = (blocks().count(), blocks().filter(Span::is_kept).count());
    let bytes = page.source().len();
    let share = if bytes == 0 { 0 } else { (100.0 * kept as f64 / bytes as f64).round() as u32 };
    let shape = match page.shape() {
        Shape::Wrapped => ", hard-wrapped",
        Shape::Flattened => ", flattened to one line",
        _ => "",
    };
    let mut sum = format!("\nkept {of} of {all} blocks, {kept} of {bytes} bytes ({share}%){shape}\n");
    if !page.has_body() {
        let _ = writeln!(sum, "{DOUBT}no article found{DOUBT:#}");
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_fits_its_room() {
        assert_eq!(excerpt("Read\n  more here", 14), "Read more here");
        assert_eq!(excerpt("Read\n  more here", 13), "Read more he…");
        assert_eq!(excerpt("政府表示将继续", 8), "政府表…");
        assert_eq!(excerpt("\u{1b}[31mred\u{202e}", 10), "[31mred");
        for sign in ["❤️", "1️⃣", "👩‍👩‍👧", "🇩🇪", "e\u{301}", "☀️ 政"] {
            assert!((0..40).all(|room| excerpt(&sign.repeat(30), room + 1).width() <= room + 1), "{sign}");
        }
    }

    #[test]
    fn the_kinds_fit_their_column() {
        assert!(Kind::ALL.iter().all(|kind| kind.name().len() <= KIND));
    }
}
