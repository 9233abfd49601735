//! Some pairs of a person and a cell, in memory.

use std::mem::size_of;

use super::FEW;
use crate::privacy::aggregate::cell::Share;

/// The rows of a person in a cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pair {
    /// The keyed hash of what identifies the person.
    pub(super) person: u64,
    pub(super) cell: u32,
    pub(super) rows: u32,
}

/// Some of the pairs.
#[derive(Debug, Default)]
pub(super) struct Part {
    pairs: Vec<Pair>,
    /// What each has of each amount, one behind the other.
    shares: Vec<Share>,
    /// How many there were when they were put together last.
    settled: usize,
}

/// What a pair takes in memory, with so many amounts.
pub(super) const fn bytes(amounts: usize) -> usize {
    size_of::<Pair>() + amounts * size_of::<Share>()
}

impl Part {
    pub(super) fn push(&mut self, pair: Pair, shares: &[Share]) {
        self.pairs.push(pair);
        self.shares.extend_from_slice(shares);
    }

    pub(super) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether it is worth while to put its pairs together: they are twice as many as those that were left of them.
    pub(super) fn is_full(&self) -> bool {
        self.len() >= FEW.max(2 * self.settled)
    }

    /// A pair, and what it has of each amount.
    pub(super) fn get(&self, at: usize, amounts: usize) -> Option<(Pair, &[Share])> {
        let shares = self.shares.get(at * amounts..(at + 1) * amounts);
        self.pairs.get(at).copied().zip(shares)
    }

    /// Sorts the pairs by person and cell, and puts equal ones together.
    pub(super) fn settle(&mut self, amounts: usize) {
        let mut order: Vec<(u64, u32, u32)> = Vec::with_capacity(self.pairs.len());
        let numbered = (0..).zip(&self.pairs);
        order.extend(numbered.map(|(at, pair)| (pair.person, pair.cell, at)));
        order.sort_unstable();
        let mut settled = Self {
            pairs: Vec::with_capacity(self.pairs.len()),
            shares: Vec::with_capacity(self.shares.len()),
            settled: 0,
        };
        for (person, cell, at) in order {
            let Some((pair, own)) = self.get(at as usize, amounts) else {
                continue;
            };
            match settled.pairs.last_mut() {
                Some(last) if (last.person, last.cell) == (person, cell) => {
                    last.rows = last.rows.saturating_add(pair.rows);
                    let first = settled.shares.len() - amounts;
                    let known = settled.shares.iter_mut().skip(first);
                    known.zip(own).for_each(|(known, own)| known.add(*own));
                }
                _ => settled.push(pair, own),
            }
        }
        settled.settled = settled.pairs.len();
        *self = settled;
    }

    /// All pairs of each person, of a part that is settled: the pairs, and what each has of each amount.
    pub(super) fn persons(&self, amounts: usize) -> impl Iterator<Item = (&[Pair], &[Share])> {
        let persons = self.pairs.chunk_by(|one, other| one.person == other.person);
        let mut first = 0;
        persons.map(move |pairs| {
            let shares = first * amounts..(first + pairs.len()) * amounts;
            first += pairs.len();
            (pairs, self.shares.get(shares).unwrap_or_default())
        })
    }

    /// Forgets all pairs, and keeps the room.
    pub(super) fn clear(&mut self) {
        self.pairs.clear();
        self.shares.clear();
        self.settled = 0;
    }
}
