//! The tables that the lexicons are looked up in.
//!
//! Nearly every look-up finds nothing, so what matters is to learn that from
//! little memory: small sets of bits turn most words and phrases away before
//! the tables are touched.

use super::Section;
use crate::varint::pull;

/// What the compiler writes: keys, each with the place of its value among the
/// values.
struct Entries {
    entries: Vec<(u32, usize)>,
    values: Vec<u32>,
}

impl Entries {
    /// Reads sorted keys of `width` bits.
    fn read(bytes: &mut &[u8], width: u32) -> Option<Entries> {
        let count = pull(bytes)?;
        let values: Vec<u32> = (0..pull::<u32>(bytes)?).map(|_| pull(bytes)).collect::<Option<_>>()?;
        let mut entries = Vec::new();
        let mut key = 0u32;
        let mut reader = Stream { bytes, at: 0 };
        let low = low_bits(count, width);
        for _ in 0..count {
            key = key.checked_add(reader.rice(low)?)?;
            entries.push((key, 0));
        }
        *bytes = &bytes[reader.at.div_ceil(8)..];
        for entry in &mut entries {
            entry.1 = pull(bytes)?;
        }
        entries.iter().all(|entry| entry.1 < values.len()).then_some(Entries { entries, values })
    }
}

/// Numbers from 1 to 255 by key; a number and the key's upper bits share a slot,
/// the slot's place says the lower bits.
struct Buckets {
    slots: Vec<[u32; 4]>,
    /// The place of the key's lowest bit in a slot; those that fall out of it
    /// are in the bucket's place.
    shift: u32,
}

impl Buckets {
    fn new(count: usize, shift: u32) -> Buckets {
        Buckets { slots: vec![[0; 4]; count], shift }
    }

    /// Keys that it has room for, so that look-ups end soon.
    fn room(&self) -> usize {
        2 * self.slots.len()
    }

    /// A key as slots have it.
    #[inline(always)]
    fn tag(&self, key: u32) -> u32 {
        key << self.shift & !0xff
    }

    fn insert(&mut self, key: u32, number: u8) {
        let tag = self.tag(key);
        let mut at = key as usize & (self.slots.len() - 1);
        loop {
            if let Some(free) = self.slots[at].iter_mut().find(|slot| **slot == 0) {
                *free = tag | u32::from(number);
                return;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// The key's number, or 0.
    #[inline(always)]
    fn number(&self, key: u32) -> u8 {
        let tag = self.tag(key);
        let mut at = key as usize & (self.slots.len() - 1);
        loop {
            let bucket = &self.slots[at];
            let mut found = 0;
            for slot in bucket {
                found |= if (slot ^ tag) & !0xff == 0 { slot & 0xff } else { 0 };
            }
            // Keys that found their bucket full are in the next.
            if found != 0 || bucket[3] == 0 {
                return found as u8;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

/// Low bits that differences of `count` sorted keys are written with in Rice's
/// code (Golomb 1966, Rice 1979): about their mean, and the rest in unary.
/// Keys are spread evenly, so that hardly anything is shorter.
pub fn low_bits(count: usize, width: u32) -> u32 {
    ((1u64 << width) / (count as u64).clamp(1, 1 << width)).ilog2().min(u32::BITS - 1)
}

/// Reads bits of bytes, low ones first.
struct Stream<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Stream<'_> {
    /// The next bits, 57 of them at least; past the end stand zeros.
    fn ahead(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or(&[]);
        let eight = rest.first_chunk().copied().unwrap_or_else(|| {
            let mut eight = [0; 8];
            eight[..rest.len()].copy_from_slice(rest);
            eight
        });
        u64::from_le_bytes(eight) >> (self.at % 8)
    }

    fn rice(&mut self, low: u32) -> Option<u32> {
        const MANY: u32 = 32;
        let mut high = 0u32;
        loop {
            let ones = self.ahead().trailing_ones().min(MANY);
            high = high.checked_add(ones)?;
            self.at += ones as usize;
            if ones < MANY {
                break;
            }
        }
        self.at += 1;
        let rest = (self.ahead() & ((1 << low) - 1)) as u32;
        self.at += low as usize;
        let number = high.checked_mul(1 << low)?.checked_add(rest)?;
        (self.at <= 8 * self.bytes.len()).then_some(number)
    }
}

/// Phrases by key, with the sections they hit.
pub struct Phrases {
    numbers: Buckets,
    /// The sets of sections; number 0 is none.
    sections: Vec<u32>,
    /// Two bits of one number for every key.
    filter: Vec<u64>,
}

/// Bits of a phrase's key.
pub const KEY_BITS: u32 = 28;

const FILTER: usize = 1 << 13;

/// The number of the filter that a key belongs to, and its bits there.
#[inline(always)]
fn bits(key: u32) -> (usize, u64) {
    ((key >> (KEY_BITS - FILTER.ilog2())) as usize & (FILTER - 1), 1 << (key & 63) | 1 << (key >> 6 & 63))
}

impl Phrases {
    pub fn read(bytes: &mut &[u8]) -> Option<Phrases> {
        let Entries { entries, values } = Entries::read(bytes, KEY_BITS)?;
        let mut numbers = Buckets::new(1 << 15, u32::BITS - KEY_BITS);
        let known = values.iter().all(|sections| sections >> Section::COUNT == 0);
        if !known || values.len() >= SETS || entries.len() > numbers.room() {
            return None;
        }
        let mut filter = vec![0; FILTER];
        for (key, value) in entries {
            numbers.insert(key, value as u8 + 1);
            let (number, bits) = bits(key);
            filter[number] |= bits;
        }
        let mut sections = vec![0];
        sections.extend(values);
        sections.resize(SETS, 0);
        Some(Phrases { numbers, sections, filter })
    }

    /// The sections of a phrase, as a bit set.
    #[inline(always)]
    pub fn sections(&self, key: u32) -> u32 {
        let (number, bits) = bits(key);
        if self.filter[number] & bits != bits { 0 } else { self.sections[usize::from(self.numbers.number(key))] }
    }
}

/// Function words by hash, with the number of the set of languages.
pub struct Functions {
    numbers: Buckets,
    /// The sets of languages; number 0 is none.
    languages: Vec<u32>,
}

/// Sets of languages that function words may have, or of sections that phrases
/// hit, with that of none.
pub const SETS: usize = 256;

impl Functions {
    /// Reads the words, and puts them into `known` too.
    pub fn read(bytes: &mut &[u8], known: &mut Bits) -> Option<Functions> {
        let Entries { entries, values } = Entries::read(bytes, u32::BITS)?;
        let mut numbers = Buckets::new(1 << 12, 0);
        if values.len() >= SETS || entries.len() > numbers.room() {
            return None;
        }
        for (hash, value) in entries {
            known.insert(hash);
            numbers.insert(hash, value as u8 + 1);
        }
        let mut languages = vec![0];
        languages.extend(values);
        languages.resize(SETS, 0);
        Some(Functions { numbers, languages })
    }

    /// The number of the set of languages in which the word is a function word.
    #[inline(always)]
    pub fn number(&self, hash: u32) -> u8 {
        self.numbers.number(hash)
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
        for _ in 0..pull::<u32>(bytes)? {
            at = at.checked_add(pull(bytes)?).filter(|at| (*at as usize) < SLOTS)?;
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
