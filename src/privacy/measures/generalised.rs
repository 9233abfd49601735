//! The classes with several columns generalised at once.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::super::{Combinations, Hierarchy, Layout};
use super::persons::People;
use super::sizes::Smallness;

/// The classes with each of the first columns at a level of its hierarchy; counted by persons if there
/// are any.
///
/// Takes a copy of all keys while it works.
pub fn at_levels(
    combinations: &Combinations,
    people: Option<&People>,
    hierarchies: &[Hierarchy],
    levels: &[usize],
) -> Smallness {
    let class_of = classes(combinations, hierarchies, levels);
    if let Some(people) = people {
        return people.grouped(&class_of);
    }
    let classes = class_of.iter().max().map_or(0, |most| *most as usize + 1);
    let mut rows = vec![0_u64; classes];
    for (class, count) in class_of.iter().zip(combinations.counts()) {
        if let Some(rows) = rows.get_mut(*class as usize) {
            *rows += u64::from(*count);
        }
    }
    let mut small = Smallness::default();
    rows.into_iter().for_each(|rows| small.add(rows));
    small
}

/// By combination: the number of its class.
fn classes(combinations: &Combinations, hierarchies: &[Hierarchy], levels: &[usize]) -> Vec<u32> {
    let of_columns: Vec<(usize, &[u32], usize)> = hierarchies
        .iter()
        .zip(levels)
        .enumerate()
        .filter_map(|(column, (hierarchy, level))| {
            let level = hierarchy.levels().get(*level)?;
            Some((column, &level.groups[..], level.labels.len()))
        })
        .collect();
    let groups: Vec<usize> = of_columns.iter().map(|(.., groups)| *groups).collect();
    let layout = Layout::new(&groups);
    let words = layout.words();
    let mut keys = vec![0; combinations.len() * words];
    for (combination, key) in keys.chunks_exact_mut(words).enumerate() {
        let own = of_columns.iter().map(|(column, groups, _)| {
            let code = combinations.code(combination, *column);
            groups.get(code as usize).copied().unwrap_or(0)
        });
        layout.pack(own, key);
    }
    let mut numbers: HashMap<&[u64], u32, RandomState> = HashMap::default();
    let numbered = keys.chunks_exact(words).map(|key| {
        let next = numbers.len() as u32;
        *numbers.entry(key).or_insert(next)
    });
    numbered.collect()
}
