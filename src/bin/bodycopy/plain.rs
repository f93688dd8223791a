//! A cleaned page → plain text that ends with a line break.

use std::io::{self, Write};

use bodycopy::Cleaned;

/// Writes what is kept, in many small pieces, since a copy of a large page would take
/// as much memory again; returns how many bytes are kept.
pub fn write(page: &Cleaned, out: impl Write) -> io::Result<usize> {
    let mut out = Counted { out, bytes: 0 };
    write!(out, "{page}")?;
    let kept = out.bytes;
    if kept > 0 {
        // Kept blocks end with what shows, never with a line break.
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(kept)
}

/// Counts the bytes that are written.
struct Counted<W> {
    out: W,
    bytes: usize,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
