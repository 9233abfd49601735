//! From a column's texts to their codes.
//!
//! Most cells of a customer file are short, and what takes the time of a hash table of texts is to
//! hash and to compare strings of any length. So a text of up to 15 bytes is looked up as one number.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// The longest text that is looked up as a number; 1 + its length stands in the sixteenth byte.
const SHORT: usize = 15;

/// By length of a short text: which of sixteen bytes, as two words, are the text's.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const OWN: [[u64; 2]; SHORT + 1] = {
    let mut own = [[0; 2]; SHORT + 1];
    let mut length = 0;
    while length <= SHORT {
        let all = (1_u128 << (8 * length)) - 1;
        own[length] = [all as u64, (all >> 64) as u64];
        length += 1;
    }
    own
};

/// The text of a cell, ready to be looked up.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    text: &'a [u8],
    /// What a short text is, bytes and length; 0 for a long one.
    packed: [u64; 2],
}

impl<'a> Value<'a> {
    /// The text that stands in `buffer` from `start` up to `end`; empty if nothing does. Fast
    /// where sixteen bytes stand behind `start`.
    #[inline]
    pub fn within(buffer: &'a [u8], start: usize, end: usize) -> Self {
        let length = end.wrapping_sub(start);
        // Sixteen bytes are read at once; the ones behind the text are cleared.
        if let Some([low, high]) = OWN.get(length)
            && let Some(behind) = buffer.get(start..)
            && let Some(bytes) = behind.first_chunk::<{ SHORT + 1 }>()
        {
            let bytes = u128::from_le_bytes(*bytes);
            let length_byte = (length as u64 + 1) << 56;
            return Self {
                text: behind.get(..length).unwrap_or_default(),
                packed: [
                    bytes as u64 & low,
                    (bytes >> 64) as u64 & high | length_byte,
                ],
            };
        }
        Self::from(buffer.get(start..end).unwrap_or_default())
    }

    /// The text that is all there is in `room`, which is made longer.
    #[inline]
    pub(crate) fn in_room(room: &'a mut Vec<u8>) -> Self {
        let end = room.len();
        room.extend_from_slice(&[0; SHORT + 1]);
        Self::within(room, 0, end)
    }

    pub fn text(self) -> &'a [u8] {
        self.text
    }
}

impl<'a> From<&'a [u8]> for Value<'a> {
    #[inline(never)]
    fn from(text: &'a [u8]) -> Self {
        if text.len() > SHORT {
            return Self { text, packed: LONG };
        }
        let mut bytes = [0; SHORT + 1];
        let places = bytes.iter_mut().zip(text);
        places.for_each(|(place, byte)| *place = *byte);
        let bytes = u128::from_le_bytes(bytes);
        let length_byte = (text.len() as u64 + 1) << 56;
        let packed = [bytes as u64, (bytes >> 64) as u64 | length_byte];
        Self { text, packed }
    }
}

/// The codes of texts.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    /// Open addressing: at most an eighth full while that is not many bytes, so that most texts
    /// are found where they are first looked for, and at most half full then.
    short: Vec<Place>,
    shorts: usize,
    /// Of what texts are mixed with, so that nobody can choose them to collide.
    seeds: [u64; 2],
    long: HashMap<Box<[u8]>, u32, RandomState>,
}

/// What came of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// The code of what leaves is this one.
    Known(u32),
    /// What leaves was written; perhaps there is a number for it.
    Text(Option<u32>),
}

/// The codes of texts that come with numbers.
#[derive(Debug, Clone, Default)]
pub struct Numbered {
    /// By number: 1 + the code, or 0.
    codes: Vec<u32>,
}

impl Numbered {
    /// The code of the text with a number.
    #[inline]
    pub(crate) fn get(&self, number: u32) -> Option<u32> {
        self.codes.get(number as usize)?.checked_sub(1)
    }

    /// Keeps the code of the text with a number, in four bytes for each number up to it.
    pub(crate) fn insert(&mut self, number: u32, code: u32) {
        let number = number as usize;
        if self.codes.len() <= number {
            self.codes.resize(number + 1, 0);
        }
        if let Some(known) = self.codes.get_mut(number) {
            *known = code.saturating_add(1);
        }
    }
}

/// What no short text is: it marks a long one, and a free place.
const LONG: [u64; 2] = [0; 2];

/// Places that stay in a processor's nearest caches, even those of several columns.
const FEW_PLACES: usize = 1 << 11;

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    text: [u64; 2],
    code: u32,
}

impl Default for Codes {
    fn default() -> Self {
        let state = RandomState::default();
        Self {
            short: vec![Place::default(); 64],
            shorts: 0,
            seeds: [state.hash_one(0), state.hash_one(1)],
            long: HashMap::default(),
        }
    }
}

impl Codes {
    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.shorts + self.long.len()
    }

    /// The code of a text.
    #[inline]
    pub(crate) fn get(&self, value: Value<'_>) -> Option<u32> {
        let [low, high] = value.packed;
        let found = self.short.get(self.first(value.packed))?;
        // One comparison, one branch. A long text is told from a free place below.
        if (found.text[0] ^ low) | (found.text[1] ^ high) == 0 && high != 0 {
            return Some(found.code);
        }
        self.look_on(value)
    }

    /// The code of a text that is long, or stands behind its first place, or has none.
    #[inline(never)]
    fn look_on(&self, value: Value<'_>) -> Option<u32> {
        if value.packed == LONG {
            return self.long.get(value.text).copied();
        }
        let found = self.short.get(self.place(value.packed))?;
        (found.text == value.packed).then_some(found.code)
    }

    /// Gives a text its code; one that has a code gets this one.
    pub(crate) fn insert(&mut self, value: Value<'_>, code: u32) {
        let text = value.packed;
        if text == LONG {
            self.long.insert(value.text.into(), code);
            return;
        }
        let places = self.short.len();
        let room = if places <= FEW_PLACES {
            places / 8
        } else {
            places / 2
        };
        if self.shorts >= room {
            let places = vec![Place::default(); self.short.len() * 2];
            for place in std::mem::replace(&mut self.short, places) {
                if place.text != LONG {
                    let to = self.place(place.text);
                    self.short
                        .get_mut(to)
                        .into_iter()
                        .for_each(|to| *to = place);
                }
            }
        }
        let to = self.place(text);
        if let Some(to) = self.short.get_mut(to) {
            self.shorts += usize::from(to.text == LONG);
            *to = Place { text, code };
        }
    }

    /// Where a short text is looked for first.
    #[inline]
    fn first(&self, [low, high]: [u64; 2]) -> usize {
        let [one, other] = self.seeds;
        let product = u128::from(low ^ one) * u128::from(high ^ other);
        (product as u64 ^ (product >> 64) as u64) as usize & (self.short.len() - 1)
    }

    /// Where a short text is, or the free place where it belongs.
    #[inline]
    fn place(&self, text: [u64; 2]) -> usize {
        let mask = self.short.len() - 1;
        let mut place = self.first(text);
        while let Some(found) = self.short.get(place)
            && found.text != text
            && found.text != LONG
        {
            place = (place + 1) & mask;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    #[test]
    fn a_text_is_the_same_wherever_it_stands() {
        let buffer = b"abc,,0123456789abcde,0123456789abcdef,\0,\0\0,abc";
        let within = |range: Range<usize>| Value::within(buffer, range.start, range.end);
        let mut codes = Codes::default();
        let ranges = [0..3, 4..4, 5..20, 21..37, 38..39, 40..42];
        for (code, range) in (0..).zip(ranges.clone()) {
            assert_eq!(codes.get(within(range.clone())), None);
            codes.insert(within(range), code);
        }
        assert_eq!(codes.len(), 6);
        for (code, range) in (0..).zip(ranges) {
            let alone = Value::from(&buffer[range.clone()]);
            assert_eq!(codes.get(alone), Some(code), "{range:?}");
            assert_eq!(codes.get(within(range.clone())), Some(code));
            assert_eq!(alone.text(), &buffer[range]);
        }
        assert_eq!(codes.get(within(43..46)), Some(0));
        assert_eq!(codes.get(within(43..99)), Some(1), "empty");
        codes.insert(Value::from(&b"abc"[..]), 9);
        assert_eq!((codes.get(within(0..3)), codes.len()), (Some(9), 6));
    }

    #[test]
    fn many_texts_keep_their_codes() {
        let texts: Vec<String> = (0..5_000_u32)
            .map(|number| format!("{number:0width$}", width = number as usize % 20))
            .collect();
        let mut codes = Codes::default();
        let mut known = HashMap::new();
        for text in &texts {
            let next = known.len() as u32;
            let code = *known.entry(text.as_bytes()).or_insert(next);
            codes.insert(Value::from(text.as_bytes()), code);
        }
        assert_eq!(codes.len(), known.len());
        for (text, code) in known {
            assert_eq!(codes.get(Value::from(text)), Some(code));
        }
        assert_eq!(codes.get(Value::from(&b"-1"[..])), None);
    }
}
