//! Which quasi-identifying columns a table of the population knows of, and what it tells of them.

use super::Watch;
use super::error::Error;
use super::passes::Measuring;
use super::plan::{Plan, PlannedColumn};
use crate::base::name;
use crate::base::name::Shown;
use crate::privacy::audit::Behind;
use crate::privacy::counter::Counted;
use crate::privacy::measures::{PartOf, population_risk};
use crate::privacy::population::Part;
use crate::rules::Population;
use crate::rules::column_names::meaning::{Meaning, named};

/// Why a table of the population is of no use for a file.
#[derive(Debug, thiserror::Error)]
pub enum Unmatched {
    /// It cannot be read.
    #[error("{}", .0)]
    File(String),
    /// None of the columns is one of its.
    #[error(
        "{}",
        fixed!(
            "the population table does not fit: none of the quasi-identifying columns is a place, a sex, an age or a \
             year of birth as the table has them\n  what to do: say which is, with --population-column place=COLUMN, \
             or population = { file = \"…\", place = \"COLUMN\" } in [privacy]"
        )
    )]
    Nothing,
    /// Ages in one, years of birth in the other.
    #[error(
        "{}",
        text!(
            "the population table has `{part}`, and column {column} is the other of age and year of birth\n  what to do: \
             turn one into the other in the table (a census of 1 January 2023 counts those born in 1992 as 30), and name \
             its column `{other}`",
            part,
            column,
            other
        )
    )]
    OtherYears {
        /// What the table has.
        part: &'static str,
        /// What the data have.
        other: &'static str,
        /// Their column.
        column: Shown,
    },
    /// A column that was named is none of the quasi-identifying ones.
    #[error(
        "{}",
        text!(
            "the population table does not fit: `{column}` is not a quasi-identifying column",
            column = .0
        )
    )]
    NoSuchColumn(String),
    /// The table has no value of a column.
    #[error(
        "{}",
        text!(
            "the population table does not fit: it has no value of column `{column}`\n  what to do: write its `{part}` as \
             the column does, or say which column it is with --population-column",
            column,
            part
        )
    )]
    NoValue {
        /// The part of the table.
        part: &'static str,
        /// The column.
        column: String,
    },
}

/// Names of columns of ages of persons.
const AGES: [&str; 8] = [
    "age", "age_client", "client_age", "tranche_age", "tranche_d_age", "classe_age", "age_class",
    "age_group",
];

/// Which part of a table a column may be; the least number is the likeliest.
fn likely(column: &PlannedColumn) -> Option<(Part, u8)> {
    let input = column.input.as_str();
    let names = [column.output.as_deref().unwrap_or(input), input];
    match column.rule {
        Some("age") => return Some((Part::Age, 0)),
        Some("postal_code" | "departement" | "region") => return Some((Part::Place, 0)),
        _ => {}
    }
    names.into_iter().find_map(|shown| {
        let key = name::key(shown);
        let begins = |words: &[&str]| words.iter().any(|word| key.starts_with(word));
        match named(shown).meaning {
            Some(Meaning::PostalCode) => Some((Part::Place, 0)),
            Some(Meaning::Gender) => Some((Part::Sex, u8::from(!begins(&["sex", "genre"])))),
            Some(Meaning::BirthDate | Meaning::BirthYear) => Some((Part::BirthYear, 0)),
            _ if begins(&["departement", "region", "commune", "code_insee"]) => {
                Some((Part::Place, 1))
            }
            // Not the age of a car.
            _ if AGES.contains(&key.as_str()) => Some((Part::Age, 0)),
            _ => None,
        }
    })
}

/// The parts of the table that quasi-identifying columns are, with the positions of these among them.
///
/// # Errors
/// [`Unmatched`].
pub(crate) fn matched(
    population: &Population,
    plan: &Plan,
    watch: &Watch,
) -> Result<Vec<(Part, usize)>, Error> {
    let steps = watch.quasi.iter().filter_map(|at| watch.steps.get(*at));
    let columns = steps.filter_map(|step| plan.columns.get(plan.steps.get(*step)?.column));
    let columns: Vec<&PlannedColumn> = columns.collect();
    let told = |part: Part| population.told.iter().find(|(known, _)| *known == part);
    let is_called = |column: &PlannedColumn, key: &str| {
        let output = column.output.as_deref().map(name::key);
        output.as_deref() == Some(key) || name::key(column.input.as_str()) == key
    };
    let likeliest = |part: Part| {
        let known = columns.iter().enumerate().filter_map(|(at, column)| {
            let (own, rank) = likely(column)?;
            let is_told = population
                .told
                .iter()
                .any(|(_, name)| is_called(column, &name::key(name)));
            (own == part && !is_told).then_some((rank, at))
        });
        known.min().map(|(_, at)| at)
    };
    let mut found = Vec::new();
    for part in Part::ALL.into_iter().filter(|part| population.has(*part)) {
        let at = match told(part) {
            Some((_, name)) => {
                let key = name::key(name);
                let at = columns.iter().position(|column| is_called(column, &key));
                let unknown = || Unmatched::NoSuchColumn(name.escape_debug().to_string());
                Some(at.ok_or_else(unknown)?)
            }
            None => likeliest(part),
        };
        found.extend(at.map(|at| (part, at)));
    }
    for (part, other) in [(Part::Age, Part::BirthYear), (Part::BirthYear, Part::Age)] {
        let is_there = found.iter().any(|(known, _)| *known == part);
        if population.has(part)
            && !is_there
            && let Some(column) = likeliest(other).and_then(|at| columns.get(at))
        {
            return Err(Unmatched::OtherYears {
                part: part.name(),
                other: other.name(),
                column: column.input.clone(),
            }
            .into());
        }
    }
    match found.is_empty() {
        true => Err(Unmatched::Nothing.into()),
        false => Ok(found),
    }
}

impl Measuring<'_> {
    /// What a table of the population tells of what was counted.
    ///
    /// # Errors
    /// [`Unmatched`].
    pub(crate) fn population(
        &self,
        counted: &Counted,
        population: &Population,
    ) -> Result<Behind, Error> {
        let found = matched(population, self.plan, self.watch)?;
        let quasi = self.quasi();
        let mut parts = Vec::new();
        for (part, column) in found {
            let (Some(own), Some(values)) = (quasi.get(column), counted.values.get(column)) else {
                continue;
            };
            let labels = population.stands(part, values, own.ladder);
            if !values.is_empty() && labels.iter().all(Vec::is_empty) {
                let column = own.name.to_owned();
                let part = part.name();
                return Err(Unmatched::NoValue { part, column }.into());
            }
            parts.push(PartOf {
                part,
                column,
                labels,
            });
        }
        let values = counted.values.get(..quasi.len()).unwrap_or_default();
        let name = |at: usize| {
            quasi
                .get(at)
                .map_or_else(String::new, |own| own.name.to_owned())
        };
        let beyond = (0..quasi.len()).filter(|at| parts.iter().all(|part| part.column != *at));
        Ok(Behind {
            file: population.named.display().to_string(),
            sha256: population.sha256.clone(),
            columns: parts.iter().map(|of| (of.part, name(of.column))).collect(),
            beyond: beyond.map(name).collect(),
            risk: population_risk(&counted.combinations, values, population.cells(), &parts),
        })
    }
}
