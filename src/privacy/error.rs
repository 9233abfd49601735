//! What can go wrong when rows are counted and measured.

mod spent;

use self::spent::{overspent, overspent_delta};
use crate::base::error::SystemError;
use crate::privacy::aggregate::{MOST_ASIDE, MOST_CELLS, MOST_COUNTS};
use crate::privacy::differential::{Delta, Epsilon};

/// Why rows cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Values of a column are not in its hierarchy file.
    #[error(
        "{}",
        plural!(
            *values,
            "the input is refused: {n} distinct value of column `{column}` is not in its hierarchy file\n  \
              what to do: add them to the file; values stand in its first column, written as in the \
             output",
            "the input is refused: {n} distinct values of column `{column}` are not in its hierarchy \
             file\n  what to do: add them to the file; values stand in its first column, written as in \
             the output",
            column
        )
    )]
    Uncovered { column: String, values: usize },
    /// The quasi-identifying and sensitive columns are more than can be counted together.
    #[error(
        "{}",
        fixed!(
            "too many quasi-identifying and sensitive columns to measure together; name fewer, in the \
             rule table or with --quasi and --sensitive"
        )
    )]
    TooManyColumns,
    /// There are more rows than can be measured together.
    #[error(
        "{}",
        fixed!(
            "too many rows to measure together; cut the file, or measure without sensitive columns"
        )
    )]
    TooManyRows,
    #[error(
        "{}",
        text!(
            "cannot put aside what is counted of persons: {why} (TMPDIR names the folder)",
            why = crate::base::lang::Why(.0)
        )
    )]
    Aside(std::io::Error),
    /// There is more of persons than is put aside.
    #[error(
        "{}",
        text!(
            "persons are in more than {most} cells, counted for each of them, and no more than that is put aside\n  what to \
             do: name fewer columns with --by, or drop --unit if nobody has several rows",
            most = crate::base::lang::Whole(MOST_ASIDE)
        )
    )]
    TooManyPairs,
    /// A table of figures has more cells than can be made safe.
    #[error(
        "{}",
        text!(
            "the table has more than {most} cells, margins included\n  what to do: name fewer columns with --by, \
             or let the rule table generalise them further",
            most = crate::base::lang::Whole(MOST_CELLS as u64)
        )
    )]
    TooManyCells,
    /// A value is what margins are called.
    #[error(
        "{}",
        text!(
            "the input is refused: column `{column}` has a value that reads `Total`, which is what margins \
             are called\n  what to do: give it another name in the source, or with a `map` rule",
            column
        )
    )]
    TotalCell { column: String },
    /// Whatever is suppressed, what is left tells too much of somebody.
    #[error(
        "{}",
        fixed!(
            "no cell of the table can be published without telling too much of too few persons; nothing was \
             published\n  what to do: name fewer columns with --by, generalise them further in the rule \
             table, leave --totals out, or ask for fewer statistics"
        )
    )]
    NothingSafe,
    /// Since the table before it, the total has changed by too few persons.
    #[error(
        "{}",
        fixed!(
            "all persons together have changed by fewer than the threshold since the table of --against, and the \
             difference would be theirs; nothing was published\n  what to do: leave the table of --against as it is \
             until more has changed, or leave --totals out"
        )
    )]
    TooFewChanged,
    /// Whose rows are whose is not said, and differential privacy is about persons.
    #[error(
        "{}",
        fixed!(
            "differential privacy hides persons: say with --unit, or with `unit` in [aggregate], which column of the \
             input says whose rows are whose, or unit = \"row\" if each row is one person"
        )
    )]
    NoUnit,
    /// Bounds on what a person contributes are said where each row is one.
    #[error(
        "{}",
        fixed!("unit = \"row\" means that each row is one person: drop max_cells and max_rows, which are 1 then")
    )]
    RowsHaveNoLimits,
    #[error(
        "{}",
        fixed!("say which epsilon: with --epsilon, or with `epsilon` in [differential_privacy]")
    )]
    NoEpsilon,
    #[error(
        "{}",
        fixed!(
            "differential privacy needs --journal FILE: it is the ledger of what was spent, and each table of the \
             same people spends more"
        )
    )]
    NoLedger,
    /// The keys of a column are not said.
    #[error(
        "{}",
        text!(
            "the rule table does not say which values column `{column}` has\n  what to do: list them in \
             [differential_privacy], as in keys.{column} = [\"a\", \"b\"]; they must not come from the data, or \
             keys.{column} = \"threshold\", with a delta, tells those that enough people have",
            column
        )
    )]
    NoKeys { column: String },
    /// The bounds of an amount are not said.
    #[error(
        "{}",
        text!(
            "the rule table does not say between which bounds the amounts of column `{column}` count\n  what to \
             do: say so in [differential_privacy], as in bounds.{column} = [0, 100_000]; they must not come from \
             the data",
            column
        )
    )]
    NoBounds { column: String },
    /// Between the bounds of an amount are too few multiples of its quantiles' rounding, or too many.
    #[error(
        "{}",
        text!(
            "quantiles of column `{column}` with noise are read from brackets: between its bounds there are from 2 to 10000 \
             multiples of what they are rounded to\n  what to do: write another rounding, or other bounds",
            column
        )
    )]
    NoBrackets { column: String },
    /// Quantiles are read from more brackets than can be counted.
    #[error(
        "{}",
        text!(
            "quantiles are read from more than {most} brackets in all cells\n  what to do: round them to more, write \
             narrower bounds, or name fewer columns with --by",
            most = crate::base::lang::Whole(MOST_COUNTS as u64)
        )
    )]
    TooManyBrackets,
    /// Keys come from the data, and no δ is said.
    #[error(
        "{}",
        text!(
            "the values of column `{column}` come from the data: say in [differential_privacy] how likely it may be that one \
             person is told of, as in delta = \"0.000001\"",
            column
        )
    )]
    NoDelta { column: String },
    /// A δ is said, and no keys come from the data.
    #[error(
        "{}",
        fixed!("delta goes with keys = \"threshold\", and all values are said: drop one of the two, as nothing is to be spent for it")
    )]
    DeltaForNothing,
    /// Totals are asked for where keys come from the data.
    #[error(
        "{}",
        fixed!(
            "totals would lack the cells below the threshold, and nobody could say how much: drop --totals, or list the keys; \
             a table by fewer columns tells what a total would"
        )
    )]
    NoTotals,
    #[error(
        "{}",
        fixed!(
            "the table spends a delta, and the budget has none\n  what to do: say how much of it may be spent, as in \
             budget = { epsilon = \"3\", delta = \"0.00001\" }"
        )
    )]
    NoDeltaBudget,
    #[error(
        "{}",
        text!(
            "{option} goes with suppression, and differential privacy suppresses nothing: drop one of the two",
            option
        )
    )]
    NotWithNoise { option: &'static str },
    #[error(
        "{}",
        fixed!("noise from a seed hides nobody: drop --seed, or ask for no differential privacy")
    )]
    SeededNoise,
    /// Noise was to be drawn and not published.
    #[error(
        "{}",
        fixed!("a rehearsal would draw noise without a line in the ledger: drop --dry-run, or ask for no differential privacy")
    )]
    RehearsedNoise,
    /// So much noise cannot be reckoned with.
    #[error(
        "{}",
        fixed!(
            "the noise would be too large to be reckoned with: ask for a larger epsilon, narrower bounds or fewer \
             rows and cells of each person"
        )
    )]
    NoiseTooLarge,
    #[error("{}", overspent(*.asked, budget, (*spent, *lifetime), dataset.as_deref()))]
    BudgetSpent {
        asked: Epsilon,
        budget: (Epsilon, Option<String>),
        /// What was spent in that time, in billionths.
        spent: u128,
        lifetime: u128,
        dataset: Option<String>,
    },
    #[error("{}", overspent_delta(*.asked, (budget, *kept), (*spent, *lifetime), dataset.as_deref()))]
    DeltaSpent {
        asked: Delta,
        budget: (Delta, Option<String>),
        /// What is kept of it for what tables come to together, in parts of 10^15.
        kept: u64,
        /// What was spent in that time, in parts of 10^15.
        spent: u128,
        lifetime: u128,
        dataset: Option<String>,
    },
    /// The operating system lacks something.
    #[error(transparent)]
    System(#[from] SystemError),
}

coded! {
    Error [Self::System(error) => error => 1]
    Self::Uncovered { .. } => 3, "not_in_hierarchy", "values are not in the hierarchy file of their column", at_the_end;
    Self::TooManyColumns => 2, "too_many_measured_columns", "too many columns to measure together";
    Self::Aside(_) => 1, "put_aside_persons", "what is counted of persons cannot be put aside";
    Self::TooManyPairs => 3, "too_many_pairs", "there is more of persons than is put aside", at_the_end;
    Self::TooManyCells => 2, "too_many_cells", "a table of figures has more cells than can be made safe", at_the_end;
    Self::TotalCell { .. } => 3, "total_cell", "a value reads like the name of margins", at_the_end;
    Self::NothingSafe => 4, "nothing_safe", "no figure can be published without telling too much of somebody", at_the_end;
    Self::TooFewChanged => 4, "too_few_changed", "too few persons changed since the table before it", at_the_end;
    Self::NoUnit => 2, "no_unit", "differential privacy is asked for, and not whose rows are whose";
    Self::RowsHaveNoLimits => 2, "rows_have_no_limits", "what a person contributes is bounded where each row is a person";
    Self::NoEpsilon => 2, "no_epsilon", "differential privacy is asked for without an epsilon";
    Self::NoLedger => 2, "no_ledger", "differential privacy is asked for without a journal";
    Self::NoKeys { .. } => 2, "no_keys", "the values of a column are not said beforehand";
    Self::NoBounds { .. } => 2, "no_bounds", "the bounds of an amount are not said beforehand";
    Self::NoBrackets { .. } => 2, "no_brackets", "too few or too many brackets lie between an amount's bounds";
    Self::TooManyBrackets => 2, "too_many_brackets", "quantiles are read from more brackets than can be counted", at_the_end;
    Self::NoDelta { .. } => 2, "no_delta", "keys come from the data, and no delta is said";
    Self::DeltaForNothing => 2, "delta_for_nothing", "a delta is said, and no keys come from the data";
    Self::NoTotals => 2, "no_noisy_totals", "totals are asked for where keys come from the data";
    Self::NoDeltaBudget => 2, "no_delta_budget", "a table spends a delta, and its budget has none";
    Self::DeltaSpent { .. } => 4, "delta_spent", "the budget of differential privacy does not allow so much delta";
    Self::NotWithNoise { .. } => 2, "not_with_noise", "suppression and differential privacy are asked for together";
    Self::RehearsedNoise => 2, "rehearsed_noise", "differential privacy is asked for in a rehearsal";
    Self::SeededNoise => 2, "seeded_noise", "differential privacy is asked for with a seed";
    Self::NoiseTooLarge => 2, "noise_too_large", "noise would be too large to be reckoned with";
    Self::BudgetSpent { .. } => 4, "budget_spent", "the budget of differential privacy does not allow it";
    Self::TooManyRows => 3, "too_many_measured_rows", "too many rows to measure together", at_the_end;
}
