//! The Adult table and its hierarchies, read for the search.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};

use crm_anon::inside::{Combinations, Hierarchy, Layout, SensitiveCounts};

/// A table as the search takes it, and its rows.
pub(crate) struct Adult {
    /// The distinct rows.
    pub(crate) combinations: Combinations,
    /// By column.
    pub(crate) hierarchies: Vec<Hierarchy>,
    /// By row of the file: its combination.
    pub(crate) rows: Vec<usize>,
}

/// The rows of a combination, by number, and its sensitive values.
type Counted = (Vec<usize>, BTreeMap<u32, u32>);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/adult")
}

fn reader<R: Read>(from: R, headers: bool) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(headers)
        .from_reader(from)
}

/// The column's hierarchy file: value, then labels.
fn ladder(name: &str) -> Vec<Vec<Box<[u8]>>> {
    let file = folder().join(format!("adult_hierarchy_{name}.csv"));
    let lines = reader(std::fs::File::open(file).unwrap(), false).into_byte_records();
    lines
        .map(|line| line.unwrap().iter().map(Into::into).collect())
        .collect()
}

impl Adult {
    /// The first `columns` columns as quasi-identifiers; the column of number `sensitive`, if any,
    /// as a sensitive one.
    pub(crate) fn read(columns: usize, sensitive: Option<usize>) -> Self {
        let bytes = std::fs::read(folder().join("adult.csv.gz")).unwrap();
        let mut table = reader(flate2::read::GzDecoder::new(&bytes[..]), true);
        let names: Vec<String> = table.headers().unwrap().iter().map(Into::into).collect();
        let lines: Vec<csv::ByteRecord> = table.byte_records().map(Result::unwrap).collect();
        let distinct = |column: usize| -> Vec<Box<[u8]>> {
            let mut values: Vec<Box<[u8]>> = lines.iter().map(|line| line[column].into()).collect();
            values.sort();
            values.dedup();
            values
        };
        let values: Vec<Vec<Box<[u8]>>> = (0..columns).map(distinct).collect();
        let code = |values: &[Box<[u8]>], cell: &[u8]| {
            values
                .binary_search_by(|value| (**value).cmp(cell))
                .unwrap() as u32
        };
        let secrets = sensitive.map(distinct).unwrap_or_default();
        let mut counted: BTreeMap<Vec<u32>, Counted> = BTreeMap::new();
        for (row, line) in lines.iter().enumerate() {
            let codes = values
                .iter()
                .zip(line)
                .map(|(values, cell)| code(values, cell));
            let entry = counted.entry(codes.collect()).or_default();
            entry.0.push(row);
            if let Some(column) = sensitive {
                *entry.1.entry(code(&secrets, &line[column])).or_default() += 1;
            }
        }
        let layout = Layout::new(&values.iter().map(Vec::len).collect::<Vec<_>>());
        let (mut keys, mut counts) = (Vec::new(), Vec::new());
        let mut rows = vec![0; lines.len()];
        let mut inside = SensitiveCounts::new(secrets.len());
        for (number, (codes, (of, secrets))) in counted.into_iter().enumerate() {
            let mut key = vec![0; layout.words()];
            layout.pack(codes, &mut key);
            keys.extend(key);
            counts.push(of.len() as u32);
            of.iter().for_each(|row| rows[*row] = number);
            inside.push(&secrets.into_iter().collect::<Vec<_>>());
        }
        let inside = sensitive.map(|_| inside).into_iter().collect();
        let hierarchies = names.iter().zip(&values).map(|(name, values)| {
            let lines = ladder(name);
            let by_value: HashMap<&[u8], &Vec<Box<[u8]>>> =
                lines.iter().map(|line| (&*line[0], line)).collect();
            let levels = lines[0].len();
            let steps = (1..levels - 1).map(|level| {
                let size =
                    |label: &[u8]| lines.iter().filter(|line| *line[level] == *label).count();
                let label = |value: &[u8]| by_value[value][level].clone();
                let labels = values
                    .iter()
                    .map(|value| label(value))
                    .map(|label| (label.clone(), size(&label)));
                (level.to_string(), labels.collect())
            });
            Hierarchy::new(name.clone(), 1.0, values, lines.len(), steps)
        });
        Self {
            hierarchies: hierarchies.collect(),
            combinations: Combinations::new(layout, keys, counts, inside),
            rows,
        }
    }
}
