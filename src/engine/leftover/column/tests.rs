use std::collections::BTreeMap;
use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::base::name::Shown;
use crate::detect::{Detectors, Tally};
use crate::engine::leftover::content::{Content, TELLING};
use crate::engine::leftover::values::Same;
use crate::io::csv::{Batch, Encoding, Ends, Options, Reader, Row, RowPlace};
use crate::rules::table::Missing;

const WIDTH: usize = 5;

const CELLS: [&str; 18] = [
    "",
    "F",
    "non",
    "12",
    "7",
    "NA",
    "\"\"",
    "Bac",
    "cadre",
    "retraité",
    "NULL",
    "employée de bureau",
    "\"Bac +2, BTS\"",
    "\"un \"\"mot\"\"\"",
    "jean.dupont@orange.fr",
    "a value of more than thirty-two bytes",
    "12 rue des Lilas",
    "what is longer than sixty-four bytes is not remembered from one row to the next",
];

/// A row of a file: its cells, by their places among those that the file has, and what becomes of it.
#[derive(Debug, Clone)]
struct Sketch {
    cells: [usize; WIDTH],
    leaves: bool,
    blanked: bool,
    behind: &'static str,
}

fn sketch(distinct: usize, gaps: bool) -> impl Strategy<Value = Sketch> {
    let cells = prop::array::uniform5(0..distinct);
    let behind = prop::sample::select(vec!["\n", "\n", "\r\n", "\n\n", "\r"]);
    let (leaves, blanked) = match gaps {
        true => (prop::bool::weighted(0.9), prop::bool::weighted(0.1)),
        false => (prop::bool::weighted(1.0), prop::bool::weighted(0.0)),
    };
    (cells, leaves, blanked, behind).prop_map(|(cells, leaves, blanked, behind)| Sketch {
        cells,
        leaves,
        blanked,
        behind,
    })
}

fn file() -> impl Strategy<Value = Vec<Sketch>> {
    (1..=CELLS.len(), any::<bool>())
        .prop_flat_map(|(distinct, gaps)| prop::collection::vec(sketch(distinct, gaps), 1..300))
}

fn kept(column: usize) -> Kept {
    Kept {
        step: column,
        column,
        name: Shown::new("x", column + 1),
        detectors: Detectors::ALL,
        same_row: true,
        blanks: column % 2 == 1,
    }
}

/// What is expected of a column, found out cell by cell.
#[derive(Default)]
struct Expected {
    of_batch: BTreeMap<Vec<u8>, u32>,
    tally: Tally,
    words: BTreeMap<u64, u64>,
}

impl Expected {
    fn see(&mut self, content: &Content) -> Needs {
        if !content.missing {
            self.tally.add(&content.found, 1);
            for feature in content.features() {
                *self.words.entry(feature).or_insert(0) += 1;
            }
        }
        let times = self.of_batch.entry(content.raw.clone()).or_insert(0);
        *times += 1;
        match Needs::of(content) {
            needs if needs.look || needs.compare && (*times <= 3 || content.raw.len() > 64) => {
                needs
            }
            _ => Needs::default(),
        }
    }
}

fn add(found: &mut Found, missing: &Missing) -> impl FnMut(Same<'_>, u64) {
    |same, times| found.count(same, times, missing, false)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_pass_down_a_column_is_as_if_each_cell_was_read(rows in file(), size in 300_usize..9000) {
        let mut text = b"a,b,c,d,e\n".to_vec();
        for Sketch { cells, behind, .. } in &rows {
            text.extend_from_slice(cells.map(|cell| CELLS[cell]).join(",").as_bytes());
            text.extend_from_slice(behind.as_bytes());
        }
        let options = Options {
            delimiter: Some(b','),
            encoding: Some(Encoding::Utf8),
            batch: size,
            ..Options::default()
        };
        let missing = Missing::new(["", "NULL", "NA"]);
        let mut reading = Reading::new(&missing);
        let mut near = NearRows::default();
        let mut columns: Vec<Column> =
            (0..WIDTH).map(|column| Column::new(&kept(column), None, 0)).collect();
        let mut expected: Vec<Expected> = (0..WIDTH).map(|_| Expected::default()).collect();
        let mut reader = Reader::open(Box::new(Cursor::new(text)), options).unwrap();
        let (mut batch, mut ends, mut content) = (Batch::new(), Ends::default(), Content::default());
        let mut sketches = rows.iter();
        while reader.fill(&mut batch).unwrap() {
            batch.check(reader.shown_header(), &mut ends).unwrap();
            for (column, expected) in columns.iter_mut().zip(&mut expected) {
                column.values.begin(|_, _| panic!("turns do not end"));
                expected.of_batch.clear();
            }
            let all = batch.rows(&ends);
            let fields = all.fields();
            let leave: Vec<(Row<'_>, &Sketch)> =
                all.zip(&mut sketches).filter(|(_, sketch)| sketch.leaves).collect();
            for rows in leave.chunks(BLOCK) {
                let places: Vec<RowPlace> = rows.iter().map(|(row, _)| row.place()).collect();
                let blanked = rows.iter().enumerate();
                let block = Block {
                    places: &places,
                    width: WIDTH,
                    blanked: blanked.map(|(at, (_, sketch))| u64::from(sketch.blanked) << at).sum(),
                    fields,
                    batch: &batch,
                };
                let (mut noted, mut plain) = (Noted::new(), Noted::new());
                near.begin(true);
                for (column, expected) in columns.iter_mut().zip(&mut expected) {
                    let both = (&mut noted, &mut near);
                    column.pass(block, block.is_whole(), &mut reading, both);
                    let mut due = 0;
                    for (at, (row, sketch)) in rows.iter().enumerate() {
                        if sketch.blanked && column.kept.blanks {
                            continue;
                        }
                        let raw = row.field(column.kept.column).unwrap();
                        prop_assert_eq!(raw, CELLS[sketch.cells[column.kept.column]].as_bytes());
                        reading.read(&column.kept, None, raw, &batch, &mut content);
                        let needs = expected.see(&content);
                        due |= u64::from(needs.compare) << at;
                        plain.add(at, needs);
                        let known = column.values.content((raw, at));
                        prop_assert!(raw.len() < TELLING || raw.len() > 64 || known.is_some());
                    }
                    prop_assert_eq!(column.due, due);
                }
                prop_assert_eq!(noted, plain);
                for (at, (row, _)) in rows.iter().enumerate() {
                    let mut words = near.of(at);
                    columns.iter().for_each(|column| column.add_near(row, at, &mut words));
                    for column in columns.iter().filter(|column| column.due >> at & 1 != 0) {
                        let raw = row.field(column.kept.column).unwrap();
                        reading.read(&column.kept, None, raw, &batch, &mut content);
                        prop_assert!(words.has_all(&content.words));
                    }
                }
            }
        }
        prop_assert!(sketches.next().is_none());
        for (column, expected) in columns.into_iter().zip(expected) {
            let Column { mut values, mut found, .. } = column;
            values.flush(add(&mut found, &missing));
            prop_assert_eq!(format!("{:?}", found.tally), format!("{:?}", expected.tally));
            found.settle();
            let words: BTreeMap<u64, u64> =
                found.words.settled().iter().map(|(word, count)| (*word, *count)).collect();
            prop_assert_eq!(words, expected.words);
        }
    }
}

/// The column's cells among the ends of all rows from one on, and what is known of them when the block
/// was passed three times.
fn first_column(text: &str, from: usize) -> (Option<Vec<u32>>, Vec<(String, u64)>) {
    let options = Options {
        delimiter: Some(b','),
        encoding: Some(Encoding::Utf8),
        ..Options::default()
    };
    let missing = Missing::new([""]);
    let mut reading = Reading::new(&missing);
    let mut reader = Reader::open(Box::new(Cursor::new(text.to_owned())), options).unwrap();
    let (mut batch, mut ends) = (Batch::new(), Ends::default());
    assert!(reader.fill(&mut batch).unwrap());
    batch.check(reader.shown_header(), &mut ends).unwrap();
    let all = batch.rows(&ends);
    let fields = all.fields();
    let places: Vec<RowPlace> = all.map(|row| row.place()).skip(from).collect();
    let block = Block {
        places: &places,
        width: 2,
        blanked: 0,
        fields,
        batch: &batch,
    };
    assert!(block.is_whole());
    let mut column = Column::new(&kept(0), None, 0);
    let mut counts = BTreeMap::new();
    column.values.begin(|_, _| panic!("turns do not end"));
    // Where it is read, a value is counted at once.
    let mut near = NearRows::default();
    for _ in 0..3 {
        let both = (&mut Noted::new(), &mut near);
        column.pass(block, true, &mut reading, both);
    }
    column.values.flush(|same, times| {
        let raw = match same {
            Same::Tiny(raw) => raw,
            Same::Read(content) => content.raw.as_slice(),
        };
        *counts
            .entry(String::from_utf8(raw.to_vec()).unwrap())
            .or_insert(0) += times;
    });
    (
        block.ends(0).map(<[u32]>::to_vec),
        counts.into_iter().collect(),
    )
}

#[test]
fn the_first_column_is_taken_from_the_ends_of_the_rows_before_where_one_byte_is_between() {
    for (text, from, ends) in [
        ("a,b\ncadre,1\nF,2\ncadre,3\n", 1, Some(&[7, 9, 11, 17][..])),
        ("a,b\rcadre,1\rF,2\rcadre,3\r", 1, Some(&[7, 9, 11, 17])),
        // Before the first row of a batch there is none.
        ("a,b\nF,2\ncadre,3\n", 0, None),
        ("a,b\r\ncadre,1\r\nF,2\r\ncadre,3\r\n", 1, None),
        // More than one byte is before the last row, or before another one.
        ("a,b\ncadre,1\nF,2\n\ncadre,3\n", 1, None),
        ("a,b\ncadre,1\n\nF,2\ncadre,3\n", 1, Some(&[7, 10, 12, 18])),
        ("a,b\ncadre,1\r\nF,2\ncadre,3\n", 1, Some(&[7, 10, 12, 18])),
    ] {
        let (found, counts) = first_column(text, from);
        let found = found.map(|found| found.get(..4).unwrap().to_vec());
        assert_eq!(found.as_deref(), ends, "{text:?}");
        assert_eq!(counts, [("F".into(), 2), ("cadre".into(), 2)], "{text:?}");
    }
}
