//! What a search found, made ready for the pass that writes: from the values of a row to the
//! labels that leave in their place.

use std::collections::HashMap;

use super::OutputFormat;
use crate::bytes;
use crate::privacy::codes::{Codes, Value};
use crate::privacy::counter::Text;
use crate::privacy::search::Found;
use crate::privacy::table::Table;
use crate::privacy::{Combinations, Hierarchy, Layout};

/// The labels of every combination, as they are written.
pub struct Recoding {
    columns: Vec<Column>,
    layout: Layout,
    /// For each combination its node, counted from 1.
    node_of: Table,
    /// By node: the levels, a byte for each column.
    levels: Vec<u8>,
}

/// One quasi-identifying column.
pub(super) struct Column {
    /// The code of each value, by the value as it is written.
    codes: Codes,
    /// By level and, within it, by code: the number of the label.
    numbers: Vec<u32>,
    /// How many codes there are.
    values: usize,
    /// By number: where the label, as it is written, stands.
    spans: Vec<(usize, usize)>,
    /// All labels, one behind the other.
    texts: Vec<u8>,
}

/// A label, as it is written.
pub(super) struct Label<'a> {
    /// It is what stands here from `start` up to `end`.
    pub(super) texts: &'a [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Rows, as a recoding knows them.
#[derive(Default)]
pub(super) struct Coded {
    /// The codes of the rows, one column's behind the other's.
    codes: Vec<u32>,
    /// The numbers of the labels, one row's behind the other's.
    numbers: Vec<u32>,
    /// The packed keys.
    keys: Vec<u64>,
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
        let layout = combinations.layout();
        // A node that no combination is at may have no levels; one that no column has stands there.
        let level = |node: &[u8], column: usize| node.get(column).copied().unwrap_or(u8::MAX);
        let nodes = found.nodes.iter();
        let levels = nodes.flat_map(|node| (0..hierarchies.len()).map(|at| level(node, at)));
        let levels = levels.collect();
        // Numbers begin at 1.
        let mut node_of = found.node_of;
        node_of
            .iter_mut()
            .for_each(|node| *node = node.saturating_add(1));
        Self {
            columns: columns
                .map(|(hierarchy, values)| Column::new(hierarchy, values, &written))
                .collect(),
            layout: layout.clone(),
            node_of: Table::new(layout.words(), combinations.keys(), &node_of, threads),
            levels,
        }
    }

    /// Takes rows, of which `values` gives each column's; `false` if a row is not among the
    /// combinations, or has no label in a column.
    pub(super) fn find<'v, C: Iterator<Item = Value<'v>>>(
        &self,
        values: impl Iterator<Item = C>,
        coded: &mut Coded,
    ) -> bool {
        coded.codes.clear();
        let mut all_known = true;
        for (column, values) in self.columns.iter().zip(values) {
            coded.codes.extend(values.map(|value| {
                let code = column.codes.get(value);
                all_known &= code.is_some();
                code.unwrap_or(0)
            }));
        }
        self.layout.pack_columns(&coded.codes, &mut coded.keys);
        self.node_of.numbers(&coded.keys, &mut coded.nodes);
        if !all_known || coded.nodes.contains(&0) {
            return false;
        }
        coded.numbers.clear();
        coded.numbers.resize(coded.codes.len(), 0);
        let codes = coded.codes.chunks_exact(coded.nodes.len().max(1));
        for (at, (column, codes)) in self.columns.iter().zip(codes).enumerate() {
            let numbers = coded
                .numbers
                .iter_mut()
                .skip(at)
                .step_by(self.columns.len());
            for ((number, code), node) in numbers.zip(codes).zip(&coded.nodes) {
                let levels = (*node as usize).wrapping_sub(1) * self.columns.len();
                let level = self.levels.get(levels + at);
                let found = level.and_then(|level| column.number(*level, *code));
                all_known &= found.is_some();
                *number = found.unwrap_or(0);
            }
        }
        all_known
    }

    /// The columns, each with the numbers of its labels in the rows that were taken last.
    pub(super) fn numbers(
        &self,
        coded: &Coded,
    ) -> impl Iterator<Item = (&Column, impl Iterator<Item = u32>)> {
        let columns = self.columns.iter().enumerate();
        columns.map(|(at, column)| {
            let numbers = coded.numbers.iter().skip(at);
            (column, numbers.step_by(self.columns.len()).copied())
        })
    }

    /// The labels of the rows that were taken last, one for each column.
    #[inline]
    pub(super) fn labels(
        &self,
        coded: &Coded,
    ) -> impl Iterator<Item = impl Iterator<Item = Label<'_>>> {
        let rows = coded.numbers.chunks_exact(self.columns.len().max(1));
        rows.map(|numbers| {
            let columns = self.columns.iter().zip(numbers);
            columns.map(|(column, number)| column.at(*number))
        })
    }
}

impl Column {
    fn new(hierarchy: &Hierarchy, values: &[Text], written: &dyn Fn(&[u8]) -> Text) -> Self {
        let mut codes = Codes::default();
        for (value, code) in values.iter().zip(0..) {
            codes.insert(Value::from(&*written(value)), code);
        }
        let mut known: HashMap<Text, u32> = HashMap::new();
        let (mut spans, mut texts) = (Vec::new(), Vec::new());
        let mut numbers = Vec::new();
        for level in hierarchy.levels() {
            let of_groups = level.labels.iter().map(|label| {
                let label = written(label);
                let next = spans.len() as u32;
                *known.entry(label).or_insert_with_key(|label| {
                    let start = texts.len();
                    texts.extend_from_slice(label);
                    spans.push((start, texts.len()));
                    next
                })
            });
            let of_groups: Vec<u32> = of_groups.collect();
            let of_group = |group: &u32| of_groups.get(*group as usize).copied().unwrap_or(0);
            numbers.extend(level.groups.iter().map(of_group));
        }
        // A label is copied together with what stands behind it, which is faster.
        texts.resize(texts.len() + bytes::CELL, 0);
        Self {
            codes,
            numbers,
            values: values.len(),
            spans,
            texts,
        }
    }

    #[inline]
    fn number(&self, level: u8, code: u32) -> Option<u32> {
        let at = usize::from(level) * self.values + code as usize;
        self.numbers.get(at).copied()
    }

    #[inline]
    fn at(&self, number: u32) -> Label<'_> {
        let (start, end) = self.spans.get(number as usize).copied().unwrap_or((0, 0));
        Label {
            texts: &self.texts,
            start,
            end,
        }
    }

    /// The label with a number.
    pub(super) fn label(&self, number: u32) -> &[u8] {
        let label = self.at(number);
        label.texts.get(label.start..label.end).unwrap_or_default()
    }
}
