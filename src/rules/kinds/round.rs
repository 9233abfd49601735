//! `round`: an amount, rounded to a multiple of a number.

use serde::Deserialize;

use crate::base::lang::Fixed;
use crate::privacy::ladder::Ladder;
use crate::rules::amount::{self, DecimalMark, Exact};
use crate::rules::coding::{Bound, Coding, coded, push_whole};
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::ladder::{self, Brackets, StepName, Style};
use crate::rules::options::Whole;
use crate::rules::transform::{Action, Cell, Outcome, Reason, Transform};
use crate::rules::{Kind, OptionDoc, Rule, options};
use crate::sql::{Column, Inexpressible, Output};

pub(crate) static KIND: Kind = Kind {
    name: "round",
    summary: "write an amount rounded to the nearest multiple of a whole number, halves away from zero, \
              computed exactly",
    done: fixed!("each amount is rounded"),
    options: &[
        OptionDoc {
            name: "to",
            takes: "a whole number from 1 to 10^15; required",
            meaning: "what is written is a multiple of it",
        },
        OptionDoc {
            name: "decimal",
            takes: "\",\" or \".\"; default: whichever an amount has, and 45.000 is invalid",
            meaning: "the decimal mark; the other of the two may then stand between thousands",
        },
        amount::wide::OPTION,
        OptionDoc {
            name: "bottom",
            takes: "a multiple of to from -10^15 to 10^15; default: none",
            meaning: "write every rounded amount below it alike: <0",
        },
        OptionDoc {
            name: "top",
            takes: "a multiple of to above the bottom; default: none",
            meaning: "write every rounded amount from it on alike: 200000+",
        },
    ],
    samples: &["{ to = 100 }"],
    parse: options::rule::<Round>,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    to: Option<Whole<1, 1_000_000_000_000_000>>,
    decimal: Option<DecimalMark>,
    #[serde(default)]
    wide: bool,
    bottom: Option<Bound>,
    top: Option<Bound>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Options")]
struct Round {
    to: u64,
    decimal: Option<DecimalMark>,
    wide: bool,
    coding: Option<Coding>,
}

impl TryFrom<Options> for Round {
    type Error = Fixed;

    fn try_from(options: Options) -> Result<Self, Fixed> {
        let Some(Whole(to)) = options.to else {
            return Err(fixed!(
                "to is required: a whole number from 1 to 10^15, \
                        as in { round = { to = 100 } }"
            ));
        };
        let to = to.unsigned_abs();
        Ok(Self {
            to,
            decimal: options.decimal,
            wide: options.wide,
            coding: Coding::new(options.bottom, options.top, to)?,
        })
    }
}

impl Rule for Round {
    fn kind(&self) -> &'static Kind {
        &KIND
    }

    fn identifies_when_repeated(&self) -> bool {
        false
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        let written = amount::wide::reading(self.wide, self.decimal, Box::new(*self));
        Ok(Action::Write(written))
    }

    fn sql(&self, column: &mut Column<'_>) -> Result<Output, Inexpressible> {
        amount::wide::refuse_in_sql(self.wide)?;
        let dialect = column.dialect();
        let (whole, to) = (dialect.whole_type(), self.to);
        let number = amount::sql::number(column, self.decimal);
        let (digits, _) = amount::sql::parts(column, &number, self.decimal);
        let mark = self
            .decimal
            .map_or(".,".to_owned(), |mark| char::from(mark.byte()).to_string());
        let half = dialect.holds(&number, &format!("[{mark}][5-9]"));
        let size = column.step("size", format!("CAST({digits} AS {whole})"));
        let size = column.step(
            "rounded",
            format!(
                "{size} - {size} % {to} + CASE\n  WHEN 2 * ({size} % {to}) + CASE WHEN {half} THEN 1 ELSE 0 END >= {to} THEN {to} ELSE 0 END"
            ),
        );
        let signed = column.step(
            "signed",
            format!(
                "CASE WHEN {} THEN 0 - {size} ELSE {size} END",
                amount::sql::has_minus(&number)
            ),
        );
        let written = dialect.as_text(&signed);
        let value = column.step("text", coded(self.coding, &signed, &written));
        Ok(Output::checked(value, amount::sql::INVALID))
    }

    /// Intervals whose widths are multiples of what is rounded to.
    fn ladder(&self, steps: Option<&[StepName]>) -> Result<Box<dyn Ladder>, String> {
        let multiples = steps.map_or_else(|| Ok(vec![5, 10, 20]), ladder::widths)?;
        let widths = multiples.iter().filter_map(|by| by.checked_mul(self.to));
        Ok(Box::new(Brackets::coded(Style::Numbers, widths.collect())))
    }
}

impl Transform for Round {
    fn writes_plain(&self) -> bool {
        true
    }

    fn apply(&self, cell: Cell<'_>, out: &mut Vec<u8>) -> Result<Outcome, &'static Reason> {
        let amount = amount::parse_exact(cell.content, self.decimal)?;
        let size = rounded(&amount, self.to);
        // It is less than 10^36 + 10^15.
        let signed = size as i128;
        let signed = if amount.negative { -signed } else { signed };
        let beyond = self
            .coding
            .is_some_and(|coding| coding.push_beyond(signed, out));
        if !beyond {
            push_whole(out, (amount.negative, size));
        }
        Ok(Outcome::Written)
    }
}

/// The absolute value of an amount, rounded to a multiple of `to`.
fn rounded(amount: &Exact<'_>, to: u64) -> u128 {
    let to = u128::from(to);
    let rest = amount.integer % to;
    let half_of_one = amount.decimals.first().is_some_and(|digit| *digit >= b'5');
    // Twice the rest and the fraction, against `to`. A fraction below a half decides nothing, since
    // these are whole numbers.
    let up = 2 * rest + u128::from(half_of_one) >= to;
    amount.integer - rest + if up { to } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::options::testing::{refuses, rule, transform, write, writes};

    #[test]
    fn rounds_halves_away_from_zero() {
        let hundred = "{ to = 100 }";
        let one = "{ to = 1 }";
        let odd = "{ to = 5 }";
        let coded = "{ to = 100, bottom = 0, top = 1_000 }";
        writes(
            &KIND,
            &[
                (hundred, "0", Ok("0")),
                (hundred, "49,99", Ok("0")),
                (hundred, "50", Ok("100")),
                (hundred, "149,999999999999999999", Ok("100")),
                (hundred, "150", Ok("200")),
                (hundred, "45 049,99 €", Ok("45000")),
                (hundred, "-49,99", Ok("0")),
                (hundred, "-50", Ok("-100")),
                (hundred, "-150", Ok("-200")),
                (one, "0,5", Ok("1")),
                (one, "0,499999999", Ok("0")),
                (one, "-0,5", Ok("-1")),
                (one, "-0,4", Ok("0")),
                (one, "7", Ok("7")),
                (odd, "2", Ok("0")),
                (odd, "2,4", Ok("0")),
                (odd, "2,5", Ok("5")),
                (odd, "7,5", Ok("10")),
                (
                    hundred,
                    "999999999999999999999999999999999999",
                    Ok("1000000000000000000000000000000000000"),
                ),
                (hundred, "45.000", Err("ambiguous_amount")),
                ("{ to = 100, decimal = ',' }", "45.060,00", Ok("45100")),
                (hundred, "inconnu", Err("not_an_amount")),
                (coded, "-50", Ok("<0")),
                (coded, "-49", Ok("0")),
                (coded, "949", Ok("900")),
                (coded, "950", Ok("1000+")),
                (coded, "5000", Ok("1000+")),
            ],
        );
    }

    proptest! {
        #[test]
        fn the_multiple_is_the_nearest_and_signs_are_alike(
            thousandths in -10_000_000_i64..10_000_000,
            to in prop_oneof![Just(1_i64), Just(2), Just(7), Just(100), 1_i64..5_000],
        ) {
            let size = thousandths.unsigned_abs();
            let sign = if thousandths < 0 { "-" } else { "" };
            let rounds = transform(&KIND, &format!("{{ to = {to}, decimal = '.' }}"));
            let round = |sign: &str| -> i64 {
                let cell = format!("{sign}{}.{:03}", size / 1000, size % 1000);
                write(rounds.as_ref(), &cell).unwrap().0.parse().unwrap()
            };
            let rounded = round(sign);
            prop_assert_eq!(rounded % to, 0);
            // Twice the distance, in thousandths; a tie goes away from zero.
            let distance = 2 * (rounded * 1000 - thousandths);
            prop_assert!(distance.abs() <= to * 1000);
            if distance.abs() == to * 1000 {
                prop_assert_eq!(distance.signum(), thousandths.signum());
            }
            prop_assert_eq!(round("-"), -round(""));
        }
    }

    #[test]
    fn refuses_bad_options() {
        assert!(!rule(&KIND, "{ to = 100 }").identifies_when_repeated());
        refuses(
            &KIND,
            &[
                ("{}", "{}", "to is required"),
                ("{ to = 0 }", "0", "a whole number from 1"),
                ("{ to = 0.5 }", "0.5", "a whole number from 1"),
                (
                    "{ to = 100, top = 150 }",
                    "{ to = 100, top = 150 }",
                    "expected multiples",
                ),
                (
                    "{ width = 5 }",
                    "width",
                    "expected one of `to`, `decimal`, `wide`, `bottom`, `top`",
                ),
            ],
        );
    }
}
