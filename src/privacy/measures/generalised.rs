//! The classes with several columns generalised at once.

use std::ops::Range;

use super::super::combinations::Slot;
use super::super::{Combinations, Hierarchy, Layout};
use super::persons::{People, numbers};
use super::regroup;
use super::sizes::Smallness;

/// Keys that are packed for one column after the other while they are near.
const NEAR: usize = 1024;

/// The classes with each of the first columns at a level of its hierarchy; counted by persons if there
/// are any. The result does not depend on `threads`.
///
/// Takes a copy of all keys while it works.
pub fn at_levels(
    combinations: &Combinations,
    people: Option<&People>,
    hierarchies: &[Hierarchy],
    levels: &[usize],
    threads: usize,
) -> Smallness {
    let generalised = Generalised::new(combinations, hierarchies, levels);
    let keys = |range| generalised.keys(combinations, range);
    match people {
        Some(people) => people.grouped(&numbers(&keys(0..combinations.len()), generalised.words)),
        None => regroup::together(keys, combinations.counts(), generalised.words, threads),
    }
}

/// How keys are packed anew.
struct Generalised {
    columns: Vec<Step>,
    words: usize,
}

/// What becomes of a column's codes.
struct Step {
    /// Where a key has them.
    from: Slot,
    /// The word of the new key in which their groups are.
    word: usize,
    /// By code: its group, where it stands in that word.
    groups: Vec<u64>,
}

impl Generalised {
    fn new(combinations: &Combinations, hierarchies: &[Hierarchy], levels: &[usize]) -> Self {
        let levels = hierarchies.iter().zip(levels);
        let levels = levels.map(|(hierarchy, level)| hierarchy.levels().get(*level));
        let sizes = levels
            .clone()
            .map(|level| level.map_or(1, |level| level.labels.len()));
        let layout = Layout::new(&sizes.collect::<Vec<_>>());
        let columns = levels.enumerate().filter_map(|(column, level)| {
            // Where there is one group only, it says nothing.
            let level = level.filter(|level| level.labels.len() > 1)?;
            let to = layout.slot(column);
            let groups = level.groups.iter();
            Some(Step {
                from: combinations.layout().slot(column),
                word: to.word,
                groups: groups
                    .map(|group| (u64::from(*group) & to.mask) << to.shift)
                    .collect(),
            })
        });
        Self {
            columns: columns.collect(),
            words: layout.words(),
        }
    }

    /// The new keys of these combinations.
    fn keys(&self, combinations: &Combinations, range: Range<usize>) -> Vec<u64> {
        let words = combinations.layout().words();
        let old = combinations
            .keys()
            .get(range.start * words..range.end * words)
            .unwrap_or_default();
        let mut keys = vec![0; range.len() * self.words];
        for (old, new) in old
            .chunks(NEAR * words)
            .zip(keys.chunks_mut(NEAR * self.words))
        {
            for step in &self.columns {
                // With a constant number of words, work on a key has no loop.
                match (words, self.words) {
                    (1, 1) => step.add::<1, 1>(old, new),
                    (2, 1) => step.add::<2, 1>(old, new),
                    (2, 2) => step.add::<2, 2>(old, new),
                    _ => step.add_any(old.chunks_exact(words), new.chunks_exact_mut(self.words)),
                }
            }
        }
        keys
    }
}

impl Step {
    fn add<const OLD: usize, const NEW: usize>(&self, old: &[u64], new: &mut [u64]) {
        let (old, _) = old.as_chunks::<OLD>();
        let (new, _) = new.as_chunks_mut::<NEW>();
        self.add_any(
            old.iter().map(|key| &key[..]),
            new.iter_mut().map(|key| &mut key[..]),
        );
    }

    /// Adds the column's groups to new keys, by the old ones.
    #[inline(always)]
    fn add_any<'a>(
        &self,
        old: impl Iterator<Item = &'a [u64]>,
        new: impl Iterator<Item = &'a mut [u64]>,
    ) {
        for (old, new) in old.zip(new) {
            let code = self.from.code(old) as usize;
            if let (Some(word), Some(group)) = (new.get_mut(self.word), self.groups.get(code)) {
                *word |= group;
            }
        }
    }
}
