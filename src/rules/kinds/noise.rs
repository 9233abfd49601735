//! `noise`: an amount, changed by a random number of mean 0.
//!
//! The noise is cut off at the same distance on both sides, so means over many rows stay what they
//! were, and no bound is ever crossed.

mod distribution;

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use self::distribution::Distribution;
use crate::base::lang::Fixed;
use crate::base::name;
use crate::crypto::keys::Role;
use crate::privacy::ladder::Ladder;
use crate::rules::amount::{self, DecimalMark};
use crate::rules::coding::{Bound, push_whole};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::draws::{self, Draws};
use crate::rules::ladder::{self, Brackets, StepName, Style};
use crate::rules::options::Whole;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Again, Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "noise",
    summary: "write an amount plus a random number of mean 0, drawn anew for each cell, or with a \
              role once for each person and amount, and cut off on both sides at the distance to the nearer bound: a value on a bound leaves as it is",
    done: fixed!("each amount is changed by a random number of mean zero"),
    options: &[
        OptionDoc {
            name: "distribution",
            takes: "\"laplace\", \"gaussian\" or \"uniform\"; required",
            meaning: "how the noise is distributed",
        },
        OptionDoc {
            name: "scale",
            takes: "a number from 10^-9 to 10^15; required",
            meaning: "the standard deviation of the noise before it is cut off, in the column's own \
                      unit",
        },
        OptionDoc {
            name: "min",
            takes: "a whole number from -10^15 to 10^15; default: none",
            meaning: "the least amount there can be; one below it is invalid",
        },
        OptionDoc {
            name: "max",
            takes: "a whole number more than min; default: none",
            meaning: "the greatest amount there can be; one above it is invalid",
        },
        OptionDoc {
            name: "decimals",
            takes: "a whole number from 0 to 12; default: as many as the cell has",
            meaning: "how many decimals are written, rounded",
        },
        OptionDoc {
            name: "decimal",
            takes: "\",\" or \".\"; default: whichever an amount has, and 45.000 is invalid",
            meaning: "the decimal mark, in the output too (without it a dot); the other of the two \
                      may then stand between thousands",
        },
        OptionDoc {
            name: "role",
            takes: draws::ROLE_TAKES,
            meaning: "whose key (`--key`) the noise follows from, the same in every run for the same \
                      amount of the same person: `person` must be said",
        },
    ],
    samples: &["{ distribution = 'laplace', scale = 100 }"],
    parse: options::rule::<Noise>,
};

/// The position of `unchanged` in what the rule counts.
const UNCHANGED: usize = 0;

/// The most decimals of an amount.
const MAX_DECIMALS: u32 = 12;

/// The most digits before the decimal mark, so that with [`MAX_DECIMALS`] and [`GUARD`] an amount
/// fits an `i128`.
const MAX_INTEGER: u128 = 1_000_000_000_000_000_000;

/// Decimals that are computed with beyond those of the amount and of the output: ties, which are
/// rounded away from zero, are then too rare to move a mean.
const GUARD: u32 = 6;

static TOO_LONG: Reason = Reason {
    code: "too_many_digits",
    what: fixed!(
        "an amount of more than 18 digits before the decimal mark, or of more than 12 behind it"
    ),
    advice: fixed!("check that the column holds amounts"),
    mend: None,
};

static OUT_OF_BOUNDS: Reason = Reason {
    code: "out_of_bounds",
    what: fixed!("an amount below the rule's min or above its max"),
    advice: fixed!("check the amounts, or widen the bounds"),
    mend: None,
};

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    distribution: Option<Distribution>,
    scale: Option<Scale>,
    min: Option<Bound>,
    max: Option<Bound>,
    decimals: Option<Whole<0, { MAX_DECIMALS as i64 }>>,
    decimal: Option<DecimalMark>,
    role: Option<Role>,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(try_from = "Options")]
struct Noise {
    distribution: Distribution,
    scale: f64,
    min: Option<i64>,
    max: Option<i64>,
    decimals: Option<u32>,
    decimal: Option<DecimalMark>,
    role: Option<Role>,
}

impl TryFrom<Options> for Noise {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        let (Some(distribution), Some(Scale(scale))) = (options.distribution, options.scale) else {
            return Err(fixed!(
                "distribution and scale are required, \
                        as in { noise = { distribution = \"laplace\", scale = 500 } }"
            ));
        };
        let min = options.min.map(|Whole(min)| min);
        let max = options.max.map(|Whole(max)| max);
        if min.zip(max).is_some_and(|(min, max)| min >= max) {
            return Err(fixed!("expected a max of more than the min"));
        }
        let decimals = options.decimals.map(|Whole(decimals)| decimals as u32);
        if decimals.is_some_and(|decimals| scale < 10.0_f64.powi(-(decimals as i32))) {
            return Err(fixed!(
                "expected a scale of at least one unit of the last decimal: otherwise most \
                        amounts would leave as they are"
            ));
        }
        Ok(Self {
            distribution,
            scale,
            min,
            max,
            decimals,
            decimal: options.decimal,
            role: options.role,
        })
    }
}

#[derive(Debug)]
struct Scale(f64);

impl<'de> Deserialize<'de> for Scale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = Scale;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(fixed!("a number from 10^-9 to 10^15").get())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Scale, E> {
                self.visit_f64(value as f64)
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Scale, E> {
                match (1e-9..=1e15).contains(&value) {
                    true => Ok(Scale(value)),
                    false => Err(E::invalid_value(Unexpected::Float(value), &self)),
                }
            }
        }

        deserializer.deserialize_any(Number)
    }
}

impl Rule for Noise {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn counts(&self) -> &'static [&'static str] {
        &["unchanged"]
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Err(Inexpressible::Because(fixed!(
            "its random numbers are those of this program"
        )))
    }

    fn compile(&self, column: &ColumnContext<'_>) -> Result<Action, Unready> {
        let draws = match &self.role {
            None => Draws::of_run(
                column,
                &format!("noise {} {}", column.name, column.position),
            ),
            Some(role) => Draws::of_role(role, column, (KIND.name, &self.purpose(column)))?,
        };
        Ok(Action::Write(Box::new(Compiled {
            rule: self.clone(),
            draws,
        })))
    }

    fn role(&self) -> Option<&Role> {
        self.role.as_ref()
    }

    fn again(&self) -> Again {
        match self.role {
            Some(_) => Again::SameDraw,
            None => Again::Draw,
        }
    }

    /// Numbers become intervals.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let widths = steps.map(ladder::widths).transpose()?;
        Ok(Box::new(Brackets::new(Style::Numbers, widths)))
    }
}

impl Noise {
    /// What the draws of a key are for. Under other options they are others: two amounts of one draw
    /// and of two scales would give the true one away.
    fn purpose(&self, column: &ColumnContext<'_>) -> String {
        let Self {
            distribution,
            scale,
            min,
            max,
            ..
        } = self;
        let column = name::key(column.name);
        format!("{column}/{distribution:?}/{scale:?}/{min:?}/{max:?}")
    }
}

struct Compiled {
    rule: Noise,
    draws: Draws,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        self.rule.decimal != Some(DecimalMark::Comma)
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let amount = amount::parse_exact(cell.content, self.rule.decimal)?;
        let own = amount.decimals.len() as u32;
        if amount.integer >= MAX_INTEGER || own > MAX_DECIMALS {
            return Err(&TOO_LONG);
        }
        let decimals = self.rule.decimals.unwrap_or(own);
        let scale = decimals.max(own) + GUARD;
        let value = amount.units(scale).ok_or(&TOO_LONG)?;
        let unit = 10_i128.pow(scale);
        let room = self.room(value, unit).ok_or(&OUT_OF_BOUNDS)?;

        // The amount itself, however it is written.
        let whole = amount.units(MAX_DECIMALS).ok_or(&TOO_LONG)?;
        let mut random = self.draws.of(cell, &whole.to_le_bytes())?;
        let most = room.map_or(f64::INFINITY, |room| room as f64 / unit as f64);
        let noise = self
            .rule
            .distribution
            .draw(self.rule.scale, most, &mut random);
        // Noise is a few dozen scales at the very most, so this fits. The
        // last bits of a float may be beyond the bound.
        let noise = (noise * unit as f64) as i128;
        let noise = room.map_or(noise, |room| noise.clamp(-room, room));
        let rounded = round_half_away(value + noise, 10_i128.pow(scale - decimals));
        self.push(rounded, decimals, out);
        let same = rounded.checked_mul(10_i128.pow(scale - decimals)) == Some(value);
        Ok(match same {
            true => Outcome::Counted(UNCHANGED),
            false => Outcome::Written,
        })
    }
}

impl Compiled {
    /// How far a value is from the nearer bound, in its own unit; nothing if it lies beyond one.
    /// Without bounds that is `Some(None)`.
    fn room(&self, value: i128, unit: i128) -> Option<Option<i128>> {
        let above = self.rule.min.map(|min| value - i128::from(min) * unit);
        let below = self.rule.max.map(|max| i128::from(max) * unit - value);
        let nearer = above.into_iter().chain(below).min();
        nearer.is_none_or(|room| room >= 0).then_some(nearer)
    }

    /// Appends a number of so many decimals, given without its mark.
    fn push(&self, number: i128, decimals: u32, out: &mut Vec<u8>) {
        let unit = 10_u128.pow(decimals);
        let size = number.unsigned_abs();
        if number < 0 {
            out.push(b'-');
        }
        push_whole(out, (false, size / unit));
        if decimals > 0 {
            let mark = self.rule.decimal.unwrap_or(DecimalMark::Dot);
            out.push(mark.byte());
            // The digits behind the mark, with a 1 before them that keeps their zeros.
            let start = out.len();
            push_whole(out, (false, unit + size % unit));
            out.remove(start);
        }
    }
}

/// A number in units that are so many times as large.
fn round_half_away(number: i128, by: i128) -> i128 {
    let half = if number < 0 { -(by / 2) } else { by / 2 };
    (number + half) / by
}

#[cfg(test)]
mod tests;
