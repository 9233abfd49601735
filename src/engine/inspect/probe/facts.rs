//! What the bytes of a cell rule out, found in one pass over them.

/// What bytes a cell has.
#[derive(Clone, Copy, Default)]
pub(super) struct Facts {
    pub(super) digits: usize,
    /// How many `+` and `-`.
    signs: usize,
    pub(super) has: u8,
}

pub(super) const BREAK: u8 = 1;
pub(super) const BLANK: u8 = 2;
/// A letter of `euros`.
pub(super) const EURO: u8 = 4;
/// Another letter.
pub(super) const LETTER: u8 = 8;
/// No ASCII.
pub(super) const OTHER: u8 = 16;
pub(super) const SLASH: u8 = 32;
/// What no amount has, beside slashes and other letters.
const FOREIGN: u8 = 64;

/// The facts that each byte stands for.
static FACTS: [u8; 256] = {
    let mut facts = [0; 256];
    let mut rest: &mut [u8] = &mut facts;
    let mut byte = 0_u8;
    while let [fact, behind @ ..] = rest {
        *fact = match byte {
            b'\n' | b'\r' => BREAK | BLANK,
            b'\t' | 0x0B | 0x0C | b' ' => BLANK,
            b'e' | b'u' | b'r' | b'o' | b's' | b'E' | b'U' | b'R' | b'O' | b'S' => EURO,
            b'a'..=b'z' | b'A'..=b'Z' => LETTER,
            b'/' => SLASH,
            b'0'..=b'9' | b'+' | b'-' | b'.' | b',' => 0,
            0x80.. => OTHER,
            _ => FOREIGN,
        };
        byte = byte.wrapping_add(1);
        rest = behind;
    }
    facts
};

impl Facts {
    pub(super) fn of(text: &str) -> Self {
        let mut facts = Self::default();
        for byte in text.bytes() {
            facts.has |= FACTS.get(usize::from(byte)).copied().unwrap_or_default();
            facts.digits += usize::from(byte.is_ascii_digit());
            facts.signs += usize::from(matches!(byte, b'+' | b'-'));
        }
        facts
    }

    /// Whether a text may be an amount: it has a sign in front only, and nothing that none has.
    pub(super) fn may_be_amount(self, trimmed: &str) -> bool {
        let signed = trimmed.starts_with(['+', '-']);
        self.has & (LETTER | SLASH | FOREIGN) == 0 && self.signs <= usize::from(signed)
    }
}
