//! `bucket`: the interval that an amount lies in, `40000-60000` for `45 000,50 €`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use crate::base::lang::Fixed;
use crate::rules::amount::{self, Amount, DecimalMark, Usual};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Listed, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

use crate::rules::coding::{Bound, Coding, coded, push_whole};
use crate::rules::label::Label;

use crate::privacy::ladder::Ladder;
use crate::rules::ladder::{self, Brackets, StepName, Style};

pub(crate) static KIND: Kind = Kind {
    name: "bucket",
    summary: "write the interval LO-HI that an amount lies in: LO <= amount < HI, LO a multiple of \
              the width, below zero too",
    done: fixed!("each amount becomes the interval that it lies in"),
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
        amount::wide::OPTION,
        OptionDoc {
            name: "bottom",
            takes: "a multiple of the width from -10^15 to 10^15; default: none",
            meaning: "write every amount below it alike: <0",
        },
        OptionDoc {
            name: "top",
            takes: "a multiple of the width above the bottom; default: none",
            meaning: "write every amount from it on alike: 200000+",
        },
    ],
    samples: &["{ width = 20_000 }"],
    parse: options::rule::<Bucket>,
};

/// Widths beyond this make no interval of any use, and this one still adds up in an `i128`.
const MAX_WIDTH: u64 = 1_000_000_000_000_000;

/// How many labels are written beforehand: more than the buckets of an ordinary column.
const READY_LABELS: u64 = 512;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    width: Option<Width>,
    decimal: Option<DecimalMark>,
    #[serde(default)]
    wide: bool,
    bottom: Option<Bound>,
    top: Option<Bound>,
}

#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(try_from = "Options")]
struct Bucket {
    width: u64,
    decimal: Option<DecimalMark>,
    wide: bool,
    coding: Option<Coding>,
}

impl TryFrom<Options> for Bucket {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        let Some(Width(width)) = options.width else {
            return Err(fixed!(
                "width is required: a whole number from 1 to 10^15, \
                        as in { bucket = { width = 20_000 } }"
            ));
        };
        Ok(Self {
            width,
            decimal: options.decimal,
            wide: options.wide,
            coding: Coding::new(options.bottom, options.top, width)?,
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
                f.write_str(fixed!("a whole number from 1 to 10^15").get())
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

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        let buckets = Compiled {
            width: self.width,
            reciprocal: reciprocal(self.width),
            decimal: self.decimal,
            labels: ready_labels(self.width),
        };
        let plain: Box<dyn Transform> = match self.coding {
            None => Box::new(buckets),
            Some(coding) => Box::new(Coded { buckets, coding }),
        };
        let written = amount::wide::reading(self.wide, self.decimal, plain);
        Ok(Action::Write(written))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        amount::wide::refuse_in_sql(self.wide)?;
        let dialect = column.dialect();
        let whole = dialect.whole_type();
        let (width, before) = (self.width, self.width - 1);
        let plain = amount::sql::plain(column, self.decimal);
        let number = amount::sql::other_number(column, &plain, self.decimal);
        let small = column.beside("small", format!("CAST({plain} AS {})", dialect.long_type()));
        let (digits, fraction) = amount::sql::parts(column, &number, self.decimal);
        let small_lower = column.beside("small_lower", format!("{small} - {small} % {width}"));
        let size = column.step("size", format!("CAST({digits} AS {whole})"));
        // The floor of a negative amount is the ceiling of its absolute value.
        let ceiling = column.step(
            "ceiling",
            format!(
                "CASE WHEN {}\n  THEN {size} + {before} + CASE WHEN {fraction} THEN 1 ELSE 0 END\nEND",
                amount::sql::has_minus(&number)
            ),
        );
        let lower = column.step(
            "lower",
            format!("coalesce({ceiling} % {width} - {ceiling}, {size} - {size} % {width})"),
        );
        let written = |lower: &str| {
            let upper = dialect.as_text(&format!("{lower} + {width}"));
            let interval = dialect.concat(&[&dialect.as_text(lower), "'-'", &upper]);
            coded(self.coding, lower, &interval)
        };
        let interval = format!(
            "CASE WHEN {small} IS NOT NULL THEN {} ELSE {} END",
            written(&small_lower),
            written(&lower)
        );
        let value = column.step("interval", interval);
        Ok(Output::checked(value, amount::sql::INVALID))
    }

    fn writes_brackets(&self) -> bool {
        true
    }

    fn listed(&self) -> Option<Listed> {
        self.coding
            .is_none()
            .then_some(Listed::Brackets(self.width))
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let multiples = steps.map_or_else(|| Ok(vec![2, 5, 10]), ladder::widths)?;
        let widths = multiples.iter().filter_map(|by| by.checked_mul(self.width));
        Ok(Box::new(Brackets::coded(
            Style::Intervals,
            widths.collect(),
        )))
    }
}

/// The labels of the first buckets from zero up, as far as they fit.
fn ready_labels(width: u64) -> Box<[Label]> {
    let ends = (0..READY_LABELS).map(|bucket| u128::from(bucket * width));
    let mut text = Vec::new();
    let labels = ends.map_while(|lower| {
        text.clear();
        push_label(
            &mut text,
            (false, lower),
            (false, lower + u128::from(width)),
        );
        Label::new(&text)
    });
    labels.collect()
}

/// 2^64 divided by the width, rounded up; nothing where that does not stand for the width.
fn reciprocal(width: u64) -> Option<u64> {
    match width {
        2..=0xFFFF_FFFF => Some(u64::MAX / width + 1),
        _ => None,
    }
}

struct Compiled {
    width: u64,
    /// What a division by the width is a multiplication with.
    reciprocal: Option<u64>,
    decimal: Option<DecimalMark>,
    labels: Box<[Label]>,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        if let Some(Usual { integer, .. }) = amount::parse_usual(cell.content, self.decimal)
            && let Some(label) = self.ready_label(integer)
        {
            label.push_to(out);
            return Ok(Outcome::Written);
        }
        self.apply_any(cell, out)
    }

    fn takes(&self, content: &[u8]) -> bool {
        amount::read(content, self.decimal).is_some()
    }

    fn goes_by_content(&self) -> bool {
        true
    }

    fn number(&self, content: &[u8]) -> Option<u32> {
        let Usual { integer, .. } = amount::parse_usual(content, self.decimal)?;
        u32::try_from(self.bucket(integer)).ok()
    }
}

impl Compiled {
    /// The label of an amount of zero or more with this integer part, if it was written beforehand.
    #[inline]
    fn ready_label(&self, integer: u64) -> Option<&Label> {
        self.labels.get(usize::try_from(self.bucket(integer)).ok()?)
    }

    /// The number of the bucket of such an amount, the one from zero on being the first, 0.
    #[inline]
    fn bucket(&self, integer: u64) -> u64 {
        // Division by multiplication, as that takes a fraction of the time. It is exact for a
        // number and a width below 2^32: D. Lemire, O. Kaser, N. Kurz, *Faster remainder by direct
        // computation*, 2019, theorem 1, <https://arxiv.org/abs/1902.01961>.
        match (u32::try_from(integer), self.reciprocal) {
            (Ok(integer), Some(reciprocal)) => {
                ((u128::from(reciprocal) * u128::from(integer)) >> 64) as u64
            }
            _ => integer / self.width,
        }
    }

    /// Does what [`Transform::apply`] does, for an amount in any form and of any size.
    #[inline(never)]
    fn apply_any(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let amount = amount::parse(cell.content, self.decimal)?;
        self.push_label_of(amount, out);
        Ok(Outcome::Written)
    }

    fn push_label_of(&self, amount: Amount, out: &mut Vec<u8>) {
        let width = u128::from(self.width);
        let lower = self.lower(amount);
        if amount.negative {
            // An amount less than zero has a lower end of at least one width, so the upper end
            // exists.
            push_label(out, (true, lower), (true, lower.saturating_sub(width)));
        } else {
            push_label(out, (false, lower), (false, lower + width));
        }
    }

    /// The absolute value of the lower end of an amount's bucket, which has the amount's sign.
    #[inline(always)]
    fn lower(&self, amount: Amount) -> u128 {
        match amount.negative {
            // The floor of a negative amount is the ceiling of its absolute value.
            true => {
                let ceiling = amount.integer + u128::from(amount.fraction);
                self.floor(ceiling + u128::from(self.width) - 1)
            }
            false => self.floor(amount.integer),
        }
    }

    /// The last multiple of the width up to `value`.
    fn floor(&self, value: u128) -> u128 {
        let width = u128::from(self.width);
        // A division of 64 bits costs a fraction of one of 128.
        match u64::try_from(value) {
            Ok(short) => u128::from(short / self.width) * width,
            Err(_) => value / width * width,
        }
    }
}

/// Writes the bucket of an amount, or that it lies beyond a bound.
struct Coded {
    buckets: Compiled,
    coding: Coding,
}

impl Transform for Coded {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let amount = amount::parse(cell.content, self.buckets.decimal)?;
        // The bounds are multiples of the width: what holds for the lower end holds for the amount.
        // It is less than 10^36 + 10^15.
        let lower = self.buckets.lower(amount) as i128;
        let lower = if amount.negative { -lower } else { lower };
        if !self.coding.push_beyond(lower, out) {
            self.buckets.push_label_of(amount, out);
        }
        Ok(Outcome::Written)
    }

    fn goes_by_content(&self) -> bool {
        true
    }
}

/// Appends `LO-HI`; each end is whether it is below zero, and its absolute value.
fn push_label(out: &mut Vec<u8>, lower: (bool, u128), upper: (bool, u128)) {
    push_whole(out, lower);
    out.push(b'-');
    push_whole(out, upper);
}

#[cfg(test)]
mod tests;
