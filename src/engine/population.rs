//! Which quasi-identifying columns a table of the population knows of, and what it tells of them.

pub(super) mod unmatched;

pub(crate) use self::unmatched::Unmatched;
use super::Watch;
use super::error::Error;
use super::passes::Measuring;
use super::plan::{Plan, PlannedColumn};
use crate::base::name;
use crate::privacy::audit::Behind;
use crate::privacy::counter::Counted;
use crate::privacy::measures::{PartOf, population_risk};
use crate::privacy::population::Part;
use crate::rules::Population;
use crate::rules::column_names::meaning::Meaning;
use crate::rules::column_names::named::named;

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
