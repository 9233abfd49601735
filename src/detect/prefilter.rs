//! What can be told of a cell in a few nanoseconds: that no detector can find anything in it.
//!
//! An identifier has a digit, a sign or a blank: a single word is none. Eight bytes are asked at once.

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

pub(super) const AT: u16 = 1;
pub(super) const SLASH: u16 = 2;
pub(super) const QUESTION: u16 = 4;
pub(super) const DOT: u16 = 8;
pub(super) const COMMA: u16 = 16;
pub(super) const COLON: u16 = 32;
pub(super) const LETTER: u16 = 64;
/// A blank, or a byte that begins one.
pub(super) const BLANK: u16 = 128;
/// A bracket, `&`, `%`, `=` or `\\`: what stands for another character may begin so.
pub(super) const ESCAPE: u16 = 256;
pub(super) const UNDERSCORE: u16 = 512;
/// A byte that begins a letter of Western Europe beyond ASCII.
pub(super) const ACCENT: u16 = 1024;
pub(super) const DASH: u16 = 2048;
const DIGIT: u16 = 1 << 15;

/// The fact that each byte stands for.
static FACTS: [u16; 256] = {
    let mut facts = [0; 256];
    let mut rest: &mut [u16] = &mut facts;
    let mut byte = 0_u8;
    while let [fact, behind @ ..] = rest {
        *fact = match byte {
            b'@' => AT,
            b'/' => SLASH,
            b'?' => QUESTION,
            b'.' => DOT,
            b',' => COMMA,
            b':' => COLON,
            b' ' | b'\t' | b'\n' | b'\r' | 0xC2 | 0xE2 => BLANK,
            b'(' | b'[' | b'{' | b'<' | b'&' | b'%' | b'\\' | b'=' => ESCAPE,
            b'_' => UNDERSCORE,
            0xC3 => ACCENT,
            b'-' => DASH,
            b'0'..=b'9' => DIGIT,
            b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            _ => 0,
        };
        byte = byte.wrapping_add(1);
        rest = behind;
    }
    facts
};

/// What is in a cell.
#[derive(Clone, Copy)]
pub(super) struct Facts {
    digits: usize,
    has: u16,
}

impl Facts {
    pub(super) fn of(cell: &[u8]) -> Self {
        let (mut digits, mut has) = (0_usize, 0);
        for byte in cell {
            let fact = FACTS.get(usize::from(*byte)).copied().unwrap_or_default();
            has |= fact;
            digits = digits.wrapping_add(usize::from(fact >> 15));
        }
        Self { digits, has }
    }
}

/// What a cell must have for a detector to look at it.
#[derive(Debug)]
pub(super) struct Needs {
    /// At least so many digits.
    pub(super) digits: usize,
    /// Any of these facts; none if it does not matter.
    pub(super) any: u16,
}

impl Needs {
    #[inline]
    pub(super) fn met_by(&self, facts: Facts) -> bool {
        facts.digits >= self.digits && (self.any == 0 || facts.has & self.any != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_plain_without_digit_sign_and_blank_wherever_they_stand() {
        for length in 0..40 {
            let plain = vec![b'a'; length];
            assert!(is_plain(&plain), "{length} letters");
            for at in 0..length {
                for byte in 0..=255_u8 {
                    let mut cell = plain.clone();
                    cell[at] = byte;
                    let telling = byte.is_ascii() && !byte.is_ascii_alphabetic();
                    assert_eq!(
                        is_plain(&cell),
                        length < SHORTEST || !telling,
                        "{byte} at {at} of {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn blanks_beyond_ascii_are_blanks() {
        for (cell, plain) in [
            ("Mme\u{a0}Leroy", false),
            ("Mme\u{202f}Leroy", false),
            ("M\u{a0}Roy", false),
            ("Mme\u{2009}Roy", false),
            ("Mme\u{3000}Roy", false),
            ("Éléonore", true),
            ("Évé’é", true),
        ] {
            assert_eq!(is_plain(cell.as_bytes()), plain, "{cell:?}");
        }
    }

    #[test]
    fn facts_are_of_all_bytes() {
        let facts = Facts::of("né 12/3, a@b.c:?".as_bytes());
        assert_eq!(facts.digits, 3);
        assert_eq!(
            facts.has,
            AT | SLASH | QUESTION | DOT | COMMA | COLON | LETTER | BLANK | ACCENT | DIGIT
        );
        assert_eq!(Facts::of("-é".as_bytes()).has, ACCENT | DASH);
    }
}
