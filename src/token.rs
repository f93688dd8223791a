//! Blocks → tokens and character counts, in one pass over the bytes.
//!
//! A token is a run of letters, marks and digits, folded to lower case and kept
//! as a 32-bit hash: words are compared, never shown. In scripts that are
//! written without spaces every character is a token. Apostrophes and hyphens
//! end a token; soft hyphens and joiners do not.

use crate::block::is_blank;

/// A word as its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// FNV-1a over the folded characters.
    pub hash: u32,
    /// The same over the first [`STEM`] characters, so that inflected forms of
    /// a word agree.
    pub stem: u32,
    /// Whether the token starts with a digit.
    pub number: bool,
    /// Whether the token starts with a capital.
    pub capital: bool,
    /// Whether the token is a character of an unspaced script.
    pub unspaced: bool,
    /// Characters, at most 255.
    pub len: u8,
    /// Where the token stands in the block, in bytes.
    pub start: u32,
    pub bytes: u16,
}

impl Token {
    /// The token's bytes in its block.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + usize::from(self.bytes)
    }
}

/// Characters of a token that its stem has.
const STEM: u32 = 6;

/// What the characters of one block add up to.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    pub chars: u32,
    pub letters: u32,
    pub digits: u32,
    /// Characters of scripts written without spaces.
    pub unspaced: u32,
    pub spaces: u32,
    /// Tokens that start with a digit.
    pub numbers: u32,
    /// Tokens that start with a capital; all of whose letters are capitals.
    pub capitalised: u32,
    pub all_caps: u32,
    /// Tokens that start with a small letter.
    pub lower: u32,
    pub longest: u32,
    /// Sentence ends: terminal punctuation before a space or the block's end.
    pub sentences: u32,
    pub commas: u32,
    pub colons: u32,
    pub quotes: u32,
    pub brackets: u32,
    pub separators: u32,
    pub slashes: u32,
    pub dashes: u32,
    pub currency: u32,
    pub symbols: u32,
    pub ats: u32,
    pub hashes: u32,
    /// `©`, or `(c)` before a year.
    pub copyright: bool,
    pub url: bool,
    /// A time of day: digit, colon, digit.
    pub clock: bool,
    /// A number of four digits that starts with 19 or 20.
    pub year: bool,
    /// Tokens before the first colon that a space follows: what may be a label
    /// ("Read more: …"); 0 where there is none.
    pub label: u32,
    pub first: First,
    pub last: Last,
    /// Whether a closing quote or bracket stands last.
    pub closed: bool,
}

/// What a block starts with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum First {
    #[default]
    Other,
    Upper,
    Lower,
    Uncased,
    Digit,
    Quote,
    Bullet,
}

/// What a block ends with, closing quotes and brackets aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Last {
    #[default]
    Other,
    Word,
    Terminal,
    Ellipsis,
    Colon,
    Comma,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
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

fn class(c: char) -> Class {
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

fn fold(c: char) -> u32 {
    let bicameral =
        matches!(c, '\u{c0}'..='\u{58f}' | '\u{10a0}'..='\u{10ff}' | '\u{1e00}'..='\u{1fff}' | '\u{ff21}'..='\u{ff5a}');
    if bicameral { c.to_lowercase().next().unwrap_or(c) as u32 } else { c as u32 }
}

const SEED: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

fn step(hash: u32, unit: u32) -> u32 {
    (hash ^ unit).wrapping_mul(PRIME)
}

/// Mixes a second hash into the first; not symmetric.
pub fn mix(a: u32, b: u32) -> u32 {
    (a.rotate_left(7) ^ b).wrapping_mul(0x9e37_79b1)
}

/// The token being read.
#[derive(Default)]
struct Open {
    start: usize,
    hash: u32,
    stem: u32,
    len: u32,
    digit: bool,
    upper: bool,
    lower: bool,
    any_lower: bool,
    letters: u32,
    year: u32,
    digits: u32,
}

impl Open {
    fn push(&mut self, at: usize, unit: u32, class: Class) {
        if self.len == 0 {
            self.start = at;
            self.hash = SEED;
            self.digit = class == Class::Digit;
            self.upper = class == Class::Upper;
            self.lower = class == Class::Lower;
        }
        self.len += 1;
        self.hash = step(self.hash, unit);
        if self.len <= STEM {
            self.stem = self.hash;
        }
        match class {
            Class::Digit => {
                self.digits += 1;
                if self.digits <= 4 {
                    self.year = self.year.wrapping_mul(10).wrapping_add(unit.wrapping_sub(48));
                }
            }
            _ => self.letters += 1,
        }
        self.any_lower |= class == Class::Lower;
    }

    fn close(&mut self, end: usize, counts: &mut Counts, tokens: &mut Vec<Token>) {
        if self.len == 0 {
            return;
        }
        let open = std::mem::take(self);
        tokens.push(Token {
            hash: open.hash,
            stem: open.stem,
            number: open.digit,
            capital: open.upper,
            unspaced: false,
            len: open.len.min(255) as u8,
            start: open.start as u32,
            bytes: (end - open.start).min(usize::from(u16::MAX)) as u16,
        });
        counts.numbers += u32::from(open.digit);
        counts.capitalised += u32::from(open.upper);
        counts.lower += u32::from(open.lower);
        counts.all_caps += u32::from(open.upper && !open.any_lower && open.letters > 1);
        counts.longest = counts.longest.max(open.len);
        counts.letters += open.letters;
        counts.digits += open.digits;
        counts.year |= open.len == 4 && open.digits == 4 && matches!(open.year / 100, 19 | 20);
    }
}

/// Counts the characters of a block and appends its tokens to `tokens`.
pub fn scan(block: &str, tokens: &mut Vec<Token>) -> Counts {
    let mut counts = Counts::default();
    let before_block = tokens.len();
    let mut open = Open::default();
    let bytes = block.as_bytes();
    let mut at = 0;
    let mut before = Class::Space; // the class of the character before
    let mut stop_open = false; // a stop was read, quotes or brackets at most since
    while at < bytes.len() {
        let b = bytes[at];
        let (class, unit, width) = if b < 128 {
            let lower = u32::from(b.to_ascii_lowercase());
            (ASCII[b as usize], lower, 1)
        } else {
            let c = block[at..].chars().next().unwrap_or(' ');
            (class(c), fold(c), c.len_utf8())
        };
        // Space counts once, however much of it there is; what does not show, never.
        counts.chars += u32::from(class != Class::Silent && (class != Class::Space || before != Class::Space));
        match class {
            Class::Lower | Class::Upper | Class::Uncased | Class::Digit => {
                open.push(at, unit, class);
                stop_open = false;
                counts.clock |=
                    class == Class::Digit && before == Class::Colon && at >= 2 && bytes[at - 2].is_ascii_digit();
            }
            Class::Silent => {
                at += width;
                continue;
            }
            _ => {
                if class == Class::Colon && open.len >= 4 && bytes[at..].starts_with(b"://") {
                    counts.url = true;
                }
                if class == Class::Stop && open.len == 3 && open.hash == WWW {
                    counts.url = true;
                }
                open.close(at, &mut counts, tokens);
                match class {
                    Class::Unspaced => {
                        tokens.push(Token {
                            hash: step(SEED, unit),
                            stem: step(SEED, unit),
                            number: false,
                            capital: false,
                            unspaced: true,
                            len: 1,
                            start: at as u32,
                            bytes: width as u16,
                        });
                        counts.unspaced += 1;
                    }
                    Class::Space => {
                        counts.spaces += 1;
                        counts.sentences += u32::from(stop_open);
                    }
                    Class::Comma => counts.commas += 1,
                    Class::Colon => {
                        let next = block[at + width..].chars().next();
                        let spaced = width > 1 || next.is_none_or(is_blank);
                        if counts.label == 0 && spaced {
                            counts.label = (tokens.len() - before_block) as u32;
                        }
                        counts.colons += 1;
                    }
                    Class::Quote => counts.quotes += 1,
                    Class::Bracket => counts.brackets += 1,
                    Class::Separator => counts.separators += 1,
                    Class::Slash => counts.slashes += 1,
                    Class::Dash => counts.dashes += 1,
                    Class::Currency => counts.currency += 1,
                    Class::At => counts.ats += 1,
                    Class::Hash => counts.hashes += 1,
                    Class::Copyright => counts.copyright = true,
                    Class::Symbol => counts.symbols += 1,
                    Class::WideStop => counts.sentences += 1,
                    _ => {}
                }
                stop_open = class == Class::Stop || (stop_open && matches!(class, Class::Quote | Class::Bracket));
            }
        }
        before = class;
        at += width;
    }
    open.close(at, &mut counts, tokens);
    counts.sentences += u32::from(stop_open);
    counts.first = first(block);
    (counts.last, counts.closed) = last(block);
    counts
}

/// The hash of "www".
const WWW: u32 = {
    let mut hash = SEED;
    let mut i = 0;
    while i < 3 {
        hash = (hash ^ b'w' as u32).wrapping_mul(PRIME);
        i += 1;
    }
    hash
};

fn class_of(c: char) -> Class {
    if c.is_ascii() { ASCII[c as usize] } else { class(c) }
}

fn first(block: &str) -> First {
    match block.chars().next().map(|c| (c, class_of(c))) {
        Some((_, Class::Upper)) => First::Upper,
        Some((_, Class::Lower)) => First::Lower,
        Some((_, Class::Uncased | Class::Unspaced)) => First::Uncased,
        Some((_, Class::Digit)) => First::Digit,
        Some((_, Class::Quote)) => First::Quote,
        Some((_, Class::Separator | Class::Dash)) => First::Bullet,
        _ => First::Other,
    }
}

fn last(block: &str) -> (Last, bool) {
    let mut closed = false;
    for (at, c) in block.char_indices().rev() {
        match class_of(c) {
            Class::Quote | Class::Bracket => closed = true,
            Class::Space | Class::Silent => {}
            Class::Stop if c == '.' && block[..at].ends_with('.') => return (Last::Ellipsis, closed),
            Class::Stop | Class::WideStop => return (Last::Terminal, closed),
            Class::Ellipsis => return (Last::Ellipsis, closed),
            Class::Colon => return (Last::Colon, closed),
            Class::Comma => return (Last::Comma, closed),
            Class::Lower | Class::Upper | Class::Uncased | Class::Unspaced | Class::Digit => {
                return (Last::Word, closed);
            }
            _ => return (Last::Other, closed),
        }
    }
    (Last::Other, closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        scan(text, &mut tokens);
        tokens
    }

    #[test]
    fn tokens_fold_case_and_skip_punctuation() {
        let hashes = |text| tokens(text).iter().map(|t| t.hash).collect::<Vec<_>>();
        assert_eq!(hashes("Read MORE: »"), hashes("read more"));
        assert_eq!(hashes("ÄRGER Москва"), hashes("ärger москва"));
        assert_eq!(hashes("news\u{ad}letter"), hashes("newsletter"));
        assert_eq!(tokens("don't").len(), 2);
        assert_eq!(tokens("相关新闻").len(), 4);
        assert!(tokens("12 h")[0].number && !tokens("h12")[0].number);
    }

    #[test]
    fn counts_see_sentences_and_ends() {
        let counts = |text| scan(text, &mut Vec::new());
        assert_eq!(counts("He came. \"She saw.\" They won!").sentences, 3);
        assert_eq!(counts("Version 1.2 of example.com").sentences, 0);
        assert_eq!(counts("他来了。她看见了。").sentences, 2);
        assert_eq!(counts("And then…").last, Last::Ellipsis);
        assert_eq!(counts("And then...").last, Last::Ellipsis);
        assert_eq!(counts("\"Yes.\"").last, Last::Terminal);
        assert!(counts("at 12:30").clock && counts("in 2022").year && !counts("in 20221").year);
        assert!(counts("https://a.example").url && counts("see www.a.example").url && !counts("a: b").url);
        assert_eq!(counts("NEWS From Here").all_caps, 1);
    }
}
