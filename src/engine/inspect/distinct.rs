//! How many values a column has, and how many rows share each: exactly as long as they are few,
//! then estimated.
//!
//! Only hashes of values are held. Up to a limit they are counted one by one; beyond it, registers
//! of a HyperLogLog take their place: P. Flajolet, É. Fusy, O. Gandouet, F. Meunier, *HyperLogLog:
//! the analysis of a near-optimal cardinality estimation algorithm*, 2007. Whether the limit is
//! passed depends on the set of values alone, and both forms merge in any order, so the figures do
//! not depend on the number of threads.

use std::collections::HashMap;
use std::hash::BuildHasher;

use foldhash::quality::FixedState;

/// Bits of a hash that choose a register: 4096 registers, a standard error of 1.6 %.
const INDEX_BITS: u32 = 12;
const REGISTERS: usize = 1 << INDEX_BITS;

/// The hash of a value, the same in every run.
pub(super) fn hash(value: &[u8]) -> u64 {
    FixedState::with_seed(0x1234_5678_9ABC_DEF1).hash_one(value)
}

/// The distinct values of a column.
#[derive(Debug, Clone)]
pub struct Distinct {
    limit: usize,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    /// How often each value occurs.
    Exact(HashMap<u64, u64, FixedState>),
    Estimated(Box<[u8]>),
}

impl Distinct {
    /// No value yet; up to `limit` values are counted exactly.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            state: State::Exact(HashMap::with_hasher(FixedState::default())),
        }
    }

    pub(super) fn add(&mut self, hash: u64, times: u64) {
        match &mut self.state {
            State::Exact(counts) => {
                *counts.entry(hash).or_default() += times;
                if counts.len() > self.limit {
                    let mut registers = vec![0; REGISTERS].into_boxed_slice();
                    counts.keys().for_each(|hash| note(&mut registers, *hash));
                    self.state = State::Estimated(registers);
                }
            }
            State::Estimated(registers) => note(registers, hash),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        match &other.state {
            State::Exact(counts) => counts
                .iter()
                .for_each(|(hash, times)| self.add(*hash, *times)),
            State::Estimated(theirs) => {
                let mut registers = theirs.clone();
                match &self.state {
                    State::Exact(counts) => {
                        counts.keys().for_each(|hash| note(&mut registers, *hash));
                    }
                    State::Estimated(ours) => {
                        for (register, own) in registers.iter_mut().zip(ours) {
                            *register = (*register).max(*own);
                        }
                    }
                }
                self.state = State::Estimated(registers);
            }
        }
    }

    /// How many values there are; exactly, or an estimate if they are over the limit.
    pub fn count(&self) -> u64 {
        match &self.state {
            State::Exact(counts) => counts.len() as u64,
            State::Estimated(registers) => estimate(registers).max(self.limit as u64 + 1),
        }
    }

    /// Whether [`Self::count`] is exact.
    pub fn is_exact(&self) -> bool {
        matches!(self.state, State::Exact(_))
    }

    /// How many rows have a value that fewer than `least` rows have; `None` if the values are too
    /// many to know.
    pub fn rows_shared_by_fewer_than(&self, least: u64) -> Option<u64> {
        let State::Exact(counts) = &self.state else {
            return None;
        };
        Some(counts.values().filter(|times| **times < least).sum())
    }
}

fn note(registers: &mut [u8], hash: u64) {
    let index = (hash >> (64 - INDEX_BITS)) as usize;
    let rank = (hash << INDEX_BITS).leading_zeros().min(64 - INDEX_BITS) + 1;
    if let Some(register) = registers.get_mut(index) {
        *register = (*register).max(rank as u8);
    }
}

fn estimate(registers: &[u8]) -> u64 {
    let m = REGISTERS as f64;
    let sum: f64 = registers
        .iter()
        .map(|register| 0.5_f64.powi(i32::from(*register)))
        .sum();
    let raw = 0.7213 / (1.0 + 1.079 / m) * m * m / sum;
    let zeros = registers.iter().filter(|register| **register == 0).count();
    // Small cardinalities by linear counting, as the paper says.
    let estimate = if raw <= 2.5 * m && zeros > 0 {
        m * (m / zeros as f64).ln()
    } else {
        raw
    };
    estimate.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(values: impl Iterator<Item = u64>, limit: usize) -> Distinct {
        let mut distinct = Distinct::new(limit);
        for value in values {
            distinct.add(hash(&value.to_le_bytes()), 1);
        }
        distinct
    }

    #[test]
    fn few_values_are_counted_exactly_and_many_within_five_percent() {
        for (values, limit, exact) in [
            (0, 100, true),
            (1, 100, true),
            (100, 100, true),
            (101, 100, false),
            (5_000, 4096, false),
            (100_000, 4096, false),
            (1_000_000, 64, false),
        ] {
            let distinct = counted((0..values).chain(0..values / 2), limit);
            assert_eq!(distinct.is_exact(), exact, "{values}");
            let error = distinct.count().abs_diff(values);
            assert!(error * 20 <= values, "{values}: {}", distinct.count());
            assert!(!exact || error == 0, "{values}");
        }
    }

    #[test]
    fn merged_parts_are_the_whole_in_any_order_and_cut() {
        for values in [50_u64, 99, 100, 101, 150, 3_000] {
            let whole = counted(0..values, 100);
            for cut in [0, 1, values / 2, values - 1, values] {
                // The parts overlap.
                let parts = [counted(0..cut, 100), counted(cut / 2..values, 100)];
                let [mut a, b] = parts.clone();
                a.merge(&b);
                let [c, mut d] = parts;
                d.merge(&c);
                for merged in [a, d] {
                    assert_eq!(merged.count(), whole.count(), "{values} {cut}");
                    assert_eq!(merged.is_exact(), whole.is_exact(), "{values} {cut}");
                }
            }
        }
    }

    #[test]
    fn rows_of_rare_values_are_counted() {
        let distinct = counted([1, 1, 1, 2, 2, 3].into_iter(), 10);
        for (least, rows) in [(1, 0), (2, 1), (3, 3), (4, 6)] {
            assert_eq!(distinct.rows_shared_by_fewer_than(least), Some(rows));
        }
        assert_eq!(counted(0..20, 10).rows_shared_by_fewer_than(2), None);
    }
}
