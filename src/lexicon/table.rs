//! The tables that the lexicons are looked up in.
//!
//! Nearly every look-up finds nothing, so what matters is to learn that from
//! little memory: small sets of bits turn most words and phrases away before
//! the tables are touched.

use super::{Section, varint};

/// Reads sorted keys and their values, as the compiler writes them.
fn entries(bytes: &mut &[u8]) -> Option<Vec<(u32, u32)>> {
    let count = varint(bytes)? as usize;
    let values: Vec<u32> = (0..varint(bytes)?).map(|_| varint(bytes)).collect::<Option<_>>()?;
    let mut entries = Vec::new();
    let mut key = 0u32;
    let mut reader = Stream { bytes, at: 0 };
    let low = low_bits(count);
    for _ in 0..count {
        key = key.checked_add(reader.rice(low)?)?;
        entries.push((key, 0));
    }
    *bytes = &bytes[reader.at.div_ceil(8)..];
    for entry in &mut entries {
        entry.1 = *values.get(varint(bytes)? as usize)?;
    }
    Some(entries)
}

/// Low bits that differences of `count` sorted keys are written with in Rice's
/// code (Golomb 1966, Rice 1979): about their mean, and the rest in unary.
/// Keys are spread evenly, so that hardly anything is shorter.
pub fn low_bits(count: usize) -> u32 {
    (u32::MAX / count.clamp(1, 1 << 30) as u32).ilog2()
}

/// Reads bits of bytes, low ones first.
struct Stream<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Stream<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = *self.bytes.get(self.at / 8)?;
        self.at += 1;
        Some(u32::from(byte) >> ((self.at - 1) % 8) & 1)
    }

    fn rice(&mut self, low: u32) -> Option<u32> {
        let mut high = 0u32;
        while self.bit()? == 1 {
            high += 1;
        }
        let mut rest = 0;
        for i in 0..low {
            rest |= self.bit()? << i;
        }
        high.checked_mul(1 << low)?.checked_add(rest)
    }
}

/// Phrases by key, with the sections they hit.
pub struct Phrases {
    /// Open addressing; key 0 is a free slot.
    slots: Vec<(u32, u32)>,
    /// Two bits of one number for every key.
    filter: Vec<u64>,
}

const FILTER: usize = 1 << 13;

/// The number of the filter that a key belongs to, and its bits there.
#[inline(always)]
fn bits(key: u32) -> (usize, u64) {
    ((key >> 19) as usize & (FILTER - 1), 1 << (key & 63) | 1 << (key >> 6 & 63))
}

impl Phrases {
    pub fn read(bytes: &mut &[u8]) -> Option<Phrases> {
        let entries = entries(bytes)?;
        // More slots than entries, whatever their number: look-ups end at a free one.
        let mut slots = vec![(0, 0); (entries.len() * 3 / 2 + 1).next_power_of_two()];
        let mut filter = vec![0; FILTER];
        for (key, sections) in entries {
            if sections >> Section::COUNT != 0 {
                return None;
            }
            let mut at = slot(key, slots.len());
            while slots[at].0 != 0 {
                at = (at + 1) & (slots.len() - 1);
            }
            slots[at] = (key, sections);
            let (number, bits) = bits(key);
            filter[number] |= bits;
        }
        Some(Phrases { slots, filter })
    }

    /// The sections of a phrase, as a bit set.
    #[inline(always)]
    pub fn sections(&self, key: u32) -> u32 {
        let (number, bits) = bits(key);
        if self.filter[number] & bits != bits { 0 } else { self.look_up(key) }
    }

    fn look_up(&self, key: u32) -> u32 {
        let mut at = slot(key, self.slots.len());
        loop {
            let (found, sections) = self.slots[at];
            if found == key {
                return sections;
            }
            if found == 0 {
                return 0;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

fn slot(key: u32, slots: usize) -> usize {
    key.wrapping_mul(0x9e37_79b1) as usize & (slots - 1)
}

/// Function words by hash, with the number of the set of languages.
pub struct Functions {
    /// The hash's upper bits and the number; the place says the lower bits.
    buckets: Vec<[u32; 4]>,
    /// The sets of languages; number 0 is none.
    languages: Vec<u32>,
}

const BUCKETS: usize = 1 << 12;

/// Sets of languages that function words may have.
pub const SETS: usize = 256;

impl Functions {
    /// Reads the words, and puts them into `known` too.
    pub fn read(bytes: &mut &[u8], known: &mut Bits) -> Option<Functions> {
        let mut languages = vec![0];
        let mut buckets = vec![[0; 4]; BUCKETS];
        let entries = entries(bytes)?;
        // More would fill the buckets, which have to have room.
        if entries.len() > 2 * BUCKETS {
            return None;
        }
        for (hash, set) in entries {
            known.insert(hash);
            let number = languages.iter().position(|known| *known == set).unwrap_or_else(|| {
                languages.push(set);
                languages.len() - 1
            });
            if number >= SETS {
                return None;
            }
            let mut at = hash as usize & (BUCKETS - 1);
            loop {
                if let Some(free) = buckets[at].iter_mut().find(|slot| **slot == 0) {
                    // Eight bits of the hash are in the place, and four more.
                    *free = (hash & !0xff) | number as u32;
                    break;
                }
                at = (at + 1) & (BUCKETS - 1);
            }
        }
        languages.resize(SETS, 0);
        Some(Functions { buckets, languages })
    }

    /// The number of the set of languages in which the word is a function word.
    #[inline(always)]
    pub fn number(&self, hash: u32) -> u8 {
        let mut at = hash as usize & (BUCKETS - 1);
        loop {
            let bucket = &self.buckets[at];
            let mut found = 0;
            for slot in bucket {
                found |= if (slot ^ hash) & !0xff == 0 { slot & 0xff } else { 0 };
            }
            // Words that found their bucket full are in the next.
            if found != 0 || bucket[3] == 0 {
                return found as u8;
            }
            at = (at + 1) & (BUCKETS - 1);
        }
    }

    /// The languages of a set, as bits.
    pub fn languages(&self, number: usize) -> u32 {
        self.languages[number]
    }
}

/// A set of hashes, by their low bits.
pub struct Bits(Vec<u64>);

/// Hashes that a set tells apart.
pub const SLOTS: usize = 1 << 16;

impl Bits {
    pub fn new() -> Bits {
        Bits(vec![0; SLOTS / 64])
    }

    pub fn read(bytes: &mut &[u8]) -> Option<Bits> {
        let mut bits = Bits::new();
        let mut at = 0u32;
        for _ in 0..varint(bytes)? {
            at = at.checked_add(varint(bytes)?).filter(|at| (*at as usize) < SLOTS)?;
            bits.insert(at);
        }
        Some(bits)
    }

    pub fn insert(&mut self, word: u32) {
        let at = word as usize & (SLOTS - 1);
        self.0[at / 64] |= 1 << (at % 64);
    }

    #[inline(always)]
    pub fn has(&self, word: u32) -> bool {
        let at = word as usize & (SLOTS - 1);
        self.0[at / 64] >> (at % 64) & 1 == 1
    }
}
