//! The groups of a column: its values in rising order, at least so many in each group, and the mean of each.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// A column whose values must all be known before any of its cells is written.
#[derive(Debug)]
pub struct WholeColumn {
    size: usize,
    collects: AtomicBool,
    groups: OnceLock<Groups>,
}

/// What is written in the place of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Written {
    /// The value itself, for the pass that collects values and publishes nothing.
    Value,
    /// The mean of its group.
    Mean(i64),
    /// Nothing that tells of it: no value was collected yet.
    Unknown,
}

/// Why a column makes no groups: it has values, and fewer than one group takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooFewValues {
    /// How many a group takes at least.
    pub(crate) size: usize,
}

impl WholeColumn {
    pub(in crate::rules) fn new(size: usize) -> Self {
        Self {
            size,
            collects: AtomicBool::new(false),
            groups: OnceLock::new(),
        }
    }

    /// Whether its values are known, and means are written.
    pub(crate) fn is_known(&self) -> bool {
        self.groups.get().is_some()
    }

    /// From now on its values themselves are written, in hundredths: to a pass that publishes nothing.
    pub(crate) fn collect(&self) {
        self.collects.store(true, Ordering::Relaxed);
    }

    /// Makes groups of all its values; from now on their means are written.
    ///
    /// # Errors
    /// [`TooFewValues`].
    pub(crate) fn know(&self, values: Vec<i64>) -> Result<(), TooFewValues> {
        self.collects.store(false, Ordering::Relaxed);
        let groups = Groups::of(values, self.size).ok_or(TooFewValues { size: self.size })?;
        let _ = self.groups.set(groups);
        Ok(())
    }

    /// What is written in the place of a value.
    pub(in crate::rules) fn written(&self, value: i64) -> Written {
        match self.groups.get() {
            Some(groups) => groups.mean(value).map_or(Written::Unknown, Written::Mean),
            None if self.collects.load(Ordering::Relaxed) => Written::Value,
            None => Written::Unknown,
        }
    }
}

/// The last value of each group and its mean, in rising order.
#[derive(Debug, PartialEq, Eq)]
struct Groups(Vec<(i64, i64)>);

/// A group that is being filled.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    last: i64,
    sum: i128,
    count: usize,
}

impl Group {
    fn merged(self, next: Self) -> Self {
        Self {
            last: next.last,
            sum: self.sum + next.sum,
            count: self.count + next.count,
        }
    }

    /// Its last value and its mean, halves away from zero.
    fn told(self) -> (i64, i64) {
        let count = self.count as i128;
        let half = if self.sum < 0 {
            -(count / 2)
        } else {
            count / 2
        };
        let mean = self.sum.saturating_add(half).checked_div(count);
        // The mean of such values is one.
        (
            self.last,
            mean.and_then(|mean| i64::try_from(mean).ok())
                .unwrap_or(self.last),
        )
    }
}

impl Groups {
    /// Groups of at least `size` values; nothing if there are values, but fewer than that. Equal values are in
    /// one group: so what is written for a value does not depend on the row that it stands in. What is left at the
    /// end goes into the last group.
    fn of(mut values: Vec<i64>, size: usize) -> Option<Self> {
        values.sort_unstable();
        let (mut groups, mut last, mut open) = (Vec::new(), None::<Group>, Group::default());
        for equal in values.chunk_by(|one, other| one == other) {
            let value = equal.first().copied().unwrap_or_default();
            open = open.merged(Group {
                last: value,
                sum: i128::from(value) * equal.len() as i128,
                count: equal.len(),
            });
            if open.count >= size {
                groups.extend(last.replace(std::mem::take(&mut open)).map(Group::told));
            }
        }
        let last = match (last, open.count) {
            (last, 0) => last,
            (Some(last), _) => Some(last.merged(open)),
            (None, _) => return None,
        };
        groups.extend(last.map(Group::told));
        Some(Self(groups))
    }

    /// The mean of the group that a value is in.
    fn mean(&self, value: i64) -> Option<i64> {
        let at = self.0.partition_point(|(last, _)| *last < value);
        let group = self.0.get(at).or(self.0.last());
        group.map(|(_, mean)| *mean)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn groups_are_filled_in_rising_order() {
        /// A name, values, the size, and the last value and the mean of each group.
        type Case<'a> = (&'a str, &'a [i64], usize, Option<&'a [(i64, i64)]>);
        let cases: &[Case<'_>] = &cases![
            "nobody", &[], 3, Some(&[]);
            "too few", &[1, 2], 3, None;
            "one group", &[3, 1, 2], 3, Some(&[(3, 2)]);
            "what is left joins the last", &[1, 2, 3, 10, 20], 3, Some(&[(20, 7)]);
            "two groups", &[60, 2, 3, 1, 50, 40], 3, Some(&[(3, 2), (60, 50)]);
            "equal ones stay together", &[1, 2, 2, 2, 9, 9], 2, Some(&[(2, 2), (9, 9)]);
            "halves go away from zero", &[1, 2, -1, -2], 2, Some(&[(-1, -2), (2, 2)]);
            "all equal", &[7; 9], 2, Some(&[(7, 7)]);
            "the extremes",
            &[i64::MAX, i64::MIN, i64::MAX, i64::MIN],
            2,
            Some(&[(i64::MIN, i64::MIN), (i64::MAX, i64::MAX)]);
        ];
        for (name, values, size, expected) in cases {
            let groups = Groups::of(values.to_vec(), *size);
            let groups = groups.as_ref().map(|groups| groups.0.as_slice());
            assert_eq!(groups, *expected, "{name}");
        }
    }

    #[test]
    fn a_column_writes_no_value_but_to_who_collects() {
        let column = WholeColumn::new(2);
        assert_eq!(column.written(5), Written::Unknown);
        column.collect();
        assert_eq!(column.written(5), Written::Value);
        assert_eq!(column.know(vec![5]), Err(TooFewValues { size: 2 }));
        assert_eq!(column.written(5), Written::Unknown);
        column.collect();
        column.know(vec![5, 8]).unwrap();
        column.collect();
        assert_eq!(column.written(5), Written::Mean(7));
        // It was not there when values were collected.
        assert_eq!(column.written(900), Written::Mean(7));
    }

    proptest! {
        #[test]
        fn every_mean_is_shared_and_the_sum_is_kept(
            values in prop::collection::vec(prop_oneof![-20_i64..20, -100_000_i64..100_000], 0..300),
            size in 2_usize..9,
        ) {
            let Some(groups) = Groups::of(values.clone(), size) else {
                prop_assert!((1..size).contains(&values.len()));
                return Ok(());
            };
            let mut rows: BTreeMap<i64, (usize, i128)> = BTreeMap::new();
            for value in &values {
                let (count, sum) = rows.entry(groups.mean(*value).unwrap()).or_default();
                (*count, *sum) = (*count + 1, *sum + i128::from(*value));
            }
            for (mean, (count, sum)) in rows {
                prop_assert!(count >= size);
                // Groups of one mean count together, each rounded by half at most.
                prop_assert!(2 * (i128::from(mean) * count as i128 - sum).abs() <= count as i128);
            }
            // Order is kept.
            prop_assert!(groups.0.is_sorted());
            prop_assert!(groups.0.iter().map(|(_, mean)| mean).is_sorted());
        }
    }
}
