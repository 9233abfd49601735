//! Micro-benchmarks: the reader, each rule, the detectors, `inspect`, the writer, each alone and on one thread.
//!
//! They tell where time goes, from one change to the next on the same machine; how the whole
//! program compares with others is for `peers/peers.py`. `cargo bench --bench micro` takes a minute;
//! `cargo bench --bench micro -- encrypt` does a part.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fmt::{self, Display, Formatter};
use std::hint::black_box;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use crm_anon::inside::{
    Action, Batch, Cell, CellRow, ColumnContext, DEFAULT, Detectors, Ends, EngineError, IndexKey,
    Inspection, Inspector, KINDS, KeyRing, Options, OutputFormat, Probe, Randomness, Reader,
    RoleKey, RuleTable, RunContext, RunId, Transform, Vaults, detect, pass,
};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use line::{Dialect, Line, windows_1252};
use person::{HEADER, Lists};
use rng::Rng;

#[path = "generate/ids.rs"]
mod ids;
#[path = "generate/line.rs"]
mod line;
#[allow(dead_code)]
#[path = "generate/person.rs"]
mod person;
#[path = "generate/places.rs"]
mod places;
#[path = "generate/rng.rs"]
mod rng;
#[path = "generate/words.rs"]
mod words;

/// Some megabytes: more than a processor's second cache.
const ROWS: u64 = 20_000;

fn main() {
    divan::main();
}

/// An export as `generate` makes it.
fn export(dialect: Dialect) -> Vec<u8> {
    let lists = Lists::new(false);
    let (mut bytes, mut scratch) = (Vec::new(), String::new());
    for number in 0..=ROWS {
        let mut line = Line {
            text: String::new(),
            dialect,
            habits: Rng::for_row(1, number, 1),
        };
        if number == 0 {
            HEADER.split_whitespace().for_each(|name| line.cell(name));
        } else {
            let mut rng = Rng::for_row(1, number, 0);
            lists.row(number, &mut rng, None, &mut line, &mut scratch);
        }
        line.text.pop(); // the delimiter behind the last cell
        match dialect {
            Dialect::Plain => {
                bytes.extend_from_slice(line.text.as_bytes());
                bytes.push(b'\n');
            }
            Dialect::Excel => {
                windows_1252(&line.text, &mut bytes).unwrap();
                bytes.extend_from_slice(b"\r\n");
            }
        }
    }
    bytes
}

fn opened(export: &[u8]) -> Reader {
    let source = Box::new(Cursor::new(export.to_vec()));
    Reader::open(source, Options::default()).unwrap()
}

/// The cells of one column that are not missing, decoded.
fn column(export: &[u8], name: &str) -> Vec<Vec<u8>> {
    let rules = rules();
    let mut reader = opened(export);
    let position = reader.header().iter().position(|n| n == name).unwrap();
    let (mut batch, mut ends, mut scratch) = (Batch::new(), Ends::default(), Vec::new());
    let mut cells = Vec::new();
    while reader.fill(&mut batch).unwrap() {
        batch.check(reader.shown_header(), &mut ends).unwrap();
        for row in batch.rows(&ends) {
            let cell = batch.content(row.field(position).unwrap(), &mut scratch);
            if !rules.missing.is(cell) {
                cells.push(cell.to_vec());
            }
        }
    }
    cells
}

fn rules() -> RuleTable {
    RuleTable::load(DEFAULT).unwrap()
}

fn context() -> RunContext {
    let mut keys = KeyRing::default();
    let key = RoleKey::draw("a".parse().unwrap()).unwrap();
    keys.add(Path::new("a.key"), key).unwrap();
    let random = Arc::new(Randomness::from_seed(1));
    RunContext {
        today: NaiveDate::from_ymd_opt(2025, 6, 30).unwrap(),
        random: Arc::clone(&random),
        indexed: true,
        keys: Arc::new(keys),
        vaults: Arc::new(Vaults::new(random).unwrap()),
        id: RunId::draw().unwrap(),
    }
}

/// What a rule does with a column; files that it names are in `folder`.
fn transform(rule: &str, name: &str, folder: &Path) -> Box<dyn Transform> {
    let text = format!("version = 1\n[columns.{name}]\nrule = {rule}\n");
    let rules = RuleTable::parse(&text, "micro", "micro", folder).unwrap();
    let [column] = rules.columns.as_slice() else {
        panic!("one column");
    };
    let run = context();
    let context = ColumnContext {
        run: &run,
        name: &column.name,
        output: &column.output,
        position: 0,
    };
    match column.rule.compile(&context).unwrap() {
        Action::Write(transform) => transform,
        Action::Drop | Action::Keep { .. } => panic!("{name} is not transformed"),
    }
}

mod reader {
    use super::*;

    /// Cutting into batches, finding where fields end.
    #[divan::bench(args = [Dialect::Plain, Dialect::Excel])]
    fn fill(bencher: Bencher, dialect: Dialect) {
        let export = export(dialect);
        let mut batch = Batch::new();
        bencher
            .counter(BytesCount::new(export.len()))
            .with_inputs(|| opened(&export))
            .bench_local_values(|mut reader| {
                while reader.fill(&mut batch).unwrap() {
                    black_box(batch.records());
                }
            });
    }

    /// The same, then proving the encoding and the rest, and unpacking where fields end.
    #[divan::bench(args = [Dialect::Plain, Dialect::Excel])]
    fn fill_and_check(bencher: Bencher, dialect: Dialect) {
        let export = export(dialect);
        let (mut batch, mut ends) = (Batch::new(), Ends::default());
        bencher
            .counter(BytesCount::new(export.len()))
            .with_inputs(|| opened(&export))
            .bench_local_values(|mut reader| {
                while reader.fill(&mut batch).unwrap() {
                    batch.check(reader.shown_header(), &mut ends).unwrap();
                    black_box(&ends);
                }
            });
    }
}

mod rules {
    use super::*;

    /// A rule, and the column that it has its work with.
    #[derive(Clone, Copy)]
    struct Case {
        rule: &'static str,
        column: &'static str,
        dialect: Dialect,
    }

    impl Display for Case {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            write!(f, "{} of {} ({:?})", self.rule, self.column, self.dialect)
        }
    }

    /// A rule of every kind that writes cells, in both dialects.
    fn cases() -> impl Iterator<Item = Case> {
        let rules = KINDS.iter().flat_map(|kind| rules_of(kind.name));
        rules.flat_map(|&(rule, column)| {
            [Dialect::Plain, Dialect::Excel].map(|dialect| Case {
                rule,
                column,
                dialect,
            })
        })
    }

    fn rules_of(kind: &str) -> &'static [(&'static str, &'static str)] {
        match kind {
            "drop" | "keep" => &[],
            "year" => &[("'year'", "date_naissance")],
            "year_month" => &[("'year_month'", "date_naissance")],
            "age" => &[("'age'", "date_naissance")],
            "date_shift" => &[("{ date_shift = { max_days = 30 } }", "date_demande")],
            "yes_no" => &[("'yes_no'", "nombre_enfants")],
            "bucket" => &[
                ("{ bucket = { width = 20_000 } }", "revenus"),
                ("{ bucket = { width = 50 } }", "tarif_devis"),
            ],
            "range" => &[("{ range = { edges = [20_000, 45_000.5] } }", "revenus")],
            "round" => &[("{ round = { to = 100 } }", "revenus")],
            "noise" => &[(
                "{ noise = { distribution = 'laplace', scale = 500 } }",
                "revenus",
            )],
            "postal_code" => &[("'postal_code'", "adresse")],
            "departement" => &[("'departement'", "adresse")],
            "region" => &[("'region'", "adresse")],
            "map" => &[(
                "{ map = { table = { H = 'homme' }, otherwise = 'keep' } }",
                "sexe",
            )],
            "constant" => &[("{ constant = { value = 'x' } }", "nom")],
            "truncate" => &[("{ truncate = { length = 3 } }", "nom")],
            "mask" => &[("'mask'", "num_ss")],
            "encrypt" => &[
                ("{ encrypt = { role = 'a' } }", "num_ss"),
                ("{ encrypt = { role = 'a' } }", "adresse"),
                (
                    "{ encrypt = { role = 'a', deterministic = true } }",
                    "email",
                ),
            ],
            "hash" => &[("{ hash = { role = 'a' } }", "email")],
            "token" => &[("{ token = { vault = 'a.vault', role = 'a' } }", "id_client")],
            other => panic!("no case for the rule kind {other}"),
        }
    }

    /// One rule after the other; an item is a cell.
    #[divan::bench(args = cases())]
    fn kind(bencher: Bencher, case: Case) {
        let cells = super::column(&export(case.dialect), case.column);
        let folder = tempfile::tempdir().unwrap();
        let transform = transform(case.rule, case.column, folder.path());
        let mut out = Vec::with_capacity(cells.len() * 128);
        bencher
            .counter(ItemsCount::new(cells.len()))
            .bench_local(|| {
                out.clear();
                for (record, content) in (1..).zip(&cells) {
                    let written = transform.apply(
                        Cell {
                            content,
                            row: &CellRow {
                                record,
                                index: Some(record),
                                person: b"",
                            },
                        },
                        &mut out,
                    );
                    assert!(written.is_ok());
                }
                black_box(&out);
            });
    }

    /// Whether a cell counts as missing, asked before every rule.
    #[divan::bench(args = ["metier", "revenus", "adresse"])]
    fn missing(bencher: Bencher, name: &str) {
        let cells = super::column(&export(Dialect::Plain), name);
        let missing = super::rules().missing;
        bencher
            .counter(ItemsCount::new(cells.len()))
            .bench_local(|| {
                for cell in &cells {
                    black_box(missing.is(black_box(cell)));
                }
            });
    }
}

mod detectors {
    use super::*;

    fn cells(bencher: Bencher, cells: &[Vec<u8>]) {
        let mut found = Vec::new();
        bencher
            .counter(ItemsCount::new(cells.len()))
            .bench_local(|| {
                for cell in cells {
                    detect(black_box(cell), Detectors::ALL, &mut found);
                    black_box(&found);
                }
            });
    }

    /// Columns as they are kept: words, words with a digit now and then, numbers.
    #[divan::bench(args = ["metier", "formation", "type_vehicule", "points_perdus"])]
    fn kept(bencher: Bencher, name: &str) {
        cells(bencher, &super::column(&export(Dialect::Plain), name));
    }

    /// Columns that are never kept, because their cells are what is looked for.
    #[divan::bench(args = ["email", "num_ss", "adresse", "id_client"])]
    fn identifying(bencher: Bencher, name: &str) {
        cells(bencher, &super::column(&export(Dialect::Plain), name));
    }

    /// Words with an identifier in one cell of a hundred.
    #[divan::bench]
    fn mixed(bencher: Bencher) {
        let export = export(Dialect::Plain);
        let mut column = super::column(&export, "metier");
        let emails = super::column(&export, "email");
        for (cell, email) in column.iter_mut().step_by(100).zip(&emails) {
            cell.extend_from_slice(b" ");
            cell.extend_from_slice(email);
        }
        cells(bencher, &column);
    }
}

mod inspect {
    use super::*;

    /// Columns of few values, of many that return, and of values that hardly do; an item is a cell.
    #[divan::bench(args = ["metier", "date_naissance", "num_ss", "email", "adresse", "lat"])]
    fn column(bencher: Bencher, name: &str) {
        let cells = super::column(&export(Dialect::Plain), name);
        let mut text = name.as_bytes().to_vec();
        for cell in &cells {
            text.push(b'\n');
            let start = text.len();
            text.extend_from_slice(cell);
            writer::COMMA.quote_from(start, &mut text);
        }
        inspect(bencher.counter(ItemsCount::new(cells.len())), &text);
    }

    /// All columns side by side.
    #[divan::bench(args = [Dialect::Plain, Dialect::Excel])]
    fn file(bencher: Bencher, dialect: Dialect) {
        let export = export(dialect);
        inspect(bencher.counter(BytesCount::new(export.len())), &export);
    }

    fn inspect(bencher: Bencher, text: &[u8]) {
        let probe = Probe::new(&context()).unwrap();
        bencher
            .with_inputs(|| opened(text))
            .bench_local_values(|mut reader| {
                let header = reader.header().to_vec();
                let shown = reader.shown_header().to_vec();
                let mut worker = Inspector::new(&probe, &header, &shown);
                let passed = pass(&mut reader, vec![&mut worker], &mut |()| {
                    Ok::<(), EngineError>(())
                });
                passed.unwrap();
                black_box(Inspection::new(&header, vec![worker], true));
            });
    }
}

mod writer {
    use super::*;

    pub(super) const COMMA: OutputFormat = OutputFormat {
        delimiter: b',',
        crlf: false,
        mark: false,
    };

    /// Cells written behind one another, quoted where they need it: none of the first column, some
    /// of the second, nearly all of the third.
    #[divan::bench(args = ["metier", "type_vehicule", "adresse"])]
    fn quoting(bencher: Bencher, name: &str) {
        let cells = column(&export(Dialect::Plain), name);
        let mut out = Vec::with_capacity(cells.len() * 128);
        bencher
            .counter(ItemsCount::new(cells.len()))
            .bench_local(|| {
                out.clear();
                for cell in &cells {
                    let start = out.len();
                    out.extend_from_slice(cell);
                    COMMA.quote_from(start, &mut out);
                    out.push(COMMA.delimiter);
                }
                black_box(&out);
            });
    }

    /// The random indexes, not yet as digits.
    #[divan::bench]
    fn indexes(bencher: Bencher) {
        let key = IndexKey::draw(&mut Randomness::from_seed(1).stream("bench"));
        let mut indexes = Vec::new();
        bencher
            .counter(ItemsCount::new(ROWS))
            .bench_local(|| key.indexes(black_box(0), ROWS as usize, &mut indexes));
    }
}
