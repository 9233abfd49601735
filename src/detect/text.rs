//! How detectors read a cell: characters around a place, blanks and separators, groups of digits.

mod context;
mod loose;

pub(super) use context::{Word, is_one_of};
pub(super) use loose::Loose;

/// A cell in UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a [u8]);

/// The most digits that [`Text::grouped`] reads.
const MOST: usize = 20;

/// Digits without what stood between them.
pub(super) struct Digits {
    ascii: [u8; MOST],
    length: usize,
}

impl Digits {
    fn new() -> Self {
        Self {
            ascii: [0; MOST],
            length: 0,
        }
    }

    fn push(&mut self, digits: &[u8]) -> Option<()> {
        let until = self.length + digits.len();
        self.ascii
            .get_mut(self.length..until)?
            .copy_from_slice(digits);
        self.length = until;
        Some(())
    }

    /// The digits, in ASCII.
    pub(super) fn ascii(&self) -> &[u8] {
        self.ascii.get(..self.length).unwrap_or_default()
    }
}

/// What may stand between two groups of digits.
#[derive(Clone, Copy)]
pub(super) struct Between(&'static [u8]);

impl Between {
    pub(super) const BLANK: Self = Self(b" ");
    /// A blank or a dash.
    pub(super) const DASH: Self = Self(b" -");
    /// A blank, a dash or a dot.
    pub(super) const DOT: Self = Self(b" -.");
    /// A blank, a dash, a dot or a slash.
    pub(super) const SLASH: Self = Self(b" -./");
}

impl<'a> Text<'a> {
    pub(super) fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    pub(super) fn behind(self, at: usize) -> &'a [u8] {
        self.0.get(at..).unwrap_or_default()
    }

    pub(super) fn before(self, at: usize) -> &'a [u8] {
        self.0.get(..at).unwrap_or_default()
    }

    pub(super) fn is_digit(self, at: usize) -> bool {
        self.byte(at).is_some_and(|byte| byte.is_ascii_digit())
    }

    /// How many digits stand from `at` on.
    pub(super) fn run(self, at: usize) -> usize {
        count(self.behind(at), u8::is_ascii_digit)
    }

    /// How many digits stand before `at`.
    pub(super) fn run_before(self, at: usize) -> usize {
        let before = self.before(at).iter().rev();
        before.take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// Where digits begin, and how many there are.
    pub(super) fn runs(self) -> impl Iterator<Item = (usize, usize)> + 'a {
        let mut at = 0;
        std::iter::from_fn(move || {
            at += self.behind(at).iter().position(u8::is_ascii_digit)?;
            let (start, length) = (at, self.run(at));
            at += length;
            Some((start, length))
        })
    }

    /// The character that ends at `at`.
    pub(super) fn char_before(self, at: usize) -> Option<char> {
        let before = self.before(at);
        if let Some(byte) = before.last().filter(|byte| byte.is_ascii()) {
            return Some(char::from(*byte));
        }
        (2..=4).find_map(|length| {
            let last = before.get(before.len().checked_sub(length)?..)?;
            str::from_utf8(last).ok()?.chars().next()
        })
    }

    /// The character that begins at `at`.
    pub(super) fn char_at(self, at: usize) -> Option<char> {
        if let Some(byte) = self.byte(at).filter(u8::is_ascii) {
            return Some(char::from(byte));
        }
        (2..=4).find_map(|length| {
            let first = self.behind(at).get(..length)?;
            str::from_utf8(first).ok()?.chars().next()
        })
    }

    /// Whether no letter and no digit ends at `at`.
    pub(super) fn is_free_before(self, at: usize) -> bool {
        match self.before(at).last() {
            None => true,
            Some(byte) if byte.is_ascii() => !byte.is_ascii_alphanumeric(),
            Some(_) => !self.char_before(at).is_some_and(is_alphanumeric),
        }
    }

    /// Whether no letter and no digit begins at `at`.
    pub(super) fn is_free_after(self, at: usize) -> bool {
        match self.byte(at) {
            None => true,
            Some(byte) if byte.is_ascii() => !byte.is_ascii_alphanumeric(),
            Some(_) => !self.char_at(at).is_some_and(is_alphanumeric),
        }
    }

    /// The length of the blank at `at`: a space, a no-break or a thin one; nothing if there is none.
    pub(super) fn blank(self, at: usize) -> Option<usize> {
        match self.behind(at) {
            [b' ' | b'\t' | b'\n' | b'\r', ..] => Some(1),
            [0xC2, 0xA0, ..] => Some(2),
            [0xE2, 0x80, 0xAF | 0x89, ..] => Some(3),
            _ => None,
        }
    }

    /// The length of the blank that ends at `at`.
    pub(super) fn blank_before(self, at: usize) -> Option<usize> {
        (1..=3).find(|length| {
            at.checked_sub(*length)
                .is_some_and(|start| self.blank(start) == Some(*length))
        })
    }

    /// The place behind all blanks at `at`.
    pub(super) fn skip_blanks(self, mut at: usize) -> usize {
        while let Some(length) = self.blank(at) {
            at += length;
        }
        at
    }

    /// The length of the one separator at `at`.
    pub(super) fn separator(self, at: usize, between: Between) -> Option<usize> {
        match self.byte(at)? {
            byte @ (b'-' | b'.' | b'/' | b'_') => between.0.contains(&byte).then_some(1),
            b'\n' | b'\r' => None,
            _ => self.blank(at),
        }
    }

    /// Reads groups of digits of exactly these sizes from `at` on, with one separator between two,
    /// all of one nature. Gives the digits and the place behind them.
    pub(super) fn grouped(
        self,
        at: usize,
        sizes: &[usize],
        between: Between,
    ) -> Option<(Digits, usize)> {
        let mut digits = Digits::new();
        let mut end = at;
        let mut nature = None;
        for (nth, size) in sizes.iter().enumerate() {
            if nth > 0 {
                let length = self.separator(end, between)?;
                let sign = self.byte(end).filter(|byte| b"-./".contains(byte));
                if *nature.get_or_insert(sign) != sign {
                    return None;
                }
                end += length;
            }
            if self.run(end) != *size {
                return None;
            }
            digits.push(self.0.get(end..end + size)?)?;
            end += size;
        }
        Some((digits, end))
    }

    /// Whether a blank, dash or dot and more digits stand right before or behind: the digits from
    /// `start` to `end` are then a part of a longer number.
    pub(super) fn is_part_of_longer(self, start: usize, end: usize) -> bool {
        self.continues(start) || self.goes_on(end)
    }

    /// Whether digits and a blank, dash or dot stand before `start`.
    pub(super) fn continues(self, start: usize) -> bool {
        let before = match self.before(start) {
            [.., b'-' | b'.'] => Some(1),
            _ => self.blank_before(start),
        };
        before.is_some_and(|length| self.run_before(start.saturating_sub(length)) > 0)
    }

    /// Whether a blank, dash or dot and digits stand at `end`.
    pub(super) fn goes_on(self, end: usize) -> bool {
        if self.is_float(end) {
            return false;
        }
        let behind = self.separator(end, Between::DOT);
        behind.is_some_and(|length| self.is_digit(end + length))
    }

    /// Whether nothing but `.0` or `,0` stands at `end`: a program read the number as one with
    /// decimals.
    fn is_float(self, end: usize) -> bool {
        matches!(self.behind(end), [b'.' | b',', b'0', ..]) && self.is_free_after(end + 2) && {
            let behind = self.behind(end + 2);
            !matches!(behind, [b'.' | b',', digit, ..] if digit.is_ascii_digit())
        }
    }

    /// Whether the digits from `start` to `end` are one side of a decimal mark. A comma between two
    /// long numbers is one of a list.
    pub(super) fn is_part_of_decimal(self, start: usize, end: usize) -> bool {
        let behind = match self.byte(end) {
            Some(b'.') => self.is_digit(end + 1) && !self.is_float(end),
            Some(b',') => (1..=4).contains(&self.run(end + 1)) && !self.is_float(end),
            _ => false,
        };
        let before = match self.before(start) {
            [.., digit, b'.'] => digit.is_ascii_digit(),
            [.., b','] => (1..=4).contains(&self.run_before(start.saturating_sub(1))),
            _ => false,
        };
        behind || before
    }

    /// Whether an amount's unit follows at `at`, perhaps after blanks.
    pub(super) fn is_unit(self, at: usize) -> bool {
        const UNITS: [&str; 11] = [
            "eur", "euro", "euros", "km", "m2", "kg", "fcfa", "usd", "chf", "ans", "kwh",
        ];
        let rest = self.behind(self.skip_blanks(at));
        if ["€", "$", "£", "%", "k€", "m²"]
            .iter()
            .any(|sign| rest.starts_with(sign.as_bytes()))
        {
            return true;
        }
        let (word, _) = rest.split_at(count(rest, u8::is_ascii_alphanumeric));
        UNITS
            .iter()
            .any(|unit| word.eq_ignore_ascii_case(unit.as_bytes()))
    }
}

/// How many bytes from the start are of a kind.
pub(super) fn count(bytes: &[u8], of_kind: impl Fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of_kind(byte)).count()
}

/// A letter or a digit; the raised letters of `nº` and `1ª` are signs.
pub(super) fn is_alphanumeric(character: char) -> bool {
    character.is_alphanumeric() && !matches!(character, 'º' | 'ª' | '²' | '³' | '¹')
}

/// The number that at most nine digits write; other bytes count as anything.
pub(super) fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0_u32, |number, digit| {
        number
            .wrapping_mul(10)
            .wrapping_add(u32::from(digit.wrapping_sub(b'0')))
    })
}
