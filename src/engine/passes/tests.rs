use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::base::random::Randomness;
use crate::crypto::row_index::IndexKey;
use crate::engine::{Recoding, Tally};
use crate::io::csv::{Encoding, Options};
use crate::io::format::OutputFormat;
use crate::privacy::search::Requirement;
use crate::privacy::{Hierarchy, search};
use crate::rules::context::RunContext;
use crate::rules::table::RuleTable;

mod missing;

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

fn requirement(k: u32, max_suppressed: u64) -> Requirement {
    Requirement {
        k,
        max_suppressed,
        l: None,
        t: None,
    }
}

fn recoding(
    measuring: &Measuring<'_>,
    counted: &Counted,
    hierarchies: &[Hierarchy],
    found: &search::Found,
    by: Values,
) -> Recoding {
    let (combinations, values) = (&counted.combinations, &counted.values);
    let threads = measuring.threads;
    Recoding::new(
        combinations,
        found,
        hierarchies,
        values,
        (FORMAT, false),
        by,
        threads,
    )
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
        let requirement = requirement(2, counted.combinations.rows() / 2);
        let find = if local { search::local } else { search::global };
        let found = find(&counted.combinations, &hierarchies, &requirement, 2);
        let Ok(found) = found else {
            return Ok([None, None]);
        };
        let outcomes = [Values::Written, Values::Texts].map(|by| {
            let recoding = recoding(measuring, &counted, &hierarchies, &found, by);
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
const CELLS: [&str; 7] = [
    "|boulanger|\"boulanger\"|\"a,b\"|\"dit \"\"le\"\" chef\"|é",
    "|rien|\"une\nligne\"|NULL|plus longue que seize octets",
    "1980-02-03|03/02/1980|NULL||\"1981-01-01\"",
    "0|2|\"3\"||beaucoup",
    "1200|1 200,50||12|-3",
    "1|20||n/a",
    // One of these makes a row too wide.
    "x|y|\"x\"|y,z",
];

fn row() -> impl Strategy<Value = String> {
    let cells = CELLS.map(|cells| prop::sample::select(cells.split('|').collect::<Vec<_>>()));
    let cells = cells.to_vec();
    cells.prop_map(|cells| format!("{}\n", cells.join(",")))
}

/// The rule table and the file of a case.
fn drawn(rows: &[String], filters: bool, latin: bool) -> (String, Vec<u8>) {
    let text = format!("{HEADER}\n{}", rows.concat());
    let text = match latin {
        true => text.chars().map(|letter| letter as u8).collect(),
        false => text.into_bytes(),
    };
    let filter = if filters { FILTER } else { "" };
    (format!("{TABLE}{filter}"), text)
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
        let (table, text) = drawn(&rows, filters, latin);
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
        let (table, text) = drawn(&rows, filters, latin);
        assert_labelled_alike(&table, &text, (OnInvalid::Blank, threads), local);
    }
}

fn very_many_rows(metiers: u32, enfants: impl Fn(u32) -> String) -> String {
    let mut text = format!("{HEADER}\n");
    for row in 0..30_000 {
        let (year, day) = (1940 + row % 80, 1 + row / 80 % 28);
        let (month, metier, enfants) = (1 + row / 2_240 % 12, row % metiers, enfants(row));
        text += &format!(
            "m{metier},{},{year}-{month:02}-{day:02},{enfants},{row},{},y\n",
            row % 7,
            row % 5
        );
    }
    text
}

#[test]
fn a_column_of_very_many_cells_is_counted_alike() {
    // Cells of the second half are what left in the place of others in the first.
    let text = very_many_rows(70_000, |row| match row {
        0..15_000 => row.to_string(),
        _ => (row % 3).to_string(),
    });
    for threads in [1, 2] {
        assert_alike(TABLE, text.as_bytes(), (OnInvalid::Fail, threads));
    }
}

#[test]
fn labels_are_written_alike_in_a_column_of_very_many_cells() {
    let text = very_many_rows(12_000, |row| match row % 9 {
        0 => "beaucoup".to_owned(),
        _ => "0".to_owned(),
    });
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
        let (text, how) = (first.as_bytes(), (OnInvalid::Fail, 1));
        let written = measured(TABLE, text, how, |measuring, _| {
            let (.., counted) = count(measuring, &mut open(first.as_bytes())?, true)?;
            let hierarchies = measuring.hierarchies(&counted, false)?;
            let as_they_are = Requirement {
                k: 1,
                max_suppressed: 0,
                l: None,
                t: None,
            };
            let found = search::global(&counted.combinations, &hierarchies, &as_they_are, 1);
            let found = found.unwrap();
            let recoding = recoding(measuring, &counted, &hierarchies, &found, Values::Texts);
            let mut reader = open(second.as_bytes())?;
            measuring.pass(&mut reader, RowOutput::Recode(&recoding), &mut |_| {
                Ok::<(), Error>(())
            })?;
            Ok(())
        });
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
