//! `bucket`: the interval that an amount lies in, `40000-60000` for `45 000,50 €`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use toml::de::ValueDeserializer;

use super::amount::{self, Amount, DecimalMark};
use super::{Action, Cell, Kind, OptionDoc, Outcome, Reason, Rule, RunContext, Transform, options};

/// The kind `bucket`.
pub(super) static KIND: Kind = Kind {
    name: "bucket",
    summary: "write the interval LO-HI that an amount lies in: LO <= amount < HI, LO a multiple of \
              the width, below zero too",
    options: &[
        OptionDoc {
            name: "width",
            takes: "a whole number from 1 to 10^15; required",
            meaning: "how wide an interval is, in the column's own unit",
        },
        OptionDoc {
            name: "decimal",
            takes: "\",\" or \".\"; default: whichever an amount has, and 45.000 is invalid",
            meaning: "the decimal mark; the other of the two may then stand between thousands",
        },
    ],
    parse,
};

/// Widths beyond this make no interval of any use, and this one still adds up in an `i128`.
const MAX_WIDTH: u64 = 1_000_000_000_000_000;

/// How many labels are written beforehand: more than the buckets of an ordinary column.
const READY_LABELS: u64 = 512;

fn parse(options: ValueDeserializer<'_>) -> Result<Box<dyn Rule>, toml::de::Error> {
    let rule: Bucket = options::read(options)?;
    Ok(Box::new(rule))
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    width: Option<Width>,
    decimal: Option<DecimalMark>,
}

#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(try_from = "Options")]
struct Bucket {
    width: u64,
    decimal: Option<DecimalMark>,
}

impl TryFrom<Options> for Bucket {
    type Error = &'static str;

    fn try_from(options: Options) -> Result<Self, &'static str> {
        let Some(Width(width)) = options.width else {
            return Err("width is required: a whole number from 1 to 10^15, \
                        as in { bucket = { width = 20_000 } }");
        };
        Ok(Self {
            width,
            decimal: options.decimal,
        })
    }
}

#[derive(Debug)]
struct Width(u64);

impl<'de> Deserialize<'de> for Width {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;

        impl Visitor<'_> for Whole {
            type Value = Width;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 1 to 10^15")
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Width, E> {
                match u64::try_from(value) {
                    Ok(width @ 1..=MAX_WIDTH) => Ok(Width(width)),
                    _ => Err(E::invalid_value(Unexpected::Signed(value), &self)),
                }
            }
        }

        deserializer.deserialize_i64(Whole)
    }
}

impl Rule for Bucket {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn compile(&self, _: &RunContext) -> Action {
        let labels = (0..READY_LABELS).map(|bucket| {
            let mut label = Vec::new();
            let lower = u128::from(bucket) * u128::from(self.width);
            push_label(
                &mut label,
                (false, lower),
                (false, lower + u128::from(self.width)),
            );
            label.into_boxed_slice()
        });
        Action::Write(Box::new(Compiled {
            width: self.width,
            decimal: self.decimal,
            labels: labels.collect(),
        }))
    }
}

struct Compiled {
    width: u64,
    decimal: Option<DecimalMark>,
    /// The labels of the first buckets from zero up.
    labels: Vec<Box<[u8]>>,
}

impl Transform for Compiled {
    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let amount = amount::parse(cell.content, self.decimal)?;
        match self.ready_label(amount) {
            Some(label) => out.extend_from_slice(label),
            None => self.push_label_of(amount, out),
        }
        Ok(Outcome::Written)
    }
}

impl Compiled {
    fn ready_label(&self, amount: Amount) -> Option<&[u8]> {
        if amount.negative {
            return None;
        }
        // A division of 64 bits costs a fraction of one of 128.
        let bucket = u64::try_from(amount.integer).ok()? / self.width;
        let label = self.labels.get(usize::try_from(bucket).ok()?)?;
        Some(label)
    }

    fn push_label_of(&self, amount: Amount, out: &mut Vec<u8>) {
        let width = u128::from(self.width);
        if amount.negative {
            // The floor of a negative amount is the ceiling of its absolute value. An amount less
            // than zero has a ceiling of at least 1, so the upper end exists.
            let ceiling = amount.integer + u128::from(amount.fraction);
            let lower = ceiling.div_ceil(width) * width;
            push_label(out, (true, lower), (true, lower.saturating_sub(width)));
        } else {
            let lower = amount.integer / width * width;
            push_label(out, (false, lower), (false, lower + width));
        }
    }
}

/// Appends `LO-HI`; each end is whether it is below zero, and its absolute value.
fn push_label(out: &mut Vec<u8>, lower: (bool, u128), upper: (bool, u128)) {
    push_number(out, lower);
    out.push(b'-');
    push_number(out, upper);
}

fn push_number(out: &mut Vec<u8>, (negative, mut value): (bool, u128)) {
    if negative && value != 0 {
        out.push(b'-');
    }
    let start = out.len();
    // Digits from the last to the first; each remainder is one. Divisions of 128 bits are slow.
    let mut short = loop {
        match u64::try_from(value) {
            Ok(short) => break short,
            Err(_) => out.push(b'0' + (value % 10) as u8),
        }
        value /= 10;
    };
    loop {
        out.push(b'0' + (short % 10) as u8);
        short /= 10;
        if short == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::options::testing::{refuses, rule, transform, write};
    use super::*;

    fn label(options: &str, cell: &str) -> Result<String, &'static str> {
        write(transform(&KIND, options).as_ref(), cell).map(|(label, outcome)| {
            assert_eq!(outcome, Outcome::Written);
            label
        })
    }

    #[test]
    fn writes_the_bucket() {
        const MAX: &str = "999999999999999999999999999999999999";
        for (width, cell, expected) in [
            (20_000, "0", Ok("0-20000")),
            (20_000, "19999", Ok("0-20000")),
            (20_000, "19999.99", Ok("0-20000")),
            (20_000, "20000", Ok("20000-40000")),
            (20_000, "20000.00", Ok("20000-40000")),
            (20_000, "45 000,50 €", Ok("40000-60000")),
            (20_000, "-0", Ok("0-20000")),
            (20_000, "-0,00", Ok("0-20000")),
            (20_000, "-0.01", Ok("-20000-0")),
            (20_000, "-1", Ok("-20000-0")),
            (20_000, "-20000", Ok("-20000-0")),
            (20_000, "-20000,01", Ok("-40000--20000")),
            (20_000, "-20001", Ok("-40000--20000")),
            (20_000, "10239999", Ok("10220000-10240000")),
            (20_000, "10240000", Ok("10240000-10260000")),
            (50, "49,99", Ok("0-50")),
            (50, "512.5", Ok("500-550")),
            (
                50,
                "123456789012345678901234567890",
                Ok("123456789012345678901234567850-123456789012345678901234567900"),
            ),
            (1, "7.9", Ok("7-8")),
            (1, "-7.9", Ok("-8--7")),
            (
                1,
                MAX,
                Ok("999999999999999999999999999999999999-1000000000000000000000000000000000000"),
            ),
            (
                7,
                "18446744073709551616",
                Ok("18446744073709551614-18446744073709551621"),
            ),
            (1_000_000_000_000_000_i64, "5", Ok("0-1000000000000000")),
            (1_000_000_000_000_000, "-5", Ok("-1000000000000000-0")),
            (20_000, "45.000", Err("ambiguous_amount")),
            (20_000, "inconnu", Err("not_an_amount")),
            (
                20_000,
                "9999999999999999999999999999999999999",
                Err("amount_too_long"),
            ),
        ] {
            let written = label(&format!("{{ width = {width} }}"), cell);
            assert_eq!(
                written.as_deref(),
                expected.as_ref().copied(),
                "{width}, {cell}"
            );
        }
    }

    #[test]
    fn reads_the_decimal_mark_it_is_told() {
        for (options, cell, expected) in [
            (
                "{ width = 20_000, decimal = ',' }",
                "45.000",
                Ok("40000-60000"),
            ),
            ("{ width = 20_000, decimal = ',' }", "45,000", Ok("0-20000")),
            ("{ width = 20_000, decimal = '.' }", "45.000", Ok("0-20000")),
            (
                "{ width = 20_000, decimal = '.' }",
                "45,000",
                Ok("40000-60000"),
            ),
            (
                "{ width = 20_000, decimal = '.' }",
                "45,00",
                Err("not_an_amount"),
            ),
        ] {
            let written = label(options, cell);
            assert_eq!(
                written.as_deref(),
                expected.as_ref().copied(),
                "{options}, {cell}"
            );
        }
    }

    #[test]
    fn refuses_bad_options() {
        assert_eq!(rule(&KIND, "{ width = 1 }").kind().name, "bucket");
        let whole = "expected a whole number from 1 to 10^15";
        refuses(
            &KIND,
            &[
                ("{}", "{}", "width is required"),
                (
                    "{ decimal = ',' }",
                    "{ decimal = ',' }",
                    "width is required",
                ),
                ("{ width = 0 }", "0", whole),
                ("{ width = -20 }", "-20", whole),
                (
                    "{ width = 1_000_000_000_000_001 }",
                    "1_000_000_000_000_001",
                    whole,
                ),
                (
                    "{ width = 99_999_999_999_999_999_999 }",
                    "99_999_999_999_999_999_999",
                    whole,
                ),
                ("{ width = 2.5 }", "2.5", whole),
                ("{ width = '20000' }", "'20000'", whole),
                (
                    "{ width = 20, decimal = ';' }",
                    "';'",
                    "expected the decimal mark, \",\" or \".\"",
                ),
                ("{ width = 20, decimal = 1 }", "1", "expected a string"),
                (
                    "{ width = 20, step = 1 }",
                    "step",
                    "expected `width` or `decimal`",
                ),
                ("[20_000]", "[20_000]", "expected a table of options"),
                ("20_000", "20_000", "expected a table of options"),
            ],
        );
    }

    /// The ends of a label.
    fn ends(label: &str) -> (i128, i128) {
        // The first character is a digit or the sign of the lower end.
        let (middle, _) = label
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == '-')
            .unwrap();
        let (lower, upper) = label.split_at(middle);
        let upper = upper.strip_prefix('-').unwrap();
        (lower.parse().unwrap(), upper.parse().unwrap())
    }

    /// `thousandths` as an amount with three decimals and four digits or more before them.
    fn written_out(thousandths: i128) -> String {
        let sign = if thousandths < 0 { "-" } else { "" };
        let size = thousandths.unsigned_abs();
        format!("{sign}{:04}.{:03}", size / 1000, size % 1000)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

        #[test]
        fn buckets_tile_the_line(
            thousandths in prop_oneof![
                -3_000_i128..3_000,
                -100_000_000_000_i128..100_000_000_000,
                -1_000_000_000_000_000_000_000_000_000_000_000_i128..1_000_000_000_000_000_000_000_000_000_000_000,
                (-600_i128..600, -1_i128..=1).prop_map(|(buckets, by)| buckets * 20_000_000 + by),
            ],
            width in prop_oneof![Just(20_000_u64), Just(50), Just(1), 1..=MAX_WIDTH],
        ) {
            let buckets = transform(&KIND, &format!("{{ width = {width} }}"));
            let bucket = |x| ends(&write(buckets.as_ref(), &written_out(x)).unwrap().0);
            let (lower, upper) = bucket(thousandths);
            prop_assert_eq!(lower % i128::from(width), 0);
            prop_assert_eq!(upper - lower, i128::from(width));
            prop_assert!(lower * 1000 <= thousandths && thousandths < upper * 1000);
            // The neighbour is in the same bucket, or in the next one.
            let next = bucket(thousandths + 1);
            prop_assert!(next == (lower, upper) || next.0 == upper);
        }
    }
}
