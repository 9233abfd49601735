//! Sets of the letters that phrases begin or end with: false positives are fine, false negatives are not.

/// Three letters of any case, as bits: five of each letter.
pub(super) struct Letters([u64; 512]);

impl Letters {
    /// The last letters of phrases; those of fewer letters are left out.
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    pub(super) const fn last_of(lists: &[&[&str]]) -> Self {
        let mut bits = [0; 512];
        let mut list = 0;
        while list < lists.len() {
            let phrases = lists[list];
            let mut at = 0;
            while at < phrases.len() {
                if let Some(last) = phrases[at].as_bytes().last_chunk() {
                    let place = Self::place(*last);
                    bits[place / 64] |= 1 << (place % 64);
                }
                at += 1;
            }
            list += 1;
        }
        Self(bits)
    }

    const fn place(letters: [u8; 3]) -> usize {
        (letters[0] as usize & 31) << 10
            | (letters[1] as usize & 31) << 5
            | letters[2] as usize & 31
    }

    #[inline]
    pub(super) fn may_hold(&self, letters: [u8; 3]) -> bool {
        let place = Self::place(letters);
        let word = self.0.get(place / 64).copied().unwrap_or_default();
        word >> (place % 64) & 1 == 1
    }
}

/// Four letters of any case, as bits: one for each remainder of a product.
pub(super) struct Fours([u64; 512]);

impl Fours {
    /// The first or the last four letters of phrases of three or more. What is missing may be
    /// anything, and a blank also an apostrophe or a hyphen.
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    pub(super) const fn new(phrases: &[&str], at_end: bool) -> Self {
        let mut bits = [0; 512];
        let mut at = 0;
        while at < phrases.len() {
            let phrase = phrases[at].as_bytes();
            at += 1;
            if phrase.len() < 3 {
                continue;
            }
            let shown = if phrase.len() < 4 { phrase.len() } else { 4 };
            let (from, to) = if at_end {
                (phrase.len() - shown, 4 - shown)
            } else {
                (0, 0)
            };
            let mut letters = [0; 4];
            let mut place = 0;
            while place < shown {
                letters[to + place] = phrase[from + place];
                place += 1;
            }
            let mut variant = 0;
            while variant < (if shown < 4 { 32 } else { 3 }) {
                let bit = Self::place(Self::variant(letters, variant));
                bits[bit / 64] |= 1 << (bit % 64);
                variant += 1;
            }
        }
        Self(bits)
    }

    /// The letters with some for those that are missing, or another sign for a blank.
    #[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
    const fn variant(mut letters: [u8; 4], variant: usize) -> [u8; 4] {
        let mut missing = variant;
        let mut place = 0;
        while place < 4 {
            match letters[place] {
                0 => {
                    letters[place] = (missing % 32) as u8;
                    missing /= 32;
                }
                b' ' => letters[place] = b" '-"[variant % 3],
                _ => {}
            }
            place += 1;
        }
        letters
    }

    #[inline]
    const fn place(letters: [u8; 4]) -> usize {
        let letters = u32::from_le_bytes(letters) & 0x1F1F_1F1F;
        (letters.wrapping_mul(0x9E37_79B1) >> 17) as usize
    }

    #[inline]
    pub(super) fn may_hold(&self, letters: [u8; 4]) -> bool {
        let place = Self::place(letters);
        let word = self.0.get(place / 64).copied().unwrap_or_default();
        word >> (place % 64) & 1 == 1
    }
}

/// A bit for each letter that ends a word of one or two.
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
pub(super) const fn short_endings(words: &[&str]) -> u32 {
    let (mut endings, mut at) = (0, 0);
    while at < words.len() {
        let word = words[at].as_bytes();
        if word.len() < 3 {
            endings |= 1 << (word[word.len() - 1] & 31);
        }
        at += 1;
    }
    endings
}
