//! Which rows of one input may leave: what `[rows]` of the rule table makes of its header.
//!
//! A row is decided before anything is done to its cells, so what is wrong in a row that stays
//! behind refuses nothing. The tests come in the order consent, retention, conditions; the first that
//! does not hold is the reason that is counted. Of the rows that pass them all, a sample may be drawn. A test whose column cannot be read for certain (it is
//! not there, or there are two) refuses the file: a consent that cannot be read is no consent.

use chrono::NaiveDate;
use rand::rngs::ChaCha12Rng;
use rand::{Rng, SeedableRng};

use crate::base::name;
use crate::base::name::Shown;
use crate::rules::context::RunContext;
use crate::rules::error::Error;
use crate::rules::table::{Missing, Older, RuleTable, Sample, Texts, Wanted};
use crate::rules::transform::Reason;
use crate::rules::{Dates, floor};

/// The tests that every row of an input has to pass.
#[derive(Debug)]
pub struct RowFilter {
    tests: Vec<Test>,
    sampler: Option<Sampler>,
    /// By step of the plan: whether its cells are blanked in a row that is too old.
    blanks: Vec<bool>,
}

/// Draws rows.
#[derive(Debug)]
struct Sampler {
    /// A row's number is drawn from its own stream: in every pass the same, whichever thread reads it.
    random: ChaCha12Rng,
    chance: u64,
}

#[derive(Debug)]
pub struct Test {
    /// Which: `consent`, `retention`, `where 1`.
    pub name: String,
    /// The column's name in the rule table.
    pub column: String,
    /// Its name in the input, escaped.
    pub shown: Shown,
    /// Its position in the input, from 0.
    pub position: usize,
    check: Check,
}

#[derive(Debug)]
enum Check {
    Consent(Texts),
    Retention {
        dates: Dates,
        first: NaiveDate,
        today: NaiveDate,
        older: Older,
    },
    Wanted(Wanted),
}

/// What a test says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    Passes,
    /// It leaves with less in it.
    Blanked,
    /// It stays behind: what the test asks for does not hold.
    Unmet,
    /// It stays behind: the cell is missing.
    Missing,
    /// The cell cannot be read.
    Invalid(&'static Reason),
}

impl RowFilter {
    /// What `[rows]` makes of a header, whose names have these `keys`; none if it says nothing.
    ///
    /// # Errors
    /// [`Error::Undecidable`] if a column is not in the header, or there are several.
    pub fn new(
        table: &RuleTable,
        keys: &[String],
        shown: &[Shown],
        run: &RunContext,
    ) -> Result<Option<Self>, Error> {
        let rules = &table.rows;
        let today = run.today;
        let mut tests = Vec::new();
        let mut add = |name: String, column: &String, check: Check| {
            let (position, shown) = position(table, &name, column, keys, shown)?;
            tests.push(Test {
                name,
                column: column.clone(),
                shown,
                position,
                check,
            });
            Ok::<_, Error>(())
        };
        if let Some(consent) = &rules.consent {
            let check = Check::Consent(consent.is.clone());
            add("consent".to_owned(), &consent.column, check)?;
        }
        if let Some(retention) = &rules.retention {
            let check = Check::Retention {
                dates: retention.dates.clone(),
                first: retention.keep.before(today),
                today,
                older: retention.older,
            };
            add("retention".to_owned(), &retention.column, check)?;
        }
        for (number, condition) in (1..).zip(&rules.conditions) {
            let check = Check::Wanted(condition.wanted.clone());
            add(format!("where {number}"), &condition.column, check)?;
        }
        let sampler = rules.sample.map(|Sample(chance)| Sampler {
            random: run.random.stream("sample"),
            chance,
        });
        let filter = Self {
            tests,
            sampler,
            blanks: Vec::new(),
        };
        Ok((!rules.are_none()).then_some(filter))
    }

    /// The tests, in the order in which they are made.
    pub fn tests(&self) -> &[Test] {
        &self.tests
    }

    /// Whether rows are drawn.
    pub(crate) fn samples(&self) -> bool {
        self.sampler.is_some()
    }

    /// Whether the row of this number belongs to the sample, or there is none.
    pub(crate) fn draws(&self, record: u64) -> bool {
        self.sampler.as_ref().is_none_or(|sampler| {
            let mut random = ChaCha12Rng::from_seed(sampler.random.get_seed());
            random.set_stream(record);
            random.next_u64() < sampler.chance
        })
    }

    /// Whether a test reads the column at this position of the input.
    pub fn reads(&self, position: usize) -> bool {
        self.tests.iter().any(|test| test.position == position)
    }

    /// Whether rows that are too old leave with less in them.
    pub fn may_blank(&self) -> bool {
        self.tests.iter().any(|test| {
            let blank = Older::Blank;
            matches!(test.check, Check::Retention { older, .. } if older == blank)
        })
    }

    /// Says which steps of the plan are blanked in such a row.
    pub(crate) fn blank(&mut self, steps: Vec<bool>) {
        self.blanks = steps;
    }

    /// Whether the cells of this step of the plan are empty in a row that is too old.
    pub fn blanks(&self, step: usize) -> bool {
        // A step that is not known does not leave.
        self.blanks.get(step).copied().unwrap_or(true)
    }
}

/// Where in the input a column is that the rule table calls so.
fn position(
    table: &RuleTable,
    test: &str,
    column: &str,
    keys: &[String],
    shown: &[Shown],
) -> Result<(usize, Shown), Error> {
    let key = name::key(column);
    let mut listed = table.columns.iter();
    let listed = listed.find(|listed| listed.keys.contains(&key));
    let is = |found: &String| match listed {
        Some(listed) => listed.keys.contains(found),
        None => *found == key,
    };
    let mut found = keys.iter().zip(shown).enumerate();
    let mut found = found.by_ref().filter(|(_, (key, _))| is(key));
    match (found.next(), found.next()) {
        (Some((position, (_, shown))), None) => Ok((position, shown.clone())),
        (first, _) => Err(Error::Undecidable {
            test: test.to_owned(),
            column: column.to_owned(),
            several: first.is_some(),
        }),
    }
}

impl Test {
    /// What it says of a row whose cell in its column is `cell`, in UTF-8.
    pub fn judge(&self, cell: &[u8], missing: &Missing) -> Judgement {
        let held = |holds: bool| match holds {
            true => Judgement::Passes,
            false => Judgement::Unmet,
        };
        let missing = missing.is(cell);
        match &self.check {
            // Nothing is an answer too, and not a yes.
            Check::Consent(texts) => held(!missing && texts.has(cell)),
            _ if missing => Judgement::Missing,
            Check::Retention {
                dates,
                first,
                today,
                older,
            } => match (dates.past_day(cell, *today), older) {
                (Ok(day), _) if day >= *first => Judgement::Passes,
                (Ok(_), Older::LeaveOut) => Judgement::Unmet,
                (Ok(_), Older::Blank) => Judgement::Blanked,
                (Err(reason), _) => Judgement::Invalid(reason),
            },
            Check::Wanted(wanted) => match holds(wanted, cell) {
                Ok(holds) => held(holds),
                Err(reason) => Judgement::Invalid(reason),
            },
        }
    }

    /// Why rows stay behind for which it does not hold: a short name for machines.
    pub fn unmet(&self) -> &'static str {
        match self.check {
            Check::Consent(_) => "no_consent",
            Check::Retention { .. } => "too_old",
            Check::Wanted(_) => "not_met",
        }
    }
}

/// Whether what is wanted holds of a cell that is not missing.
fn holds(wanted: &Wanted, cell: &[u8]) -> Result<bool, &'static Reason> {
    Ok(match wanted {
        Wanted::Is(texts) => texts.has(cell),
        Wanted::IsNot(texts) => !texts.has(cell),
        Wanted::Between { from, to, dates } => {
            let day = dates.0.day(cell)?;
            from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
        }
        Wanted::Amount {
            at_least,
            below,
            decimal,
        } => {
            // Against whole numbers, what an amount has behind its mark decides nothing.
            let amount = floor(cell, *decimal)?;
            at_least.is_none_or(|least| i128::from(least) <= amount)
                && below.is_none_or(|below| amount < i128::from(below))
        }
    })
}

#[cfg(test)]
mod tests;
