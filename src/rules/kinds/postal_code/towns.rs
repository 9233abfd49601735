//! What stands from a postal code on, remembered: the addresses of a file share few towns.

use std::cell::RefCell;

use crate::base::simd;

/// How many bytes of an address are looked at to find its code.
pub(super) const TAIL: usize = simd::HALF;

/// How many towns a thread remembers; each has one place, which it may lose to another.
const PLACES: usize = 1 << 12;

/// The last bytes of an address from its code on, with zeros before them.
type Key = [u64; TAIL / 8];

/// What was read in one.
#[derive(Debug, Clone, Copy, Default)]
struct Town {
    /// Zeros in a place that is free.
    key: Key,
    /// Whether the code is one, whatever street there is before it.
    has_code: bool,
}

thread_local! {
    static TOWNS: RefCell<Vec<Town>> = const { RefCell::new(Vec::new()) };
}

/// Whether the code that begins at `start` in the last bytes of an address is one by what is behind it, as `read` tells
/// where that is not known.
#[inline]
pub(super) fn has_code(tail: &[u8; TAIL], start: usize, read: impl FnOnce() -> bool) -> bool {
    let key = key(tail, start);
    TOWNS.with_borrow_mut(|towns| {
        if towns.is_empty() {
            towns.resize(PLACES, Town::default());
        }
        match towns.get_mut(place(key)) {
            Some(town) if town.key == key => town.has_code,
            Some(town) => {
                let has_code = read();
                *town = Town { key, has_code };
                has_code
            }
            None => read(),
        }
    })
}

/// What is left of a tail from each of its bytes on.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
static MASKS: [Key; TAIL] = {
    let mut masks = [[0; TAIL / 8]; TAIL];
    let mut at = 0;
    while at < TAIL * TAIL {
        let (start, byte) = (at / TAIL, at % TAIL);
        if byte >= start {
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

#[inline]
fn place(key: Key) -> usize {
    let mixed = key.iter().fold(0_u64, |mixed, word| {
        (mixed ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
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
