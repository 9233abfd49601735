//! What a table of figures is to hold: the `[aggregate]` part of a rule table, and the options of the command
//! of that name.

mod stat;

use std::str::FromStr;

use serde::Deserialize;

pub use self::stat::Stat;
use super::{ColumnRule, RuleTable};
use crate::base::lang::Fixed;
use crate::base::name;
use crate::privacy::aggregate::{Demand, Dominance};
use crate::privacy::goal::ColumnNames;
use crate::rules::amount::DecimalMark;
use crate::rules::context::{ColumnContext, Unready};
use crate::rules::kinds::drop;
use crate::rules::transform::Action;
use crate::rules::{Kind, Rule, SpecialCategory};

/// What `[aggregate]` says, and the command line may say instead.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AggregateRules {
    /// The columns of the output whose values are told apart.
    #[serde(default)]
    pub by: ColumnNames,
    /// What is told of each cell beside the number of persons.
    #[serde(default)]
    pub stats: Vec<Stat>,
    /// The columns of the input that say together whose rows are whose.
    #[serde(default)]
    pub unit: ColumnNames,
    /// How many persons a published cell has at least.
    pub threshold: Option<Threshold>,
    /// Whether margins are published.
    #[serde(default)]
    pub totals: bool,
    /// What numbers of persons are rounded to.
    pub round: Option<Rounding>,
    /// When few persons make up most of a sum.
    pub dominance: Option<DominanceRule>,
    /// How near, in percent, nobody may come to the largest contribution.
    pub p_percent: Option<Percentage>,
    /// The decimal mark of the amounts.
    pub decimal: Option<DecimalMark>,
}

impl AggregateRules {
    /// Puts what the command line says over it.
    #[must_use]
    pub(crate) fn under(&self, said: Self) -> Self {
        let names = |said: ColumnNames, own: &ColumnNames| match said.0.is_empty() {
            true => own.clone(),
            false => said,
        };
        Self {
            by: names(said.by, &self.by),
            stats: match said.stats.is_empty() {
                true => self.stats.clone(),
                false => said.stats,
            },
            unit: names(said.unit, &self.unit),
            threshold: said.threshold.or(self.threshold),
            totals: said.totals || self.totals,
            round: said.round.or(self.round),
            dominance: said.dominance.or(self.dominance),
            p_percent: said.p_percent.or(self.p_percent),
            decimal: said.decimal.or(self.decimal),
        }
    }

    /// The columns of the output that are looked at.
    pub(crate) fn outputs(&self) -> Vec<String> {
        let shares = self.stats.iter().filter_map(|stat| match stat {
            Stat::Share { column, .. } => Some(column),
            _ => None,
        });
        self.by.0.iter().chain(shares).cloned().collect()
    }

    /// What a cell must be to be published.
    pub(crate) fn demand(&self) -> Demand {
        let usual = Demand::default();
        Demand {
            threshold: self
                .threshold
                .map_or(usual.threshold, |threshold| threshold.0),
            dominance: self.dominance.map_or(usual.dominance, |rule| rule.0),
            p_percent: self.p_percent.map_or(usual.p_percent, |share| share.0),
        }
    }
}

/// The rule of a column that a table of figures has no use for: nothing of it is published.
#[derive(Debug)]
struct Withheld(Box<dyn Rule>);

impl Rule for Withheld {
    fn kind(&self) -> &'static Kind {
        &drop::KIND
    }

    fn compile(&self, _: &ColumnContext<'_>) -> Result<Action, Unready> {
        Ok(Action::Drop)
    }

    fn leaves(&self) -> bool {
        false
    }

    fn identifies_when_repeated(&self) -> bool {
        // What would be published is nothing to look for.
        self.0.kind().name != "keep" && self.0.identifies_when_repeated()
    }

    fn special_category(&self) -> Option<SpecialCategory> {
        self.0.special_category()
    }
}

impl RuleTable {
    /// Withholds all columns of the output but those of these names, and the index.
    ///
    /// # Errors
    /// The first name that no column of the output has.
    pub(crate) fn keep_only(&mut self, outputs: &[String]) -> Result<(), String> {
        let leaves = |column: &ColumnRule, name: &String| {
            column.rule.leaves() && name::key(&column.output) == name::key(name)
        };
        for name in outputs {
            if !self.columns.iter().any(|column| leaves(column, name)) {
                return Err(name.clone());
            }
        }
        self.index = None;
        let columns = std::mem::take(&mut self.columns).into_iter();
        let columns =
            columns.map(
                |column| match outputs.iter().any(|name| leaves(&column, name)) {
                    true => column,
                    false => ColumnRule {
                        rule: Box::new(Withheld(column.rule)),
                        ..column
                    },
                },
            );
        self.columns = columns.collect();
        Ok(())
    }
}

/// Defines a whole number from a text or a rule table, within bounds.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident($type:ty), $range:expr, $expected:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "i64")]
        pub struct $name(pub $type);

        impl TryFrom<i64> for $name {
            type Error = Fixed;

            fn try_from(number: i64) -> Result<Self, Fixed> {
                let known = <$type>::try_from(number).ok();
                let known = known.filter(|number| $range.contains(number));
                known.map(Self).ok_or($expected)
            }
        }

        impl FromStr for $name {
            type Err = Fixed;

            fn from_str(text: &str) -> Result<Self, Fixed> {
                let number: i64 = text.parse().map_err(|_| $expected)?;
                Self::try_from(number)
            }
        }
    };
}

bounded!(
    /// How many persons a published cell has at least.
    Threshold(u64),
    (3..=1_000_000),
    fixed!("expected a whole number from 3 to 1000000: two persons know each other's figures")
);
bounded!(
    /// What numbers of persons are rounded to.
    Rounding(u64),
    (2..=1_000),
    fixed!("expected a whole number from 2 to 1000")
);
bounded!(
    /// A share that is not all.
    Percentage(u8),
    (1..=99),
    fixed!("expected a whole number from 1 to 99")
);

/// The largest `n` contributions may be so many percent of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DominanceOptions")]
pub struct DominanceRule(pub Dominance);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DominanceOptions {
    n: u8,
    percent: u8,
}

impl DominanceRule {
    fn new(n: u8, percent: u8) -> Result<Self, Fixed> {
        match (n, percent) {
            (1..=4, 1..=99) => Ok(Self(Dominance { n, percent })),
            _ => Err(fixed!(
                "expected from 1 to 4 contributions, and a share of 1 to 99 percent"
            )),
        }
    }
}

impl TryFrom<DominanceOptions> for DominanceRule {
    type Error = Fixed;

    fn try_from(options: DominanceOptions) -> Result<Self, Fixed> {
        Self::new(options.n, options.percent)
    }
}

impl FromStr for DominanceRule {
    type Err = Fixed;

    /// `1:85`.
    fn from_str(text: &str) -> Result<Self, Fixed> {
        let expected = fixed!("expected two whole numbers, such as 1:85");
        let (n, percent) = text.split_once(':').ok_or(expected)?;
        let n = n.trim().parse().map_err(|_| expected)?;
        let percent = percent.trim().parse().map_err(|_| expected)?;
        Self::new(n, percent)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::rules::table::RuleTable;

    fn read(options: &str) -> Result<AggregateRules, String> {
        let text = format!("version = 1\n[aggregate]\n{options}\n[columns.a]\nrule = \"keep\"\n");
        let table = RuleTable::parse(&text, "t", "t", Path::new(""));
        table
            .map(|table| table.aggregate)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_table_says_what_is_to_be_told() {
        let all = r#"
            by = ["region", "formule"]
            stats = ["count", { mean = "revenus" }, { sum = "tarif" }, "mean:age",
                { share = { column = "sexe", is = "F" } }, { quantile = "revenus", at = [0.25, 0.5], round = 1_000 }]
            unit = "id_client"
            threshold = 11
            totals = true
            round = 5
            dominance = { n = 2, percent = 90 }
            p_percent = 15
            decimal = ","
        "#;
        let read = read(all).unwrap();
        assert_eq!(read.by.0, ["region", "formule"]);
        let names: Vec<String> = read.stats.iter().flat_map(Stat::names).collect();
        let expected = [
            "n", "mean_revenus", "sum_tarif", "mean_age", "share_sexe_F", "q25_revenus",
            "q50_revenus",
        ];
        assert_eq!(names, expected);
        assert_eq!(read.threshold, Some(Threshold(11)));
        assert_eq!(read.dominance.unwrap().0, Dominance { n: 2, percent: 90 });
        assert_eq!(
            (read.round, read.p_percent),
            (Some(Rounding(5)), Some(Percentage(15)))
        );
        assert!(read.totals);
    }

    #[test]
    fn bad_options_are_refused_with_their_place() {
        for (options, place, expected) in [
            ("threshold = 2", "3:13", "from 3 to 1000000"),
            ("by = []", "3:6", "the name of a column"),
            ("stats = [\"max:revenus\"]", "3:9", "never published"),
            ("stats = [{ median = \"revenus\" }]", "3:9", "mean ="),
            (
                "stats = [{ quantile = \"revenus\", at = [0.5] }]",
                "3:9",
                "round =",
            ),
            (
                "stats = [{ quantile = \"revenus\", at = [0.5, 1], round = 5 }]",
                "3:9",
                "never published",
            ),
            ("round = 1", "3:9", "from 2 to 1000"),
            ("p_percent = 100", "3:13", "from 1 to 99"),
            ("dominance = { n = 5, percent = 85 }", "3:13", "from 1 to 4"),
            ("dominance = { n = 1 }", "3:13", "percent"),
            ("epsilon = 1", "3:1", "unknown"),
        ] {
            let error = read(options).unwrap_err();
            assert!(
                error.contains(place) && error.contains(expected),
                "{options}: {error}"
            );
        }
        for (text, good) in [
            ("1:85", true),
            ("1", false),
            ("0:85", false),
            ("1:100", false),
        ] {
            assert_eq!(text.parse::<DominanceRule>().is_ok(), good, "{text}");
        }
    }
}
