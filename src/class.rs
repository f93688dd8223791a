//! Characters → classes: what a character is to a block of news text.

use std::sync::OnceLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Lower,
    Upper,
    Uncased,
    Unspaced,
    Digit,
    /// Belongs to the token around it, adds nothing: soft hyphen, joiner, mark.
    Silent,
    Space,
    Stop,
    WideStop,
    Comma,
    Colon,
    Quote,
    Bracket,
    Separator,
    Slash,
    Dash,
    Currency,
    At,
    Hash,
    Copyright,
    Ellipsis,
    Symbol,
}

impl Class {
    pub const COUNT: usize = Class::Symbol as usize + 1;
}

const ASCII: [Class; 128] = ascii_classes();

const fn ascii_classes() -> [Class; 128] {
    let mut table = [Class::Symbol; 128];
    let mut b = 0;
    while b < 128 {
        table[b] = match b as u8 {
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            0..=b' ' | 0x7f => Class::Space,
            b'.' | b'!' | b'?' => Class::Stop,
            b',' | b';' => Class::Comma,
            b':' => Class::Colon,
            b'"' | b'\'' | b'`' => Class::Quote,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' => Class::Bracket,
            b'|' | b'>' | b'<' | b'*' => Class::Separator,
            b'/' | b'\\' => Class::Slash,
            b'-' => Class::Dash,
            b'$' => Class::Currency,
            b'@' => Class::At,
            b'#' => Class::Hash,
            _ => Class::Symbol,
        };
        b += 1;
    }
    table
}

/// Whether `c` is of a script that is written without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The class of any character.
#[inline]
pub fn class(c: char) -> Class {
    match c {
        '\0'..='\x7f' => ASCII[c as usize],
        '\u{4e00}'..='\u{9fff}' => Class::Unspaced,
        '\u{ac00}'..='\u{d7a3}' => Class::Uncased,
        _ => match FAMILIAR.get(c as usize >> 8) {
            Some(classes) => classes.get_or_init(|| classes_from(c as u32 & !0xff))[c as usize & 0xff],
            None => look_up(c),
        },
    }
}

/// The classes of the alphabets and of general punctuation, by 256 characters,
/// worked out when the first of them is met.
static FAMILIAR: [OnceLock<[Class; 256]>; 0x31] = [const { OnceLock::new() }; 0x31];

#[cold]
fn classes_from(first: u32) -> [Class; 256] {
    std::array::from_fn(|i| char::from_u32(first + i as u32).map_or(Class::Symbol, look_up))
}

fn look_up(c: char) -> Class {
    match c {
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{300}'..='\u{36f}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{591}'..='\u{5c7}'
        | '\u{fe00}'..='\u{fe0f}' => Class::Silent,
        '\u{964}' | '\u{965}' | '。' | '！' | '？' | '؟' | '۔' | '｡' | '．' | '։' => Class::WideStop,
        '\u{900}'..='\u{dff}' => Class::Uncased,
        '、' | '，' | '；' | '،' | '؛' | '､' => Class::Comma,
        '：' => Class::Colon,
        '…' | '⋯' => Class::Ellipsis,
        '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '«' | '»' | '‹' | '「' | '」' | '『' | '』' | '＂' => {
            Class::Quote
        }
        '（' | '）' | '【' | '】' | '《' | '》' | '〈' | '〉' | '［' | '］' | '〔' | '〕' => Class::Bracket,
        '›' | '•' | '·' | '▸' | '►' | '▶' | '→' | '←' | '│' | '｜' | '■' | '●' | '◆' | '▪' | '○' | '★' | '☆' | '▼'
        | '▲' | '⟩' | '❯' | '・' | '⁄' | '¦' | '◄' | '✓' | '✔' => Class::Separator,
        '／' => Class::Slash,
        '–' | '—' | '―' | '‐' | '‑' | '−' => Class::Dash,
        '€' | '£' | '¥' | '₹' | '₽' | '₩' | '₺' | '₴' | '₫' | '￥' | '¢' => Class::Currency,
        '©' | '℗' => Class::Copyright,
        _ if is_unspaced(c) => Class::Unspaced,
        _ if c.is_whitespace() => Class::Space,
        _ if c.is_alphabetic() => {
            if c.is_lowercase() {
                Class::Lower
            } else if c.is_uppercase() {
                Class::Upper
            } else {
                Class::Uncased
            }
        }
        _ if c.is_numeric() => Class::Digit,
        _ => Class::Symbol,
    }
}

/// A letter or digit in lower case, by its first character.
#[inline]
pub fn fold(c: char, class: Class) -> char {
    let bicameral =
        matches!(c, '\u{c0}'..='\u{58f}' | '\u{10a0}'..='\u{10ff}' | '\u{1e00}'..='\u{1fff}' | '\u{ff21}'..='\u{ff5a}');
    match class {
        Class::Lower => c,
        _ if c.is_ascii() => c.to_ascii_lowercase(),
        _ if bicameral => c.to_lowercase().next().unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_cuts_agree_with_the_definition() {
        for c in '\u{80}'..=char::MAX {
            assert_eq!(class(c), look_up(c), "{c:?}");
            if class(c) == Class::Lower {
                assert_eq!(fold(c, Class::Lower), fold(c, Class::Upper), "{c:?}");
            }
        }
    }
}
