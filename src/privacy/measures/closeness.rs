//! t-closeness: how far the values in a class are from those of the whole table.
//!
//! N. Li, T. Li, S. Venkatasubramanian, *t-Closeness: Privacy Beyond k-Anonymity and l-Diversity*,
//! ICDE 2007. The distance is the Earth Mover's, from the shares *qᵢ* of a sensitive column's values
//! in the class to their shares *pᵢ* in the table, with one of two ground distances:
//!
//! * ordered, for *m* values in a row, |*i* − *j*| / (*m* − 1):
//!   *t* = 1 / (*m* − 1) · Σᵢ |(*q₁* − *p₁*) + … + (*qᵢ* − *pᵢ*)|;
//! * equal, for categories, 1 between any two: *t* = ½ Σᵢ |*qᵢ* − *pᵢ*|, the total variation.
//!
//! A missing value has no place in a row of numbers: the ordered distance is that of the values which
//! are there, and *t* is no less than the difference between the shares of missing ones.
//!
//! Both are from 0 to 1. Sums are of integers, in units of 1 / (rows of the class · rows of the
//! table): a distance does not depend on the order in which it is added up.

use super::super::SensitiveCounts;
use super::Order;

/// Which distance between two values *t* was computed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distance {
    /// By rank: numbers and brackets.
    Ordered,
    /// The same between any two: categories.
    Equal,
}

/// The values of a sensitive column in the whole table, ready to be compared with those of many
/// classes.
#[derive(Debug, Clone)]
pub struct Distribution {
    rows: u64,
    shape: Shape,
}

#[derive(Debug, Clone)]
enum Shape {
    Ordered {
        /// For each code.
        ranks: Vec<Option<u32>>,
        /// Rows with at most this rank.
        cumulative: Vec<u64>,
        /// Sums of `cumulative` below each rank, and of all behind the last.
        sums: Vec<u128>,
    },
    Equal {
        /// Rows with each code.
        counts: Vec<u64>,
    },
}

impl Distribution {
    /// The distribution over all classes together.
    pub fn new(column: &SensitiveCounts, order: &Order) -> Self {
        let mut counts = vec![0_u64; column.distinct()];
        for (code, count) in column.all() {
            if let Some(slot) = counts.get_mut(*code as usize) {
                *slot += u64::from(*count);
            }
        }
        let rows = counts.iter().sum();
        let shape = match order {
            Order::Categories => Shape::Equal { counts },
            Order::Ranked(ranks) => {
                let largest = ranks.iter().flatten().max();
                let largest = largest.map_or(0, |rank| *rank as usize + 1);
                let mut cumulative = vec![0_u64; largest];
                for (rank, count) in ranks.iter().zip(counts) {
                    if let Some(slot) = rank.and_then(|rank| cumulative.get_mut(rank as usize)) {
                        *slot += count;
                    }
                }
                let mut rows = 0;
                let mut sum = 0;
                let mut sums = vec![0_u128];
                for slot in &mut cumulative {
                    rows += *slot;
                    *slot = rows;
                    sum += u128::from(rows);
                    sums.push(sum);
                }
                Shape::Ordered {
                    ranks: ranks.clone(),
                    cumulative,
                    sums,
                }
            }
        };
        Self { rows, shape }
    }

    /// The distance that [`class_t`] uses.
    pub fn distance(&self) -> Distance {
        match self.shape {
            Shape::Ordered { .. } => Distance::Ordered,
            Shape::Equal { .. } => Distance::Equal,
        }
    }
}

/// How far a class is from the table, from 0 to 1, from each value's code with its number of rows.
/// The class is part of the table. `ranked` is room for the work, of any content.
///
/// Takes time by the values of the class, not by those of the table.
pub fn class_t(entries: &[(u32, u32)], table: &Distribution, ranked: &mut Vec<(u32, u32)>) -> f64 {
    let rows: u64 = entries.iter().map(|(_, count)| u64::from(*count)).sum();
    if rows == 0 {
        return 0.0;
    }
    let whole = u128::from(rows) * u128::from(table.rows);
    match &table.shape {
        Shape::Equal { counts } => {
            // What some values have too much others have too little: ½ Σ|q − p| = Σ max(0, q − p).
            let moved: u128 = entries
                .iter()
                .map(|(code, count)| {
                    let all = counts.get(*code as usize).copied().unwrap_or(0);
                    let expected = u128::from(all) * u128::from(rows);
                    (u128::from(*count) * u128::from(table.rows)).saturating_sub(expected)
                })
                .sum();
            moved as f64 / whole as f64
        }
        Shape::Ordered {
            ranks,
            cumulative,
            sums,
        } => {
            ranked.clear();
            ranked.extend(entries.iter().filter_map(|(code, count)| {
                let rank = ranks.get(*code as usize).copied().flatten()?;
                Some((rank, *count))
            }));
            // Of those that have a value.
            let all = cumulative.last().copied().unwrap_or(0);
            let own: u64 = ranked.iter().map(|(_, count)| u64::from(*count)).sum();
            let missing = u128::from(rows - own) * u128::from(table.rows);
            let expected = u128::from(table.rows - all) * u128::from(rows);
            let missing = missing.abs_diff(expected) as f64 / whole as f64;
            let steps = cumulative.len().saturating_sub(1);
            if steps == 0 || own == 0 {
                return missing;
            }
            ranked.sort_unstable_by_key(|(rank, _)| *rank);
            let (mut moved, mut below, mut from) = (0_u128, 0_u64, 0);
            for (rank, count) in ranked.iter() {
                let to = *rank as usize;
                moved += between(cumulative, sums, from..to, below, own, all);
                below += u64::from(*count);
                from = to;
            }
            moved += between(cumulative, sums, from..cumulative.len(), below, own, all);
            let whole = (u128::from(own) * u128::from(all)) as f64;
            missing.max(moved as f64 / (whole * steps as f64))
        }
    }
}

/// Σ |`below` · `all` − cumulativeᵢ · `rows`| over a range of ranks, where cumulativeᵢ rises: first it is
/// on one side, then on the other.
fn between(
    cumulative: &[u64],
    sums: &[u128],
    range: std::ops::Range<usize>,
    below: u64,
    rows: u64,
    all: u64,
) -> u128 {
    let Some(slice) = cumulative.get(range.clone()) else {
        return 0;
    };
    let level = u128::from(below) * u128::from(all);
    let rows = u128::from(rows);
    let middle = range.start + slice.partition_point(|&at| u128::from(at) * rows < level);
    let sum = |from: usize, to: usize| {
        let at = |rank: usize| sums.get(rank).copied().unwrap_or(0);
        (at(to) - at(from)) * rows
    };
    let times = |from: usize, to: usize| (to - from) as u128 * level;
    let lower = times(range.start, middle) - sum(range.start, middle);
    let upper = sum(middle, range.end) - times(middle, range.end);
    lower + upper
}
