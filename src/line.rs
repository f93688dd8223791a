//! Text → lines, without the space around them.
//!
//! Lines are found as they are asked for and none is kept, so that a text of
//! tiny lines takes no more memory than any other.

use std::ops::Range;

use crate::window::{WINDOW, breaks_in};

/// A line of the input, trimmed; never empty.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub start: usize,
    pub end: usize,
    /// Blank lines between the line before and this one.
    pub blanks: u32,
    /// Whether it is the rest of a line that was cut.
    pub inline: bool,
}

impl Line {
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Longer lines are cut, so that a text without line ends is not one block,
/// which would take memory in proportion and could only be kept or lost whole.
pub const LONGEST: usize = 1 << 16;

/// The lines of a text.
pub struct Lines<'a> {
    text: &'a str,
    /// The window that is read, and the bytes of it that may end a break and
    /// have not been looked at.
    window: usize,
    left: u64,
    /// Where the next line starts.
    from: usize,
    blanks: u32,
    /// Whether there was a line: space before the first says nothing.
    started: bool,
    /// What is left of a line that is cut, and whether a piece of it was given.
    rest: Range<usize>,
    inline: bool,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Lines<'a> {
        let left = if text.is_empty() { 0 } else { breaks_in(text.as_bytes(), 0) };
        Lines { text, window: 0, left, from: 0, blanks: 0, started: false, rest: 0..0, inline: false }
    }

    /// The next line as it stands in the text, space and all.
    #[inline(always)]
    fn raw(&mut self) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        loop {
            while self.left != 0 {
                let last = self.window + self.left.trailing_zeros() as usize;
                self.left &= self.left - 1;
                let width = break_width(bytes, last);
                if width > 0 {
                    let line = self.from..last + 1 - width;
                    self.from = last + 1;
                    return Some(line);
                }
            }
            if self.window + WINDOW < bytes.len() {
                self.window += WINDOW;
                self.left = breaks_in(bytes, self.window);
                continue;
            }
            let line = self.from..bytes.len();
            self.from = bytes.len();
            return Some(line).filter(|line| !line.is_empty());
        }
    }

    /// A piece of the line that is cut: up to a full stop, else to a space, else
    /// to anywhere; all of it where it is short enough.
    fn piece(&mut self) -> Line {
        let mut piece = self.rest.clone();
        if piece.len() > LONGEST {
            let limit = (0..4).map(|back| piece.start + LONGEST - back).find(|&at| self.text.is_char_boundary(at));
            let head = &self.text[piece.start..limit.unwrap_or(piece.end)];
            let end = head.rfind(". ").map(|at| at + 1).or_else(|| head.rfind(is_blank)).unwrap_or(head.len());
            piece.end = piece.start + end;
        }
        self.rest = trim(self.text, piece.end..self.rest.end);
        let piece = trim(self.text, piece);
        let line = Line { start: piece.start, end: piece.end, blanks: self.blanks, inline: self.inline };
        (self.blanks, self.inline, self.started) = (0, true, true);
        line
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    #[inline(always)]
    fn next(&mut self) -> Option<Line> {
        while self.rest.is_empty() {
            let line = self.raw()?;
            self.rest = trim(self.text, line);
            self.inline = false;
            if self.rest.is_empty() {
                self.blanks += u32::from(self.started);
            } else if self.rest.len() <= LONGEST {
                let line = Line { start: self.rest.start, end: self.rest.end, blanks: self.blanks, inline: false };
                self.rest = 0..0;
                (self.blanks, self.started) = (0, true);
                return Some(line);
            }
        }
        Some(self.piece())
    }
}

/// White space, and control characters.
#[inline]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\0'..='\x1f')
}

/// White space and the characters that show as nothing.
#[inline]
pub fn is_blank(c: char) -> bool {
    is_space(c)
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether more bytes than this show; a stretch of space counts as one. A text of
/// more than four times as many is taken for longer unread.
pub fn is_longer(text: &str, limit: usize) -> bool {
    if text.len() <= limit || text.len() > 4 * limit {
        return text.len() > limit;
    }
    // What surely shows is counted faster than what may.
    if text.bytes().map(|byte| u32::from(byte.is_ascii_graphic())).sum::<u32>() as usize > limit {
        return true;
    }
    let (mut size, mut space) = (0, false);
    text.chars().any(|c| {
        if is_space(c) {
            size += usize::from(!space);
            space = true;
        } else if c.is_ascii() || !is_blank(c) {
            size += c.len_utf8();
            space = false;
        }
        size > limit
    })
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let bytes = &text.as_bytes()[range.clone()];
    if let (Some(b'!'..=b'~'), Some(b'!'..=b'~')) = (bytes.first(), bytes.last()) {
        return range;
    }
    let slice = &text[range.clone()];
    let left = slice.trim_start_matches(is_blank);
    let start = range.end - left.len();
    start..start + left.trim_end_matches(is_blank).len()
}

/// The bytes of the line break whose last byte is at `at`, if there is one.
#[inline(always)]
fn break_width(bytes: &[u8], at: usize) -> usize {
    match bytes[at] {
        b'\n' => 1 + usize::from(at > 0 && bytes[at - 1] == b'\r'),
        0x0b | 0x0c => 1,
        b'\r' => usize::from(bytes.get(at + 1) != Some(&b'\n')),
        0x85 if at > 0 && bytes[at - 1] == 0xc2 => 2,
        0xa8 | 0xa9 if at > 1 && bytes[at - 2..at] == [0xe2, 0x80] => 3,
        _ => 0,
    }
}

/// The line breaks in `text`, each with the bytes it takes (CR LF is one).
pub fn breaks(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut chars = text.char_indices().filter(|&(_, c)| is_break(c)).peekable();
    std::iter::from_fn(move || {
        let (at, c) = chars.next()?;
        let end = at + c.len_utf8();
        let is_pair = c == '\r' && chars.next_if_eq(&(end, '\n')).is_some();
        Some(at..end + usize::from(is_pair))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_count_crlf_once() {
        assert_eq!(breaks("a\r\n\r\nb\n\rc").collect::<Vec<_>>(), [1..3, 3..5, 6..7, 7..8]);
    }
}
