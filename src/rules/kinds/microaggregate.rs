//! `microaggregate`: an amount, replaced by the mean of its group of neighbours in order.
//!
//! The column is read whole before any row is written. Its values are sorted, put into groups of at least so
//! many, and each is replaced by the mean of its group: sums and means of many rows stay what they were.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::privacy::ladder::Ladder;
use crate::rules::amount::{self, DecimalMark};
use crate::rules::coding::push_whole;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::ladder::{self, Brackets, StepName, Style};
use crate::rules::options::Whole;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::whole_column::{WholeColumn, Written};
use crate::rules::{Again, Kind, OptionDoc, Rule, cents, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "microaggregate",
    summary: "write the mean of an amount and its neighbours: all amounts of the column, in rising order, are put into \
              groups of at least so many, equal ones together; means are rounded to hundredths, halves away from zero; \
              a column of fewer amounts stops the run with status 4",
    done: fixed!("each amount is replaced by the mean of a group of neighbouring amounts"),
    options: &[
        OptionDoc {
            name: "size",
            takes: "a whole number from 2 to 1000000; required",
            meaning: "how many amounts a group has at least",
        },
        OptionDoc {
            name: "decimal",
            takes: "\",\" or \".\"; default: whichever an amount has, and 45.000 is invalid",
            meaning: "the decimal mark, in the output too (without it a dot); the other of the two \
                      may then stand between thousands",
        },
        amount::wide::OPTION,
    ],
    samples: &["{ size = 5 }"],
    parse: options::rule::<Microaggregate>,
};

/// A hundred millions of millions of a currency, in hundredths: sums of these fit whatever there is of them.
const MOST: i128 = 10_i128.pow(18);

static TOO_LARGE: Reason = Reason {
    code: "amount_too_large",
    what: fixed!("an amount of more than 16 digits before the decimal mark"),
    advice: fixed!("check that the column holds amounts"),
    mend: None,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    size: Option<Whole<2, 1_000_000>>,
    decimal: Option<DecimalMark>,
    #[serde(default)]
    wide: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Options")]
struct Microaggregate {
    size: usize,
    decimal: Option<DecimalMark>,
    wide: bool,
}

impl TryFrom<Options> for Microaggregate {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        let Some(Whole(size)) = options.size else {
            return Err(fixed!(
                "size is required: a whole number from 2 to 1000000, as in { microaggregate = { size = 5 } }"
            ));
        };
        Ok(Self {
            size: size.unsigned_abs() as usize,
            decimal: options.decimal,
            wide: options.wide,
        })
    }
}

impl Rule for Microaggregate {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn reads_whole_column(&self) -> bool {
        true
    }

    fn again(&self) -> Again {
        Again::WithOthers
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        let compiled = Compiled {
            decimal: self.decimal,
            column: WholeColumn::new(self.size),
        };
        let written = amount::wide::reading(self.wide, self.decimal, Box::new(compiled));
        Ok(Action::Write(written))
    }

    fn sql(&self, _: &mut Column<'_>) -> Result<Output, Inexpressible> {
        Err(Inexpressible::Because(fixed!(
            "where a group ends depends on where the one before it ends, which no window of SQL tells"
        )))
    }

    /// Numbers become intervals.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let widths = steps.map(ladder::widths).transpose()?;
        Ok(Box::new(Brackets::new(Style::Numbers, widths)))
    }
}

struct Compiled {
    decimal: Option<DecimalMark>,
    column: WholeColumn,
}

impl Transform for Compiled {
    fn writes_plain(&self) -> bool {
        self.decimal != Some(DecimalMark::Comma)
    }

    fn whole_column(&self) -> Option<&WholeColumn> {
        Some(&self.column)
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let cents = cents(cell.content, self.decimal)?;
        let value = i64::try_from(cents).ok();
        let value = value.filter(|value| i128::from(*value).abs() < MOST);
        let value = value.ok_or(&TOO_LARGE)?;
        match self.column.written(value) {
            Written::Value => push_whole(out, (value < 0, value.unsigned_abs().into())),
            Written::Mean(mean) => self.push(mean, out),
            Written::Unknown => out.push(b'0'),
        }
        Ok(Outcome::Written)
    }
}

impl Compiled {
    /// Appends so many hundredths.
    fn push(&self, hundredths: i64, out: &mut Vec<u8>) {
        let size = hundredths.unsigned_abs();
        if hundredths < 0 {
            out.push(b'-');
        }
        push_whole(out, (false, (size / 100).into()));
        let mark = self.decimal.unwrap_or(DecimalMark::Dot);
        let digit = |number: u64| b'0' + (number % 10) as u8;
        out.extend_from_slice(&[mark.byte(), digit(size / 10), digit(size)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::options::testing::{refuses, rule, transform, write, writes};

    #[test]
    fn writes_means_once_the_column_is_known() {
        let rule = "{ size = 2, wide = true }";
        let comma = "{ size = 2, decimal = ',' }";
        let values = [-700, -100, 4_500_050, 4_500_060];
        for (options, cell, expected) in [
            (rule, "-7", "-4.00"),
            (rule, "(1,00)", "-4.00"),
            (rule, "45 000,50 €", "45000.55"),
            (rule, "45000.604", "45000.55"),
            (comma, "45.000,50", "45000,55"),
            (comma, "-1", "-4,00"),
        ] {
            let transform = transform(&KIND, options);
            let written = |cell| write(&*transform, cell).unwrap().0;
            assert_eq!(
                written(cell),
                "0",
                "{cell}: nothing is told of what is not known"
            );
            let column = transform.whole_column().unwrap();
            column.collect();
            assert_ne!(written(cell), "0");
            column.know(values.to_vec()).unwrap();
            assert_eq!(written(cell), expected, "{cell}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        let five = "{ size = 5 }";
        writes(
            &KIND,
            &[
                (five, "12", Ok("0")),
                (five, "9999999999999999.99", Ok("0")),
                (five, "9999999999999999.995", Err("amount_too_large")),
                (five, "-10000000000000000", Err("amount_too_large")),
                (five, "45.000", Err("ambiguous_amount")),
                (five, "inconnu", Err("not_an_amount")),
                (five, "(1,00)", Err("not_an_amount")),
            ],
        );
    }

    #[test]
    fn refuses_bad_options() {
        let five = rule(&KIND, "{ size = 5 }");
        assert!(!five.identifies_when_repeated() && five.reads_whole_column());
        refuses(
            &KIND,
            &[
                ("{}", "{}", "size is required"),
                ("{ size = 1 }", "1", "a whole number from 2"),
                ("{ size = 2.5 }", "2.5", "a whole number from 2"),
                (
                    "{ width = 5 }",
                    "width",
                    "expected one of `size`, `decimal`, `wide`",
                ),
            ],
        );
    }
}
