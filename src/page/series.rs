//! Series of like-shaped blocks, and the headings that open zones.

use super::{NEVER, Page, ZONES};
use crate::lexicon::{Hits, Section};

impl Page {
    /// Finds runs of blocks whose shapes come back at a fixed distance.
    pub(super) fn see_series(&mut self) {
        let shapes: Vec<u32> = (0..self.blocks.len())
            .map(|i| {
                let (counts, view) = (&self.counts[i], &self.views[i]);
                let size = 32 - (view.words as u32 / 3).leading_zeros();
                let end = counts.last as u32;
                let dated = u32::from(self.hits[i].covered[Section::Time as usize] > 0 || counts.clock);
                size | end << 5 | dated << 8 | u32::from(self.blocks[i].gap) << 9
            })
            .collect();
        let n = shapes.len();
        for lag in 1..=6 {
            let (mut run, mut i) = (0, lag);
            // A run is credited to every block in it.
            while i <= n {
                if i < n && shapes[i] == shapes[i - lag] {
                    run += 1;
                } else if run > 0 {
                    for view in &mut self.views[i - run - lag..i] {
                        let longest = if lag == 1 { &mut view.alike } else { &mut view.cards };
                        *longest = (*longest).max((run + lag) as u32);
                    }
                    run = 0;
                }
                i += 1;
            }
        }
    }

    pub(super) fn see_zones(&mut self) {
        let heads = |hits: &Hits, zone: usize| hits.is_whole(ZONES[zone]);
        let mut since = [NEVER; ZONES.len()];
        for (view, hits) in self.views.iter_mut().zip(&self.hits) {
            for (zone, distance) in since.iter_mut().enumerate() {
                *distance = if heads(hits, zone) { 0 } else { (*distance + 1).min(NEVER) };
            }
            view.since = since;
        }
        let mut until = [NEVER; ZONES.len()];
        for (view, hits) in self.views.iter_mut().zip(&self.hits).rev() {
            for (zone, distance) in until.iter_mut().enumerate() {
                *distance = if heads(hits, zone) { 0 } else { (*distance + 1).min(NEVER) };
            }
            view.until = until;
        }
    }
}
