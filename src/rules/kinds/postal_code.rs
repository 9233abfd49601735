//! `postal_code`: the French postal code in an address, and nothing else of it.

pub(crate) mod sql;

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use toml::de::ValueDeserializer;

use crate::base::lang::Words;
use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::geography;
use crate::rules::ladder::{Places, StepName};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

/// The kind `postal_code`.
pub(crate) static KIND: Kind = Kind {
    name: "postal_code",
    summary: "write the French postal code of an address: of the runs of five digits that begin \
              like one (01-95, 971-978, 980, 986-988) the last before a word, or else the last; an \
              empty cell if there is none",
    done: Words {
        en: "only the postal code is left of each address",
        fr: "de chaque adresse il ne reste que le code postal",
    },
    options: &[OptionDoc {
        name: "min_population",
        takes: "a whole number >= 1; default: none",
        meaning: "a code of fewer inhabitants, or of nobody knows how many (CEDEX), becomes its \
                  département: 07 Ardèche",
    }],
    parse,
};

/// The position of `no_postal_code` in what the rule counts.
pub(crate) const NO_POSTAL_CODE: usize = 0;

/// The position of `generalised`.
const GENERALISED: usize = 1;

fn parse(options: ValueDeserializer<'_>) -> Result<Box<dyn Rule>, toml::de::Error> {
    let options: Options = options::read(options)?;
    Ok(Box::new(options))
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    min_population: Option<Population>,
}

#[derive(Debug, Clone, Copy)]
struct Population(u64);

impl<'de> Deserialize<'de> for Population {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;

        impl Visitor<'_> for Whole {
            type Value = Population;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 1")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Population, E> {
                match u64::try_from(value) {
                    Ok(people @ 1..) => Ok(Population(people)),
                    _ => Err(E::invalid_value(Unexpected::Signed(value), &self)),
                }
            }
        }

        deserializer.deserialize_i64(Whole)
    }
}

impl Rule for Options {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(match self.min_population {
            None => Action::Write(Box::new(LastCode)),
            Some(least) => Action::Write(Box::new(PopulousCode { least })),
        })
    }

    fn counts(&self) -> &'static [&'static str] {
        match self.min_population {
            None => &["no_postal_code"],
            Some(_) => &["no_postal_code", "generalised"],
        }
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let code = sql::code(column);
        Ok(Output::of_any(match self.min_population {
            None => code,
            Some(Population(least)) => sql::populous(column, &code, least),
        }))
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        Ok(Box::new(Places::new(steps)?))
    }
}

/// Writes the code where enough people live, and else its département.
struct PopulousCode {
    least: Population,
}

impl Transform for PopulousCode {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let start = out.len();
        let outcome = LastCode.apply(cell, out)?;
        let (Outcome::Written, Some(code)) = (outcome, out.get(start..)) else {
            return Ok(outcome);
        };
        let Population(least) = self.least;
        if geography::lookup(code).is_some_and(|known| u64::from(known.population) >= least) {
            return Ok(outcome);
        }
        // Every code that is found has a département; if one had none, the cell would be empty.
        let label = geography::departement_label(code).unwrap_or_default();
        out.truncate(start);
        out.extend_from_slice(label.as_bytes());
        Ok(Outcome::Counted(GENERALISED))
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

struct LastCode;

impl Transform for LastCode {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        match code_in(cell.content) {
            Some(code) => {
                out.extend_from_slice(code);
                Ok(Outcome::Written)
            }
            None => Ok(Outcome::Counted(NO_POSTAL_CODE)),
        }
    }

    fn goes_by_content(&self) -> bool {
        true
    }

    fn number(&self, content: &[u8]) -> Option<u32> {
        Some(crate::rules::transform::number_of_digits(code_in(content)?))
    }
}

/// The postal code of an address.
#[inline]
pub(crate) fn code_in(text: &[u8]) -> Option<&[u8; 5]> {
    find_at_a_glance(text).or_else(|| find(text))
}

/// What [`find`] finds, in the last bytes of an address and before a town; nothing where it takes a
/// closer look.
#[inline]
fn find_at_a_glance(text: &[u8]) -> Option<&[u8; 5]> {
    let tail: &[u8; 24] = text.last_chunk()?;
    let (eights, _) = tail.as_chunks::<8>();
    // One bit for each byte, the first being the lowest: whether it is a digit, and whether it is
    // the first of exactly five. What comes before the tail is unknown, so a run cannot begin it.
    let bits = |eight: &[u8; 8]| high_bits(digits_in(*eight));
    let digits = eights
        .iter()
        .rev()
        .fold(0_u32, |all, eight| all << 8 | bits(eight));
    let fives = (0..5).fold(!(digits << 1) & !(digits >> 5), |fives, by| {
        fives & digits >> by
    });
    let start = (fives & !1).checked_ilog2()? as usize;

    let [before, code @ ..] = tail.get(start.checked_sub(1)?..)? else {
        return None;
    };
    let (code, [b' ' | b',' | b'-', letter, ..]) = code.split_first_chunk()? else {
        return None;
    };
    let found = begins_like_a_code(code)
        && before.is_ascii()
        && !is_word(char::from(*before))
        && letter.is_ascii_alphabetic();
    found.then_some(code)
}

/// The last candidate before a word, or else the last.
///
/// It looks from the end, where the code of most addresses is, so it rarely sees the street.
fn find(text: &[u8]) -> Option<&[u8; 5]> {
    let mut last = None;
    let mut unseen = text;
    while let Some(at) = last_digit(unseen) {
        let (through, _) = unseen.split_at_checked(at + 1)?;
        let (_, after) = text.split_at_checked(at + 1)?;
        let digits = through
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (before, run) = through.split_at_checked(through.len() - digits)?;
        unseen = before;
        let Ok(code) = <&[u8; 5]>::try_from(run) else {
            continue;
        };
        if begins_like_a_code(code) && !ends_in_word(before) && !begins_with_word(after) {
            if is_before_a_town(after) {
                return Some(code);
            }
            last = last.or(Some(code));
        }
    }
    last
}

/// The position of the last ASCII digit, looking at eight bytes at a time.
fn last_digit(text: &[u8]) -> Option<usize> {
    let mut unseen = text;
    while let Some((rest, eight)) = unseen.split_last_chunk::<8>() {
        let digits = digits_in(*eight);
        if digits != 0 {
            let behind = digits.leading_zeros() / 8;
            return Some(rest.len() + 7 - behind as usize);
        }
        unseen = rest;
    }
    unseen.iter().rposition(u8::is_ascii_digit)
}

/// The ASCII digits among eight bytes: the high bit of each, the first byte being the lowest.
#[inline]
fn digits_in(eight: [u8; 8]) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    // A digit becomes 0 to 9. Adding 0x76 to the low seven bits sets the high bit of what is more
    // than 9, and never carries into the next byte.
    let bytes = u64::from_le_bytes(eight) ^ (0x30 * EACH);
    let others = ((bytes & (0x7F * EACH)) + 0x76 * EACH) | bytes;
    !others & (0x80 * EACH)
}

/// The high bits of eight bytes, whose other bits are zero, side by side.
#[inline]
fn high_bits(bytes: u64) -> u32 {
    // The byte at 8 i is moved to 56 + i: times 2 to the power 56 - 7 i, and no two of these
    // products meet in one bit.
    ((bytes >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

/// Whether the first digits are those of a department (01 to 95, Corsica being 20) or of an
/// overseas department or territory (971 to 978, 986 to 988), or of Monaco (980).
fn begins_like_a_code(code: &[u8; 5]) -> bool {
    match code {
        [b'0', b'0', ..] => false,
        [b'0'..=b'8', ..] | [b'9', b'0'..=b'5', ..] => true,
        [b'9', b'7', third, ..] => matches!(third, b'1'..=b'8'),
        [b'9', b'8', third, ..] => matches!(third, b'0' | b'6'..=b'8'),
        _ => false,
    }
}

/// Whether a town follows: a letter behind spaces, commas and dashes.
fn is_before_a_town(mut after: &[u8]) -> bool {
    while let Some((first, rest)) = split_first_char(after) {
        match first {
            ',' | '-' | '\u{2010}'..='\u{2015}' => after = rest,
            space if space.is_whitespace() => after = rest,
            other => return other.is_alphabetic(),
        }
    }
    false
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn begins_with_word(text: &[u8]) -> bool {
    match split_first_char(text) {
        Some((first, _)) => is_word(first),
        None => false,
    }
}

fn ends_in_word(text: &[u8]) -> bool {
    match text {
        [] => false,
        [.., last] if last.is_ascii() => is_word(char::from(*last)),
        // At most three bytes of a character follow its first.
        _ => (2..=4)
            .filter_map(|length| text.split_at_checked(text.len().checked_sub(length)?))
            .find_map(|(_, last)| str::from_utf8(last).ok()?.chars().next())
            .is_none_or(is_word),
    }
}

/// The character that `text` begins with, and the rest. A cell is UTF-8; a byte that is not would
/// count as a letter, which keeps digits beside it from being taken for a code.
fn split_first_char(text: &[u8]) -> Option<(char, &[u8])> {
    let (first, rest) = text.split_first()?;
    if first.is_ascii() {
        return Some((char::from(*first), rest));
    }
    let found = (2..=4).find_map(|length| {
        let (head, rest) = text.split_at_checked(length)?;
        Some((str::from_utf8(head).ok()?.chars().next()?, rest))
    });
    Some(found.unwrap_or(('x', rest)))
}

#[cfg(test)]
mod tests;
