//! How large the equivalence classes are.

use super::super::Combinations;
use crate::base::parallel;

/// The least size of each bin of the distribution; a bin ends where the next begins. Sizes up to
/// 10 stand alone, for they are the ones that thresholds are about; then steps of 1, 2, 5.
const BIN_STARTS: [u64; 17] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 21, 51, 101, 201, 501, 1001,
];

/// How many classes there are, and how many rows are in small ones.
///
/// The limits are those in use: a class of one row is one person; 3, 5 and 11 are the least sizes
/// that statistical offices and health data custodians commonly ask for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Smallness {
    /// Equivalence classes.
    pub classes: u64,
    /// k of k-anonymity: the rows of the smallest class; 0 where there is none. (L. Sweeney,
    /// *k-anonymity: a model for protecting privacy*, IJUFKS 10(5), 2002.)
    pub k: u64,
    /// Rows that are alone in their class.
    pub unique_rows: u64,
    /// Rows in classes of fewer than 3.
    pub rows_under_3: u64,
    /// Rows in classes of fewer than 5.
    pub rows_under_5: u64,
    /// Rows in classes of fewer than 11.
    pub rows_under_11: u64,
}

impl Smallness {
    /// Counts one more class of so many rows, at least one.
    #[inline]
    pub fn add(&mut self, rows: u64) {
        self.add_many(1, rows);
    }

    /// Counts so many more classes, each of so many rows, at least one.
    #[inline]
    pub fn add_many(&mut self, classes: u64, rows: u64) {
        if classes == 0 {
            return;
        }
        if rows < self.k || self.classes == 0 {
            self.k = rows;
        }
        self.classes += classes;
        if rows < 11 {
            let all = classes * rows;
            self.rows_under_11 += all;
            self.rows_under_5 += if rows < 5 { all } else { 0 };
            self.rows_under_3 += if rows < 3 { all } else { 0 };
            self.unique_rows += if rows < 2 { all } else { 0 };
        }
    }

    /// Of classes of so many persons each; each person counts in the smallest of their classes, of
    /// these sizes.
    pub(super) fn of_persons(
        classes: impl Iterator<Item = u64>,
        least: impl Iterator<Item = u64>,
    ) -> Self {
        let mut small = Self::default();
        for size in classes {
            small.k = if small.classes == 0 {
                size
            } else {
                small.k.min(size)
            };
            small.classes += 1;
        }
        for size in least {
            small.unique_rows += u64::from(size < 2);
            small.rows_under_3 += u64::from(size < 3);
            small.rows_under_5 += u64::from(size < 5);
            small.rows_under_11 += u64::from(size < 11);
        }
        small
    }

    /// Adds the classes of another part of the table.
    pub fn merge(&mut self, other: &Self) {
        self.k = match (self.classes, other.classes) {
            (0, _) => other.k,
            (_, 0) => self.k,
            _ => self.k.min(other.k),
        };
        self.classes += other.classes;
        self.unique_rows += other.unique_rows;
        self.rows_under_3 += other.rows_under_3;
        self.rows_under_5 += other.rows_under_5;
        self.rows_under_11 += other.rows_under_11;
    }
}

/// The classes of some sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bin {
    /// The least size.
    pub from: u64,
    /// The largest size; none in the last bin.
    pub to: Option<u64>,
    /// Classes of these sizes.
    pub classes: u64,
    /// Rows in these classes.
    pub rows: u64,
}

/// The sizes of a table's equivalence classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSizes {
    /// Rows of the table.
    pub rows: u64,
    /// Classes, k, and the rows in small classes.
    pub small: Smallness,
    /// The rows of the largest class; 0 where there is none.
    pub largest: u64,
    /// The distribution: sizes 1 to 10 alone, then 11–20, 21–50, 51–100, 101–200, 201–500,
    /// 501–1000 and more. All of them, also those without a class.
    pub distribution: Vec<Bin>,
}

/// A part of a whole, from 0 to 1; 0 of nothing.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Measures the sizes of the equivalence classes. The result does not depend on `threads`.
pub fn classes(combinations: &Combinations, threads: usize) -> ClassSizes {
    let parts = parallel::ranges(combinations.len(), threads, |range| {
        let mut sizes = ClassSizes::none();
        for &count in combinations.counts().get(range).unwrap_or_default() {
            sizes.add(u64::from(count));
        }
        sizes
    });
    let mut all = ClassSizes::none();
    parts.iter().for_each(|part| all.merge(part));
    all
}

impl ClassSizes {
    /// Those of a table without rows.
    fn none() -> Self {
        let bins = BIN_STARTS.iter().enumerate().map(|(at, &from)| Bin {
            from,
            to: BIN_STARTS.get(at + 1).map(|next| next - 1),
            classes: 0,
            rows: 0,
        });
        Self {
            rows: 0,
            small: Smallness::default(),
            largest: 0,
            distribution: bins.collect(),
        }
    }

    /// Of classes of so many persons each; each person counts in the smallest of their classes, of
    /// these sizes.
    pub(super) fn of_persons(
        classes: impl Iterator<Item = u64> + Clone,
        least: impl Iterator<Item = u64>,
    ) -> Self {
        let mut sizes = Self::none();
        for size in classes.clone() {
            sizes.largest = sizes.largest.max(size);
            if let Some(bin) = sizes.bin(size) {
                bin.classes += 1;
            }
        }
        let counted = least.inspect(|size| {
            sizes.rows += 1;
            if let Some(bin) = sizes.bin(*size) {
                bin.rows += 1;
            }
        });
        let small = Smallness::of_persons(classes, counted);
        Self { small, ..sizes }
    }

    /// The bin of classes of this size.
    #[inline]
    fn bin(&mut self, size: u64) -> Option<&mut Bin> {
        let behind = match size {
            1 => 1,
            _ => BIN_STARTS.partition_point(|&from| from <= size),
        };
        self.distribution.get_mut(behind.saturating_sub(1))
    }

    /// Counts one more class of so many rows.
    #[inline]
    fn add(&mut self, rows: u64) {
        self.rows += rows;
        self.small.add(rows);
        self.largest = self.largest.max(rows);
        if let Some(bin) = self.bin(rows) {
            bin.classes += 1;
            bin.rows += rows;
        }
    }

    fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.small.merge(&other.small);
        self.largest = self.largest.max(other.largest);
        for (bin, other) in self.distribution.iter_mut().zip(&other.distribution) {
            bin.classes += other.classes;
            bin.rows += other.rows;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table with one quasi-identifier and classes of these sizes.
    fn table(sizes: &[u32]) -> Combinations {
        let rows: Vec<_> = (0..)
            .zip(sizes)
            .flat_map(|(code, &size)| (0..size).map(move |_| (vec![code], vec![])))
            .collect();
        Combinations::of_rows(&rows)
    }

    #[test]
    fn sizes_by_hand() {
        // Sweeney's table of 2002 that adheres to k-anonymity with k = 2 has classes of
        // 2, 2, 2, 2 and 3 rows (figure 2).
        for (name, sizes, expected) in [
            ("none", &[][..], [0, 0, 0, 0, 0, 0]),
            ("one", &[1], [1, 1, 1, 1, 1, 1]),
            ("Sweeney", &[2, 2, 2, 2, 3], [5, 2, 0, 8, 11, 11]),
            ("limits", &[1, 2, 3, 4, 5, 10, 11, 12], [8, 1, 1, 3, 10, 25]),
            ("large", &[11, 40], [2, 11, 0, 0, 0, 0]),
        ] {
            let found = classes(&table(sizes), 3);
            let [
                classes,
                k,
                unique_rows,
                rows_under_3,
                rows_under_5,
                rows_under_11,
            ] = expected;
            let expected = Smallness {
                classes,
                k,
                unique_rows,
                rows_under_3,
                rows_under_5,
                rows_under_11,
            };
            assert_eq!(found.small, expected, "{name}");
            assert_eq!(found.rows, sizes.iter().map(|&n| u64::from(n)).sum::<u64>());
            assert_eq!(
                found.largest,
                sizes.iter().max().map_or(0, |&n| u64::from(n))
            );
            let rows: u64 = found.distribution.iter().map(|bin| bin.rows).sum();
            let classes: u64 = found.distribution.iter().map(|bin| bin.classes).sum();
            assert_eq!((rows, classes), (found.rows, found.small.classes), "{name}");
        }
    }

    #[test]
    fn every_size_has_its_bin() {
        for (size, from, to) in [
            (1, 1, Some(1)),
            (10, 10, Some(10)),
            (11, 11, Some(20)),
            (20, 11, Some(20)),
            (21, 21, Some(50)),
            (50, 21, Some(50)),
            (1000, 501, Some(1000)),
            (1001, 1001, None),
            (5000, 1001, None),
        ] {
            let found = classes(&table(&[size, size]), 1);
            let filled: Vec<_> = found
                .distribution
                .iter()
                .filter(|bin| bin.classes > 0)
                .collect();
            let rows = u64::from(size) * 2;
            let expected = Bin {
                from,
                to,
                classes: 2,
                rows,
            };
            assert_eq!(filled, [&expected], "{size}");
        }
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        for (left, right) in [
            (&[][..], &[][..]),
            (&[], &[3]),
            (&[7], &[]),
            (&[1, 9], &[4, 12]),
            (&[12], &[2, 2]),
        ] {
            let (mut parts, mut whole, mut other) = <(Smallness, Smallness, Smallness)>::default();
            left.iter().for_each(|&rows| parts.add(rows));
            right.iter().for_each(|&rows| other.add(rows));
            left.iter().chain(right).for_each(|&rows| whole.add(rows));
            parts.merge(&other);
            assert_eq!(parts, whole, "{left:?} {right:?}");
        }
    }
}
