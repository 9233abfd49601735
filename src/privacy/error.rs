//! What can go wrong when rows are counted and measured.

use crate::base::error::{Ending, SystemError};
use crate::privacy::aggregate::MOST_CELLS;
use crate::privacy::differential::Epsilon;

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
    Uncovered {
        /// The column's name in the output.
        column: String,
        /// How many.
        values: usize,
    },
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
    TotalCell {
        /// The column's name in the output.
        column: String,
    },
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
    /// No ε is said.
    #[error(
        "{}",
        fixed!("say which epsilon: with --epsilon, or with `epsilon` in [differential_privacy]")
    )]
    NoEpsilon,
    /// There is no ledger.
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
             [differential_privacy], as in keys.{column} = [\"a\", \"b\"]; they must not come from the data",
            column
        )
    )]
    NoKeys {
        /// The column's name in the output.
        column: String,
    },
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
    NoBounds {
        /// The column of the input.
        column: String,
    },
    /// Quantiles are asked for with noise.
    #[error(
        "{}",
        text!(
            "quantiles of column `{column}` are not told with noise\n  what to do: count its brackets instead, as a \
             column of `by` whose keys are brackets, or ask for its mean",
            column
        )
    )]
    NoisyQuantile {
        /// The column of the input.
        column: String,
    },
    /// What goes with suppression is said.
    #[error(
        "{}",
        text!(
            "{option} goes with suppression, and differential privacy suppresses nothing: drop one of the two",
            option
        )
    )]
    NotWithNoise {
        /// The option.
        option: &'static str,
    },
    /// Noise was to come from a seed.
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
    /// The budget is spent.
    #[error("{}", overspent(*.asked, budget, *spent, *lifetime, dataset.as_deref()))]
    BudgetSpent {
        /// What the table would spend.
        asked: Epsilon,
        /// What may be spent, and in which time.
        budget: (Epsilon, Option<String>),
        /// What was spent in that time, in billionths.
        spent: u128,
        /// What was spent in all.
        lifetime: u128,
        /// Of which data.
        dataset: Option<String>,
    },
    /// The operating system lacks something.
    #[error(transparent)]
    System(#[from] SystemError),
}

/// That a table would spend more than there is.
fn overspent(
    asked: Epsilon,
    (budget, per): &(Epsilon, Option<String>),
    spent: u128,
    lifetime: u128,
    dataset: Option<&str>,
) -> String {
    let (spent, lifetime) = (Epsilon::sum(spent), Epsilon::sum(lifetime));
    let budget = match per {
        Some(per) => text!("{budget} in {per}", budget, per),
        None => budget.to_string(),
    };
    let of = match dataset {
        Some(dataset) => text!("the data `{dataset}`", dataset = dataset.escape_debug()),
        None => fixed!("all data of this journal").to_string(),
    };
    text!(
        "the budget of {of} does not allow it: epsilon {asked} is asked for, {spent} is spent of {budget}, \
         {lifetime} in all; nothing was drawn or published\n  what to do: ask for less with --epsilon, or wait",
        of,
        asked,
        spent,
        budget,
        lifetime
    )
}

coded! {
    Error [Self::System(error) => error]
    Self::Uncovered { .. } => "not_in_hierarchy", "values are not in the hierarchy file of their column";
    Self::TooManyColumns => "too_many_measured_columns", "too many columns to measure together";
    Self::TooManyCells => "too_many_cells", "a table of figures has more cells than can be made safe";
    Self::TotalCell { .. } => "total_cell", "a value reads like the name of margins";
    Self::NothingSafe => "nothing_safe", "no figure can be published without telling too much of somebody";
    Self::TooFewChanged => "too_few_changed", "too few persons changed since the table before it";
    Self::NoUnit => "no_unit", "differential privacy is asked for, and not whose rows are whose";
    Self::RowsHaveNoLimits => "rows_have_no_limits", "what a person contributes is bounded where each row is a person";
    Self::NoEpsilon => "no_epsilon", "differential privacy is asked for without an epsilon";
    Self::NoLedger => "no_ledger", "differential privacy is asked for without a journal";
    Self::NoKeys { .. } => "no_keys", "the values of a column are not said beforehand";
    Self::NoBounds { .. } => "no_bounds", "the bounds of an amount are not said beforehand";
    Self::NoisyQuantile { .. } => "noisy_quantile", "quantiles are asked for with differential privacy";
    Self::NotWithNoise { .. } => "not_with_noise", "suppression and differential privacy are asked for together";
    Self::RehearsedNoise => "rehearsed_noise", "differential privacy is asked for in a rehearsal";
    Self::SeededNoise => "seeded_noise", "differential privacy is asked for with a seed";
    Self::NoiseTooLarge => "noise_too_large", "noise would be too large to be reckoned with";
    Self::BudgetSpent { .. } => "budget_spent", "the budget of differential privacy does not allow it";
    Self::TooManyRows => "too_many_measured_rows", "too many rows to measure together";
}

impl Ending for Error {
    fn exit_status(&self) -> u8 {
        match self {
            Self::System(_) => 1,
            Self::TooManyColumns
            | Self::TooManyCells
            | Self::NoUnit
            | Self::RowsHaveNoLimits
            | Self::NoEpsilon
            | Self::NoLedger
            | Self::NoKeys { .. }
            | Self::NoBounds { .. }
            | Self::NoisyQuantile { .. }
            | Self::NotWithNoise { .. }
            | Self::RehearsedNoise
            | Self::SeededNoise
            | Self::NoiseTooLarge => 2,
            Self::TooManyRows | Self::Uncovered { .. } | Self::TotalCell { .. } => 3,
            Self::NothingSafe | Self::TooFewChanged | Self::BudgetSpent { .. } => 4,
        }
    }

    fn comes_at_the_end(&self) -> bool {
        matches!(
            self,
            Self::Uncovered { .. }
                | Self::TooManyRows
                | Self::TooManyCells
                | Self::TotalCell { .. }
                | Self::NothingSafe
                | Self::TooFewChanged
        )
    }
}
