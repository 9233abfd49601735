//! Numbers however they are grouped.

use super::Text;

/// The most characters that [`Text::loose`] reads.
const MOST_LOOSE: usize = 36;

/// Characters of a number however it is grouped: without what stands between them.
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(in crate::detect) struct Loose {
    characters: [u8; MOST_LOOSE],
    /// The place behind each of them.
    ends: [usize; MOST_LOOSE],
    /// What stands before each of them: nothing (0), a blank or a sign.
    gaps: [u8; MOST_LOOSE],
    length: usize,
}

impl Loose {
    fn empty() -> Self {
        Self {
            characters: [0; MOST_LOOSE],
            ends: [0; MOST_LOOSE],
            gaps: [0; MOST_LOOSE],
            length: 0,
        }
    }

    /// The characters, in ASCII.
    pub(in crate::detect) fn ascii(&self) -> &[u8] {
        self.characters.get(..self.length).unwrap_or_default()
    }

    /// The first `length` characters, if there are so many.
    pub(in crate::detect) fn first(&self, length: usize) -> Option<&[u8]> {
        self.ascii().get(..length)
    }

    /// The place behind the first `length` characters.
    pub(in crate::detect) fn end(&self, length: usize) -> Option<usize> {
        let last = length.checked_sub(1)?;
        (length <= self.length).then(|| self.ends.get(last).copied())?
    }

    /// What stands before the character at this place: nothing (0), a blank or a sign.
    pub(in crate::detect) fn gap(&self, at: usize) -> u8 {
        self.gaps.get(at).copied().unwrap_or_default()
    }

    /// Whether the first characters are in groups of exactly these sizes.
    pub(in crate::detect) fn is_grouped(&self, sizes: &[usize]) -> bool {
        let mut start = 0;
        for size in sizes {
            let whole = (start + 1..start + size).all(|at| self.gap(at) == 0);
            if !whole || start > 0 && self.gap(start) == 0 {
                return false;
            }
            start += size;
        }
        true
    }

    /// Whether the first gap is of this kind.
    pub(in crate::detect) fn gaps_are(&self, kind: u8) -> bool {
        let mut gaps = self.gaps.iter().filter(|gap| **gap != 0);
        gaps.next() == Some(&kind)
    }

    /// How many gaps are among the first `length` characters.
    pub(in crate::detect) fn gaps(&self, length: usize) -> usize {
        (1..length).filter(|at| self.gap(*at) != 0).count()
    }

    /// Whether all gaps among the first `length` characters but the first gap are alike.
    pub(in crate::detect) fn is_even_behind_first(&self, length: usize) -> bool {
        let gaps = (1..length).map(|at| self.gap(at)).filter(|gap| *gap != 0);
        let mut gaps = gaps.skip(1);
        gaps.next().is_none_or(|first| gaps.all(|gap| gap == first))
    }
}

impl Text<'_> {
    /// Reads up to `most` characters `of` a number from `start` on, however they are grouped: up to
    /// two blanks, or one of `-._/,)` with a blank before and behind or none, may stand between two.
    pub(in crate::detect) fn loose(
        self,
        start: usize,
        most: usize,
        of: impl Fn(usize, u8) -> bool,
    ) -> Loose {
        self.in_one(start, most, &of)
            .unwrap_or_else(|| self.in_groups(start, most, of))
    }

    /// The same of so many digits in a row, as it mostly is.
    fn in_one(self, start: usize, most: usize, of: impl Fn(usize, u8) -> bool) -> Option<Loose> {
        let digits = self.0.get(start..start + most)?;
        let mut each = digits.iter().enumerate();
        if most > MOST_LOOSE || !each.all(|(nth, byte)| byte.is_ascii_digit() && of(nth, *byte)) {
            return None;
        }
        let mut loose = Loose::empty();
        loose.length = most;
        for (character, digit) in loose.characters.iter_mut().zip(digits) {
            *character = *digit;
        }
        for (end, place) in loose.ends.iter_mut().zip(start + 1..=start + most) {
            *end = place;
        }
        Some(loose)
    }

    fn in_groups(self, start: usize, most: usize, of: impl Fn(usize, u8) -> bool) -> Loose {
        let mut loose = Loose::empty();
        let (mut place, mut first) = (start, None);
        let places = loose.characters.iter_mut().zip(&mut loose.ends);
        for (nth, ((character, end), gap)) in places.zip(&mut loose.gaps).take(most).enumerate() {
            let mut next = place;
            // Nothing stands before a digit or a letter.
            if nth > 0
                && !self
                    .byte(place)
                    .is_some_and(|byte| byte.is_ascii_alphanumeric())
                && let Some((kind, length)) = self.gap(place)
            {
                let before = *first.get_or_insert(kind);
                // Commas stand between all groups or none.
                if (before == b',') != (kind == b',') {
                    break;
                }
                *gap = kind;
                next += length;
            }
            match self.byte(next).filter(|byte| of(nth, *byte)) {
                None => break,
                Some(byte) => *character = byte,
            }
            place = next + 1;
            *end = place;
            loose.length = nth + 1;
        }
        loose
    }

    /// Reads up to `most` digits as [`loose`](Self::loose) does.
    pub(in crate::detect) fn loose_digits(self, start: usize, most: usize) -> Loose {
        self.loose(start, most, |_, byte| byte.is_ascii_digit())
    }

    /// What stands at `at` between two groups, and its length.
    fn gap(self, at: usize) -> Option<(u8, usize)> {
        let blank = self.blank(at).unwrap_or_default();
        match self.byte(at + blank) {
            Some(sign @ (b'-' | b'.' | b'_' | b'/' | b',' | b')')) => {
                let end = at + blank + 1;
                Some((sign, end + self.blank(end).unwrap_or_default() - at))
            }
            _ if blank > 0 => {
                let second = self.blank(at + blank).unwrap_or_default();
                Some((b' ', blank + second))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::mixed::mixed;

    #[test]
    fn digits_in_a_row_are_read_alike_either_way() {
        let parts = [
            "1", "12", "0345678", " ", "-", ".", "A", "é", "159010426215609",
        ];
        let of_number = |nth: usize, byte: u8| byte.is_ascii_digit() || nth == 6 && byte == b'A';
        let not_zero = |nth: usize, byte: u8| byte.is_ascii_digit() && (nth != 2 || byte != b'0');
        let mut in_one = 0;
        for text in mixed(&parts, 5..=5, 5_000) {
            let text = Text(text.as_bytes());
            for (start, most) in
                (0..text.0.len()).flat_map(|start| [3, 13, 15].map(|most| (start, most)))
            {
                if let Some(short) = text.in_one(start, most, of_number) {
                    in_one += 1;
                    assert_eq!(
                        short,
                        text.in_groups(start, most, of_number),
                        "{:?}",
                        text.0
                    );
                }
                if let Some(short) = text.in_one(start, most, not_zero) {
                    assert_eq!(short, text.in_groups(start, most, not_zero), "{:?}", text.0);
                }
            }
        }
        assert!(in_one > 5_000, "{in_one}");
    }
}
