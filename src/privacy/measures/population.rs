//! The risk of re-identification by a table of the population behind a file.
//!
//! The table has numbers of persons by place, sex and class of ages or of years; the labels of a published
//! row stand for some of its cells, each as a whole or, where a label is finer than the table, for a share of it.
//! For the rows with the same labels in the table's columns (*n* persons) that gives *N*, the persons of the
//! population who have them, never fewer than *n*; and *M*, those of them who are not in the file.
//!
//! * Rows without other quasi-identifiers: the population of a class is *N*. Where shares were taken, the *M*
//!   others are spread at random, and 1 / *F* is its mean for a Poisson number of them.
//! * Other quasi-identifiers do not narrow *N* by anything that the table knows. So 1 / *N* is a lower bound. An
//!   estimate takes what they have in common, *x*, for independent of the table's columns: a person has *x* with a
//!   rate that is known from the *f* persons of the file (of *m*) who have it, as a gamma variable of shape *f* − α and
//!   rate *m* (J. Bethlehem, W. Keller, J. Pannekoek, *Disclosure Control of Microdata*, JASA 85, 1990; the shift is
//!   Good's and Turing's: α = 1 − 2 *m₂* / *m₁*, with *m₁* the *x* that one person has and *m₂* those that two have, as
//!   in N. Hoshino, *Applying Pitman's Sampling Formula to Microdata Disclosure Risk Assessment*, JOS 17, 2001).
//!   How many of the *M* have *x* is then negative binomial with *p* = *m* / (*m* + *M*); nobody has, with
//!   probability *p*^(*f* − α), as in C. Skinner, D. Holmes, *Estimating the Re-identification Risk Per Record in
//!   Microdata*, JOS 14, 1998, where independence is a log-linear model's.

mod alike;
mod others;

use self::alike::{Alike, Table};
use self::others::Others;
use super::persons::{People, numbers};
use super::risk::{DEFAULT_THRESHOLD, Risk};
use crate::privacy::Combinations;
use crate::privacy::population::Part;

/// Persons by place and by group (of one sex and one class of years).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells {
    /// By place, by group.
    pub persons: Vec<Vec<f64>>,
    /// How many classes of years a sex has groups of.
    pub classes: usize,
}

/// The entries of one part of the table that a label stands for, and which share of each. None if the table does
/// not have it.
pub type Stands = Vec<(u32, f64)>;

/// A column that is a part of the table.
#[derive(Debug, Clone)]
pub struct PartOf {
    /// Which part.
    pub part: Part,
    /// Its position among the quasi-identifying columns.
    pub column: usize,
    /// By the code of a value: what it stands for.
    pub labels: Vec<Stands>,
}

/// What a table of the population tells of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationRisk {
    /// The persons of the population.
    pub persons: f64,
    /// By the table alone, as if the other quasi-identifiers told nothing: a lower bound.
    pub table_alone: Risk,
    /// With an estimate of what the other quasi-identifiers tell. The same where there are none.
    pub estimated: Risk,
    /// How many rows (persons) are expected to be unique in the population, of how many.
    pub expected_unique: f64,
    /// Of how many rows (persons) that is.
    pub of: u64,
    /// Classes with a risk above the threshold, by the estimate.
    pub classes_above: u64,
    /// Classes whose labels fewer persons have in the table than in the file.
    pub undercounted: u64,
    /// Classes with a label that the table does not have: they are taken for all of their population.
    pub unknown: u64,
}

/// What is known of a class.
#[derive(Debug, Clone, Copy, Default)]
struct OfClass {
    alone: f64,
    estimated: f64,
    unique: f64,
}

/// Measures what `cells` tells of combinations of `quasi`, the distinct values of the quasi-identifying columns, of
/// which `parts` are in the table.
pub fn population_risk(
    combinations: &Combinations,
    quasi: &[Vec<Box<[u8]>>],
    cells: &Cells,
    parts: &[PartOf],
) -> PopulationRisk {
    let people = People::new(combinations);
    let sizes: Vec<f64> = match &people {
        Some(people) => people.sizes().iter().copied().map(f64::from).collect(),
        None => combinations
            .counts()
            .iter()
            .copied()
            .map(f64::from)
            .collect(),
    };
    let beyond: Vec<usize> = (0..quasi.len())
        .filter(|column| !parts.iter().any(|part| part.column == *column))
        .collect();
    let codes = |columns: &[usize]| {
        let all = (0..combinations.len()).flat_map(|at| {
            columns
                .iter()
                .map(move |column| u64::from(combinations.code(at, *column)))
        });
        all.collect::<Vec<u64>>()
    };
    let inside: Vec<usize> = parts.iter().map(|part| part.column).collect();
    let alike_of = numbers(&codes(&inside), inside.len().max(1));
    let alike = Table { cells, parts }.alike(combinations, &alike_of, &sizes);
    let others = Others::new(quasi, &beyond, &codes(&beyond), &sizes);
    let classes = alike_of.iter().zip(&sizes).enumerate();
    let classes = classes.map(|(at, (group, size))| {
        let alike = alike.get(*group as usize).cloned().unwrap_or_default();
        let alone = alike.alone();
        match others.of(at) {
            None => alone,
            Some((shape, all)) => alike.with_others(*size, shape, all, alone),
        }
    });
    let classes: Vec<OfClass> = classes.collect();
    let above = |class: &&OfClass| class.estimated > DEFAULT_THRESHOLD;
    let of_alike = |wanted: &dyn Fn(&Alike) -> bool| {
        let groups = alike_of
            .iter()
            .filter_map(|group| alike.get(*group as usize));
        groups.filter(|alike| wanted(alike)).count() as u64
    };
    let sums = Sums::new(&classes, &sizes, people.as_ref());
    PopulationRisk {
        persons: cells.persons.iter().flatten().sum(),
        table_alone: sums.alone.risk(),
        estimated: sums.estimated.risk(),
        expected_unique: sums.unique,
        of: sums.alone.rows,
        classes_above: classes.iter().filter(above).count() as u64,
        undercounted: of_alike(&|alike| alike.known && alike.touched + 1e-9 < alike.own),
        unknown: of_alike(&|alike| !alike.known),
    }
}

/// A risk, as it is summed up.
#[derive(Default)]
struct Sum {
    highest: f64,
    above: u64,
    sum: f64,
    rows: u64,
}

impl Sum {
    fn add(&mut self, risk: f64, rows: f64) {
        self.highest = self.highest.max(risk);
        self.rows += rows as u64;
        self.sum += risk * rows;
        if risk > DEFAULT_THRESHOLD {
            self.above += rows as u64;
        }
    }

    fn risk(&self) -> Risk {
        let rows = self.rows.max(1) as f64;
        Risk {
            highest: self.highest,
            rows_above: self.above as f64 / rows,
            average: self.sum / rows,
        }
    }
}

/// The sums over rows, or over persons, each in the class that tells most of them.
#[derive(Default)]
struct Sums {
    alone: Sum,
    estimated: Sum,
    unique: f64,
}

impl Sums {
    fn new(classes: &[OfClass], sizes: &[f64], people: Option<&People>) -> Self {
        let mut sums = Self::default();
        let mut add = |class: OfClass, rows: f64| {
            sums.alone.add(class.alone, rows);
            sums.estimated.add(class.estimated, rows);
            sums.unique += class.unique * rows;
        };
        match people {
            None => classes
                .iter()
                .zip(sizes)
                .for_each(|(class, rows)| add(*class, *rows)),
            Some(people) => {
                for rows in people.each().filter(|rows| !rows.is_empty()) {
                    let own = rows.iter().filter_map(|(at, _)| classes.get(*at as usize));
                    let most = own.fold(OfClass::default(), |most, class| OfClass {
                        alone: most.alone.max(class.alone),
                        estimated: most.estimated.max(class.estimated),
                        unique: most.unique.max(class.unique),
                    });
                    add(most, 1.0);
                }
            }
        }
        sums
    }
}
