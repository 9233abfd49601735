//! `aggregate` with the noise of differential privacy, from outside. With an ε of a thousand there is no noise in a
//! count to speak of: so figures can be counted again without a seed, which the program takes none of here.
//! `tests/privacy/differential_check.py` holds the noise itself against other implementations.

mod cells;
mod ledger;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::aggregate::csv;
use crate::support::system;
use crate::support::{Dice, Scratch, crm, records, run, schema};

const RULES: &str = r#"
version = 1
index = ""
[differential_privacy]
keys.region = ["nord", "sud", "ouest; est", "nulle part"]
keys.formule = ["tiers", "tous \"risques\""]
bounds.revenus = [0, 50_000]
[columns.id_client]
rule = "drop"
attribute = "identifying"
[columns.region]
rule = "keep"
attribute = "quasi-identifying"
[columns.formule]
rule = "keep"
attribute = "quasi-identifying"
[columns.revenus]
rule = "drop"
attribute = "sensitive"
"#;

/// Client, region, formule, amount in cents.
type Row = (u64, &'static str, &'static str, Option<u64>);

/// One row for each of some people, of whom some are in a region that is no key.
fn people() -> Vec<Row> {
    let mut dice = Dice(23);
    (0..700)
        .map(|client| {
            let region = dice.pick(&["nord", "nord", "sud", "ouest; est", "étranger"]);
            let formule = dice.pick(&["tiers", "tiers", "tous \"risques\""]);
            let amount = (dice.below(10) > 0).then(|| 1_000_000 + dice.next() % 6_000_000);
            (client, region, formule, amount)
        })
        .collect()
}

fn scratch(rows: &[Row], more: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("in.csv", csv(rows));
    let rules = RULES.replace(
        "[differential_privacy]\n",
        &format!("[differential_privacy]\n{more}\n"),
    );
    scratch.write("rules.toml", rules);
    scratch
}

fn aggregate(scratch: &Scratch, more: &[&str]) -> Command {
    let mut command = crm([
        "aggregate", "in.csv", "-r", "rules.toml", "--by", "region,formule",
    ]);
    command.args(more).current_dir(scratch.folder());
    command
}

/// What a run needs that goes well.
const ALL: [&str; 6] = ["--unit", "id_client", "--journal", "j", "--epsilon", "1000"];

/// The same with less.
const ONE: [&str; 6] = ["--unit", "id_client", "--journal", "j", "--epsilon", "1"];

/// The figures of each pair of values.
type Cells = BTreeMap<(String, String), Vec<String>>;

/// The header of a table, and its rows.
fn table(text: &[u8]) -> (Vec<String>, Cells) {
    let rows = records(text, b',');
    let cells = rows[1..].iter().map(|row| {
        let key = (row[0].clone(), row[1].clone());
        (key, row[2..].to_vec())
    });
    (rows[0].clone(), cells.collect())
}

fn journal(scratch: &Scratch) -> Vec<Value> {
    let text = fs::read_to_string(scratch.path("j")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn events(scratch: &Scratch) -> Vec<String> {
    let lines = journal(scratch).into_iter();
    lines
        .map(|line| line["event"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn all_cells_are_told_and_amounts_stay_within_their_bounds() {
    let rows = people();
    let scratch = scratch(&rows, "dataset = \"clients\"");
    let more = [
        "--stat", "count", "--stat", "mean:revenus", "--stat", "sum:revenus", "--totals", "-o",
        "t.csv", "--manifest", "m.json", "--report", "r.html",
    ];
    let outcome = run(aggregate(&scratch, &ALL).args(more)).ended(0);
    outcome.says(&[
        "8 cells, all published with noise: epsilon 1000",
        "rows count nowhere",
    ]);
    let (header, told) = table(&scratch.read("t.csv"));
    let names = [
        "n", "n_95", "n_revenus", "n_revenus_95", "mean_revenus", "mean_revenus_95", "sum_revenus",
        "sum_revenus_95",
    ];
    assert_eq!(header[2..], names);
    assert_eq!(told.len(), 5 * 3);
    for region in ["nord", "sud", "ouest; est", "nulle part", "Total"] {
        for formule in ["tiers", "tous \"risques\"", "Total"] {
            let figures = &told[&(region.to_owned(), formule.to_owned())];
            let of = |all: &str, own: &str| all == "Total" || all == own;
            let here: Vec<&Row> = rows
                .iter()
                .filter(|row| row.1 != "étranger" && of(region, row.1) && of(formule, row.2))
                .collect();
            let amounts: Vec<u64> = here
                .iter()
                .filter_map(|row| row.3)
                .map(|cents| cents.min(5_000_000))
                .collect();
            let near = |at: usize, exact: f64| {
                let (told, width): (f64, f64) = (
                    figures[at].parse().unwrap(),
                    figures[at + 1].parse().unwrap(),
                );
                assert!(
                    (told - exact).abs() <= 4.0 * width + 1.0,
                    "{region} {formule} {at}: {told} {exact}"
                );
                width
            };
            assert_eq!(figures[0], here.len().to_string(), "{region} {formule}");
            assert_eq!(figures[1], "0");
            near(2, amounts.len() as f64);
            let sum = amounts.iter().sum::<u64>() as f64 / 100.0;
            assert!(near(6, sum) > 100.0);
            if amounts.is_empty() {
                // A mean of nobody is told only if noise makes somebody of it.
                assert!(figures[4].is_empty() || figures[5] != "0.00");
            } else {
                near(4, sum / amounts.len() as f64);
            }
        }
    }
    let manifest = schema::manifest(&scratch.read("m.json"));
    let noisy = &manifest["differential_privacy"];
    assert_eq!(
        (&noisy["epsilon"], &noisy["dataset"]),
        (&"1000".into(), &"clients".into())
    );
    assert_eq!(noisy["unit"], Value::from(vec!["id_client"]));
    assert_eq!(
        noisy["bounds"]["revenus"],
        Value::from(vec!["0.00", "50000.00"])
    );
    let outside = rows.iter().filter(|row| row.1 == "étranger").count();
    assert_eq!(noisy["exact_counts"]["rows_outside_keys"], outside);
    let shares: Vec<&str> = noisy["shares"]
        .as_array()
        .unwrap()
        .iter()
        .map(|share| share["epsilon"].as_str().unwrap())
        .collect();
    assert_eq!(
        shares,
        [
            "333.333333333", "166.666666666", "166.666666666", "333.333333333"
        ]
    );
    assert_eq!(manifest.get("figures"), None);
    let report = String::from_utf8(scratch.read("r.html")).unwrap();
    let page = roxmltree::Document::parse_with_options(
        report.trim_start_matches("<!DOCTYPE html>"),
        roxmltree::ParsingOptions::default(),
    );
    page.unwrap();
    assert!(
        report.contains("values beyond were moved to them")
            && report.contains("exact and not private")
    );
    // The spending comes before the output has its name.
    assert_eq!(events(&scratch), ["spent", "begun", "published"]);
    let spent = &journal(&scratch)[0]["spent"];
    assert_eq!(
        (&spent["epsilon"], &spent["dataset"]),
        (&"1000".into(), &"clients".into())
    );
    run(crm(["journal", "verify", "j"]).current_dir(scratch.folder())).ended(0);
}

#[test]
fn nobody_counts_more_than_the_limits_allow() {
    let mut rows = people();
    rows.retain(|row| row.1 != "étranger");
    // One person with very many rows, in all cells.
    for (region, formule) in [
        ("nord", "tiers"),
        ("sud", "tiers"),
        ("sud", "tous \"risques\""),
    ] {
        rows.extend((0..200).map(|_| (9_999, region, formule, Some(100))));
    }
    for (cells, each) in [(1_u64, 1_u64), (2, 5)] {
        let scratch = scratch(&rows, &format!("max_cells = {cells}\nmax_rows = {each}"));
        let more = [
            "--stat", "mean:revenus", "--stat", "count", "--manifest", "m.json", "-o", "t.csv",
        ];
        run(aggregate(&scratch, &ALL).args(more)).ended(0);
        let (header, told) = table(&scratch.read("t.csv"));
        let at = |name: &str| header.iter().position(|own| own == name).unwrap() - 2;
        let sum = |name: &str| -> i64 {
            told.values()
                .map(|row| row[at(name)].parse::<i64>().unwrap())
                .sum()
        };
        let persons: HashSet<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(sum("n"), (persons.len() as u64 - 1 + cells) as i64);
        let with_amount = rows
            .iter()
            .filter(|row| row.0 != 9_999 && row.3.is_some())
            .count();
        assert_eq!(sum("n_revenus"), (with_amount as u64 + cells * each) as i64);
        let manifest = schema::manifest(&scratch.read("m.json"));
        let over = &manifest["differential_privacy"]["exact_counts"]["rows_over_limits"];
        assert_eq!(over.as_u64().unwrap(), 600 - cells * each);
    }
}

/// The noise of each run is another, and is there at all.
#[test]
fn noise_is_fresh_each_time() {
    let scratch = scratch(&people(), "");
    let options = ["--unit", "row", "--journal", "j", "--epsilon", "0.05", "-q"];
    let mut texts: Vec<String> = (0..3)
        .map(|_| run(&mut aggregate(&scratch, &options)).ended(0).text())
        .collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 3);
    assert_eq!(table(texts[0].as_bytes()).0[2..], ["n", "n_95"]);
    // P(|X| > 60) = 0.0485 at a scale of 20.
    assert!(
        table(texts[0].as_bytes())
            .1
            .values()
            .all(|row| row[1] == "60"),
        "{}",
        texts[0]
    );
}

#[test]
fn what_is_not_said_is_refused_and_nothing_is_published() {
    let rows = people();
    type Case<'a> = (&'a str, &'a [&'a str], &'a str, &'a str, u8, &'a str);
    let cases: [Case<'_>; 20] = cases![
        "no unit", &["--journal", "j", "--epsilon", "1"], "", "", 2, "unit = \"row\"";
        "no journal", &["--unit", "row", "--epsilon", "1"], "", "", 2, "--journal";
        "no epsilon", &["--unit", "row", "--journal", "j"], "", "", 2, "--epsilon";
        "a bad epsilon", &["--epsilon", "1e3"], "", "", 2, "0.000001";
        "an epsilon of zero", &["--epsilon", "0"], "", "", 2, "0.000001";
        "bad bounds", &ALL, "bounds.tarif = [9, 3]", "", 2, "the lesser one first";
        "no bounds", &[&ALL[..], &["--stat", "sum:tarif"]].concat(), "", "", 2, "bounds.tarif";
        "no keys", &[&ALL[..], &["--by", "ville"]].concat(), "", "", 2, "ville";
        "an unknown amount", &[&ALL[..], &["--stat", "mean:age"]].concat(), "bounds.age = [0, 120]", "", 2, "age";
        "an unknown person", &["--unit", "nss", "--journal", "j", "--epsilon", "1"], "", "", 2, "nss";
        "limits of rows", &["--unit", "row", "--journal", "j", "--epsilon", "1"], "max_rows = 2", "", 2, "max_rows";
        "a quantile of too many brackets",
        &[&ALL[..], &["--stat", "quantile:revenus:0.5:1"]].concat(),
        "",
        "",
        2,
        "from 2 to 10000";
        "a delta for nothing", &ALL, "delta = \"0.000001\"", "", 2, "drop one of the two";
        "the table of yesterday", &[&ALL[..], &["--against", "in.csv"]].concat(), "", "", 2, "--against";
        "a threshold too", &[&ALL[..], &["--threshold", "11"]].concat(), "", "", 2, "threshold";
        "a seed", &[&ALL[..], &["--seed", "1"]].concat(), "", "", 2, "--seed";
        "a key called Total", &ALL, "keys.x = [\"a\", \"TOTAL\"]", "", 2, "Total";
        "a cell called Total", &ALL, "", "C1,Total,tiers,2\n", 3, "`region`";
        "no amount",
        &[&ALL[..], &["--stat", "sum:revenus"]].concat(),
        "",
        "C1,nord,tiers,3141592x\n",
        3,
        "column `revenus`";
        "over the budget", &ALL, "budget = { epsilon = \"3\" }", "", 4, "1000 is asked for, 0 is spent of 3";
    ];
    for (case, options, more, row, status, says) in cases {
        let scratch = scratch(&rows, more);
        scratch.write("in.csv", csv(&rows) + row);
        let mut command = aggregate(&scratch, options);
        let outcome = run(command.args(["-o", "t.csv", "--report", "r.html"]));
        assert_eq!(outcome.code(), i32::from(status), "{case}: {}", outcome.err);
        outcome.says(&[says]);
        assert!(!outcome.err.contains("3141592"), "{case}: {}", outcome.err);
        let names = scratch.names();
        assert!(
            !names
                .iter()
                .any(|name| name.starts_with("t.csv") || name == "r.html"),
            "{case}: {names:?}"
        );
        if names.contains(&"j".to_owned()) {
            // Nothing was drawn, so nothing is spent.
            assert!(
                events(&scratch).iter().all(|event| event == "refused"),
                "{case}"
            );
        }
    }
}

#[test]
fn a_share_is_a_noisy_mean_of_all_or_nothing() {
    let rows = people();
    let scratch = scratch(&rows, "");
    let more = [
        "--stat",
        "share:formule=tiers",
        "-o",
        "t.csv",
        "--manifest",
        "m.json",
    ];
    run(aggregate(&scratch, &ALL).args(more)).ended(0);
    let (header, told) = table(&scratch.read("t.csv"));
    let names = [
        "n_share_formule_tiers",
        "n_share_formule_tiers_95",
        "share_formule_tiers",
        "share_formule_tiers_95",
    ];
    assert_eq!(header[2..], names);
    let mut seen = 0;
    for ((_, formule), figures) in &told {
        let count: i64 = figures[0].parse().unwrap();
        let exact = if formule == "tiers" { 100.0 } else { 0.0 };
        if count > 20 {
            let (share, width): (f64, f64) =
                (figures[2].parse().unwrap(), figures[3].parse().unwrap());
            // 95 % in each of a few cells, so ten times as far is never seen.
            assert!(
                (share - exact).abs() <= 10.0 * width,
                "{formule}: {share} {width}"
            );
            assert!(width < 5.0, "{width}");
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
    let manifest = schema::manifest(&scratch.read("m.json"));
    let shares = manifest["differential_privacy"]["shares"]
        .as_array()
        .unwrap();
    let shares: Vec<[&str; 2]> = shares
        .iter()
        .map(|share| ["figures", "sensitivity"].map(|key| share[key].as_str().unwrap()))
        .collect();
    // Half of the way from nothing to all, in percent.
    let expected = [
        ["n_share_formule_tiers", "1"],
        ["share_formule_tiers", "50.00"],
    ];
    assert_eq!(shares, expected);
    assert!(
        manifest["differential_privacy"]["bounds"]
            .as_object()
            .unwrap()
            .is_empty()
    );
}

/// Rules whose keys come from the data.
fn found(more: &str) -> String {
    let keys = RULES.lines().filter(|line| !line.starts_with("keys."));
    let rules: Vec<&str> = keys.collect();
    rules.join("\n").replace(
        "[differential_privacy]\n",
        &format!("[differential_privacy]\n{more}\n"),
    )
}
