use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::base::random::Randomness;
use crate::crypto::row_index::IndexKey;
use crate::engine::{Recoding, Tally};
use crate::io::csv::{Encoding, Options};
use crate::io::format::OutputFormat;
use crate::privacy::search;
use crate::privacy::search::Requirement;
use crate::rules::context::RunContext;
use crate::rules::table::RuleTable;

const TABLE: &str = r#"
    version = 1
    [columns.metier]
    rule = "keep"
    attribute = "quasi-identifying"
    [columns.note]
    rule = { keep = { multiline = true } }
    attribute = "sensitive"
    [columns.naissance]
    rule = "year"
    attribute = "quasi-identifying"
    [columns.enfants]
    rule = { yes_no = { yes = "0", no = "1" } }
    attribute = "quasi-identifying"
    [columns.revenus]
    rule = { bucket = { width = 100 } }
    attribute = "sensitive"
    [columns.visites]
    rule = { noise = { distribution = "laplace", scale = 3 } }
    attribute = "quasi-identifying"
    [columns.autre]
    rule = "keep"
    attribute = "insensitive"
"#;

const FILTER: &str = r#"
    [rows]
    where = [{ column = "autre", is_not = "x" }]
"#;

/// What came of a pass: rows read, rows that leave, whether anything is wrong, and the counts; or
/// why it refused.
type Outcome = Result<(u64, u64, bool, Counted), Error>;

fn outcomes(table: &str, text: &[u8], how: (OnInvalid, usize)) -> [Outcome; 2] {
    [false, true].map(|skims| {
        measured(table, text, how, |measuring, mut reader| {
            count(measuring, &mut reader, skims)
        })
    })
}

fn open(text: &[u8]) -> Result<Reader, Error> {
    let encoding = match std::str::from_utf8(text) {
        Ok(_) => None,
        Err(_) => Some(Encoding::Windows1252),
    };
    let options = Options {
        batch: 512,
        encoding,
        ..Options::default()
    };
    Ok(Reader::open(Box::new(Cursor::new(text.to_vec())), options)?)
}

const FORMAT: OutputFormat = OutputFormat {
    delimiter: b';',
    crlf: false,
    mark: false,
};

/// What comes of a text, measured after a table.
fn measured<T>(
    table: &str,
    text: &[u8],
    (on_invalid, threads): (OnInvalid, usize),
    act: impl Fn(&Measuring<'_>, Reader) -> Result<T, Error>,
) -> Result<T, Error> {
    let table = RuleTable::parse(table, "test", "test", Path::new("")).unwrap();
    let reader = open(text)?;
    let header = reader.shown_header().to_vec();
    let context = RunContext::sample();
    let plan = Plan::new(&table, reader.header(), &header, &context, false)?;
    let watch = plan.watch();
    let measuring = Measuring {
        plan: &plan,
        header: &header,
        watch: &watch,
        whose: Whose::Unknown,
        settings: Settings {
            format: FORMAT,
            on_invalid,
            index: Some(IndexKey::draw(
                &mut Randomness::from_seed(1).stream("index"),
            )),
            note_row_ends: false,
            count_missing_kept: threads == 2,
            formulas: crate::rules::Formulas::Keep,
        },
        threads,
        look: ResidualSearch::Off,
        depth: Depth::All,
        sealing: None,
    };
    assert!(measuring.can_skim());
    act(&measuring, reader)
}

fn count(measuring: &Measuring<'_>, reader: &mut Reader, skims: bool) -> Outcome {
    let mut tally = Tally::new(measuring.plan.steps.len());
    let mut deliver = |part: &mut Part| {
        tally.add(&part.tally);
        Ok::<(), Error>(())
    };
    let passed = match skims {
        true => measuring.skim(reader, &mut deliver)?,
        false => measuring.pass(reader, RowOutput::CountOnly, &mut deliver)?,
    };
    let counted = passed.counted.ok_or(Error::Internal)?;
    Ok((tally.rows, tally.written, tally.has_invalid(), counted))
}

/// The rows with their labels, what was counted of them on the way, and how many are alike; if any
/// labels reach k = 2, which may suppress all.
type Labelled = Option<(String, Tally, Counted)>;

/// What leaves where the labels are written in the place of cells that were written before, and
/// where they are found before.
fn labelled(
    table: &str,
    text: &[u8],
    how: (OnInvalid, usize),
    local: bool,
) -> Result<[Labelled; 2], Error> {
    measured(table, text, how, |measuring, mut reader| {
        let (.., counted) = count(measuring, &mut reader, true)?;
        let hierarchies = measuring.hierarchies(&counted, false)?;
        let requirement = Requirement {
            k: 2,
            max_suppressed: counted.combinations.rows() / 2,
            l: None,
            t: None,
        };
        let find = if local { search::local } else { search::global };
        let found = find(&counted.combinations, &hierarchies, &requirement, 2);
        let Ok(found) = found else {
            return Ok([None, None]);
        };
        let outcomes = [Values::Written, Values::Texts].map(|by| {
            let recoding = Recoding::new(
                &counted.combinations,
                &found,
                &hierarchies,
                &counted.values,
                (FORMAT, false),
                by,
                measuring.threads,
            );
            let (mut rows, mut tally) = (Vec::new(), Tally::new(measuring.plan.steps.len()));
            let passed = measuring.pass(
                &mut open(text)?,
                RowOutput::Recode(&recoding),
                &mut |part| {
                    rows.extend_from_slice(&part.rows);
                    tally.add(&part.tally);
                    Ok::<(), Error>(())
                },
            )?;
            let counted = passed.counted.ok_or(Error::Internal)?;
            Ok(Some((String::from_utf8(rows).unwrap(), tally, counted)))
        });
        let [one, other]: [Result<Labelled, Error>; 2] = outcomes;
        Ok([one?, other?])
    })
}

fn assert_labelled_alike(table: &str, text: &[u8], how: (OnInvalid, usize), local: bool) {
    match labelled(table, text, how, local).unwrap() {
        [Some(one), Some(other)] => {
            assert_eq!(one.0, other.0);
            assert_eq!(format!("{:?}", one.1), format!("{:?}", other.1));
            assert_eq!(one.2.values, other.2.values);
            assert_eq!(one.2.combinations, other.2.combinations);
        }
        [one, other] => assert!(one.is_none() && other.is_none()),
    }
}

fn assert_alike(table: &str, text: &[u8], how: (OnInvalid, usize)) {
    match outcomes(table, text, how) {
        [Ok(one), Ok(other)] => {
            assert_eq!((one.0, one.1, one.2), (other.0, other.1, other.2));
            assert_eq!(one.3.values, other.3.values);
            assert_eq!(one.3.combinations, other.3.combinations);
        }
        [Err(one), Err(other)] => assert_eq!(one.to_string(), other.to_string()),
        [one, other] => panic!("{:?} {:?}", one.err(), other.err()),
    }
}

const HEADER: &str = "metier,note,naissance,enfants,revenus,visites,autre";

/// By column: cells as they stand in a file.
const CELLS: [&[&str]; 7] = [
    &[
        "",
        "boulanger",
        "\"boulanger\"",
        "\"a,b\"",
        "\"dit \"\"le\"\" chef\"",
        "é",
    ],
    &[
        "",
        "rien",
        "\"une\nligne\"",
        "NULL",
        "plus longue que seize octets",
    ],
    &["1980-02-03", "03/02/1980", "NULL", "", "\"1981-01-01\""],
    &["0", "2", "\"3\"", "", "beaucoup"],
    &["1200", "1 200,50", "", "12", "-3"],
    &["1", "20", "", "n/a"],
    // One of these makes a row too wide.
    &["x", "y", "\"x\"", "y,z"],
];

fn row() -> impl Strategy<Value = String> {
    let cells = CELLS.iter().map(|cells| prop::sample::select(*cells));
    let cells: Vec<_> = cells.collect();
    cells.prop_map(|cells| format!("{}\n", cells.join(",")))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]
    #[test]
    fn a_pass_that_skims_counts_what_one_that_writes_does(
        rows in prop::collection::vec(row(), 0..60),
        blanks in any::<bool>(),
        filters in any::<bool>(),
        latin in any::<bool>(),
        threads in 1..4_usize,
    ) {
        let text = format!("{HEADER}\n{}", rows.concat());
        let text = match latin {
            true => text.chars().map(|letter| letter as u8).collect(),
            false => text.into_bytes(),
        };
        let table = if filters { format!("{TABLE}{FILTER}") } else { TABLE.to_owned() };
        let on_invalid = if blanks { OnInvalid::Blank } else { OnInvalid::Fail };
        assert_alike(&table, &text, (on_invalid, threads));
    }

    #[test]
    fn labels_are_the_same_whenever_they_are_found(
        rows in prop::collection::vec(row(), 0..60),
        filters in any::<bool>(),
        latin in any::<bool>(),
        local in any::<bool>(),
        threads in 1..4_usize,
    ) {
        let text = format!("{HEADER}\n{}", rows.concat());
        let text = match latin {
            true => text.chars().map(|letter| letter as u8).collect(),
            false => text.into_bytes(),
        };
        let table = if filters { format!("{TABLE}{FILTER}") } else { TABLE.to_owned() };
        assert_labelled_alike(&table, &text, (OnInvalid::Blank, threads), local);
    }
}

#[test]
fn a_column_of_very_many_cells_is_counted_alike() {
    let mut text = format!("{HEADER}\n");
    for row in 0..30_000_u32 {
        // Cells of the second half are what left in the place of others in the first.
        let (year, day) = (1940 + row % 80, 1 + row / 80 % 28);
        let month = 1 + row / 2_240 % 12;
        let enfants = if row < 15_000 {
            row.to_string()
        } else {
            (row % 3).to_string()
        };
        text += &format!(
            "m{},{},{year}-{month:02}-{day:02},{enfants},{row},{},y\n",
            row % 70_000,
            row % 7,
            row % 5
        );
    }
    for threads in [1, 2] {
        assert_alike(TABLE, text.as_bytes(), (OnInvalid::Fail, threads));
    }
}

#[test]
fn labels_are_written_alike_in_a_column_of_very_many_cells() {
    let mut text = format!("{HEADER}\n");
    for row in 0..30_000_u32 {
        let (year, day) = (1940 + row % 80, 1 + row / 80 % 28);
        let enfants = if row % 9 == 0 { "beaucoup" } else { "0" };
        text += &format!(
            "m{},{},{year}-{:02}-{day:02},{enfants},{row},{},y\n",
            row % 12_000,
            row % 7,
            1 + row / 2_240 % 12,
            row % 5
        );
    }
    let how = (OnInvalid::Blank, 2);
    let [one, other] = labelled(TABLE, text.as_bytes(), how, false).unwrap();
    let (rows, tally, _) = one.as_ref().unwrap();
    assert_eq!(rows.lines().count(), 30_000);
    assert_eq!(tally.invalid_cells(), 3_334);
    assert_eq!(tally.places.len(), 10);
    assert_eq!(format!("{tally:?}"), format!("{:?}", other.unwrap().1));
    assert_labelled_alike(TABLE, text.as_bytes(), how, false);
}

#[test]
fn a_row_that_was_not_counted_is_refused() {
    let first = format!("{HEADER}\n{}", "a,,1980-01-01,0,1,1,y\n".repeat(4));
    for (changed, known) in [
        ("a,,1980-01-01,0,1,1,y\n", true),
        ("b,,1980-01-01,0,1,1,y\n", false),
        ("a,,1981-01-01,0,1,1,y\n", false),
        ("a,,1980-01-01,,1,1,y\n", false),
        // What is not counted may change: that is found out otherwise.
        ("a,b,1980-01-01,0,1,1,n\n", true),
    ] {
        let second = format!("{first}{changed}");
        let written = measured(
            TABLE,
            first.as_bytes(),
            (OnInvalid::Fail, 1),
            |measuring, _| {
                let (.., counted) = count(measuring, &mut open(first.as_bytes())?, true)?;
                let hierarchies = measuring.hierarchies(&counted, false)?;
                let as_they_are = Requirement {
                    k: 1,
                    max_suppressed: 0,
                    l: None,
                    t: None,
                };
                let found = search::global(&counted.combinations, &hierarchies, &as_they_are, 1);
                let recoding = Recoding::new(
                    &counted.combinations,
                    &found.unwrap(),
                    &hierarchies,
                    &counted.values,
                    (FORMAT, false),
                    Values::Texts,
                    1,
                );
                let mut reader = open(second.as_bytes())?;
                measuring.pass(&mut reader, RowOutput::Recode(&recoding), &mut |_| {
                    Ok::<(), Error>(())
                })?;
                Ok(())
            },
        );
        assert_eq!(written.is_ok(), known, "{changed}");
    }
}

#[test]
fn a_line_break_in_a_kept_cell_is_refused_alike() {
    let text = format!("{HEADER}\n\"a\nb\",,1980-01-01,0,1,1,y\n");
    assert_alike(TABLE, text.as_bytes(), (OnInvalid::Fail, 1));
    let [_, skimmed] = outcomes(TABLE, text.as_bytes(), (OnInvalid::Fail, 1));
    assert!(skimmed.is_err_and(|error| error.to_string().contains("metier")));
}

#[test]
fn quotes_are_undone() {
    for (written, text) in [
        ("", ""),
        ("a", "a"),
        ("\"a,b\"", "a,b"),
        ("\"say \"\"a\"\"\"", "say \"a\""),
        ("\"\"\"\"", "\""),
        ("\"\"", ""),
    ] {
        assert_eq!(&*unquoted(written.as_bytes()), text.as_bytes(), "{written}");
    }
}

#[test]
fn checkers_count_the_missing_cells_that_parts_would_count() {
    let cells: [&[u8]; 11] = [
        b"", b"NULL", b"\"\"", b"=\"\"", b"  ", b"\"n/a\"", b"\xa0", b"\xe9", b"x", b"0",
        b"plus que quatre",
    ];
    for tiny in [true, false] {
        let cells = cells.iter().filter(|cell| !tiny || cell.len() < 4);
        let cells: Vec<&[u8]> = cells.copied().collect();
        let mut text = b"metier;note;naissance;enfants;revenus;visites;autre\n".to_vec();
        for at in 0..3 * cells.len() {
            let cell = |by: usize| cells[(at * by + by) % cells.len()];
            let row = [cell(1), cell(2), b"1980-01-01", b"0", b"5", b"3", cell(3)];
            text.extend(row.join(&b';'));
            text.push(b'\n');
        }
        // Two threads count what is missing in kept columns.
        let [by_parts, by_checkers] = [ResidualSearch::Off, ResidualSearch::Count].map(|look| {
            measured(
                TABLE,
                &text,
                (OnInvalid::Fail, 2),
                |measuring, mut reader| {
                    let mut tally = Tally::new(measuring.plan.steps.len());
                    let measuring = Measuring { look, ..*measuring };
                    let passed = measuring.plain_pass(&mut reader, &mut |part: &mut Part| {
                        tally.add(&part.tally);
                        Ok::<(), Error>(())
                    })?;
                    let missing = tally.columns.iter().map(|column| column.missing);
                    Ok((missing.collect::<Vec<u64>>(), passed.missing))
                },
            )
            .unwrap()
        });
        assert_eq!(by_parts.1, [], "{tiny}");
        let kept: Vec<(usize, u64)> = [0, 1, 6].map(|step| (step, by_parts.0[step])).to_vec();
        assert!(kept.iter().all(|(_, missing)| *missing > 10), "{kept:?}");
        assert_eq!(by_checkers.1, kept, "{tiny}");
        assert!(kept.iter().all(|(step, _)| by_checkers.0[*step] == 0));
    }
}
