//! The distinct rows of a release, to be searched for those that another row may be.
//!
//! Columns in which no two labels may stand for the same value are one hash together: a row is looked up by it.
//! The other columns are gone through one after the other, as in a tree, and only below labels that may stand for
//! the same value as the row's.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::FixedState;

use super::release::Release;
use crate::privacy::extent::Overlaps;

/// Several holders.
pub(super) const MANY: u32 = u32::MAX;

/// No holder.
pub(super) const NONE: u32 = u32::MAX - 1;

/// So few entries are looked at one by one.
const FEW: usize = 8;

/// By which columns rows are told apart.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    /// Those in which no two labels may stand for the same value.
    pub(super) exact: Vec<usize>,
    /// The others, in the order in which they are gone through.
    pub(super) loose: Vec<usize>,
}

/// Distinct rows, each with the rows that are it.
#[derive(Debug)]
pub(super) struct Index {
    width: usize,
    /// The hash of each entry's exact columns; they rise.
    keys: Vec<u64>,
    /// The codes of each entry's loose columns, which rise where keys are equal.
    codes: Vec<u32>,
    /// The holder of each entry's rows, if that is one.
    soles: Vec<u32>,
    /// Where each entry's rows begin.
    starts: Vec<u32>,
    /// The rows, entry by entry.
    rows: Vec<u32>,
    /// By the first bits of a key: the first entry with such a key.
    buckets: Vec<u32>,
    shift: u32,
}

impl Index {
    /// The distinct rows of a release by these columns.
    pub(super) fn new(release: &Release, parts: &Parts) -> Self {
        let rows = u32::try_from(release.rows()).unwrap_or(u32::MAX);
        let key = |row: u32| {
            let mut hasher = FixedState::with_seed(0).build_hasher();
            let codes = parts.exact.iter().map(|column| release.code(*column, row));
            codes.for_each(|code| hasher.write_u32(code));
            hasher.finish()
        };
        let mut order: Vec<(u64, u32)> = (0..rows).map(|row| (key(row), row)).collect();
        order.sort_unstable();
        let codes_of = |row: u32| {
            parts
                .loose
                .iter()
                .map(move |column| release.code(*column, row))
        };
        if !parts.loose.is_empty() {
            let runs = order.chunk_by_mut(|(one, _), (next, _)| one == next);
            for run in runs.filter(|run| run.len() > 1) {
                run.sort_unstable_by(|(_, one), (_, next)| {
                    codes_of(*one).cmp(codes_of(*next)).then(one.cmp(next))
                });
            }
        }
        let mut index = Self {
            width: parts.loose.len(),
            keys: Vec::new(),
            codes: Vec::new(),
            soles: Vec::new(),
            starts: Vec::new(),
            rows: Vec::with_capacity(order.len()),
            buckets: Vec::new(),
            shift: 0,
        };
        let entries = order.chunk_by(|(one, row), (next, other)| {
            one == next && codes_of(*row).eq(codes_of(*other))
        });
        for entry in entries {
            let Some((key, first)) = entry.first() else {
                continue;
            };
            index.keys.push(*key);
            index.codes.extend(codes_of(*first));
            index.starts.push(index.rows.len() as u32);
            let holders = entry.iter().map(|(_, row)| release.holder(*row));
            index.soles.push(holders.fold(NONE, together));
            index.rows.extend(entry.iter().map(|(_, row)| *row));
        }
        index.starts.push(index.rows.len() as u32);
        index.fill_buckets();
        index
    }

    fn fill_buckets(&mut self) {
        let bits = self.keys.len().max(2).next_power_of_two().trailing_zeros();
        self.shift = u64::BITS - bits;
        let mut next = 0_u32;
        for bucket in 0..=1_u64 << bits {
            let is_before = |key: &u64| key >> self.shift < bucket;
            while self.keys.get(next as usize).is_some_and(is_before) {
                next += 1;
            }
            self.buckets.push(next);
        }
    }

    /// How many distinct rows there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn rows(&self, entry: usize) -> &[u32] {
        match self.starts.get(entry..).unwrap_or_default() {
            [start, end, ..] => self
                .rows
                .get(*start as usize..*end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// The holder of an entry's rows, if that is one.
    pub(super) fn sole(&self, entry: usize) -> u32 {
        self.soles.get(entry).copied().unwrap_or(MANY)
    }

    /// Shows the entries that may be the same as one of another index by the same columns, until `visit` says that
    /// it has seen enough.
    pub(super) fn search(
        &self,
        (other, entry): (&Self, usize),
        overlaps: &[&Overlaps],
        visit: &mut dyn FnMut(usize) -> bool,
    ) {
        let Some(key) = other.keys.get(entry) else {
            return;
        };
        let codes = other
            .codes
            .get(entry * self.width..(entry + 1) * self.width);
        let query = Query {
            codes: codes.unwrap_or_default(),
            overlaps,
        };
        self.descend(self.with_key(*key), 0, query, visit);
    }

    /// The entries with a key.
    fn with_key(&self, key: u64) -> Range<usize> {
        let bucket = (key >> self.shift) as usize;
        let (begin, end) = match self.buckets.get(bucket..).unwrap_or_default() {
            [begin, end, ..] => (*begin as usize, *end as usize),
            _ => (0, 0),
        };
        let keys = self.keys.get(begin..end).unwrap_or_default();
        let first = begin + keys.partition_point(|known| *known < key);
        let last = begin + keys.partition_point(|known| *known <= key);
        first..last
    }

    /// Goes through entries that are alike in the columns before `depth`. Gives whether to go on.
    fn descend(
        &self,
        entries: Range<usize>,
        depth: usize,
        query: Query<'_>,
        visit: &mut dyn FnMut(usize) -> bool,
    ) -> bool {
        if entries.len() <= FEW || depth >= self.width {
            let mut fitting = entries.filter(|entry| {
                (depth..self.width).all(|depth| query.meets(depth, self.code(*entry, depth)))
            });
            return fitting.all(visit);
        }
        let mut begin = entries.start;
        while begin < entries.end {
            let code = self.code(begin, depth);
            let end = self.behind(begin..entries.end, depth, code);
            if query.meets(depth, code) && !self.descend(begin..end, depth + 1, query, visit) {
                return false;
            }
            begin = end;
        }
        true
    }

    #[inline]
    fn code(&self, entry: usize, depth: usize) -> u32 {
        let code = self.codes.get(entry * self.width + depth);
        code.copied().unwrap_or(0)
    }

    /// The end of the entries that have this code: it is found in steps that double.
    fn behind(&self, entries: Range<usize>, depth: usize, code: u32) -> usize {
        let (mut inside, mut step) = (entries.start, 1);
        while inside + step < entries.end && self.code(inside + step, depth) == code {
            inside += step;
            step *= 2;
        }
        let mut outside = (inside + step).min(entries.end);
        while outside - inside > 1 {
            let middle = inside + (outside - inside) / 2;
            match self.code(middle, depth) == code {
                true => inside = middle,
                false => outside = middle,
            }
        }
        outside
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        let words = self.codes.len() + self.soles.len() + self.starts.len();
        8 * self.keys.len() + 4 * (words + self.rows.len() + self.buckets.len())
    }
}

/// What is searched for.
#[derive(Clone, Copy)]
struct Query<'q> {
    codes: &'q [u32],
    overlaps: &'q [&'q Overlaps],
}

impl Query<'_> {
    #[inline]
    fn meets(&self, depth: usize, code: u32) -> bool {
        match (self.codes.get(depth), self.overlaps.get(depth)) {
            (Some(own), Some(overlaps)) => overlaps.meet(*own, code),
            _ => false,
        }
    }
}

/// The holder of what two hold together, if that is one.
pub(super) fn together(one: u32, other: u32) -> u32 {
    match (one, other) {
        (NONE, holder) | (holder, NONE) => holder,
        (one, other) if one == other => one,
        _ => MANY,
    }
}
