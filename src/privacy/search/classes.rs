//! The equivalence classes of a table at a node of the lattice, and rolling them up to a coarser one.
//!
//! A class is kept as the groups of its columns, packed where the combination's codes stood: no
//! level has more groups than there are values. Classes of a coarser node are made from those of a
//! finer one, which are far fewer than the combinations (K. LeFevre et al., *Incognito: Efficient
//! Full-Domain K-Anonymity*, 2005).

use std::borrow::Cow;

use super::at;
use super::ladder::Ladder;
use crate::privacy::combinations::Slot;
use crate::privacy::{Combinations, Layout, SensitiveCounts};

/// The classes at one node, in no particular order.
#[derive(Debug, Clone)]
pub(super) struct Classes<'a> {
    pub(super) node: Box<[u8]>,
    words: usize,
    keys: Cow<'a, [u64]>,
    counts: Cow<'a, [u32]>,
    sensitive: Cow<'a, [SensitiveCounts]>,
}

impl<'a> Classes<'a> {
    /// The combinations themselves: the classes where nothing is generalised.
    pub(super) fn of(combinations: &'a Combinations) -> Self {
        Self {
            node: vec![0; combinations.layout().columns()].into(),
            words: combinations.layout().words(),
            keys: combinations.keys().into(),
            counts: combinations.counts().into(),
            sensitive: combinations.demanded().into(),
        }
    }

    /// How many classes there are.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    pub(super) fn rows(&self, class: usize) -> u64 {
        u64::from(at(&self.counts, class))
    }

    /// The groups of a class, packed, and how many rows it has; by class.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u64], u32)> {
        self.keys
            .chunks_exact(self.words)
            .zip(self.counts.iter().copied())
    }

    /// A class's values of a sensitive column.
    pub(super) fn sensitive(&self, column: usize, class: usize) -> &[(u32, u32)] {
        self.sensitive
            .get(column)
            .map_or(&[], |counts| counts.of(class))
    }

    /// The classes at a node that this one's is below.
    pub(super) fn roll_up(
        &self,
        layout: &Layout,
        ladders: &[Ladder],
        node: &[u8],
    ) -> Classes<'static> {
        let step = Step::new(layout, ladders, &self.node, node);
        let mut finer = self.iter();
        Classes::grouped(node, self.words, &self.sensitive, self.len(), |key| {
            let (finer, count) = finer.next()?;
            step.apply(finer, key);
            Some(count)
        })
    }

    /// The classes of parts that `next` tells one after the other: it writes the part's key and
    /// gives its number of rows. `sensitive` has the parts' values.
    pub(super) fn grouped(
        node: &[u8],
        words: usize,
        sensitive: &[SensitiveCounts],
        parts: usize,
        mut next: impl FnMut(&mut [u64]) -> Option<u32>,
    ) -> Classes<'static> {
        let mut index = Index::new(parts);
        let (mut keys, mut counts) = (Vec::<u64>::new(), Vec::<u32>::new());
        let mut class_of = Vec::new();
        let mut key = vec![0; words];
        while let Some(rows) = next(&mut key) {
            let class = index.find(&key, &keys, counts.len());
            match counts.get_mut(class) {
                Some(sum) => *sum = sum.saturating_add(rows),
                None => {
                    keys.extend_from_slice(&key);
                    counts.push(rows);
                }
            }
            if !sensitive.is_empty() {
                class_of.push(class as u32);
            }
        }
        let sensitive = sensitive.iter();
        Classes {
            node: node.into(),
            words,
            sensitive: sensitive
                .map(|values| merge(values, &class_of, counts.len()))
                .collect(),
            keys: keys.into(),
            counts: counts.into(),
        }
    }
}

/// The sensitive values of classes, each made of one or several finer ones.
fn merge(values: &SensitiveCounts, class_of: &[u32], classes: usize) -> SensitiveCounts {
    let mut ends = vec![0_usize; classes + 1];
    for (finer, class) in class_of.iter().enumerate() {
        if let Some(end) = ends.get_mut(*class as usize + 1) {
            *end += values.of(finer).len();
        }
    }
    let mut total = 0;
    for end in &mut ends {
        total += *end;
        *end = total;
    }
    let mut next = ends.clone();
    let mut entries = vec![(0, 0); total];
    for (finer, class) in class_of.iter().enumerate() {
        let from = values.of(finer);
        let Some(start) = next.get_mut(*class as usize) else {
            continue;
        };
        if let Some(to) = entries.get_mut(*start..*start + from.len()) {
            to.copy_from_slice(from);
        }
        *start += from.len();
    }
    let (mut merged, mut sums) = (SensitiveCounts::new(values.distinct()), Vec::new());
    for class in 0..classes {
        let all = entries.get_mut(at(&ends, class)..at(&ends, class + 1));
        sums.clear();
        add_up(all.unwrap_or_default(), &mut sums);
        merged.push(&sums);
    }
    merged
}

/// Appends the values with the sums of their numbers of rows, in the order of their codes.
pub(super) fn add_up(values: &mut [(u32, u32)], sums: &mut Vec<(u32, u32)>) {
    values.sort_unstable();
    let begin = sums.len();
    for (value, rows) in values.iter() {
        let known = sums.len() > begin;
        match sums.last_mut() {
            Some((last, sum)) if known && last == value => *sum = sum.saturating_add(*rows),
            _ => sums.push((*value, *rows)),
        }
    }
}

/// The way of a packed key from one node to a coarser one.
pub(super) struct Step<'a> {
    /// By word: the bits of the columns that stay.
    keep: Vec<u64>,
    changed: Vec<(usize, u32, u64, &'a [u32])>,
}

impl<'a> Step<'a> {
    pub(super) fn new(layout: &Layout, ladders: &'a [Ladder], from: &[u8], to: &[u8]) -> Self {
        let mut keep = vec![u64::MAX; layout.words()];
        let mut changed = Vec::new();
        for (column, (ladder, (from, to))) in ladders.iter().zip(from.iter().zip(to)).enumerate() {
            if from != to {
                let Slot { word, shift, mask } = layout.slot(column);
                if let Some(keep) = keep.get_mut(word) {
                    *keep &= !(mask << shift);
                }
                changed.push((
                    word,
                    shift,
                    mask,
                    ladder.map(*from, *to).unwrap_or_default(),
                ));
            }
        }
        Self { keep, changed }
    }

    #[inline]
    pub(super) fn apply(&self, key: &[u64], to: &mut [u64]) {
        for (to, (word, keep)) in to.iter_mut().zip(key.iter().zip(&self.keep)) {
            *to = word & keep;
        }
        for (word, shift, mask, map) in &self.changed {
            let group = at(map, (at(key, *word) >> shift & mask) as usize);
            if let Some(to) = to.get_mut(*word) {
                *to |= u64::from(group) << shift;
            }
        }
    }
}

/// Open addressing over packed keys: numbers them in the order in which they first come.
pub(super) struct Index {
    slots: Vec<u32>,
    mask: usize,
}

const FREE: u32 = u32::MAX;

impl Index {
    /// An index for at most so many keys.
    pub(super) fn new(keys: usize) -> Self {
        let size = (keys * 2).next_power_of_two().max(16);
        Self {
            slots: vec![FREE; size],
            mask: size - 1,
        }
    }

    /// The number of a key among `known`, or `next`, which it has from then on.
    #[inline]
    pub(super) fn find(&mut self, key: &[u64], known: &[u64], next: usize) -> usize {
        let mut slot = hash(key) as usize & self.mask;
        loop {
            match self.slots.get_mut(slot) {
                Some(free) if *free == FREE => {
                    *free = next as u32;
                    return next;
                }
                Some(number) => {
                    let start = *number as usize * key.len();
                    let same = known.get(start..).is_some_and(|known| {
                        known.iter().zip(key).all(|(known, word)| known == word)
                    });
                    if same {
                        return *number as usize;
                    }
                }
                None => return next,
            }
            slot = (slot + 1) & self.mask;
        }
    }
}

/// Mixes the words of a key; the low bits are as good as the high ones.
#[inline]
pub(super) fn hash(key: &[u64]) -> u64 {
    let mixed = key.iter().fold(0_u64, |hash, word| {
        (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    });
    mixed ^ mixed >> 32
}
