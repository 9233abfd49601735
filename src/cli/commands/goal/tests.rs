use std::io::Cursor;
use std::path::Path;

use super::*;
use crate::engine::error::Error as EngineError;
use crate::engine::passes::ResidualSearch;
use crate::engine::plan::Plan;
use crate::engine::{Settings, Whose};
use crate::io::csv::{Options, Reader};
use crate::privacy::goal::Percent;
use crate::rules::context::RunContext;
use crate::rules::policy::OnInvalid;
use crate::rules::table::RuleTable;

/// A quasi-identifying and a sensitive column; `*` is all that the first one can become.
const TABLE: &str = r#"
    version = 1
    index = ""
    [columns.town]
    rule = "keep"
    attribute = "quasi-identifying"
    ladder = []
    [columns.disease]
    rule = "keep"
    attribute = "sensitive"
"#;

const FORMAT: OutputFormat = OutputFormat {
    delimiter: b',',
    crlf: false,
    mark: false,
};

/// Rows that are suppressed or why they cannot be, and for each pass whether it counted the diseases.
fn reached(
    rows: &str,
    goal: &Goal,
    depth: Depth,
    streamed: bool,
) -> (Result<u64, String>, Vec<bool>) {
    let text = format!("town,disease\n{rows}");
    let open = || Reader::open(Box::new(Cursor::new(text.clone())), Options::default()).unwrap();
    let table = RuleTable::parse(TABLE, "test", "test", Path::new("")).unwrap();
    let header = open().shown_header().to_vec();
    let plan = Plan::new(
        &table,
        open().header(),
        &header,
        &RunContext::sample(),
        false,
    );
    let plan = plan.unwrap();
    let watch = plan.watch();
    let measuring = Measuring {
        plan: &plan,
        header: &header,
        watch: &watch,
        whose: Whose::Unknown,
        settings: Settings {
            format: FORMAT,
            on_invalid: OnInvalid::Fail,
            index: None,
            note_row_ends: false,
            count_missing_kept: false,
            formulas: crate::rules::Formulas::Keep,
        },
        threads: 1,
        look: ResidualSearch::Off,
        depth,
        sealing: None,
    };
    let mut passes = Vec::new();
    let recoded = goal.reach(&measuring, (FORMAT, streamed), |measuring| {
        passes.push(!measuring.watch.sensitive.is_empty());
        let passed = measuring.skim(&mut open(), &mut |_| Ok::<(), EngineError>(()))?;
        Ok(passed.counted.ok_or(EngineError::Internal)?)
    });
    let suppressed = recoded.map(|recoded| recoded.unwrap().achieved.suppressed);
    (suppressed.map_err(|error| error.to_string()), passes)
}

#[test]
fn sensitive_columns_are_counted_where_they_matter() {
    use goal::Recoding::{Global, Local};

    let apart = "a,flu\na,flu\nb,flu\nb,cold\n";
    // The last two rows fail, and may not leave as one class of one disease.
    let alone = "a,cold\na,flu\nb,flu\nb,flu\nc,flu\nd,flu\n";
    let search = |recoding, most, l| Goal {
        population: None,
        merges_thin: false,
        search: Some(Search {
            k: 2,
            l,
            t: None,
            max_suppressed: most,
            recoding,
        }),
        gate: Gate::default(),
        measures: true,
        person: Vec::new(),
    };
    let percent = |text: &str| text.parse::<Percent>().unwrap();
    let (none, some, most) = (percent("0%"), percent("35%"), percent("70%"));
    let local = || search(Local, most, None);
    let about_l = Goal {
        gate: Gate {
            min_l: Some(1),
            ..Gate::default()
        },
        ..local()
    };
    let (without, with) = (false, true);
    for (name, rows, goal, depth, streamed, suppressed, passes) in cases![
        "no row is suppressed", apart, local(), Depth::Sizes, false, Some(0), &[without][..];
        "rows are", alone, local(), Depth::Sizes, false, Some(4), &[without, with];
        "nothing is found with them", alone, search(Local, some, None), Depth::Sizes, false, None, &[without, with];
        "no row may be", apart, search(Global, none, None), Depth::Sizes, false, Some(0), &[without];
        "global recoding", apart, search(Global, most, None), Depth::Sizes, false, Some(0), &[with];
        "l", apart, search(Local, most, Some(1)), Depth::Sizes, false, Some(0), &[with];
        "a threshold", apart, about_l, Depth::All, false, Some(0), &[with];
        "a stream", apart, local(), Depth::Sizes, true, Some(0), &[without];
        "a manifest", apart, local(), Depth::All, false, Some(0), &[without];
        "both", apart, local(), Depth::All, true, Some(0), &[with];
    ] {
        let (outcome, counted) = reached(rows, &goal, depth, streamed);
        assert_eq!(counted, passes, "{name}");
        match suppressed {
            Some(_) => assert_eq!(outcome.ok(), suppressed, "{name}"),
            None => assert!(outcome.unwrap_err().contains("suppresses 2 rows"), "{name}"),
        }
    }
}
