//! From sorted pairs to cells: all that there is of a person comes together, is counted, and is forgotten.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io;
use std::mem::take;

use super::part::{Pair, Part};
use super::run::{AHEAD, Segment};
use super::{OfWorker, PARTS};
use crate::base::parallel::on_each;
use crate::privacy::aggregate::Told;
use crate::privacy::aggregate::cell::{Cell, Share};
use crate::privacy::aggregate::shape::Margins;
use crate::privacy::error::Error;

/// What there is of persons who are in several cells, and how many persons there are.
#[derive(Debug, Default)]
pub(crate) struct Several {
    /// In each place of a table, each person once.
    pub(crate) cells: HashMap<usize, Cell>,
    /// All persons, those in one cell too.
    pub(crate) persons: u64,
}

/// Pairs in the order of their persons.
struct Source<'a> {
    from: From<'a>,
    /// The numbers of a worker's cells in the table.
    cells: &'a [u32],
    pair: Pair,
    shares: Vec<Share>,
}

enum From<'a> {
    Memory(&'a Part, usize),
    Run(Segment),
}

impl<'a> Source<'a> {
    fn new(from: From<'a>, cells: &'a [u32], amounts: usize) -> Self {
        Self {
            from,
            cells,
            pair: Pair::default(),
            shares: vec![Share::default(); amounts],
        }
    }

    /// Goes to the next pair; says whether there is one.
    fn next(&mut self) -> io::Result<bool> {
        let found = match &mut self.from {
            From::Run(segment) => segment.next(&mut self.pair, &mut self.shares)?,
            From::Memory(part, at) => match part.get(*at, self.shares.len()) {
                Some((pair, shares)) => {
                    *at += 1;
                    self.pair = pair;
                    self.shares.copy_from_slice(shares);
                    true
                }
                None => false,
            },
        };
        let cell = self.cells.get(self.pair.cell as usize);
        self.pair.cell = cell.copied().unwrap_or(u32::MAX);
        Ok(found)
    }
}

/// Counts persons.
struct Counter<'a> {
    told: &'a [Told],
    margins: &'a Margins,
    /// Persons who are in one cell only.
    cells: Vec<Cell>,
    several: Several,
    /// Whoever was read and is not counted yet.
    waiting: Part,
    last: Option<u64>,
    /// The places of a person, and which of their pairs these are of.
    places: Vec<(u32, usize)>,
}

impl Counter<'_> {
    /// Takes a pair; those of a person come one behind the other.
    fn take(&mut self, pair: Pair, shares: &[Share]) {
        if self.waiting.is_full() {
            match self.last == Some(pair.person) {
                true => self.waiting.settle(self.told.len()),
                false => self.count(),
            }
        }
        self.last = Some(pair.person);
        self.waiting.push(pair, shares);
    }

    /// Counts all who are waiting.
    fn count(&mut self) {
        let amounts = self.told.len();
        let mut waiting = take(&mut self.waiting);
        waiting.settle(amounts);
        for (pairs, shares) in waiting.persons(amounts) {
            self.several.persons += 1;
            match pairs {
                [pair] => {
                    if let Some(cell) = self.cells.get_mut(pair.cell as usize) {
                        cell.add(shares, self.told, pair.rows == 1);
                    }
                }
                several => self.count_several(several, shares),
            }
        }
        waiting.clear();
        self.waiting = waiting;
    }

    /// Counts a person once in each place that any of their cells is part of, with all that they have there.
    fn count_several(&mut self, pairs: &[Pair], shares: &[Share]) {
        let amounts = self.told.len();
        for mask in self.margins.masks() {
            self.places.clear();
            let numbered = pairs.iter().enumerate();
            let places = numbered.map(|(at, pair)| (self.margins.of(pair.cell, mask), at));
            self.places.extend(places);
            self.places.sort_unstable();
            for of_place in self.places.chunk_by(|(one, _), (other, _)| one == other) {
                let mut sums = vec![Share::default(); amounts];
                for (_, at) in of_place {
                    let own = shares.get(at * amounts..(at + 1) * amounts);
                    let own = own.unwrap_or_default();
                    sums.iter_mut()
                        .zip(own)
                        .for_each(|(sum, own)| sum.add(*own));
                }
                let place = of_place.first().map_or(0, |(place, _)| *place as usize);
                let cell = self.several.cells.entry(place);
                let cell = cell.or_insert_with(|| Cell::new(amounts));
                cell.add(&sums, self.told, false);
            }
        }
    }
}

/// Counts what several workers have: whoever is in one cell only is added to it, and the others are told apart,
/// in all places of the table.
///
/// # Errors
/// What was put aside cannot be read.
pub(crate) fn count(
    workers: &[OfWorker],
    told: &[Told],
    cells: &mut [Cell],
    margins: &Margins,
) -> Result<Several, Error> {
    let parts: Vec<usize> = (0..PARTS).collect();
    let size = PARTS.div_ceil(threads(workers));
    let counted = on_each(parts.chunks(size).collect(), |parts: &[usize]| {
        let mut counter = Counter {
            told,
            margins,
            cells: vec![Cell::new(told.len()); cells.len()],
            several: Several::default(),
            waiting: Part::default(),
            last: None,
            places: Vec::new(),
        };
        let mut parts = parts.iter();
        let done = parts.try_for_each(|part| merge(workers, *part, &mut counter));
        counter.count();
        done.map(|()| (counter.cells, counter.several))
    });
    let mut all = Several::default();
    for counted in counted {
        let (others, several) = counted.map_err(Error::Aside)?;
        let own = cells.iter_mut().zip(&others);
        own.for_each(|(cell, other)| cell.merge(other));
        all.persons += several.persons;
        for (place, cell) in several.cells {
            let own = all.cells.entry(place);
            own.or_insert_with(|| Cell::new(told.len())).merge(&cell);
        }
    }
    Ok(all)
}

/// How many threads may read all runs at once.
fn threads(workers: &[OfWorker]) -> usize {
    let runs: usize = workers.iter().map(|worker| worker.runs.len()).sum();
    let memory = workers.first().map_or(0, |worker| worker.room.memory);
    // What is ahead, and what the file has ahead of that.
    let most = memory / (2 * AHEAD * runs.max(1));
    workers.len().min(most).max(1)
}

/// Gives a counter all pairs of a part, in the order of their persons.
fn merge(workers: &[OfWorker], part: usize, counter: &mut Counter<'_>) -> io::Result<()> {
    let amounts = counter.told.len();
    let mut sources = Vec::new();
    for worker in workers {
        let cells = &worker.cells;
        if let Some(own) = worker.parts.get(part) {
            sources.push(Source::new(From::Memory(own, 0), cells, amounts));
        }
        let file = worker.file.iter();
        for (file, run) in file.flat_map(|file| worker.runs.iter().map(move |run| (file, run))) {
            if let Some(range) = run.get(part) {
                let segment = Segment::new(file, range)?;
                sources.push(Source::new(From::Run(segment), cells, amounts));
            }
        }
    }
    let mut next = BinaryHeap::with_capacity(sources.len());
    for (at, source) in sources.iter_mut().enumerate() {
        if source.next()? {
            next.push(Reverse((source.pair.person, at)));
        }
    }
    while let Some(mut first) = next.peek_mut() {
        let Reverse((person, at)) = *first;
        let Some(source) = sources.get_mut(at) else {
            break;
        };
        // All that it has of this person.
        loop {
            counter.take(source.pair, &source.shares);
            if !source.next()? {
                std::collections::binary_heap::PeekMut::pop(first);
                break;
            }
            if source.pair.person != person {
                first.0.0 = source.pair.person;
                break;
            }
        }
    }
    Ok(())
}
