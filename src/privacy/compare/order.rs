//! What the order of rows, and their index, tell of who is who in two releases.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::index::MANY;
use super::release::Release;
use super::{Column, Indexed, Ordered};
use crate::base::parallel;

/// Whether two rows may be the same.
fn agree((old, one): (&Release, u32), (new, other): (&Release, u32), columns: &[Column]) -> bool {
    let mut columns = columns.iter().enumerate();
    columns.all(|(at, column)| column.overlaps.meet(old.code(at, one), new.code(at, other)))
}

/// What the order of rows tells. `pairs` are the rows that are linked one to one: the newer, the older.
pub(super) fn ordered(
    old: &Release,
    new: &Release,
    columns: &[Column],
    mut pairs: Vec<(u32, u32)>,
    threads: usize,
) -> Ordered {
    let both = old.rows().min(new.rows());
    let same = parallel::ranges(both, threads, |rows| {
        let rows = rows.filter(|row| agree((old, *row as u32), (new, *row as u32), columns));
        rows.count() as u64
    });
    pairs.sort_unstable();
    Ordered {
        same_position: same.iter().sum(),
        pairs: pairs.len() as u64,
        in_order: longest_rise(pairs.iter().map(|(_, older)| *older)),
    }
}

/// The length of the longest rising subsequence.
fn longest_rise(numbers: impl Iterator<Item = u32>) -> u64 {
    // By length: the least number that such a subsequence ends with.
    let mut ends: Vec<u32> = Vec::new();
    for number in numbers {
        let place = ends.partition_point(|end| *end < number);
        match ends.get_mut(place) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    ends.len() as u64
}

/// What the index tells, if both releases have one.
pub(super) fn indexed(old: &Release, new: &Release, columns: &[Column]) -> Option<Indexed> {
    let (older, newer) = (old.indexes()?, new.indexes()?);
    let mut row_of: HashMap<u64, u32, RandomState> = HashMap::default();
    for (row, index) in (0..).zip(older) {
        row_of
            .entry(*index)
            .and_modify(|row| *row = MANY)
            .or_insert(row);
    }
    let mut found = Indexed::default();
    for (row, index) in (0..).zip(newer) {
        if let Some(other) = row_of.get(index).filter(|other| **other != MANY) {
            found.same += 1;
            found.agree += u64::from(agree((old, *other), (new, row), columns));
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rise_need_not_be_of_neighbours() {
        for (numbers, expected) in [
            (&[][..], 0),
            (&[5], 1),
            (&[1, 2, 3, 4], 4),
            (&[4, 3, 2, 1], 1),
            (&[3, 1, 4, 1, 5, 9, 2, 6], 4),
            (&[10, 1, 2, 11, 3, 12], 4),
        ] {
            assert_eq!(
                longest_rise(numbers.iter().copied()),
                expected,
                "{numbers:?}"
            );
        }
    }
}
