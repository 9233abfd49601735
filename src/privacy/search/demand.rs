//! What a class has to satisfy: k rows, l sensitive values, a distance of t at most.

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
    /// The largest distance, and what it is from, by sensitive column.
    closeness: Option<(f64, Vec<Distribution>)>,
    /// How many sensitive columns there are.
    columns: usize,
    /// By sensitive column: how many values the `*` class holds at least.
    star: Vec<u32>,
}

impl Demand {
    pub(super) fn new(combinations: &Combinations, requirement: &Requirement) -> Self {
        let columns = combinations.sensitive();
        let wanted = requirement.l.unwrap_or(2);
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
            let tables = tables.map(|(column, order)| Distribution::new(column, order));
            (closeness.t, tables.collect())
        });
        Self {
            k: requirement.k.max(1),
            max_suppressed: requirement.max_suppressed,
            l: requirement.l.unwrap_or(0),
            star: star.collect(),
            columns: columns.len(),
            closeness,
        }
    }

    /// Whether rows that fail in a class also fail in every class within it: so of k and of l, not
    /// of t.
    pub(super) fn monotone(&self) -> bool {
        self.closeness.is_none()
    }

    /// How many sensitive columns matter to a class, besides its number of rows.
    pub(super) fn sensitive(&self) -> usize {
        let any = self.l > 1 || self.closeness.is_some();
        if any { self.columns } else { 0 }
    }

    /// How many sensitive columns matter to the `*` class.
    pub(super) fn sensitive_of_star(&self) -> usize {
        self.columns
    }

    /// Whether a class of so many rows and values (by sensitive column) is as asked for.
    pub(super) fn met<'v>(&self, rows: u64, values: impl Fn(usize) -> &'v [(u32, u32)]) -> bool {
        rows >= u64::from(self.k)
            && (0..self.sensitive()).all(|column| {
                let values = values(column);
                values.len() >= self.l as usize && self.close(column, values)
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
        let table = tables.get(column);
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
