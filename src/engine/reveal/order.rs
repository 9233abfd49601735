//! Which rows of a sealed file are there, and in which order: told by the numbers in their seals.

use std::collections::HashMap;

use crate::crypto::seal::Sealed;

/// Rows whose numbers are marked in one piece of memory.
const PIECE: u64 = 1 << 16;

/// The rows so far. It takes a bit for each row of the file.
#[derive(Debug, Default)]
pub struct Order {
    /// By the number divided by [`PIECE`]: a bit for each row.
    seen: HashMap<u64, Vec<u64>>,
    last: u64,
    moved: bool,
    rows: u64,
    doubled: u64,
    /// How many rows the last one says that the file has.
    total: Option<u64>,
}

impl Order {
    /// Adds the next row of the file.
    pub(super) fn add(&mut self, row: &Sealed) {
        self.rows += 1;
        let piece = self.seen.entry(row.number / PIECE);
        let piece = piece.or_insert_with(|| vec![0; (PIECE / 64) as usize]);
        let bit = row.number % PIECE;
        let Some(word) = usize::try_from(bit / 64)
            .ok()
            .and_then(|at| piece.get_mut(at))
        else {
            return;
        };
        let mask = 1 << (bit % 64);
        match *word & mask == 0 {
            true => *word |= mask,
            false => self.doubled += 1,
        }
        self.moved |= row.number < self.last;
        self.last = row.number;
        self.total = row.rows.or(self.total);
    }

    /// Whether any row was sealed.
    pub fn is_sealed(&self) -> bool {
        self.rows > 0
    }

    /// Whether all rows are there, once, in the order in which they were written.
    pub fn is_whole(&self) -> bool {
        !self.moved && self.doubled == 0 && self.total == Some(self.rows)
    }

    pub fn told(&self) -> Vec<String> {
        if self.is_whole() {
            return vec![
                fixed!("all rows are there, in the order in which they were written").into(),
            ];
        }
        let mut told = Vec::new();
        let there = self.rows - self.doubled;
        match self.total {
            None => told.push(
                fixed!("rows were left out: the last row of the file is not among them").into(),
            ),
            Some(total) if there < total => told.push(plural!(
                total,
                "{there} of {n} row is there",
                "{there} of {n} rows are there",
                there
            )),
            Some(_) => {}
        }
        if self.doubled > 0 {
            told.push(plural!(
                self.doubled,
                "{n} row is there a second time",
                "{n} rows are there a second time"
            ));
        }
        if self.moved {
            told.push(fixed!("the order of the rows was changed").into());
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_were_moved_left_out_or_doubled_are_told() {
        for (numbers, whole, parts) in [
            (&[1, 2, 5, 70_000][..], true, &["all rows"][..]),
            (&[2, 1, 5, 70_000], false, &["order"]),
            (&[1, 5, 70_000], false, &["3 of 4 rows"]),
            (&[1, 2, 5], false, &["last row"]),
            (
                &[1, 2, 2, 5, 70_000],
                false,
                &["1 row is there a second time"],
            ),
            (
                &[70_000, 70_000, 2, 2, 1],
                false,
                &["3 of 4 rows", "2 rows are there a second time", "order"],
            ),
        ] {
            let mut order = Order::default();
            for number in numbers {
                order.add(&Sealed {
                    number: *number,
                    rows: (*number == 70_000).then_some(4),
                });
            }
            assert_eq!(order.is_whole(), whole, "{numbers:?}");
            let told = order.told();
            assert_eq!(told.len(), parts.len(), "{told:?}");
            for (told, part) in told.iter().zip(parts) {
                assert!(told.contains(part), "{told}");
            }
        }
    }
}
