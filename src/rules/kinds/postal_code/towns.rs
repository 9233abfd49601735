//! What stands from a postal code on, remembered: the addresses of a file share few towns.

use std::cell::RefCell;

use crate::base::simd;

/// How many bytes of an address are looked at to find its code.
pub(super) const TAIL: usize = simd::HALF;

/// How many towns a thread remembers; each has one place, which it may lose to another.
const PLACES: usize = 1 << 12;

/// The last bytes of an address from its code on, with zeros before them: at least one, as a code in the first byte of a
/// tail may be the end of a longer number.
type Key = [u64; TAIL / 8];

/// What was read in one town: its key, with what it tells in place of the first zero. All zeros in a place that is free.
/// Aligned, so that none lies in two lines of a cache.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
struct Town(Key);

/// Whether the code is one, whatever street there is before it, as it stands in the first byte.
const CODE: u64 = 1;
const NONE: u64 = 2;

thread_local! {
    static TOWNS: RefCell<Vec<Town>> = const { RefCell::new(Vec::new()) };
}

/// Whether the code that begins at `start` in the last bytes of an address, behind the first of them, is one by what is
/// behind it, as `read` tells where that is not known.
#[inline]
pub(super) fn has_code(tail: &[u8; TAIL], start: usize, read: impl FnOnce() -> bool) -> bool {
    let key = key(tail, start);
    TOWNS.with_borrow_mut(|towns| {
        if towns.is_empty() {
            towns.resize(PLACES, Town::default());
        }
        let Some(town) = towns.get_mut(place(key)) else {
            return read();
        };
        town.has_code(key).unwrap_or_else(|| {
            let has_code = read();
            *town = Town::read(key, has_code);
            has_code
        })
    })
}

impl Town {
    fn read([first, second, third, fourth]: Key, has_code: bool) -> Self {
        let told = if has_code { CODE } else { NONE };
        Self([first | told, second, third, fourth])
    }

    /// What is told of the town of this key, if this is it.
    #[inline]
    fn has_code(&self, key: Key) -> Option<bool> {
        let Self([first, own @ ..]) = self;
        let [told, others @ ..] = key;
        match first ^ told {
            CODE if *own == others => Some(true),
            NONE if *own == others => Some(false),
            _ => None,
        }
    }
}

/// What is left of a tail from each of its bytes on, but the first of all.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
static MASKS: [Key; TAIL] = {
    let mut masks = [[0; TAIL / 8]; TAIL];
    let mut at = 0;
    while at < TAIL * TAIL {
        let (start, byte) = (at / TAIL, at % TAIL);
        if byte >= start && byte > 0 {
            masks[start][byte / 8] |= 0xFF << (8 * (byte % 8));
        }
        at += 1;
    }
    masks
};

#[inline]
fn key(tail: &[u8; TAIL], start: usize) -> Key {
    let (words, _) = tail.as_chunks::<8>();
    let mut key = MASKS.get(start).copied().unwrap_or_default();
    for (mask, word) in key.iter_mut().zip(words) {
        *mask &= u64::from_le_bytes(*word);
    }
    key
}

/// A place by the product of each word: one multiplication need not wait for another.
#[inline]
fn place([first, second, third, fourth]: Key) -> usize {
    let mixed = (first ^ second).wrapping_mul(0xD6E8_FEB8_6659_FD93)
        ^ third.wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ fourth.wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    (mixed >> 52) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tail(town: &str) -> [u8; TAIL] {
        let text = format!("{}{town}", ".".repeat(TAIL));
        *text.as_bytes().last_chunk().unwrap()
    }

    #[test]
    fn a_town_is_read_once_whatever_stands_before_it() {
        let town = "35042 Here";
        let start = TAIL - town.len();
        for before in [b'.', b'x'] {
            let mut tail = tail(town);
            tail[..start].fill(before);
            let known = before == b'x';
            assert!(has_code(&tail, start, || !known), "{known}");
        }
    }

    #[test]
    fn no_town_is_taken_for_another() {
        let named = |number: usize| format!("{number:05} Town {}", number * number);
        for _ in 0..2 {
            for number in 0..3 * PLACES {
                let town = named(number);
                let expected = number % 3 == 0;
                let found = has_code(&tail(&town), TAIL - town.len(), || expected);
                assert_eq!(found, expected, "{town}");
            }
        }
    }
}
