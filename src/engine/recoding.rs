//! What a search found, made ready for the pass that writes: from the values of a row to the
//! labels that leave in their place.

use std::collections::HashMap;

use crate::base::bytes;
use crate::io::format::OutputFormat;
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
    by: Values,
}

/// What a row is known by to a [`Recoding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// Its cells as they would be written, quotes and all.
    Written,
    /// The texts of its cells.
    Texts,
}

/// One quasi-identifying column.
pub(super) struct Column {
    /// The code of each value.
    codes: Codes,
    /// By level and, within it, by code: the number of the label.
    numbers: Vec<u32>,
    /// By node: where in `numbers` its level begins.
    levels: Vec<usize>,
    /// By number: where the label, as it is written, stands.
    spans: Vec<(usize, usize)>,
    /// All labels, one behind the other.
    texts: Vec<u8>,
    /// By number: the label and the delimiter, followed by anything; their length is the last byte,
    /// [`TOO_LONG`] for those that do not fit.
    ready: Vec<[u8; READY + 1]>,
    delimiter: u8,
}

/// The most bytes that are written at once for a label with its delimiter.
const READY: usize = 15;

const TOO_LONG: u8 = u8::MAX;

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
    pub(super) codes: Vec<u32>,
    /// The numbers of the labels of these rows and of all before, one row's behind the other's.
    pub(super) numbers: Vec<u32>,
    /// The packed keys.
    keys: Vec<u64>,
    /// By row: its node, counted from 1.
    nodes: Vec<u32>,
}

impl Recoding {
    /// Prepares what was found for `combinations`, whose columns have these hierarchies and
    /// values, for an output of that format; `alone` says that a row has no other cell. Rows are
    /// known `by` one thing or the other.
    pub fn new(
        combinations: &Combinations,
        found: &Found,
        hierarchies: &[Hierarchy],
        values: &[Vec<Text>],
        (format, alone): (OutputFormat, bool),
        by: Values,
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
        let columns = hierarchies.iter().zip(values).enumerate();
        let columns = columns.map(|(at, (hierarchy, values))| {
            let mut codes = Codes::default();
            for (value, code) in values.iter().zip(0..) {
                match by {
                    Values::Texts => codes.insert(Value::from(&**value), code),
                    Values::Written => codes.insert(Value::from(&*written(value)), code),
                }
            }
            let levels = found.nodes.iter().map(|node| {
                // A node that no combination is at may have no levels; no label stands there.
                let level = node.get(at).map_or(usize::MAX, |level| usize::from(*level));
                level.saturating_mul(values.len())
            });
            let levels = levels.collect();
            Column::new(hierarchy, codes, levels, &written, format.delimiter)
        });
        let columns = columns.collect();
        Self {
            columns,
            layout: combinations.layout().clone(),
            node_of: found.node_of.table(combinations, threads),
            by,
        }
    }

    /// What rows are known by.
    pub fn by(&self) -> Values {
        self.by
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
            all_known &= column.codes_of(values, &mut coded.codes);
        }
        all_known && self.label(coded)
    }

    /// Takes rows of which all codes were found.
    pub(super) fn label(&self, coded: &mut Coded) -> bool {
        let Coded {
            codes,
            numbers,
            keys,
            nodes,
        } = coded;
        self.layout.pack_columns(codes, keys);
        self.node_of.numbers(keys, nodes);
        let begin = numbers.len();
        numbers.resize(begin + codes.len(), u32::MAX);
        let codes = codes.chunks_exact(nodes.len().max(1));
        let mut all_known = true;
        for (at, (column, codes)) in self.columns.iter().zip(codes).enumerate() {
            let numbers = numbers.iter_mut().skip(begin + at);
            let rows = numbers.step_by(self.columns.len()).zip(codes).zip(&*nodes);
            for ((number, code), node) in rows {
                let found = column.number(*node, *code);
                all_known &= found.is_some();
                *number = found.unwrap_or(u32::MAX);
            }
        }
        all_known
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The columns, each with the numbers of its labels among those of some rows.
    pub(super) fn numbers<'n>(
        &self,
        numbers: &'n [u32],
    ) -> impl Iterator<Item = (&Column, impl Iterator<Item = u32> + use<'n>)> {
        let columns = self.columns.iter().enumerate();
        columns.map(|(at, column)| {
            let numbers = numbers.iter().skip(at);
            (column, numbers.step_by(self.columns.len()).copied())
        })
    }

    /// The labels of some rows, one for each column.
    #[inline]
    pub(super) fn labels(
        &self,
        numbers: &[u32],
    ) -> impl Iterator<Item = impl Iterator<Item = Label<'_>>> {
        let rows = numbers.chunks_exact(self.columns.len().max(1));
        rows.map(|numbers| {
            let columns = self.columns.iter().zip(numbers);
            columns.map(|(column, number)| column.at(*number))
        })
    }
}

/// A label with its delimiter, ready to be written at once if it is short.
fn ready(text: &[u8]) -> [u8; READY + 1] {
    let mut ready = [TOO_LONG; READY + 1];
    if let Some((length, place)) = ready.split_last_mut()
        && let Some(place) = place.get_mut(..text.len())
    {
        place.copy_from_slice(text);
        *length = text.len() as u8;
    }
    ready
}

impl Column {
    fn new(
        hierarchy: &Hierarchy,
        codes: Codes,
        levels: Vec<usize>,
        written: &dyn Fn(&[u8]) -> Text,
        delimiter: u8,
    ) -> Self {
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
        let ready = spans.iter().map(|(start, end)| {
            let label = texts.get(*start..*end).unwrap_or_default();
            ready(&[label, &[delimiter]].concat())
        });
        let ready = ready.collect();
        // A label is copied together with what stands behind it, which is faster.
        texts.resize(texts.len() + bytes::CELL, 0);
        Self {
            codes,
            numbers,
            levels,
            spans,
            texts,
            ready,
            delimiter,
        }
    }

    /// Appends the codes of values; `false` if one has none.
    #[inline]
    pub(super) fn codes_of<'v>(
        &self,
        values: impl Iterator<Item = Value<'v>>,
        codes: &mut Vec<u32>,
    ) -> bool {
        let mut all_known = true;
        codes.extend(values.map(|value| {
            let code = self.codes.get(value);
            all_known &= code.is_some();
            code.unwrap_or(u32::MAX)
        }));
        all_known
    }

    pub(super) fn code(&self, value: Value<'_>) -> Option<u32> {
        self.codes.get(value)
    }

    /// The number of the label of a code at a node, counted from 1.
    #[inline]
    fn number(&self, node: u32, code: u32) -> Option<u32> {
        let level = self.levels.get((node as usize).wrapping_sub(1))?;
        let at = level.saturating_add(code as usize);
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

    /// Appends the label with a number, and the delimiter.
    #[inline(always)]
    pub(super) fn write(&self, number: u32, out: &mut Vec<u8>) {
        if let Some(ready) = self.ready.get(number as usize)
            && let [.., length] = ready
            && *length != TOO_LONG
        {
            let until = out.len().wrapping_add(usize::from(*length));
            out.extend_from_slice(ready);
            out.truncate(until);
            return;
        }
        out.extend_from_slice(self.label(number));
        out.push(self.delimiter);
    }

    pub(super) fn label(&self, number: u32) -> &[u8] {
        let label = self.at(number);
        label.texts.get(label.start..label.end).unwrap_or_default()
    }
}
