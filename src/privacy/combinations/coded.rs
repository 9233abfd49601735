//! Combinations of rows given as codes, for tests.

use super::{Combinations, Layout};
use crate::privacy::SensitiveCounts;

/// A row as codes: quasi-identifying ones, then sensitive ones.
pub(crate) type CodedRow = (Vec<u32>, Vec<u32>);

impl Combinations {
    /// Counts rows given as codes.
    pub(crate) fn of_rows(rows: &[CodedRow]) -> Self {
        use std::collections::BTreeMap;

        let columns = rows.first().map_or(0, |(codes, _)| codes.len());
        let sensitive = rows.first().map_or(0, |(_, codes)| codes.len());
        let most = |code: &dyn Fn(&CodedRow) -> u32| {
            rows.iter()
                .map(code)
                .max()
                .map_or(0, |most| most as usize + 1)
        };
        let distinct: Vec<usize> = (0..columns).map(|at| most(&|row| row.0[at])).collect();
        let layout = Layout::new(&distinct);
        type Counted = (u32, Vec<BTreeMap<u32, u32>>);
        let mut counted: BTreeMap<Vec<u64>, Counted> = BTreeMap::new();
        for (codes, values) in rows {
            let mut key = vec![0; layout.words()];
            layout.pack(codes.iter().copied(), &mut key);
            let entry = counted
                .entry(key)
                .or_insert_with(|| (0, vec![BTreeMap::new(); sensitive]));
            entry.0 += 1;
            for (counts, value) in entry.1.iter_mut().zip(values) {
                *counts.entry(*value).or_default() += 1;
            }
        }
        let by_column = (0..sensitive).map(|at| {
            let mut counts = SensitiveCounts::new(most(&|row| row.1[at]));
            for (_, values) in counted.values() {
                let values = values[at].iter().map(|(code, count)| (*code, *count));
                counts.push(&values.collect::<Vec<_>>());
            }
            counts
        });
        let sensitive = by_column.collect();
        let counts = counted.values().map(|(count, _)| *count).collect();
        Self::new(
            layout,
            counted.into_keys().flatten().collect(),
            counts,
            sensitive,
        )
    }
}
