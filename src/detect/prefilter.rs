//! What can be told of a cell in a few nanoseconds: that no detector can find anything in it.
//!
//! An identifier has a digit, a sign or a blank: a single word is none. Eight bytes are asked at once.

use super::text::Text;
use super::{DETECTORS, Detectors};

/// The shortest identifier: `a@b.fr`.
const SHORTEST: usize = 6;

/// One in each byte of a word.
const EACH: u64 = 0x0101_0101_0101_0101;

/// Whether no detector can find anything in the cell. A cell that is not plain may still have none.
#[inline]
pub fn is_plain(cell: &[u8]) -> bool {
    let (words, _) = cell.as_chunks::<8>();
    match (words, cell.last_chunk::<8>()) {
        // The last word overlaps the one before: what is asked twice does no harm.
        (words, Some(last)) => {
            let all = words
                .iter()
                .fold(telling(last), |all, word| all | telling(word));
            all & (EACH << 7) == 0 && (cell.is_ascii() || !has_blank(cell))
        }
        _ if cell.len() < SHORTEST => true,
        _ => match (cell.first_chunk::<4>(), cell.last_chunk::<4>()) {
            (Some(&[a, b, c, d]), Some(&[e, f, g, h])) => {
                telling(&[a, b, c, d, e, f, g, h]) & (EACH << 7) == 0 && !has_blank(cell)
            }
            _ => true,
        },
    }
}

/// Whether a blank beyond ASCII is in the cell: a no-break, a thin or a wide one.
fn has_blank(cell: &[u8]) -> bool {
    cell.array_windows::<3>().any(|three| {
        matches!(
            three,
            [0xC2, 0xA0, _] | [0xE2, 0x80, 0x80..=0x8A | 0xAF] | [0xE3, 0x80, 0x80]
        )
    })
}

/// The high bit of each byte of ASCII that is no letter; other bits at random.
#[inline(always)]
fn telling(word: &[u8; 8]) -> u64 {
    let word = u64::from_le_bytes(*word);
    // Capitals become small letters, and no sign becomes a letter.
    let low = (word | (EACH * 0x20)) & (EACH * 0x7F);
    // No sum leaves its byte: 0x7F + 0x1F < 0x100.
    let from_a = low + EACH * u64::from(0x80 - b'a');
    let past_z = low + EACH * u64::from(0x7F - b'z');
    (!from_a | past_z) & !word
}

/// What a byte may be, a bit each.
pub(crate) mod fact {
    pub(crate) const AT: u32 = 1;
    pub(crate) const SLASH: u32 = 1 << 1;
    pub(crate) const QUESTION: u32 = 1 << 2;
    pub(crate) const DOT: u32 = 1 << 3;
    pub(crate) const COMMA: u32 = 1 << 4;
    pub(crate) const COLON: u32 = 1 << 5;
    pub(crate) const LETTER: u32 = 1 << 6;
    /// A blank, or a byte that begins one.
    pub(crate) const BLANK: u32 = 1 << 7;
    /// A bracket, `&`, `%`, `=` or `\\`: what stands for another character may begin so.
    pub(crate) const ESCAPE: u32 = 1 << 8;
    pub(crate) const UNDERSCORE: u32 = 1 << 9;
    /// A byte that begins a letter of Western Europe beyond ASCII.
    pub(crate) const ACCENT: u32 = 1 << 10;
    pub(crate) const DASH: u32 = 1 << 11;
    pub(crate) const PLUS: u32 = 1 << 12;
    /// A capital, or a byte that may begin one.
    pub(crate) const CAPITAL: u32 = 1 << 13;
    /// A line break.
    pub(crate) const BREAK: u32 = 1 << 14;
    /// No ASCII.
    pub(crate) const OTHER: u32 = 1 << 15;
    /// What no amount has: a letter that is not of `euros`, a sign.
    pub(crate) const NO_AMOUNT: u32 = 1 << 16;
    /// What may be read as another character: `&`, `%`, the letter O.
    pub(crate) const DISGUISE: u32 = 1 << 17;
    /// No letter and no digit of ASCII.
    pub(crate) const SIGN: u32 = 1 << 18;
    pub(crate) const DIGIT: u32 = 1 << 31;
}
use fact::*;

/// What each byte is.
static FACTS: [u32; 256] = {
    let mut facts = [0; 256];
    let mut rest: &mut [u32] = &mut facts;
    let mut byte = 0_u8;
    while let [fact, behind @ ..] = rest {
        *fact = match byte {
            b'@' => AT | NO_AMOUNT,
            b'/' => SLASH | NO_AMOUNT,
            b'?' => QUESTION | NO_AMOUNT,
            b'.' => DOT,
            b',' => COMMA,
            b':' => COLON | NO_AMOUNT,
            b'\n' | b'\r' => BLANK | BREAK,
            b' ' | b'\t' | 0x0B | 0x0C => BLANK,
            b'&' | b'%' => ESCAPE | DISGUISE | NO_AMOUNT,
            b'(' | b'[' | b'{' | b'<' | b'\\' | b'=' => ESCAPE | NO_AMOUNT,
            b'_' => UNDERSCORE | NO_AMOUNT,
            b'-' => DASH,
            b'+' => PLUS,
            b'0'..=b'9' => DIGIT,
            b'O' => LETTER | CAPITAL | DISGUISE,
            b'E' | b'U' | b'R' | b'S' => LETTER | CAPITAL,
            b'A'..=b'Z' => LETTER | CAPITAL | NO_AMOUNT,
            b'e' | b'u' | b'r' | b'o' | b's' => LETTER,
            b'a'..=b'z' => LETTER | NO_AMOUNT,
            0xC2 => BLANK | OTHER,
            0xC3 => ACCENT | CAPITAL | OTHER,
            0xE2 => BLANK | CAPITAL | OTHER,
            0xC4.. => CAPITAL | OTHER,
            0x80.. => OTHER,
            _ => NO_AMOUNT,
        };
        if !byte.is_ascii_alphanumeric() {
            *fact |= SIGN;
        }
        byte = byte.wrapping_add(1);
        rest = behind;
    }
    facts
};

/// Of a longer cell it is not known how its digits are grouped.
const LONGEST: usize = 64;

/// What is in a cell, found in one pass over it.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    pub(crate) digits: usize,
    /// How many bytes it has.
    length: usize,
    /// Where digits are, a bit for each byte; of a longer cell nothing.
    places: u64,
    /// How often digits begin,
    pieces: usize,
    /// and how many there are in a row: a bit for each length.
    runs: u64,
    has: u32,
}

impl Facts {
    /// The facts of a cell.
    pub fn of(cell: &[u8]) -> Self {
        let (first, rest) = cell.split_at_checked(LONGEST).unwrap_or((cell, &[]));
        let (mut has, mut places) = (0, 0_u64);
        // The first byte's bit is the lowest.
        for byte in first.iter().rev() {
            let fact = FACTS.get(usize::from(*byte)).copied().unwrap_or_default();
            has |= fact;
            places = places << 1 | u64::from(fact >> 31);
        }
        let mut facts = Self {
            digits: places.count_ones() as usize,
            length: cell.len(),
            places,
            pieces: usize::MAX,
            runs: u64::MAX,
            has,
        };
        if rest.is_empty() {
            (facts.pieces, facts.runs) = runs(places);
        }
        for byte in rest {
            let fact = FACTS.get(usize::from(*byte)).copied().unwrap_or_default();
            facts.has |= fact;
            facts.digits += (fact >> 31) as usize;
        }
        facts
    }

    /// Where digits begin in the cell, which is `text`, and how many there are.
    pub(super) fn runs_in<'a>(
        self,
        text: Text<'a>,
    ) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let is_short = self.length <= LONGEST;
        let (mut longer, mut places, mut at) = (text.runs(), self.places, 0);
        std::iter::from_fn(move || {
            if !is_short {
                return longer.next();
            }
            let before = places.trailing_zeros();
            let behind = places.checked_shr(before)?;
            let run = behind.trailing_ones();
            let start = at + before as usize;
            at = start + run as usize;
            places = behind.checked_shr(run).unwrap_or_default();
            Some((start, run as usize))
        })
    }

    /// At most so many digits in a row are in how many places.
    pub(super) fn most_pieces_up_to(self, length: u32) -> usize {
        let shorter = (1 << (length + 1)) - 1;
        self.pieces
            .saturating_sub((self.runs & !shorter).count_ones() as usize)
    }

    /// How often digits begin.
    pub(super) fn pieces(self) -> usize {
        self.pieces
    }

    /// Whether somewhere one of these numbers of digits are in a row ([`run`]).
    pub(super) fn has_run(self, runs: u64) -> bool {
        self.runs & runs != 0
    }

    /// Whether any of these is in the cell.
    #[inline(always)]
    pub(crate) fn has(self, any: u32) -> bool {
        self.has & any != 0
    }
}

/// How often set bits begin, and how many there are in a row.
fn runs(mut places: u64) -> (usize, u64) {
    let (mut pieces, mut runs) = (0, 0);
    while places != 0 {
        places >>= places.trailing_zeros();
        let length = places.trailing_ones();
        pieces += 1;
        runs |= run(length);
        places = places.checked_shr(length).unwrap_or_default();
    }
    (pieces, runs)
}

/// The bit of so many digits in a row.
pub(super) const fn run(length: u32) -> u64 {
    1 << if length < 63 { length } else { 63 }
}

/// What a cell must have for a detector to look at it.
#[derive(Debug)]
pub(super) struct Needs {
    /// At least so many digits,
    pub(super) digits: usize,
    /// in so many places,
    pub(super) pieces: usize,
    /// somewhere one of these numbers of them in a row ([`run`]).
    pub(super) runs: u64,
    /// It has at least so many bytes.
    pub(super) length: usize,
    /// Any of these facts, and any of those.
    pub(super) any: u32,
    pub(super) and: u32,
}

/// The detectors that may find something in a cell with these facts: most of them need digits or a letter. Those
/// that are left look at what else they [need](Needs).
#[inline]
pub(super) fn may_find(facts: &Facts) -> Detectors {
    let with = match facts.has(LETTER) {
        true => &WITH_LETTER,
        false => &WITHOUT_LETTER,
    };
    let by_digits = with.get(facts.digits.min(MOST_DIGITS)).copied();
    by_digits.unwrap_or(Detectors::ALL)
}

/// No detector needs more digits.
const MOST_DIGITS: usize = 15;
/// By the number of digits, or the most that matter.
type ByDigits = [Detectors; MOST_DIGITS + 1];
static WITH_LETTER: ByDigits = by_digits(true);
static WITHOUT_LETTER: ByDigits = by_digits(false);

#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
const fn by_digits(letter: bool) -> ByDigits {
    let mut by_digits = [Detectors::NONE; MOST_DIGITS + 1];
    let mut at = 0;
    while at < by_digits.len() * DETECTORS.len() {
        let (digits, place) = (at / DETECTORS.len(), at % DETECTORS.len());
        let needs = DETECTORS[place].needs;
        let mut alternative = 0;
        while alternative < needs.len() {
            let needs = &needs[alternative];
            assert!(needs.digits <= MOST_DIGITS);
            let needs_letter = needs.any == LETTER || needs.and == LETTER;
            if needs.digits <= digits && (letter || !needs_letter) {
                by_digits[digits] = by_digits[digits].and(Detectors::one(place));
            }
            alternative += 1;
        }
        at += 1;
    }
    by_digits
}

impl Needs {
    /// What every cell has.
    pub(super) const NOTHING: Self = Self {
        digits: 0,
        pieces: 0,
        runs: 0,
        length: 0,
        any: 0,
        and: 0,
    };

    #[inline]
    pub(super) fn met_by(&self, facts: &Facts) -> bool {
        facts.digits >= self.digits
            && facts.pieces >= self.pieces
            && facts.length >= self.length
            && (self.any == 0 || facts.has & self.any != 0)
            && (self.and == 0 || facts.has & self.and != 0)
            && (self.runs == 0 || facts.runs & self.runs != 0)
    }
}

#[cfg(test)]
mod tests;
