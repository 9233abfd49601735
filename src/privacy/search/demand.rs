//! What a class has to satisfy: k rows (of k persons, where it is known whose rows they are), l
//! sensitive values, a distance of t at most.
//!
//! Persons are asked for as sensitive values are: they are what
//! [`Combinations::demanded`] has first.

use super::Requirement;
use crate::privacy::measures::{Distribution, Order, class_t};
use crate::privacy::{Combinations, SensitiveCounts};

/// t-closeness: how far the values of a class may be from those of the table, as
/// [`class_t`] measures it.
#[derive(Debug, Clone, PartialEq)]
pub struct Closeness {
    /// The greatest distance allowed, from 0 to 1.
    pub t: f64,
    /// How the values of each sensitive column are ordered.
    pub orders: Vec<Order>,
}

/// A requirement, with what it needs to know of the table.
#[derive(Debug)]
pub(super) struct Demand {
    pub(super) k: u32,
    pub(super) max_suppressed: u64,
    pub(super) l: u32,
    /// Whether it is known whose rows they are.
    pub(super) persons: bool,
    /// By what is demanded: how many values a class holds at least.
    least: Vec<u32>,
    /// And the `*` class.
    star: Vec<u32>,
    /// The largest distance, and what it is from, by what is demanded; not of persons.
    closeness: Option<(f64, Vec<Option<Distribution>>)>,
}

impl Demand {
    pub(super) fn new(combinations: &Combinations, requirement: &Requirement) -> Self {
        let (k, columns) = (requirement.k.max(1), combinations.sensitive());
        let persons = combinations.persons().map(|_| k);
        let wanted = requirement.l.unwrap_or(2);
        let of_columns = columns.iter().map(|_| requirement.l.unwrap_or(0));
        let star = columns.iter().map(|column| {
            // Less than that many in the whole table: nothing to ask for.
            if has_values(column, wanted as usize) {
                wanted
            } else {
                0
            }
        });
        let closeness = requirement.t.as_ref().map(|closeness| {
            let tables = columns.iter().zip(&closeness.orders);
            let tables = tables.map(|(column, order)| Some(Distribution::new(column, order)));
            let all = persons.iter().map(|_| None).chain(tables);
            (closeness.t, all.collect())
        });
        Self {
            k,
            max_suppressed: requirement.max_suppressed,
            l: requirement.l.unwrap_or(0),
            persons: persons.is_some(),
            least: persons.into_iter().chain(of_columns).collect(),
            star: persons.into_iter().chain(star).collect(),
            closeness,
        }
    }

    /// Whether rows that fail in a class also fail in every class within it: so of k and of l, not
    /// of t.
    pub(super) fn monotone(&self) -> bool {
        self.closeness.is_none()
    }

    /// How much of what may be demanded matters to a class, besides its number of rows.
    pub(super) fn sensitive(&self) -> usize {
        match self.l > 1 || self.closeness.is_some() {
            true => self.least.len(),
            false => usize::from(self.persons),
        }
    }

    /// Whether nothing but persons matters to a class, besides its number of rows.
    pub(super) fn is_of_persons(&self) -> bool {
        self.persons && self.sensitive() == 1
    }

    /// How much of what may be demanded matters to the `*` class.
    pub(super) fn sensitive_of_star(&self) -> usize {
        self.star.len()
    }

    /// Whether one class that is as asked for, suppressed besides, makes any `*` class so: the class has
    /// as many persons as are asked for, and as many values of each column if that is l.
    pub(super) fn one_is_enough(&self) -> bool {
        let columns = self.star.len() - usize::from(self.persons);
        self.monotone() && (columns < 2 || self.l > 1)
    }

    /// The size of a class, in what is counted: its rows, or its persons.
    pub(super) fn size<'v>(&self, rows: u64, values: impl Fn(usize) -> &'v [(u32, u32)]) -> u64 {
        match self.persons {
            true => values(0).len() as u64,
            false => rows,
        }
    }

    /// Whether a class of so many rows and values (by sensitive column) is as asked for.
    pub(super) fn met<'v>(&self, rows: u64, values: impl Fn(usize) -> &'v [(u32, u32)]) -> bool {
        rows >= u64::from(self.k)
            && (0..self.sensitive()).all(|column| {
                let values = values(column);
                let least = self.least.get(column).copied().unwrap_or(0);
                values.len() >= least as usize && self.close(column, values)
            })
    }

    /// Whether the `*` class may have such rows and values.
    pub(super) fn met_by_star<'v>(
        &self,
        rows: u64,
        values: impl Fn(usize) -> &'v [(u32, u32)],
    ) -> bool {
        rows == 0
            || rows >= u64::from(self.k)
                && self.star.iter().enumerate().all(|(column, least)| {
                    let values = values(column);
                    values.len() >= *least as usize && self.close(column, values)
                })
    }

    fn close(&self, column: usize, values: &[(u32, u32)]) -> bool {
        let Some((t, tables)) = &self.closeness else {
            return true;
        };
        let table = tables.get(column).and_then(Option::as_ref);
        table.is_none_or(|table| class_t(values, table, &mut Vec::new()) <= *t)
    }
}

/// Whether a column has so many values at least.
fn has_values(column: &SensitiveCounts, wanted: usize) -> bool {
    let mut seen = vec![false; column.distinct()];
    let mut missing = wanted;
    for (value, _) in column.all() {
        if missing == 0 {
            break;
        }
        if let Some(seen) = seen.get_mut(*value as usize) {
            missing -= usize::from(!std::mem::replace(seen, true));
        }
    }
    missing == 0
}
