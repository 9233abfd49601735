//! A table of figures as one query: the number of persons of each cell, small cells suppressed.
//!
//! Primary suppression alone is safe where what is suppressed together leaves enough possible values
//! for each of it: this the query counts for itself, and stops where it is not so.

use super::leaving::Leaving;
use crate::base::name;
use crate::privacy::aggregate::MOST_DIMENSIONS;
use crate::rules::table::{AggregateRules, Attribute, RuleTable, Stat};
use crate::sql::Dialect;
use crate::sql::audit::person_of;
use crate::sql::column::Missing;
use crate::sql::error::SqlError;

/// What a query of figures is to count.
#[derive(Debug)]
pub(crate) struct Counted<'a> {
    rules: &'a AggregateRules,
    threshold: u64,
}

impl<'a> Counted<'a> {
    /// The figures that a rule table asks for in `[aggregate]`.
    ///
    /// # Errors
    /// [`SqlError::Aggregate`]: what of it takes more than a query.
    pub(crate) fn new(table: &'a RuleTable) -> Result<Self, SqlError> {
        let rules = &table.aggregate;
        let amounts = rules.stats.iter().any(|stat| *stat != Stat::Count);
        let named = |name: &String| {
            let mut columns = table.columns.iter();
            columns
                .find(|column| column.rule.leaves() && name::key(&column.output) == name::key(name))
        };
        let doubtful = rules.by.0.iter().any(|name| {
            let attribute = named(name).and_then(|column| column.attribute);
            !matches!(
                attribute,
                Some(Attribute::QuasiIdentifying | Attribute::Insensitive)
            )
        });
        let why = if !(1..=MOST_DIMENSIONS).contains(&rules.by.0.len()) {
            fixed!("`by` names one to four columns of the output")
        } else if table.differential.is_some() {
            fixed!("noise is drawn by this program alone")
        } else if amounts {
            fixed!("statistics beside the count need rules that no query applies")
        } else if rules.totals {
            fixed!("totals need secondary suppression, which no query works out")
        } else if rules.round.is_some() {
            fixed!("rounding is not expressed")
        } else if doubtful {
            fixed!("each column of `by` must be quasi-identifying or insensitive")
        } else {
            let threshold = rules.demand().threshold;
            return Ok(Self { rules, threshold });
        };
        Err(SqlError::Aggregate(why))
    }

    /// Whether a column of the output is counted by.
    pub(super) fn counts_by(&self, output: &str) -> bool {
        let mut by = self.rules.by.0.iter();
        by.any(|name| name::key(name) == name::key(output))
    }

    /// Whose a row is, read beside the columns.
    pub(super) fn person(&self, dialect: &dyn Dialect, missing: Option<&Missing>) -> String {
        match self.rules.unit.0.as_slice() {
            [] => format!("CAST(NULL AS {})", dialect.text_type()),
            unit => person_of(unit, missing, dialect),
        }
    }

    /// The columns that say whose a row is.
    pub(super) fn unit(&self) -> &[String] {
        &self.rules.unit.0
    }

    /// What follows the rows: the cells, and whether what is suppressed is safe. Gives what stands behind
    /// the steps, and the columns that leave, beside those that are counted by.
    pub(super) fn cells(
        &self,
        dialect: &dyn Dialect,
        leaving: &[Leaving<'_>],
    ) -> (String, Vec<String>) {
        let by: Vec<String> = (1..=leaving.len()).map(|at| format!("out_{at}")).collect();
        let by = by.join(", ");
        let text = |name| dialect.as_text(name);
        let behind = CELLS
            .replace("{by}", &by)
            .replace("{threshold}", &self.threshold.to_string());
        let message = "crm-anon: these cells need secondary suppression, which no query works out: use \
                       crm-anon aggregate, wider brackets or fewer columns";
        let n = format!(
            "CASE WHEN class_small > 0 AND (class_small < 3 OR class_slack + 1 < {0}) THEN {1}\n  WHEN class_n >= {0} THEN {2} END",
            self.threshold,
            dialect.raise(message, &text("class_n")),
            text("class_n"),
        );
        let status = format!("CASE WHEN class_n < {} THEN 'c' END", self.threshold);
        let named = |value: &str, name: &str| format!("{value} AS {}", dialect.name_of(name));
        (behind, vec![named(&n, "n"), named(&status, "statut")])
    }
}

/// A person with one row only can be thought of in another cell; what is known not to be empty keeps one.
const CELLS: &str = ", held AS (
  SELECT {by}, person_1, count(*) AS class_own
  FROM result
  GROUP BY {by}, person_1
), owned AS (
  SELECT *, sum(class_own) OVER (PARTITION BY person_1) AS class_rows
  FROM held
), counted AS (
  SELECT
    {by},
    sum(CASE WHEN person_1 IS NULL THEN class_own ELSE 1 END) AS class_n,
    sum(CASE WHEN person_1 IS NULL THEN class_own WHEN class_rows = 1 THEN 1 ELSE 0 END) AS class_free
  FROM owned
  GROUP BY {by}
), doubt AS (
  SELECT
    coalesce(sum(CASE WHEN class_n < {threshold} THEN 1 ELSE 0 END), 0) AS class_small,
    coalesce(sum(
      CASE WHEN class_n < {threshold} THEN class_free - CASE WHEN class_free < class_n THEN 0 ELSE 1 END ELSE 0 END
    ), 0) AS class_slack
  FROM counted
)";
