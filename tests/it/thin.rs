//! Brackets that hardly anybody has: widened with `--k` until k have them, in columns that are not
//! quasi-identifying; what is published is counted again here, from the input.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::support::{Dice, Outcome, Scratch, crm, records, run};

const RULES: &str = "version = 1\nindex = \"\"\n\
    [columns.id_client]\nrule = \"drop\"\nattribute = \"identifying\"\n\
    [columns.ville]\nrule = \"keep\"\nattribute = \"quasi-identifying\"\nleftovers = \"ignore\"\n\
    [columns.revenus]\nrule = { bucket = { width = 20 } }\nattribute = \"sensitive\"\n\
    [columns.devis]\nrule = { bucket = { width = 5, top = 60 } }\nattribute = \"insensitive\"\n";

/// A customer of some, a town, and two amounts with a long tail, of which some are missing.
fn export(dice: &mut Dice, rows: usize, persons: usize) -> String {
    let mut text = "id_client,ville,revenus,devis\n".to_owned();
    for _ in 0..rows {
        let mut amount = |spread: usize| match dice.below(20) {
            0 => String::new(),
            1 => (spread * 4 + dice.below(spread * 8)).to_string(),
            _ => dice.below(spread).to_string(),
        };
        let (revenus, devis) = (amount(60), amount(12));
        let (person, town) = (dice.below(persons), dice.pick(&["A", "B"]));
        text += &format!("K{person:03},{town},{revenus},{devis}\n");
    }
    text
}

fn job(scratch: &Scratch, rules: &str, export: &str, more: &[&str]) -> Outcome {
    let (input, rules) = (
        scratch.write("in.csv", export),
        scratch.write("r.toml", rules),
    );
    let (out, manifest) = (scratch.path("out.csv"), scratch.path("m.json"));
    let mut command = crm([&input, Path::new("-r"), &rules, Path::new("-o"), &out]);
    command.args([Path::new("--manifest"), &manifest]);
    run(command.args(["--keep-order"]).args(more))
}

/// By value that is not missing: the rows, or persons, that have it in the output.
fn holders(
    input: &[Vec<String>],
    output: &[Vec<String>],
    column: usize,
    by: bool,
) -> BTreeMap<String, usize> {
    let mut having: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (at, (before, after)) in input.iter().zip(output).enumerate().skip(1) {
        let who = if by {
            before[0].clone()
        } else {
            at.to_string()
        };
        having.entry(after[column].clone()).or_default().insert(who);
    }
    having.remove("");
    having
        .into_iter()
        .map(|(value, who)| (value, who.len()))
        .collect()
}

fn stands_for(label: &str, amount: &str) -> bool {
    let Ok(amount) = amount.parse::<i64>() else {
        return label == amount;
    };
    let number = |text: &str| text.parse::<i64>().unwrap();
    if let Some(below) = label.strip_prefix('<') {
        return amount < number(below);
    }
    if let Some(from) = label.strip_suffix('+') {
        return amount >= number(from);
    }
    match label.split_once('-') {
        Some((from, to)) => (number(from)..number(to)).contains(&amount),
        None => label == "*",
    }
}

#[test]
fn every_bracket_has_as_many_as_every_class() {
    let scratch = Scratch::new();
    let mut dice = Dice(20);
    for round in 0..24 {
        let by_persons = round % 2 == 1;
        let text = export(&mut dice, 80 + 20 * round, 50);
        let threads = dice.pick(&["1", "3"]);
        let l = dice.pick(&[&[][..], &["--min-l", "2"]]);
        let person = if by_persons {
            &["--person", "id_client"][..]
        } else {
            &[]
        };
        let more = [
            &["--k", "5", "--max-suppressed", "100%", "-j", threads],
            l,
            person,
        ]
        .concat();
        let outcome = job(&scratch, RULES, &text, &more).ended(0);
        let (input, output) = (
            records(text.as_bytes(), b','),
            records(&scratch.read("out.csv"), b','),
        );
        assert_eq!(input.len(), output.len());
        for (column, name) in [(1, "revenus"), (2, "devis")] {
            let holders = holders(&input, &output, column, by_persons);
            assert!(holders.values().all(|who| *who >= 5), "{name}: {holders:?}");
            for (before, after) in input.iter().zip(&output).skip(1) {
                assert!(
                    stands_for(&after[column], &before[column + 1]),
                    "{} → {}",
                    before[column + 1],
                    after[column]
                );
            }
            assert!(holders.len() > 1, "{name} says something: {holders:?}");
        }
        assert!(
            !outcome.err.contains("rare") && !outcome.err.contains("K0"),
            "{}",
            outcome.err
        );
        let manifest: Value = serde_json::from_slice(&scratch.read("m.json")).unwrap();
        let l = manifest["privacy"]["sensitive"][0]["l_distinct"]
            .as_u64()
            .unwrap();
        assert!(l >= 2 || !more.contains(&"--min-l"), "l = {l}");
    }
}

#[test]
fn only_thin_brackets_change_and_only_if_they_may() {
    let scratch = Scratch::new();
    let amounts = [5, 5, 5, 5, 5, 25, 25, 25, 25, 25, 30, 45, 90, 190];
    let rows = amounts
        .iter()
        .enumerate()
        .map(|(at, amount)| format!("K{at:03},A,{amount},7\n"));
    let text = rows.fold("id_client,ville,revenus,devis\n".to_owned(), |all, row| {
        all + &row
    });
    let values = |scratch: &Scratch| -> Vec<String> {
        let rows = records(&scratch.read("out.csv"), b',').into_iter().skip(1);
        rows.map(|row| row[1].clone()).collect()
    };
    let widened = job(&scratch, RULES, &text, &["--k", "5"]).ended(0);
    widened.says(&["brackets that too few have, widened: 4 in column `revenus`"]);
    let expected = [vec!["0-20"; 5], vec!["20+"; 9]].concat();
    assert_eq!(values(&scratch), expected);
    // A stream has what a file has.
    let input = scratch.write("in.csv", &text);
    let rules = scratch.write("r.toml", RULES);
    let mut stream = crm([&input, Path::new("-r"), &rules]);
    stream.args(["--k", "5", "--keep-order", "-q"]);
    assert_eq!(run(&mut stream).ended(0).out, scratch.read("out.csv"));
    let kept = RULES.replace(
        "[columns.id_client]",
        "[privacy]\nthin = \"keep\"\n[columns.id_client]",
    );
    let kept = job(&scratch, &kept, &text, &["--k", "5"]).ended(0);
    kept.says(&["values that fewer than 5 rows have: 3 in column `revenus`"]);
    assert_eq!(
        values(&scratch)[10..],
        ["20-40", "40-60", "80-100", "180-200"]
    );
    let without_k = RULES.replace(
        "[columns.id_client]",
        "[privacy]\nthin = \"merge\"\n[columns.id_client]",
    );
    job(&scratch, &without_k, &text, &[]).ended(2);
    let other = RULES.replace(
        "[columns.id_client]",
        "[privacy]\nthin = \"drop\"\n[columns.id_client]",
    );
    job(&scratch, &other, &text, &[])
        .ended(2)
        .says(&["merge", "keep"]);
    let french = job(&scratch, RULES, &text, &["--k", "5", "--lang", "fr"]).ended(0);
    french.says(&["tranches trop peu portées, élargies : 4 dans la colonne `revenus`"]);
}
