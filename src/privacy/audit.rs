//! Everything that is measured of a table at once: what `audit`, the thresholds, the manifest and
//! the report tell.

use super::advice::{self, Advice};
use super::counter::{Counted, Published, Text};
use super::hierarchy::Hierarchy;
use super::measures::{
    self, Attribute, ClassSizes, DEFAULT_THRESHOLD, Order, People, PersonCounts, PopulationRisk,
    Risks, Sensitive, order_of,
};
use super::population::Part;
use crate::privacy::ladder::{Ladder, Uncovered};

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The sizes of the classes, and the risks that follow from them.
    Sizes,
    /// Everything.
    All,
}

/// The measures of a table.
#[derive(Debug, Clone)]
pub struct Audit {
    /// How many quasi-identifying columns it has.
    pub columns: usize,
    /// The persons whose rows it has, if they are known: then sizes, risks and whatever else is told
    /// of rows is counted by persons.
    pub persons: Option<PersonCounts>,
    /// Where rows are counted: whether each is another person's, by a column that identifies; nothing
    /// where no column tells.
    pub one_row_each: Option<bool>,
    /// What was seen of all published columns, if that was looked at.
    pub published: Option<Published>,
    /// The sizes of its equivalence classes.
    pub sizes: ClassSizes,
    /// The risks of re-identification.
    pub risks: Risks,
    /// What a table of the population tells, if there is one: then the risks of journalist and marketer are by it.
    pub population: Option<Behind>,
    /// Its quasi-identifying columns; none of them where only sizes were measured.
    pub quasi: Vec<QuasiColumn>,
    /// Steps of several columns that together leave few unique rows, where no single one does: each
    /// with what is after it and those before.
    pub plan: Vec<Advice>,
    /// Its sensitive columns; none of them where only sizes were measured.
    pub sensitive: Vec<SensitiveColumn>,
    /// The bytes that counting took at most, and the combinations that it was for.
    pub memory: Memory,
}

/// What a table of the population tells of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// The table's file, as it was named.
    pub file: String,
    /// The SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// Its parts, and the names of the columns that they are.
    pub columns: Vec<(Part, String)>,
    /// The names of the quasi-identifying columns that it does not know of.
    pub beyond: Vec<String>,
    /// The figures.
    pub risk: PopulationRisk,
}

/// A quasi-identifying column and what it costs.
#[derive(Debug, Clone)]
pub struct QuasiColumn {
    /// Its name, fit to be shown.
    pub name: String,
    pub measures: Attribute,
    /// What the steps of its ladder are called, from the values themselves (no title) to `*`; one
    /// for each of the measures' steps.
    pub steps: Vec<String>,
}

/// A sensitive column and what the classes tell about it.
#[derive(Debug, Clone)]
pub struct SensitiveColumn {
    /// Its name, fit to be shown.
    pub name: String,
    pub measures: Sensitive,
}

/// What counting took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Bytes of the tables of all threads.
    pub bytes: usize,
    /// Distinct combinations of all columns that count.
    pub combinations: usize,
}

/// A column that counts.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Its name in the output, fit to be shown.
    pub name: &'a str,
    /// What it can be generalised to.
    pub ladder: &'a dyn Ladder,
    /// How much its loss counts.
    pub weight: f64,
}

/// The hierarchies of quasi-identifying columns with these values. `with_options` adds what the
/// rules' options would do, for an audit to weigh; a search goes by the steps alone.
///
/// # Errors
/// The position of the first column whose ladder does not know all of its values.
pub fn hierarchies(
    columns: &[Column<'_>],
    values: &[Vec<Text>],
    with_options: bool,
) -> Result<Vec<Hierarchy>, (usize, Uncovered)> {
    let columns = columns.iter().zip(values).enumerate();
    columns
        .map(|(position, (column, values))| {
            let steps = column
                .ladder
                .steps(values)
                .map_err(|uncovered| (position, uncovered))?;
            let options = with_options.then(|| column.ladder.options(values));
            let levels = options.into_iter().flatten().chain(steps.steps);
            let levels = levels.map(|step| (step.title, step.labels));
            let name = column.name.to_owned();
            Ok(Hierarchy::new(
                name, column.weight, values, steps.leaves, levels,
            ))
        })
        .collect()
}

/// The orders of sensitive columns with these values; those that are `equal` are in none.
pub fn orders<'v>(
    values: impl IntoIterator<Item = &'v Vec<Text>>,
    equal: impl IntoIterator<Item = bool>,
) -> Vec<Order> {
    let columns = values.into_iter().zip(equal);
    let orders = columns.map(|(values, equal)| match equal {
        true => Order::Categories,
        false => order_of(values.iter().map(|text| &**text)),
    });
    orders.collect()
}

/// How many single steps are advised at most.
const MOST_ADVICE: usize = 5;

impl Audit {
    /// The steps that leave the fewest unique rows, all else left as it is, best first; one for each
    /// column. It is the finest one that does half of what any does; where two leave almost as few,
    /// the finer one is better, so a coarser step is only taken if it leaves less than half as many.
    pub fn advice(&self) -> Vec<Advice> {
        let now = self.sizes.small.unique_rows;
        let mut advice: Vec<Advice> = Vec::new();
        for column in &self.quasi {
            let steps = || column.steps.iter().zip(&column.measures.steps).skip(1);
            let Some(least) = steps().map(|(_, after)| after.unique_rows).min() else {
                continue;
            };
            let half = now.saturating_sub(now.saturating_sub(least).div_ceil(2));
            let mut best: Option<Advice> = None;
            for (step, after) in steps() {
                let better = match &best {
                    Some(best) => after.unique_rows < best.after.unique_rows / 2,
                    None => after.unique_rows < now && after.unique_rows <= half,
                };
                if better {
                    best = Some(Advice {
                        column: column.name.clone(),
                        step: step.clone(),
                        after: *after,
                    });
                }
            }
            advice.extend(best);
        }
        advice.sort_by_key(|advice| advice.after.unique_rows);
        advice.truncate(MOST_ADVICE);
        advice
    }

    /// Measures what was counted: `hierarchies` has one for each quasi-identifying column, and
    /// `sensitive` names the other ones, and says whether any two values are as far apart.
    pub fn new(
        counted: &Counted,
        hierarchies: &[Hierarchy],
        sensitive: &[(&str, bool)],
        threads: usize,
    ) -> Self {
        let combinations = &counted.combinations;
        let people = People::new(combinations);
        let people = people.as_ref();
        let sizes = Self::sized(counted, hierarchies.len(), people, threads);
        let rest = counted.values.get(hierarchies.len()..).unwrap_or_default();
        let attributes = measures::attributes(combinations, hierarchies, people, threads);
        let single = attributes
            .iter()
            .flat_map(|column| column.steps.iter().copied());
        let now = (sizes.sizes.small, sizes.sizes.rows);
        let plan = advice::plan(combinations, people, hierarchies, now, single, threads);
        let quasi = hierarchies
            .iter()
            .zip(attributes)
            .map(|(hierarchy, measures)| QuasiColumn {
                name: hierarchy.name.clone(),
                measures,
                steps: hierarchy
                    .levels()
                    .iter()
                    .map(|level| level.title.clone())
                    .collect(),
            });
        let orders = orders(rest, sensitive.iter().map(|(_, equal)| *equal));
        let told = measures::sensitive(combinations, people, &orders, threads);
        let sensitive = sensitive
            .iter()
            .zip(told)
            .map(|((name, _), measures)| SensitiveColumn {
                name: (*name).to_owned(),
                measures,
            });
        Self {
            quasi: quasi.collect(),
            plan,
            sensitive: sensitive.collect(),
            ..sizes
        }
    }

    /// Measures the sizes alone of what was counted over so many quasi-identifying columns.
    pub fn of_sizes(counted: &Counted, columns: usize, threads: usize) -> Self {
        let people = People::new(&counted.combinations);
        Self::sized(counted, columns, people.as_ref(), threads)
    }

    fn sized(counted: &Counted, columns: usize, people: Option<&People>, threads: usize) -> Self {
        let combinations = &counted.combinations;
        let rows = combinations.rows();
        Self {
            columns,
            persons: people.map(|people| people.counts(rows, counted.nameless)),
            one_row_each: None,
            published: counted.published.clone(),
            sizes: match people {
                Some(people) => people.classes(),
                None => measures::classes(combinations, threads),
            },
            risks: match people {
                Some(people) => people.risks(DEFAULT_THRESHOLD),
                None => measures::risks(combinations, DEFAULT_THRESHOLD),
            },
            population: None,
            quasi: Vec::new(),
            plan: Vec::new(),
            sensitive: Vec::new(),
            memory: Memory {
                bytes: counted.counts_bytes,
                combinations: combinations.len(),
            },
        }
    }

    /// The same, with what a table of the population tells.
    #[must_use]
    pub fn before(mut self, population: Option<Behind>) -> Self {
        if let Some(behind) = &population {
            self.risks.journalist = behind.risk.estimated;
            self.risks.marketer = behind.risk.estimated.average;
        }
        self.population = population;
        self
    }

    /// The rows that were measured.
    pub fn rows(&self) -> u64 {
        self.persons.map_or(self.sizes.rows, |persons| persons.rows)
    }

    /// The largest share of one value of a sensitive column in a class.
    pub fn largest_share(&self) -> Option<f64> {
        let columns = self.sensitive.iter();
        let shares = columns.map(|column| column.measures.largest_share);
        shares.reduce(f64::max)
    }

    /// The least number of distinct values of a sensitive column in a class; nothing without
    /// sensitive columns.
    pub fn l(&self) -> Option<u64> {
        let columns = self.sensitive.iter();
        columns
            .map(|column| column.measures.l_distinct as u64)
            .min()
    }

    /// The greatest distance of a sensitive column's values in a class from the file's.
    pub fn t(&self) -> Option<f64> {
        let columns = self.sensitive.iter();
        columns.map(|column| column.measures.t).reduce(f64::max)
    }
}
