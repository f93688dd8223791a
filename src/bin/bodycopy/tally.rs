//! What the pages of a run add up to.

use bodycopy::{Cleaned, Kind};

use crate::source;

/// Blocks of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub blocks: u64,
    /// Bytes of the blocks, without the space around them.
    pub bytes: u64,
}

/// Sums over pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub pages: u64,
    /// Pages in which nothing was found to be body.
    pub without_body: u64,
    /// Pages that are still HTML.
    pub html: u64,
    /// Bytes of text, in UTF-8: before cleaning, after.
    pub bytes: u64,
    pub kept: u64,
    pub kinds: [Count; Kind::COUNT],
}

impl Tally {
    /// Adds a page, of which `kept` bytes were kept.
    pub fn add(&mut self, page: &Cleaned, kept: usize) {
        self.pages += 1;
        self.without_body += u64::from(!page.has_body());
        self.html += u64::from(source::is_html(page.source()));
        self.bytes += page.source().len() as u64;
        self.kept += kept as u64;
        for span in page.spans().filter(|span| !span.text().is_empty()) {
            let count = &mut self.kinds[span.kind().index()];
            count.blocks += 1;
            count.bytes += span.text().len() as u64;
        }
    }

    pub fn merge(&mut self, other: &Tally) {
        self.pages += other.pages;
        self.without_body += other.without_body;
        self.html += other.html;
        self.bytes += other.bytes;
        self.kept += other.kept;
        for (count, more) in self.kinds.iter_mut().zip(&other.kinds) {
            count.blocks += more.blocks;
            count.bytes += more.bytes;
        }
    }

    /// Share of the text that was removed, from 0 to 1.
    pub fn removed(&self) -> f64 {
        if self.bytes == 0 { 0.0 } else { 1.0 - self.kept as f64 / self.bytes as f64 }
    }
}
