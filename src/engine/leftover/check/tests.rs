use std::io::Cursor;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::base::name::Shown;
use crate::engine::leftover::What;
use crate::engine::plan::Plan;
use crate::engine::{Anonymiser, Settings, Worker};
use crate::io::csv::{Batch, Options, Reader};
use crate::io::format::OutputFormat;
use crate::rules::context::RunContext;
use crate::rules::policy::OnInvalid;
use crate::rules::table::RuleTable;

const TABLE: &str = r#"
    version = 1
    [columns.nom]
    rule = "drop"
    attribute = "identifying"
    [columns.adresse]
    rule = "drop"
    attribute = "identifying"
    [columns.metier]
    rule = "keep"
    [columns.note]
    rule = "keep"
"#;

/// Cells of few kinds that come often, whose words stand together in an address.
const ADDRESSES: &[&str] = &[
    "\"12 rue des Lilas, 75001 Paris\"",
    "\"3 quai Colbert, 69001 Lyon\"",
    "",
];
const NOTES: &[&str] = &["12 rue des lilas", "3 quai colbert", "rien de neuf", ""];

/// A word that is one of many, so that hardly any batch has it in a kept cell.
fn rare() -> impl Strategy<Value = String> {
    let letter = || prop::sample::select(&b"bdfglmnprt"[..]);
    let letters = (letter(), letter());
    letters.prop_map(|(one, other)| format!("{0}a{1}o{0}i", char::from(one), char::from(other)))
}

/// A row: a name, an address, an occupation, a note.
fn row() -> impl Strategy<Value = String> {
    let address = prop::sample::select(ADDRESSES);
    let note = prop::sample::select(NOTES);
    let cells = (rare(), address, rare(), note);
    cells.prop_map(|(name, address, metier, note)| {
        format!("Jean {name},{address},{metier},{note}\n")
    })
}

/// What the workers find together, and in how many cells, where each batch of rows is dealt to the one
/// that `deal` says. The batches' records have the same numbers.
fn found(batches: &[Vec<String>], deal: &[usize]) -> Vec<Vec<(What, u64)>> {
    let verdict = verdict(batches, deal, None);
    let columns = verdict.columns().iter();
    let kinds = columns.map(|column| column.kinds.iter());
    let kinds = kinds.map(|kinds| kinds.map(|kind| (kind.what.clone(), kind.cells)));
    kinds.map(Iterator::collect).collect()
}

/// The same, as a verdict; with one `masked` of what is left after it masked what it knows.
fn verdict(batches: &[Vec<String>], deal: &[usize], masked: Option<&Verdict>) -> Verdict {
    let table = RuleTable::parse(TABLE, "test", "test", Path::new("")).unwrap();
    let header = ["nom", "adresse", "metier", "note"].map(str::to_owned);
    let shown = (1..).zip(&header);
    let shown: Vec<Shown> = shown.map(|(at, name)| Shown::new(name, at)).collect();
    let plan = Plan::new(&table, &header, &shown, &RunContext::sample(), false).unwrap();
    let settings = Settings {
        format: OutputFormat {
            delimiter: b',',
            crlf: false,
            mark: false,
        },
        on_invalid: OnInvalid::Fail,
        index: None,
        note_row_ends: false,
        count_missing_kept: false,
        formulas: crate::rules::Formulas::Keep,
    };
    let mut workers: Vec<Anonymiser<'_>> = (0..3)
        .map(|_| {
            let checker = Checker::new(&plan.scope, &plan.missing, masked);
            Anonymiser::new(&plan, &shown, settings).checked(Some(checker))
        })
        .collect();
    for (rows, worker) in batches.iter().zip(deal.iter().cycle()) {
        let options = Options {
            delimiter: Some(b','),
            ..Options::default()
        };
        let text = format!("{}\n{}", header.join(","), rows.concat());
        let mut reader = Reader::open(Box::new(Cursor::new(text)), options).unwrap();
        let mut batch = Batch::new();
        while reader.fill(&mut batch).unwrap() {
            workers[*worker].process(&batch).unwrap();
        }
    }
    let checkers = workers.into_iter().filter_map(Anonymiser::into_checker);
    Checker::verdict(&plan.scope, checkers)
}

#[test]
fn what_is_left_after_masking_is_found() {
    let row = |note: &str| format!("Jean Vasseur,,cadre,{note}\n");
    let rows = |notes: &[&str]| [notes.iter().map(|note| row(note)).collect::<Vec<_>>()];
    let mailbox = rows(&["a.b@example.fr", ""]);
    let known = verdict(&mailbox, &[0], None);
    assert!(!known.is_clean());
    for (what, notes, clean) in cases![
        "what was known is masked", &["a.b@example.fr", ""][..], true;
        "a telephone was not known", &["a.b@example.fr", "06 12 34 56 78"], false;
        "the name beside it is masked, known or not", &["a.b@example.fr", "vu vasseur"], true;
    ] {
        let left = verdict(&rows(notes), &[0], Some(&known));
        assert_eq!(left.is_clean(), clean, "{what}");
    }
}

#[test]
fn a_cell_that_came_often_enough_is_not_compared_because_a_worker_knows_the_name_beside_it() {
    let known = ["Jean Morel,,cadre,Vasseur\n".to_owned()];
    let mut rows: Vec<String> = Vec::new();
    for metier in ["a", "b", "c"] {
        rows.push(format!("Jean Petit,,bord{metier},12 rue des lilas\n"));
    }
    for metier in ["a", "b", "c", "d", "e"] {
        rows.push(format!(
            "Jean Vasseur,\"12 rue des Lilas, 75001 Paris\",cord{metier},12 rue des lilas\n"
        ));
    }
    let batches = [known.to_vec(), rows];
    assert_eq!(found(&batches, &[0]), [vec![], vec![]]);
    assert_eq!(found(&batches, &[0, 1]), [vec![], vec![]]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn what_is_found_does_not_depend_on_who_reads_which_batch(
        batches in prop::collection::vec(prop::collection::vec(row(), 1..80), 1..5),
        deal in prop::collection::vec(0..3_usize, 1..8),
    ) {
        prop_assert_eq!(found(&batches, &deal), found(&batches, &[0]));
    }
}
