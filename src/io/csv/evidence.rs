//! Which encoding of one byte a character a text is in, told by what each makes of its bytes.
//!
//! A letter of the wrong encoding turns into another kind of character: the `é` of MacRoman reads
//! as `Ž` in Windows-1252, and `Santé` as `SantŽ`, which no language writes. So each character
//! that is not ASCII is weighed by its neighbours: letters where letters belong speak for an
//! encoding, symbols inside words and capitals behind small letters against it.

use super::encoding::{Encoding, Encodings, SINGLE_BYTE};
use super::single_byte::Table;

/// How many characters that are not ASCII are weighed at the most.
const CHARACTERS: usize = 20_000;

/// What an undefined byte weighs against an encoding.
const UNDEFINED: i32 = -10;

/// One encoding has to be ahead of every other by so much.
const LEAD: i64 = 4;

/// What speaks for an encoding, and what against it.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    good: i64,
    bad: i64,
    undefined: bool,
}

impl Evidence {
    fn of(table: &Table, text: &[u8]) -> Self {
        let mut evidence = Self::default();
        let positions = text.iter().enumerate();
        let positions = positions.filter(|(_, byte)| !byte.is_ascii());
        for (at, byte) in positions.take(CHARACTERS) {
            let weight = i64::from(weight_at(table, text, at));
            evidence.good += weight.max(0);
            evidence.bad -= weight.min(0);
            evidence.undefined |= table.character(*byte).is_none();
        }
        evidence
    }

    fn net(self) -> i64 {
        self.good - self.bad
    }

    /// Whether what speaks against it is next to nothing.
    fn is_sound(self) -> bool {
        !self.undefined && self.bad * 8 <= self.good
    }
}

/// The encoding that `text` is in. Windows-1252 if nothing speaks against it.
///
/// # Errors
/// The encodings that would fit, if it is not clear.
pub(super) fn decide(text: &[u8]) -> Result<Encoding, Encodings> {
    let mut against = Against::of(Encoding::Windows1252);
    let positions = text.iter().enumerate();
    let positions = positions.filter(|(_, byte)| !byte.is_ascii());
    let mut weighed = positions.take(CHARACTERS);
    if !weighed.any(|(at, _)| against.holds(text, at)) {
        return Ok(Encoding::Windows1252);
    }
    let usual = Evidence::of(Table::of(Encoding::Windows1252), text);
    let all = SINGLE_BYTE.map(|encoding| (encoding, Evidence::of(Table::of(encoding), text)));
    let mut best = (Encoding::Windows1252, usual);
    for (encoding, evidence) in all {
        if evidence.net() > best.1.net() {
            best = (encoding, evidence);
        }
    }
    let mut others = all.iter().filter(|(encoding, _)| *encoding != best.0);
    // Letters that are usual elsewhere are no proof: something has to speak against every other.
    let leads =
        others.all(|(_, other)| other.bad > 0 && best.1.net() >= other.net().saturating_add(LEAD));
    if best.1.is_sound() && (best.0 == Encoding::Windows1252 || best.1.good > 0 && leads) {
        return Ok(best.0);
    }
    // A single oddity, and nothing that explains it better.
    if usual.bad < 3 && !usual.undefined {
        return Ok(Encoding::Windows1252);
    }
    let fits = |least: i64| {
        let fits = all.iter().filter(|(encoding, evidence)| {
            *encoding != Encoding::Windows1252 && !evidence.undefined && evidence.net() >= least
        });
        let fits: Vec<Encoding> = fits.map(|(encoding, _)| *encoding).collect();
        Encodings::of(|encoding| fits.contains(&encoding))
    };
    let some = fits(1);
    Err(match some == Encodings::default() {
        true => fits(i64::MIN),
        false => some,
    })
}

/// Whether characters speak against an encoding: most never do, whatever stands beside them, and
/// are not weighed.
pub(super) struct Against {
    table: &'static Table,
    sides: [Side; 256],
    /// For each byte that was seen, a bit for each two sides with which it may speak against it.
    known: [Option<u16>; 256],
}

impl Against {
    pub(super) fn of(encoding: Encoding) -> Self {
        let table = Table::of(encoding);
        Self {
            table,
            sides: std::array::from_fn(|byte| Side::of(table.character(byte as u8))),
            known: [None; 256],
        }
    }

    /// Whether the character at `at` of `text` speaks against it.
    #[inline]
    pub(super) fn holds(&mut self, text: &[u8], at: usize) -> bool {
        let byte = |at: Option<usize>| at.and_then(|at| text.get(at)).copied();
        let side = |byte: Option<u8>| {
            let side = byte.and_then(|byte| self.sides.get(usize::from(byte)));
            side.copied().unwrap_or(Side::Other)
        };
        let sides = (side(byte(at.checked_sub(1))), side(byte(at.checked_add(1))));
        let this = byte(Some(at)).unwrap_or_default();
        let known = self.known.get(usize::from(this)).copied().flatten();
        let may_be = known.unwrap_or_else(|| self.learn(this));
        may_be >> bit(sides) & 1 == 1 && weight_at(self.table, text, at) < 0
    }

    /// The sides with which a byte may speak against it. Of the characters beside it only those that
    /// have a meaning of their own are more than a side.
    #[cold]
    fn learn(&mut self, byte: u8) -> u16 {
        let mut may_be = 0;
        for before in "anoAN1 ".chars() {
            for (earlier, behind) in [Side::Capital, Side::Other]
                .into_iter()
                .flat_map(|earlier| "aA1 ".chars().map(move |behind| (earlier, behind)))
            {
                let this = self.table.character(byte);
                if weigh(earlier, Some(before), this, Some(behind)) < 0 {
                    may_be |= 1 << bit((Side::of(Some(before)), Side::of(Some(behind))));
                }
            }
        }
        if let Some(known) = self.known.get_mut(usize::from(byte)) {
            *known = Some(may_be);
        }
        may_be
    }
}

/// The bit of what stands before and behind a character.
fn bit((before, behind): (Side, Side)) -> u32 {
    before as u32 * 4 + behind as u32
}

/// What the character at `at` says for an encoding.
fn weight_at(table: &Table, text: &[u8], at: usize) -> i32 {
    let character = |at: Option<usize>| table.character(*text.get(at?)?);
    weigh(
        Side::of(character(at.checked_sub(2))),
        character(at.checked_sub(1)),
        character(Some(at)),
        character(at.checked_add(1)),
    )
}

/// The same for a character between others.
fn weigh(earlier: Side, before: Option<char>, this: Option<char>, behind: Option<char>) -> i32 {
    let Some(this) = this else {
        return UNDEFINED;
    };
    let sides = (Side::of(before), Side::of(behind));
    if is_small(this) {
        let capitals = [earlier, sides.0, sides.1].map(|side| side == Side::Capital);
        let in_capitals = matches!(capitals, [true, true, _] | [_, true, true]);
        return small(before, this, sides, in_capitals);
    }
    if is_capital(this) {
        return capital(this, sides);
    }
    symbol(before, this, sides)
}

/// What stands beside a character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Small,
    Capital,
    Digit,
    Other,
}

impl Side {
    fn of(character: Option<char>) -> Self {
        match character {
            Some(c) if is_small(c) => Self::Small,
            Some(c) if is_capital(c) => Self::Capital,
            Some(c) if c.is_ascii_digit() => Self::Digit,
            _ => Self::Other,
        }
    }

    fn is_letter(self) -> bool {
        matches!(self, Self::Small | Self::Capital)
    }
}

/// A small letter of the Latin alphabet: the signs of ordinals are none here.
fn is_small(character: char) -> bool {
    matches!(character, 'a'..='z' | 'ß'..='ö' | 'ø'..='ÿ' | 'œ' | 'š' | 'ž')
}

/// A capital of the Latin alphabet.
fn is_capital(character: char) -> bool {
    matches!(character, 'A'..='Z' | 'À'..='Ö' | 'Ø'..='Þ' | 'Œ' | 'Š' | 'Ž' | 'Ÿ')
}

/// What letters that French has weigh; others of the west weigh less.
const FRENCH: i32 = 5;

/// How usual a letter with an accent is.
fn rank(letter: char) -> i32 {
    match letter {
        'é' | 'è' | 'ê' | 'à' | 'ç' | 'ù' | 'ô' | 'î' | 'ï' | 'û' | 'ë' | 'â' | 'œ' => {
            FRENCH
        }
        'É' | 'È' | 'Ê' | 'À' | 'Ç' | 'Ù' | 'Ô' | 'Î' | 'Ï' | 'Û' | 'Ë' | 'Â' | 'Œ' => {
            FRENCH
        }
        'ä' | 'ö' | 'ü' | 'ß' | 'ñ' | 'Ä' | 'Ö' | 'Ü' | 'Ñ' => 3,
        _ => 1,
    }
}

/// `in_capitals` says that all of the word before and behind it is.
fn small(before: Option<char>, this: char, sides: (Side, Side), in_capitals: bool) -> i32 {
    let rank = rank(this);
    match sides {
        // `N°` in another encoding.
        (_, behind)
            if matches!(before, Some('N' | 'n'))
                && matches!(this, 'ø' | 'í')
                && !behind.is_letter() =>
        {
            -4
        }
        // They end a word: `voilà`, `où`.
        (Side::Small, Side::Small) if matches!(this, 'à' | 'ù') => 0,
        (Side::Small, _) | (_, Side::Small) => rank,
        // Keys of a French keyboard, which writes them small even among capitals.
        _ if in_capitals && matches!(this, 'é' | 'è' | 'ç' | 'à' | 'ù') => 0,
        _ if in_capitals => -3,
        (Side::Capital, _) => rank / 2,
        _ if this == 'à' => 3,
        _ => 0,
    }
}

fn capital(this: char, sides: (Side, Side)) -> i32 {
    let rank = rank(this);
    match sides {
        // As in `dateÉvénement`.
        (Side::Small | Side::Capital, Side::Small)
            if matches!(this, 'É' | 'È' | 'Ê' | 'À' | 'Ç') =>
        {
            -1
        }
        (Side::Small | Side::Capital, Side::Small) => -4,
        (Side::Small, _) => -6,
        (Side::Capital, _) => rank,
        (_, behind) if behind.is_letter() => rank,
        _ => 0,
    }
}

fn symbol(before: Option<char>, this: char, (left, right): (Side, Side)) -> i32 {
    let (inside, beside) = (
        left.is_letter() && right.is_letter(),
        left.is_letter() || right.is_letter(),
    );
    let by_digit = left == Side::Digit || right == Side::Digit;
    match this {
        '\u{A0}' if left == Side::Digit && right == Side::Digit => 1,
        '\u{A0}' | '\u{AD}' | '·' | '´' | '×' | '÷' | '—' => 0,
        '’' if inside => 2,
        '’' => 0,
        '°' if matches!(before, Some('N' | 'n' | 'o')) || left == Side::Digit => 2,
        '°' | 'º' | 'ª' if inside => -4,
        '°' | 'º' | 'ª' => 0,
        '²' | '³' | '¹' => match inside {
            true => -4,
            false => i32::from(left.is_letter()),
        },
        '€' | '£' if by_digit => 1,
        // German closes with it.
        '“' if !inside => 0,
        '«' | '“' | '„' | '‚' | '‹' | '‘' | '¿' | '¡' => {
            match (inside, left.is_letter()) {
                (true, _) => -6,
                (_, true) => -3,
                _ => 0,
            }
        }
        '»' | '”' | '›' | '®' | '™' => match (inside, right.is_letter()) {
            (true, _) => -6,
            (_, true) => -3,
            _ => 0,
        },
        '–' | '…' | 'µ' | '±' if inside => -2,
        '–' | '…' | 'µ' | '±' => 0,
        '¤' => -4,
        '½' | '¼' | '¾' | '¦' if beside => -5,
        '½' | '¼' | '¾' | '¦' => 0,
        '‰' if by_digit => 0,
        '•' | '§' | '©' | '€' | '£' if !inside => 0,
        '¶' | '¥' | '¢' | '†' | '‡' | '‰' | 'ƒ' | '¬' if !beside => 0,
        '¨' | '¸' | 'ˆ' | '˜' | '¯' if !beside => -1,
        // What Windows-1252 does not have: lines of boxes, signs of mathematics, ligatures.
        _ if !is_of_text(this) => -8,
        _ => -6,
    }
}

/// Whether a sign is one that texts of the west have, rather than drawings and formulas.
fn is_of_text(sign: char) -> bool {
    matches!(sign, '\u{A1}'..='\u{FF}' | '\u{2010}'..='\u{203A}' | '€' | '™' | 'ƒ' | 'ˆ' | '˜')
}

#[cfg(test)]
mod tests;
