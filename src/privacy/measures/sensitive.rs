//! What the classes of a table tell about a sensitive column: the least l, the largest t.

use super::super::Combinations;
use super::Order;
use super::closeness::{Distance, Distribution, class_t};
use super::diversity::class_l;
use super::persons::People;
use crate::base::parallel;

/// One class, as far as it may be told: never which one, and never a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worst {
    /// Its rows; its persons, if these are counted.
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
    /// Rows of classes with one value only (or persons with such rows): who is known to be in such a
    /// class is known to have it.
    pub rows_of_one_value: u64,
    /// The largest share of one value in a class, from 0 to 1: with which certainty it can be inferred.
    pub largest_share: f64,
    /// The class with this share; of several the largest.
    pub worst_share: Worst,
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
    share: Option<(f64, Worst)>,
    t: Option<(f64, Worst)>,
}

/// Measures each sensitive column; `orders` has one for each of [`Combinations::sensitive`].
///
/// With persons, a person counts once in each class, for each value that their rows have there.
pub fn sensitive(
    combinations: &Combinations,
    people: Option<&People>,
    orders: &[Order],
    threads: usize,
) -> Vec<Sensitive> {
    let persons = combinations.persons();
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
                    let rows = match persons {
                        Some(persons) => persons.of(class).len() as u64,
                        None => entries.iter().map(|(_, count)| u64::from(*count)).sum(),
                    };
                    part.add((entries, rows), class_t(entries, &table, &mut room));
                }
                for (code, rows) in (0..).zip(alone).filter(|(_, rows)| *rows > 0) {
                    let entries = [(code, 1)];
                    part.add((&entries, 1), class_t(&entries, &table, &mut room));
                    part.rows_of_one_value += rows - 1;
                }
                part
            });
            let part = parts.into_iter().fold(Part::default(), Part::merge);
            let (l_distinct, _, worst_l) = part.l.unwrap_or_default();
            let (t, worst_t) = part.t.unwrap_or_default();
            let (largest_share, worst_share) = part.share.unwrap_or_default();
            let of_one = |class: u32| column.of(class as usize).len() == 1;
            Sensitive {
                distinct: column.distinct(),
                l_distinct,
                l_entropy: part.l_entropy.unwrap_or(0.0),
                worst_l,
                rows_of_one_value: people
                    .map_or(part.rows_of_one_value, |people| people.with_rows_in(of_one)),
                largest_share,
                worst_share,
                t,
                distance: table.distance(),
                worst_t,
            }
        })
        .collect()
}

impl Part {
    /// Adds a class of so many rows with such values.
    fn add(&mut self, (entries, rows): (&[(u32, u32)], u64), t: f64) {
        let l = class_l(entries);
        let most = entries.iter().map(|(_, count)| *count).max();
        let share = f64::from(most.unwrap_or(0)) / rows.max(1) as f64;
        let worst = Worst {
            rows,
            distinct: l.distinct,
        };
        let one = Self {
            l: Some((l.distinct, l.entropy, worst)),
            l_entropy: Some(l.entropy),
            rows_of_one_value: if l.distinct == 1 { worst.rows } else { 0 },
            share: Some((share, worst)),
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
        let worse = |left: Option<(f64, Worst)>, right: Option<(f64, Worst)>| match (left, right) {
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
            share: worse(self.share, other.share),
            t: worse(self.t, other.t),
        }
    }
}
