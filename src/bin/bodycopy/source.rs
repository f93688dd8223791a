//! A file's name → its bytes, unpacked, and what is in it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::failure::{Failure, Problem};

/// Standard input's name on the command line.
pub const STDIN: &str = "-";

/// Bytes read from disk so far, by all threads.
pub type BytesRead = Arc<AtomicU64>;

/// How a file is packed, told by its ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gzip,
    Zstd,
}

impl Packing {
    /// The packing, and the name without its ending.
    pub fn split(name: &str) -> (Packing, &str) {
        for (ending, packing) in [(".gz", Packing::Gzip), (".zst", Packing::Zstd)] {
            let stem = name.len().saturating_sub(ending.len());
            if stem > 0 && name.get(stem..).is_some_and(|end| end.eq_ignore_ascii_case(ending)) {
                return (packing, &name[..stem]);
            }
        }
        (Packing::Plain, name)
    }

    pub fn of(path: &Path) -> Packing {
        Packing::split(&path.to_string_lossy()).0
    }
}

/// What a file holds, told by its ending where no option says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The text of one page.
    Page,
    /// JSON Lines.
    Lines,
    /// Common Crawl's WARC or WET.
    Archive,
}

impl Form {
    /// The form of a file of this name, once unpacked; `None` where the ending
    /// says nothing.
    pub fn of(name: &str) -> Option<Form> {
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "txt" | "text" => Some(Form::Page),
            "jsonl" | "ndjson" => Some(Form::Lines),
            "warc" | "wet" => Some(Form::Archive),
            _ => None,
        }
    }
}

/// A reader that counts what it reads.
struct Counted<R> {
    reader: R,
    bytes: BytesRead,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(buffer)?;
        self.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Opens a file, or standard input, and unpacks it by its ending.
pub fn open(path: &Path, read: &BytesRead) -> io::Result<Box<dyn Read + Send>> {
    let bytes = Arc::clone(read);
    if path.as_os_str() == STDIN {
        return Ok(Box::new(Counted { reader: io::stdin(), bytes }));
    }
    let reader = Counted { reader: File::open(path)?, bytes };
    Ok(match Packing::of(path) {
        Packing::Plain => Box::new(reader),
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(reader)),
        Packing::Zstd => Box::new(zstd::Decoder::new(reader)?),
    })
}

/// Reads a page whole.
pub fn page(path: &Path, name: &str, lossy: bool, read: &BytesRead) -> Result<String, Failure> {
    let unreadable = |error| Failure::new(name, Problem::Read(error));
    // Room for all of it at once: growing takes up to three times as much.
    let size = match Packing::of(path) {
        Packing::Plain => path.metadata().ok().filter(|file| file.is_file()).map_or(0, |file| file.len()),
        _ => 0,
    };
    let mut bytes = Vec::new();
    // A size that cannot be had shows itself when the bytes come.
    let _ = bytes.try_reserve_exact(usize::try_from(size).unwrap_or(0).saturating_add(1));
    open(path, read).map_err(unreadable)?.read_to_end(&mut bytes).map_err(unreadable)?;
    text(bytes, 0, lossy).map_err(|problem| Failure::new(name, problem))
}

/// Bytes → text; `start` is where the bytes stand in their file.
pub fn text(bytes: Vec<u8>, start: u64, lossy: bool) -> Result<String, Problem> {
    // UTF-16 of ASCII is UTF-8 too: every second byte is 0.
    if let (false, Some(encoding)) = (lossy, unmarked(&bytes)) {
        return Err(Problem::NotUtf8 { at: start, like: Some(encoding) });
    }
    String::from_utf8(bytes).or_else(|error| {
        if lossy {
            return Ok(String::from_utf8_lossy(error.as_bytes()).into_owned());
        }
        let like = match error.as_bytes() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some(("UTF-16", "convert it first (iconv -f UTF-16)")),
            [0x1f, 0x8b, ..] => Some(("gzip", "unpack it first (gzip -dc), or name it .gz")),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(("zstd", "unpack it first (zstd -dc), or name it .zst")),
            _ => None,
        };
        Err(Problem::NotUtf8 { at: start + error.utf8_error().valid_up_to() as u64, like })
    })
}

/// What the bytes look like, and what makes text of them, if they look like UTF-16
/// without a mark at its start.
fn unmarked(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let (pairs, _) = bytes[..bytes.len().min(4096)].as_chunks::<2>();
    let zeros = |place: usize| pairs.iter().filter(|pair| pair[place] == 0 && pair[1 - place] != 0).count();
    let most = |count: usize| count > 1 && 2 * count > pairs.len();
    if most(zeros(1)) {
        Some(("UTF-16", "convert it first (iconv -f UTF-16LE)"))
    } else if most(zeros(0)) {
        Some(("UTF-16", "convert it first (iconv -f UTF-16BE)"))
    } else {
        None
    }
}

/// Whether a page is still HTML: `bodycopy` takes its text.
pub fn is_html(page: &str) -> bool {
    let page = page.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let opens = |tag: &str| page.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    opens("<!doctype html") || opens("<html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_tell_packing_and_form() {
        let told = |name: &'static str| {
            let (packing, name) = Packing::split(name);
            (packing, Form::of(name))
        };
        assert_eq!(told("a.warc.wet.gz"), (Packing::Gzip, Some(Form::Archive)));
        assert_eq!(told("A.JSONL.ZST"), (Packing::Zstd, Some(Form::Lines)));
        assert_eq!(told("page.txt"), (Packing::Plain, Some(Form::Page)));
        assert_eq!(told("page"), (Packing::Plain, None));
        assert_eq!(told(".gz"), (Packing::Plain, None));
    }

    #[test]
    fn pages_of_html_are_known_by_their_start() {
        for page in ["<!DOCTYPE html>\n<html>", "\u{feff}\n <html lang=en>", "<!doctype HTML PUBLIC"] {
            assert!(is_html(page), "{page:?}");
        }
        for page in ["", "<ht", "<p>Home", "The tag <html> opens a page.", "“<html>”"] {
            assert!(!is_html(page), "{page:?}");
        }
    }

    #[test]
    fn utf_16_is_told_without_its_mark() {
        let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        assert!(unmarked(&wide("Menü\nHome", u16::to_le_bytes)).is_some_and(|(_, mend)| mend.contains("UTF-16LE")));
        assert!(unmarked(&wide("Menü\nHome", u16::to_be_bytes)).is_some_and(|(_, mend)| mend.contains("UTF-16BE")));
        for text in ["", "a\0", "Home\0\0\0\0\0\0\0\0\0\0\0\0", "Menü\nHome", "a\0field\0and another"] {
            assert_eq!(unmarked(text.as_bytes()), None, "{text:?}");
        }
    }
}
