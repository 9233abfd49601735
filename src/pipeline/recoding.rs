//! What a search found, made ready for the pass that writes: from the values of a row to the
//! labels that leave in their place.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::OutputFormat;
use crate::privacy::counter::Text;
use crate::privacy::search::Found;
use crate::privacy::{Combinations, Hierarchy, Layout, Table};

/// The labels of every combination, as they are written.
pub struct Recoding {
    columns: Vec<Column>,
    layout: Layout,
    /// For each combination its node, counted from 1.
    node_of: Table,
    nodes: Vec<Box<[u8]>>,
}

/// One quasi-identifying column.
struct Column {
    /// The code of each value, by the value as it is written.
    codes: HashMap<Text, u32, RandomState>,
    /// By level: the group of each code, and the label of each group as it is written.
    levels: Vec<(Vec<u32>, Vec<Text>)>,
}

impl Recoding {
    /// Prepares what was found for `combinations`, whose columns have these hierarchies and
    /// values, for an output of that format; `alone` says that a row has no other cell.
    pub fn new(
        combinations: &Combinations,
        found: Found,
        hierarchies: &[Hierarchy],
        values: &[Vec<Text>],
        format: OutputFormat,
        alone: bool,
    ) -> Self {
        let written = |text: &[u8]| {
            let mut written = text.to_vec();
            format.quote_from(0, &mut written);
            if alone && written.is_empty() {
                // An empty line would be no row.
                written.extend_from_slice(b"\"\"");
            }
            written.into_boxed_slice()
        };
        let columns = hierarchies
            .iter()
            .zip(values)
            .map(|(hierarchy, values)| Column {
                codes: values.iter().map(|value| written(value)).zip(0..).collect(),
                levels: hierarchy
                    .levels()
                    .iter()
                    .map(|level| {
                        let labels = level.labels.iter().map(|label| written(label));
                        (level.groups.clone(), labels.collect())
                    })
                    .collect(),
            });
        let mut node_of = Table::for_entries(combinations.layout().words(), combinations.len());
        for (combination, node) in found.node_of.iter().enumerate() {
            node_of.add(combinations.key(combination), node.saturating_add(1));
        }
        Self {
            columns: columns.collect(),
            layout: combinations.layout().clone(),
            node_of,
            nodes: found.nodes,
        }
    }

    /// Appends the labels of a row with these values, one for each column; `false` if there is no
    /// such row among the combinations.
    #[inline]
    pub(super) fn labels<'a, 'v>(
        &'a self,
        values: impl Iterator<Item = &'v [u8]>,
        labels: &mut Vec<&'a [u8]>,
    ) -> bool {
        const COLUMNS: usize = 64;
        let mut codes = [0; COLUMNS];
        let mut known = self.columns.len() <= COLUMNS;
        for ((column, value), code) in self.columns.iter().zip(values).zip(&mut codes) {
            match column.codes.get(value) {
                Some(found) => *code = *found,
                None => known = false,
            }
        }
        let mut key = [0; crate::privacy::counter::MAX_WORDS];
        let Some(key) = key.get_mut(..self.layout.words()) else {
            return false;
        };
        self.layout.pack(codes, key);
        let node = (self.node_of.number(key) as usize).checked_sub(1);
        let Some(levels) = node.and_then(|node| self.nodes.get(node)).filter(|_| known) else {
            return false;
        };
        let columns = self.columns.iter().zip(&codes).zip(levels);
        labels.extend(columns.filter_map(|((column, code), level)| {
            let (groups, labels) = column.levels.get(usize::from(*level))?;
            let group = *groups.get(*code as usize)?;
            labels.get(group as usize).map(|label| &**label)
        }));
        labels.len() == self.columns.len()
    }
}
