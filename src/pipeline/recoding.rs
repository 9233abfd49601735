//! What a search found, made ready for the pass that writes: from the values of a row to the
//! labels that leave in their place.

use std::collections::HashMap;

use super::OutputFormat;
use crate::privacy::codes::{Codes, Value};
use crate::privacy::counter::Text;
use crate::privacy::search::Found;
use crate::privacy::table::{Table, hash};
use crate::privacy::{Combinations, Hierarchy, Layout, parallel};

/// The labels of every combination, as they are written.
pub struct Recoding {
    columns: Vec<Column>,
    layout: Layout,
    /// For each combination its node, counted from 1; the table to look in follows from its key.
    node_of: Vec<Table>,
    nodes: Vec<Box<[u8]>>,
}

/// One quasi-identifying column.
struct Column {
    /// The code of each value, by the value as it is written.
    codes: Codes,
    /// By level and code: the number of the label.
    levels: Vec<Vec<u32>>,
    /// By number: the label as it is written.
    labels: Vec<Text>,
}

/// The rows of a batch, as a recoding knows them.
#[derive(Default)]
pub(super) struct Coded {
    /// A code for each column of each row.
    codes: Vec<u32>,
    /// The packed keys, those of each table one behind the other, with the rows that they are of.
    keys: Vec<(Vec<u64>, Vec<u32>)>,
    found: Vec<u32>,
    /// By row: its node, counted from 1.
    nodes: Vec<u32>,
}

impl Recoding {
    /// Prepares what was found for `combinations`, whose columns have these hierarchies and
    /// values, for an output of that format; `alone` says that a row has no other cell.
    pub fn new(
        combinations: &Combinations,
        found: Found,
        hierarchies: &[Hierarchy],
        values: &[Vec<Text>],
        (format, alone): (OutputFormat, bool),
        threads: usize,
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
        let columns = hierarchies.iter().zip(values);
        Self {
            columns: columns
                .map(|(hierarchy, values)| Column::new(hierarchy, values, &written))
                .collect(),
            layout: combinations.layout().clone(),
            node_of: tables(combinations, &found.node_of, threads),
            nodes: found.nodes,
        }
    }

    /// Takes the rows of a batch, of which `values` gives each one's values; `false` if one is not
    /// among the combinations.
    pub(super) fn find<'v, R: Iterator<Item = Value<'v>>>(
        &self,
        rows: impl Iterator<Item = R>,
        coded: &mut Coded,
    ) -> bool {
        coded.codes.clear();
        coded.keys.resize_with(self.node_of.len(), Default::default);
        for (keys, rows) in &mut coded.keys {
            keys.clear();
            rows.clear();
        }
        let mut count = 0;
        let mut key = vec![0; self.layout.words()];
        for row in rows {
            let begin = coded.codes.len();
            let columns = self.columns.iter().zip(row);
            let codes = columns.map_while(|(column, value)| column.codes.get(value));
            coded.codes.extend(codes);
            let codes = coded.codes.get(begin..).unwrap_or_default();
            if codes.len() < self.columns.len() {
                return false;
            }
            self.layout.pack(codes.iter().copied(), &mut key);
            if let Some((keys, rows)) = coded.keys.get_mut(table_of(&key, self.node_of.len())) {
                keys.extend_from_slice(&key);
                rows.push(count);
            }
            count += 1;
        }
        coded.nodes.clear();
        coded.nodes.resize(count as usize, 0);
        for (table, (keys, rows)) in self.node_of.iter().zip(&coded.keys) {
            coded.found.clear();
            table.numbers(keys, &mut coded.found);
            for (row, node) in rows.iter().zip(&coded.found) {
                if let Some(space) = coded.nodes.get_mut(*row as usize) {
                    *space = *node;
                }
            }
        }
        coded.nodes.iter().all(|node| *node > 0)
    }

    /// Appends the labels of a row of those taken last, one for each column: its number, and how it
    /// is written.
    #[inline]
    pub(super) fn labels<'a>(
        &'a self,
        coded: &Coded,
        row: usize,
        labels: &mut Vec<(u32, &'a [u8])>,
    ) {
        let columns = self.columns.len();
        let codes = coded.codes.get(row * columns..(row + 1) * columns);
        let node = coded.nodes.get(row).copied().unwrap_or(0) as usize;
        let levels = self.nodes.get(node.wrapping_sub(1));
        let of_columns = self.columns.iter().zip(codes.unwrap_or_default());
        let of_columns = of_columns.zip(levels.into_iter().flatten());
        labels.extend(of_columns.filter_map(|((column, code), level)| {
            let numbers = column.levels.get(usize::from(*level))?;
            let number = *numbers.get(*code as usize)?;
            Some((number, &**column.labels.get(number as usize)?))
        }));
    }

    /// How many columns there are.
    pub(super) fn columns(&self) -> usize {
        self.columns.len()
    }
}

impl Column {
    fn new(hierarchy: &Hierarchy, values: &[Text], written: &dyn Fn(&[u8]) -> Text) -> Self {
        let mut codes = Codes::default();
        for (value, code) in values.iter().zip(0..) {
            codes.insert(Value::from(&*written(value)), code);
        }
        let mut numbers: HashMap<Text, u32> = HashMap::new();
        let mut labels = Vec::new();
        let levels = hierarchy.levels().iter().map(|level| {
            let of_groups = level.labels.iter().map(|label| {
                let label = written(label);
                let next = labels.len() as u32;
                *numbers.entry(label).or_insert_with_key(|label| {
                    labels.push(label.clone());
                    next
                })
            });
            let of_groups: Vec<u32> = of_groups.collect();
            let of_group = |group: &u32| of_groups.get(*group as usize).copied().unwrap_or(0);
            level.groups.iter().map(of_group).collect()
        });
        let levels = levels.collect();
        Self {
            codes,
            levels,
            labels,
        }
    }
}

/// The table in which a key is, of so many.
#[inline]
fn table_of(key: &[u64], tables: usize) -> usize {
    // Other bits of the hash than its place there is taken from.
    (hash(key) >> 32) as usize % tables.max(1)
}

/// The node of each combination, counted from 1, in as many tables as there are threads.
fn tables(combinations: &Combinations, node_of: &[u32], threads: usize) -> Vec<Table> {
    let threads = threads.max(1);
    let words = combinations.layout().words();
    parallel::on_each((0..threads).collect(), |number| {
        let mut table = Table::for_entries(words, combinations.len() / threads);
        let entries = combinations.keys().chunks_exact(words).zip(node_of);
        let own = entries.filter(|(key, _)| table_of(key, threads) == number);
        table.add_all(own.map(|(key, node)| (key, node.saturating_add(1))));
        table
    })
}
