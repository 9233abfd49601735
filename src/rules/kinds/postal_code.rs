//! `postal_code`: the French postal code in an address, and nothing else of it.

mod context;
mod glance;
mod letters;
pub(super) mod place;
mod plain;
mod reading;
pub(crate) mod sql;
mod towns;
mod words;

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use crate::privacy::ladder::Ladder;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::geography;
use crate::rules::ladder::{Places, StepName};
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, Listed, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) use reading::{Code, code_in, with_lost_zero};

pub(crate) static KIND: Kind = Kind {
    name: "postal_code",
    summary: "write the French postal code of an address: of the runs of five digits that the table of \
              postal codes has (or that a town and CEDEX follow), and that number neither a box, a \
              client nor a door, the last before a town, or else the last; an empty cell if there is \
              none or if the cell names another country",
    done: fixed!("only the postal code is left of each address"),
    options: &[
        OptionDoc {
            name: "min_population",
            takes: "a whole number >= 1; default: none",
            meaning: "a code of fewer inhabitants, or of nobody knows how many (CEDEX), becomes its \
                      département: 07 Ardèche",
        },
        PAD,
    ],
    samples: &["{}", "{ min_population = 5_000 }"],
    parse: options::rule::<Options>,
};

/// The option `pad`, of all kinds that read a postal code.
pub(crate) const PAD: OptionDoc = OptionDoc {
    name: "pad",
    takes: "true or false; default: false",
    meaning: "reads a cell of nothing but four digits as the code whose first zero a spreadsheet took \
              away, if there is such a code: 1000 as 01000. Without it such a cell becomes empty and is \
              counted as lost_zero. Foreign codes of four digits look the same",
};

/// The position of `no_postal_code` in what the rules count that read a postal code.
pub(crate) const NO_POSTAL_CODE: usize = 0;

/// The position of `lost_zero`.
pub(crate) const LOST_ZERO: usize = 1;

/// The position of `generalised`.
const GENERALISED: usize = 2;

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    min_population: Option<Population>,
    #[serde(default)]
    pad: bool,
}

#[derive(Debug, Clone, Copy)]
struct Population(u64);

impl<'de> Deserialize<'de> for Population {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;

        impl Visitor<'_> for Whole {
            type Value = Population;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(fixed!("a whole number from 1").get())
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
        let codes = LastCode { pad: self.pad };
        Ok(match self.min_population {
            None => Action::Write(Box::new(codes)),
            Some(least) => Action::Write(Box::new(PopulousCode { codes, least })),
        })
    }

    fn counts(&self) -> &'static [&'static str] {
        match self.min_population {
            None => &["no_postal_code", "lost_zero"],
            Some(_) => &["no_postal_code", "lost_zero", "generalised"],
        }
    }

    fn writes_lost_zeros(&self) -> bool {
        self.pad
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        let code = sql::code(column, self.pad);
        Ok(Output::of_any(match self.min_population {
            None => code,
            Some(Population(least)) => sql::populous(column, &code, least),
        }))
    }

    fn tells_when_or_where(&self) -> bool {
        true
    }

    fn listed(&self) -> Option<Listed> {
        self.min_population.is_none().then_some(Listed::Codes)
    }

    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        Ok(Box::new(Places::new(steps)?))
    }
}

/// The code of a cell and whether a zero was written again, or the position of what is counted.
pub(crate) fn read(text: &[u8], pad: bool) -> Result<(Code, bool), usize> {
    if let Some(code) = code_in(text) {
        return Ok((code, false));
    }
    match with_lost_zero(text) {
        Some(code) if pad => Ok((code, true)),
        Some(_) => Err(LOST_ZERO),
        None => Err(NO_POSTAL_CODE),
    }
}

/// Appends what stands for the code of a cell.
pub(crate) fn write<'l>(
    text: &[u8],
    pad: bool,
    label: impl Fn(Code) -> Option<&'l str>,
    out: &mut Vec<u8>,
) -> Outcome {
    match read(text, pad) {
        Ok((code, padded)) => match label(code) {
            Some(label) => {
                out.extend_from_slice(label.as_bytes());
                match padded {
                    true => Outcome::Counted(LOST_ZERO),
                    false => Outcome::Written,
                }
            }
            None => Outcome::Counted(NO_POSTAL_CODE),
        },
        Err(count) => Outcome::Counted(count),
    }
}

/// Writes the code where enough people live, and else its département.
struct PopulousCode {
    codes: LastCode,
    least: Population,
}

impl Transform for PopulousCode {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let start = out.len();
        let outcome = self.codes.apply(cell, out)?;
        let Some(code) = out.get(start..).filter(|code| !code.is_empty()) else {
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

/// Writes the code of an address.
struct LastCode {
    /// Whether a zero that was lost is written again.
    pad: bool,
}

impl Transform for LastCode {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        Ok(match read(cell.content, self.pad) {
            Ok((code, padded)) => {
                out.extend_from_slice(&code);
                match padded {
                    true => Outcome::Counted(LOST_ZERO),
                    false => Outcome::Written,
                }
            }
            Err(count) => Outcome::Counted(count),
        })
    }

    fn goes_by_content(&self) -> bool {
        true
    }

    fn number(&self, content: &[u8]) -> Option<u32> {
        Some(crate::rules::transform::number_of_digits(&code_in(
            content,
        )?))
    }
}

#[cfg(test)]
mod tests;
