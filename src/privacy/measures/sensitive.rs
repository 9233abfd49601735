//! What the classes of a table tell about a sensitive column: the least l, the largest t.

use super::super::Combinations;
use super::Order;
use super::closeness::{Distance, Distribution, class_t};
use super::diversity::class_l;
use crate::base::parallel;

/// One class, as far as it may be told: never which one, and never a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worst {
    /// Its rows.
    pub rows: u64,
    /// The distinct values of the sensitive column in it.
    pub distinct: usize,
}

/// The measures of one sensitive column; all 0 for a table without rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sensitive {
    /// Distinct values in the table; a missing one counts as a value.
    pub distinct: usize,
    /// Distinct l-diversity: the fewest distinct values in a class.
    pub l_distinct: usize,
    /// Entropy l-diversity: exp of the least entropy of a class.
    pub l_entropy: f64,
    /// The class with the least distinct values; of those the one with the least entropy, then
    /// the largest.
    pub worst_l: Worst,
    /// Rows of classes with one value only: who is known to be in such a class is known to have it.
    pub rows_of_one_value: u64,
    /// t-closeness: the largest distance of a class from the table.
    pub t: f64,
    /// The distance that `t` is of.
    pub distance: Distance,
    /// The class with this `t`; of several the largest.
    pub worst_t: Worst,
}

/// What a part of the classes has.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    l: Option<(usize, f64, Worst)>,
    l_entropy: Option<f64>,
    rows_of_one_value: u64,
    t: Option<(f64, Worst)>,
}

/// Measures each sensitive column; `orders` has one for each of [`Combinations::sensitive`].
pub fn sensitive(combinations: &Combinations, orders: &[Order], threads: usize) -> Vec<Sensitive> {
    let columns = combinations.sensitive().iter().zip(orders);
    columns
        .map(|(column, order)| {
            let table = Distribution::new(column, order);
            let parts = parallel::ranges(combinations.len(), threads, |range| {
                let mut part = Part::default();
                let mut room = Vec::new();
                // By code: how many classes are one row that has it. What is measured of them is
                // the same, and most classes of most tables are such.
                let mut alone = vec![0_u64; column.distinct()];
                for class in range {
                    let entries = column.of(class);
                    if let [(code, 1)] = entries
                        && let Some(rows) = alone.get_mut(*code as usize)
                    {
                        *rows += 1;
                        continue;
                    }
                    part.add(entries, class_t(entries, &table, &mut room));
                }
                for (code, rows) in (0..).zip(alone).filter(|(_, rows)| *rows > 0) {
                    let entries = [(code, 1)];
                    part.add(&entries, class_t(&entries, &table, &mut room));
                    part.rows_of_one_value += rows - 1;
                }
                part
            });
            let part = parts.into_iter().fold(Part::default(), Part::merge);
            let (l_distinct, _, worst_l) = part.l.unwrap_or_default();
            let (t, worst_t) = part.t.unwrap_or_default();
            Sensitive {
                distinct: column.distinct(),
                l_distinct,
                l_entropy: part.l_entropy.unwrap_or(0.0),
                worst_l,
                rows_of_one_value: part.rows_of_one_value,
                t,
                distance: table.distance(),
                worst_t,
            }
        })
        .collect()
}

impl Part {
    fn add(&mut self, entries: &[(u32, u32)], t: f64) {
        let l = class_l(entries);
        let worst = Worst {
            rows: entries.iter().map(|(_, count)| u64::from(*count)).sum(),
            distinct: l.distinct,
        };
        let one = Self {
            l: Some((l.distinct, l.entropy, worst)),
            l_entropy: Some(l.entropy),
            rows_of_one_value: if l.distinct == 1 { worst.rows } else { 0 },
            t: Some((t, worst)),
        };
        *self = self.merge(one);
    }

    /// The worst of two parts: the same whichever comes first.
    fn merge(self, other: Self) -> Self {
        let l = match (self.l, other.l) {
            (Some(left), Some(right)) => {
                let order = (left.0.cmp(&right.0))
                    .then(left.1.total_cmp(&right.1))
                    .then(right.2.rows.cmp(&left.2.rows));
                Some(if order.is_le() { left } else { right })
            }
            (left, right) => left.or(right),
        };
        let t = match (self.t, other.t) {
            (Some(left), Some(right)) => {
                let order = (right.0.total_cmp(&left.0))
                    .then(right.1.rows.cmp(&left.1.rows))
                    .then(left.1.distinct.cmp(&right.1.distinct));
                Some(if order.is_le() { left } else { right })
            }
            (left, right) => left.or(right),
        };
        let l_entropy = match (self.l_entropy, other.l_entropy) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
        Self {
            l,
            l_entropy,
            rows_of_one_value: self.rows_of_one_value + other.rows_of_one_value,
            t,
        }
    }
}
