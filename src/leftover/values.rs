//! What is known of the cells of one kept column, by their bytes.
//!
//! Kept columns are mostly a few distinct values, so each is read once and then only counted. The
//! memory is bounded: a value that finds no free place among a few takes that of another.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::words::{Word, phrase};
use crate::detector::Finding;

/// Places for values of a column.
const PLACES: usize = 1024;

/// How many places a value may take.
const WAYS: usize = 4;

/// Values up to so many bytes stand in their place themselves.
const SHORT: usize = 16;

/// Values of more bytes are not remembered: hardly any comes twice.
const LONGEST: usize = 64;

/// Where a value is.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Its bytes, or a stand-in that no UTF-8 text has; zero if the place is free.
    key: u128,
    /// How many cells with it are not counted elsewhere yet.
    count: u32,
    /// Its number among the contents from 1, and in the highest bit whether it needs a look each time.
    content: u32,
}

const LOOK: u32 = 1 << 31;

/// In the place of a content: that it has words which could be of a name or an identifier.
const WORDS: u32 = 1 << 30;

const NUMBER: u32 = WORDS - 1;

/// So often a value is compared with its row in each batch, and as often again whenever it has
/// something in common with it. A value that comes more often without, is shared by many.
const COMPARED: u32 = 2;

/// Places for values of less than four bytes.
const TINY: usize = 256;

/// Places for how often the values of a batch came, of which half are taken.
const TIMES: usize = 2048;

/// How often the values of a batch came. It depends on the batch alone, so that what is compared
/// is the same whatever the threads.
#[derive(Debug)]
struct Times {
    places: Box<[(u64, u32, u32); TIMES]>,
    batch: u32,
    taken: usize,
}

impl Times {
    /// Counts a value of the batch; whether it is to be compared with its row.
    #[inline(always)]
    fn count(&mut self, key: u128) -> bool {
        let hash = fold(key);
        if let Some((known, batch, times)) = self.places.get_mut((hash >> 53) as usize % TIMES)
            && *known == hash
            && *batch == self.batch
        {
            *times = times.wrapping_add(1);
            return *times <= COMPARED;
        }
        self.count_elsewhere(key)
    }

    #[inline(never)]
    fn count_elsewhere(&mut self, key: u128) -> bool {
        match self.place(key) {
            Some((_, _, times)) => {
                *times = times.wrapping_add(1);
                *times <= COMPARED
            }
            None => true,
        }
    }

    fn place(&mut self, key: u128) -> Option<&mut (u64, u32, u32)> {
        let hash = fold(key);
        for way in 0..8 {
            let at = ((hash >> 53) as usize).wrapping_add(way) % TIMES;
            let (known, batch, _) = self.places.get(at).copied()?;
            let free = batch != self.batch;
            if !free && known != hash {
                continue;
            }
            if free {
                if self.taken >= TIMES / 2 {
                    return None;
                }
                self.taken += 1;
            }
            let place = self.places.get_mut(at)?;
            if free {
                *place = (hash, self.batch, 0);
            }
            return Some(place);
        }
        None
    }
}

#[inline(always)]
fn fold(key: u128) -> u64 {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    folded.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// What is known of a value.
#[derive(Debug, Default)]
pub(super) struct Content {
    raw: Vec<u8>,
    /// What the detectors found in it.
    pub(super) found: Vec<Finding>,
    /// Its words.
    pub(super) words: Vec<Word>,
    /// Whether it stands for nothing.
    pub(super) missing: bool,
    /// Whether each cell with it needs a look.
    pub(super) look: bool,
}

impl Content {
    /// Whether its words could be of a name or an identifier.
    fn has_words(&self) -> bool {
        let length: u32 = self.words.iter().map(|word| word.length).sum();
        let letters = |word: &Word| word.letters;
        length >= 6 || self.words.iter().any(letters) && length >= 4
    }

    /// What is counted to tell whether many rows share it: each of its words and all of them.
    pub(super) fn features(&self) -> impl Iterator<Item = u64> + '_ {
        let words = &self.words;
        let first = move |(at, word): &(usize, &Word)| {
            let before = words.get(..*at).unwrap_or_default();
            word.letters && word.length >= 4 && before.iter().all(|other| other.hash != word.hash)
        };
        let each = words.iter().enumerate().filter(first);
        let all =
            (words.len() > 1 || words.iter().any(|word| !word.letters)).then(|| phrase(words));
        each.map(|(_, word)| word.hash).chain(all)
    }
}

/// The values of one column.
#[derive(Debug)]
pub(super) struct Values {
    places: Box<[Place; PLACES]>,
    contents: Vec<Content>,
    /// How many cells were empty.
    pub(super) empty: u64,
    turn: usize,
    times: Times,
    /// Values of less than four bytes and how many cells have them: in these there can be nothing.
    tiny: Box<[(u32, u32); TINY]>,
    /// For a value that is not remembered.
    passing: Content,
}

/// What is known of a cell at first sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// It is counted, and there is nothing in it.
    Clean,
    /// It is counted, and is to be compared with its row.
    Compare,
    /// It is counted, and needs a look.
    Look,
    /// It is not known, and not counted.
    Unknown,
    /// It has less than four bytes, and its place is another's.
    Tiny,
}

impl Default for Values {
    fn default() -> Self {
        Self {
            places: Box::new([Place::default(); PLACES]),
            contents: Vec::new(),
            empty: 0,
            turn: 0,
            tiny: Box::new([(0, 0); TINY]),
            times: Times {
                places: Box::new([(0, 0, 0); TIMES]),
                batch: 0,
                taken: 0,
            },
            passing: Content::default(),
        }
    }
}

#[inline(always)]
fn home(key: u128) -> usize {
    (fold(key) >> 54) as usize
}

/// The stand-in for a longer value: bytes that end no text in UTF-8.
fn long_key(raw: &[u8]) -> u128 {
    let hash = FixedState::default().hash_one(raw);
    u128::from(hash) | u128::from(raw.len() as u32) << 64 | 0xFFFF << 112
}

/// The bytes of a value as a number; what lies behind it in `buffer` does not matter.
#[inline(always)]
fn key(buffer: &[u8], at: usize, end: usize) -> u128 {
    let length = end.wrapping_sub(at);
    let behind = buffer
        .get(at..)
        .and_then(|rest| rest.first_chunk::<SHORT>());
    match behind {
        Some(bytes) if length <= SHORT => {
            let all = u128::from_le_bytes(*bytes);
            let key = all & (u128::MAX >> (8 * (SHORT - length)));
            // A text in another encoding could look like a stand-in.
            if key >> 112 == 0xFFFF {
                long_key(bytes)
            } else {
                key
            }
        }
        _ => slow_key(buffer.get(at..end).unwrap_or_default()),
    }
}

#[inline(never)]
fn slow_key(raw: &[u8]) -> u128 {
    let mut bytes = [0; SHORT];
    match bytes.get_mut(..raw.len()) {
        Some(start) => {
            start.copy_from_slice(raw);
            let key = u128::from_le_bytes(bytes);
            if key >> 112 == 0xFFFF {
                long_key(raw)
            } else {
                key
            }
        }
        None => long_key(raw),
    }
}

impl Values {
    /// Begins a batch, by its number.
    pub(super) fn begin(&mut self, batch: u64) {
        // Zero stands for no batch.
        self.times.batch = (batch as u32).wrapping_add(1);
        self.times.taken = 0;
    }

    /// Tells that a value had something in common with its row: it is compared again.
    pub(super) fn again(&mut self, raw: &[u8]) {
        if raw.len() <= LONGEST
            && let Some((_, _, times)) = self.times.place(slow_key(raw))
        {
            *times = 0;
        }
    }

    /// Whether a value that was learnt just now is to be compared with its row.
    pub(super) fn compares(&mut self, raw: &[u8]) -> bool {
        let words = self.content(raw).is_some_and(Content::has_words);
        words && (raw.len() > LONGEST || self.times.count(slow_key(raw)))
    }

    /// Counts a cell that is known; it stands from `at` to `end` in `buffer`.
    #[inline(always)]
    pub(super) fn see(&mut self, buffer: &[u8], at: usize, end: usize) -> Seen {
        if at >= end {
            self.empty += 1;
            return Seen::Clean;
        }
        let length = end.wrapping_sub(at);
        if length < 4
            && let Some(bytes) = buffer.get(at..).and_then(|rest| rest.first_chunk::<4>())
        {
            let key = u32::from_le_bytes(*bytes) & (u32::MAX >> (8 * (4 - length)));
            let place = key.wrapping_mul(0x9E37_79B1) >> 24;
            if let Some((known, count)) = self.tiny.get_mut(place as usize % TINY)
                && *known == key
                && *count < u32::MAX
            {
                *count = count.wrapping_add(1);
                return Seen::Clean;
            }
            return Seen::Tiny;
        }
        let key = key(buffer, at, end);
        if key >> 112 != 0xFFFF
            && let Some(place) = self.places.get_mut(home(key) % PLACES)
            && place.key == key
            && place.count < u32::MAX
        {
            place.count = place.count.wrapping_add(1);
            if place.content < WORDS {
                return Seen::Clean;
            }
            let look = place.content & LOOK != 0;
            let compare = place.content & WORDS != 0 && self.times.count(key);
            return match (look, compare) {
                (true, _) => Seen::Look,
                (false, true) => Seen::Compare,
                (false, false) => Seen::Clean,
            };
        }
        self.see_elsewhere(buffer, at, end, key)
    }

    /// Gives a value of less than four bytes its place, and the one that had it with its count.
    pub(super) fn take_place(&mut self, raw: &[u8]) -> Option<(u32, u32)> {
        let mut bytes = [0; 4];
        bytes.get_mut(..raw.len())?.copy_from_slice(raw);
        let key = u32::from_le_bytes(bytes);
        let place = key.wrapping_mul(0x9E37_79B1) >> 24;
        let place = self.tiny.get_mut(place as usize % TINY)?;
        Some(std::mem::replace(place, (key, 1)))
    }

    /// All values of less than four bytes with their counts.
    pub(super) fn tiny(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.tiny.iter().copied()
    }

    /// Counts a cell that is known, but not in the first place.
    #[inline(never)]
    fn see_elsewhere(&mut self, buffer: &[u8], at: usize, end: usize, key: u128) -> Seen {
        let home = home(key);
        for way in 0..WAYS {
            let Some(place) = self.places.get_mut((home + way) % PLACES) else {
                break;
            };
            if place.key == key {
                if key >> 112 == 0xFFFF {
                    let content = (place.content & NUMBER).wrapping_sub(1) as usize;
                    let known = self.contents.get(content);
                    if known.is_none_or(|known| Some(known.raw.as_slice()) != buffer.get(at..end)) {
                        continue;
                    }
                }
                place.count = place.count.saturating_add(1);
                if place.content >= WORDS {
                    let look = place.content & LOOK != 0;
                    let compare = place.content & WORDS != 0 && self.times.count(key);
                    return match (look, compare) {
                        (true, _) => Seen::Look,
                        (false, true) => Seen::Compare,
                        (false, false) => Seen::Clean,
                    };
                }
                return Seen::Clean;
            }
        }
        Seen::Unknown
    }

    /// Remembers a cell that was not known, and counts it. `read` fills in what is in it; `counted`
    /// takes what makes room, with the number of its cells.
    pub(super) fn learn(
        &mut self,
        raw: &[u8],
        read: impl FnOnce(&mut Content),
        mut counted: impl FnMut(&Content, u64),
    ) -> &Content {
        if raw.len() > LONGEST {
            read(&mut self.passing);
            counted(&self.passing, 1);
            return &self.passing;
        }
        let key = slow_key(raw);
        let home = home(key);
        let free = (0..WAYS).find(|way| {
            let place = self.places.get((home + way) % PLACES);
            place.is_some_and(|place| place.content == 0)
        });
        let way = free.unwrap_or_else(|| {
            self.turn = (self.turn + 1) % WAYS;
            self.turn
        });
        let Some(place) = self.places.get_mut((home + way) % PLACES) else {
            return &self.passing;
        };
        if place.content == 0 {
            self.contents.push(Content::default());
            place.content = self.contents.len() as u32;
        }
        let number = place.content & NUMBER;
        let Some(content) = self.contents.get_mut((number as usize).wrapping_sub(1)) else {
            return &self.passing;
        };
        if place.count > 0 {
            counted(content, place.count.into());
        }
        content.raw.clear();
        content.raw.extend_from_slice(raw);
        read(content);
        *place = Place {
            key,
            count: 1,
            content: number
                | if content.look { LOOK } else { 0 }
                | if content.has_words() { WORDS } else { 0 },
        };
        content
    }

    /// What is known of a cell that was seen or learnt just now.
    pub(super) fn content(&self, raw: &[u8]) -> Option<&Content> {
        if raw.len() > LONGEST {
            return Some(&self.passing);
        }
        let key = slow_key(raw);
        let home = home(key);
        (0..WAYS).find_map(|way| {
            let place = self.places.get((home + way) % PLACES)?;
            let content = self
                .contents
                .get(((place.content & NUMBER) as usize).wrapping_sub(1))?;
            (place.key == key && content.raw == raw).then_some(content)
        })
    }

    /// Gives all counts away.
    pub(super) fn flush(&mut self, mut counted: impl FnMut(&Content, u64)) {
        for place in self.places.iter_mut().filter(|place| place.count > 0) {
            let content = ((place.content & NUMBER) as usize).wrapping_sub(1);
            if let Some(content) = self.contents.get(content) {
                counted(content, place.count.into());
            }
            place.count = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::leftover::words::words;

    #[test]
    fn every_cell_is_counted_once_whatever_the_number_of_values() {
        for distinct in [1_u64, 50, 900, 5_000] {
            let mut values = Values::default();
            let (mut counts, mut expected) = (BTreeMap::new(), BTreeMap::new());
            let mut tiny = BTreeMap::new();
            for row in 0..20_000_u64 {
                let value = row * row % distinct;
                let text = match value % 3 {
                    0 => value.to_string(),
                    1 => format!("a value of more than sixteen bytes {value}"),
                    _ => format!(
                        "{value} and more than can be remembered{}",
                        " or so".repeat(9)
                    ),
                };
                *expected.entry(text.clone()).or_insert(0) += 1;
                // Behind a cell there may be anything, or nothing.
                let buffer = if row % 2 == 0 || text.len() < 4 {
                    format!("x{text};next,cell,next")
                } else {
                    format!("x{text}")
                };
                let (at, end) = (1, 1 + text.len());
                if row % 100 == 0 {
                    values.begin(row / 100);
                }
                let seen = values.see(buffer.as_bytes(), at, end);
                if seen == Seen::Tiny {
                    if let Some((known, times)) = values.take_place(text.as_bytes())
                        && times > 0
                    {
                        *tiny.entry(known).or_insert(0) += u64::from(times);
                    }
                    continue;
                }
                if text.len() < 4 {
                    continue;
                }
                if seen == Seen::Unknown {
                    let count = |content: &Content, times| {
                        let text: u64 = content.found[0].range.start as u64;
                        *counts.entry(text).or_insert(0) += times;
                    };
                    let learnt = values.learn(
                        text.as_bytes(),
                        |content| {
                            content.found.clear();
                            content.found.push(Finding {
                                detector: 0,
                                form: 0,
                                hit: true,
                                evidence: true,
                                range: value as usize..0,
                            });
                        },
                        count,
                    );
                    assert_eq!(learnt.found[0].range.start, value as usize);
                }
                let known = values.content(text.as_bytes()).unwrap();
                assert_eq!(known.found[0].range.start, value as usize);
            }
            values.flush(|content, times| {
                *counts
                    .entry(content.found[0].range.start as u64)
                    .or_insert(0) += times;
            });
            for (known, times) in values.tiny().filter(|(_, times)| *times > 0) {
                *tiny.entry(known).or_insert(0) += u64::from(times);
            }
            let mut figures: Vec<u64> = expected.into_values().collect();
            let mut counts: Vec<u64> = counts.into_values().chain(tiny.into_values()).collect();
            assert_eq!(counts.iter().sum::<u64>(), 20_000);
            figures.sort_unstable();
            counts.sort_unstable();
            assert_eq!(counts, figures, "{distinct}");
        }
    }

    #[test]
    fn a_cell_is_counted_once_for_each_of_its_words_and_for_all() {
        for (text, features) in [
            ("boulanger", 1),
            ("boulanger, Boulanger", 2),
            ("artisan boulanger", 3),
            ("CAP", 0),
            ("C-12", 1),
            ("45", 1),
        ] {
            let mut content = Content::default();
            words(text.as_bytes(), &mut content.words);
            assert_eq!(content.features().count(), features, "{text}");
        }
    }
}
